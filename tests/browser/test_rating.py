"""The rating page as a person uses it."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.projects.models import Project
from apps.rating.models import Annotation, Lease, LeaseState
from tests.browser.conftest import Visit
from tests.rating.factories import make_items


@pytest.fixture
def path(project: Project) -> str:
    make_items(project, 3)
    return f"/p/{project.slug}/rate/"


@pytest.fixture
def desk(visit: Visit, rater: User, path: str) -> Page:
    page = visit(rater, path)
    expect(page.locator("#answer")).to_be_visible()
    return page


def sent(page: Page) -> None:
    expect(page.locator("[data-toast]")).to_contain_text("Sent.")


def test_a_rater_answers_with_keys_alone(desk: Page) -> None:
    desk.keyboard.press("1")
    desk.keyboard.press("w")
    desk.keyboard.type("It answers the question.")
    desk.keyboard.press("Control+Enter")
    sent(desk)
    annotation = Annotation.objects.get()
    left = annotation.item.slots.get(position=annotation.lease.shown_order[0]).response
    assert annotation.answers["preference"] == {
        "relation": "prefers", "response": str(left.uid), "strength": 3, "steps": 3,
    }  # fmt: skip
    assert annotation.answers["justification"]["text"] == "It answers the question."


@pytest.mark.parametrize(("key", "relation"), [("4", "tie"), ("8", "both_bad"), ("9", "cannot_tell")])
def test_what_prefers_nothing_has_its_key(desk: Page, key: str, relation: str) -> None:
    desk.keyboard.press(key)
    desk.keyboard.press("Control+Enter")
    sent(desk)
    assert Annotation.objects.get().answers["preference"]["relation"] == relation


def test_the_streak_shows_side_and_strength(desk: Page) -> None:
    desk.keyboard.press("6")
    width = desk.locator('.streak[data-place="1"]').evaluate("e => e.style.width")
    assert width.startswith("66.6")
    expect(desk.locator('.read[data-place="1"] .verdict')).to_have_text("better")


def test_arrow_keys_step_over_the_scale(desk: Page) -> None:
    desk.keyboard.press("ArrowLeft")
    desk.keyboard.press("ArrowLeft")
    expect(desk.locator(".seg input:checked")).to_have_attribute("data-key", "2")


def test_nothing_is_sent_without_an_answer(desk: Page) -> None:
    desk.keyboard.press("Control+Enter")
    desk.wait_for_timeout(400)
    assert not Annotation.objects.exists()


def test_a_double_click_is_one_annotation(desk: Page) -> None:
    desk.keyboard.press("4")
    desk.locator("#answer button[type=submit]").dblclick()
    sent(desk)
    assert Annotation.objects.count() == 1


def test_a_draft_saves_itself_and_comes_back(desk: Page) -> None:
    desk.keyboard.press("2")
    desk.locator(".sentence textarea").fill("Half a thought")
    expect(desk.locator("[data-saved]")).to_contain_text("Draft saved")
    desk.reload()
    expect(desk.locator(".sentence textarea")).to_have_value("Half a thought")
    expect(desk.locator(".seg input:checked")).to_have_attribute("data-key", "2")


def test_what_is_written_without_a_connection_is_sent_when_it_is_back(desk: Page) -> None:
    desk.context.set_offline(True)
    desk.locator(".sentence textarea").fill("Written in a tunnel")
    expect(desk.locator("[data-notice=offline]")).to_be_visible()
    expect(desk.locator("[data-saved]")).to_contain_text("kept on this device")
    desk.context.set_offline(False)
    expect(desk.locator("[data-saved]")).to_contain_text("Draft saved")
    expect(desk.locator("[data-notice=offline]")).to_be_hidden()
    assert Lease.objects.get().draft["justification"] == ["Written in a tunnel"]


def test_what_is_submitted_without_a_connection_goes_out_when_it_is_back(desk: Page) -> None:
    desk.context.set_offline(True)
    desk.keyboard.press("3")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("[data-notice=offline]")).to_be_visible()
    assert not Annotation.objects.exists()
    desk.context.set_offline(False)
    sent(desk)
    assert Annotation.objects.get().answers["preference"]["strength"] == 1


def test_what_is_written_on_after_that_waits_for_the_rater(desk: Page) -> None:
    desk.context.set_offline(True)
    desk.keyboard.press("3")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("[data-notice=offline]")).to_be_visible()
    desk.locator(".sentence textarea").fill("One more thought")
    desk.context.set_offline(False)
    expect(desk.locator("[data-saved]")).to_contain_text("Draft saved")
    assert not Annotation.objects.exists()


def test_after_a_sign_out_the_page_says_so_and_signing_in_brings_the_text_back(
    desk: Page, visit: Visit, rater: User, path: str
) -> None:
    desk.context.clear_cookies()
    desk.locator(".sentence textarea").fill("Do not lose me")
    expect(desk.locator("[data-notice=signed-out]")).to_be_visible()
    page = visit(rater, path)
    expect(page.locator(".sentence textarea")).to_have_value("Do not lose me")


def test_an_item_that_ran_out_is_said_and_still_taken(desk: Page) -> None:
    Lease.objects.update(state=LeaseState.EXPIRED, ended_at=timezone.now())
    Lease.objects.get().item.__class__.objects.update(taken=0)
    desk.locator("#task").evaluate("e => { e.dataset.expires = new Date().toISOString() }")
    expect(desk.locator("[data-notice=expired]")).to_be_visible()
    desk.keyboard.press("4")
    desk.keyboard.press("Control+Enter")
    sent(desk)
    assert Annotation.objects.get().is_counted


def test_two_tabs_make_one_annotation(desk: Page, path: str) -> None:
    other = desk.context.new_page()
    other.goto(desk.url)
    for page in (desk, other):
        page.bring_to_front()
        page.keyboard.press("4")
        page.keyboard.press("Control+Enter")
        expect(page.locator("[data-toast]")).to_be_visible()
    assert Annotation.objects.count() == 1


def test_skipping_asks_why_and_brings_the_next(desk: Page) -> None:
    first = desk.locator(".say").inner_text()
    desk.keyboard.press("x")
    desk.get_by_label("I do not know the field").check()
    desk.get_by_role("button", name="Skip this item").click()
    expect(desk.locator(".say")).not_to_have_text(first)
    assert Lease.objects.filter(state=LeaseState.SKIPPED, skip_reason="expertise").count() == 1


def test_the_guideline_is_one_key_away_and_can_be_searched(desk: Page) -> None:
    desk.keyboard.press("/")
    desk.keyboard.type("fair")
    expect(desk.locator("#guideline mark")).to_have_text("fair")
    expect(desk.locator("[data-found]")).to_have_text("1 place")


def test_question_mark_shows_the_map_and_escape_closes_it(desk: Page) -> None:
    desk.keyboard.press("?")
    expect(desk.locator("#keys")).to_be_visible()
    desk.keyboard.press("Escape")
    expect(desk.locator("#keys")).to_be_hidden()


def test_switching_sides_takes_back_the_reasons_that_no_longer_fit(desk: Page) -> None:
    desk.keyboard.press("1")
    desk.get_by_text("Useful", exact=True).locator("visible=true").click()
    desk.keyboard.press("7")
    desk.keyboard.press("Control+Enter")
    sent(desk)
    assert "reasons" not in Annotation.objects.get().answers


def test_single_keys_rest_when_the_profile_says_so(visit: Visit, rater: User, path: str) -> None:
    User.objects.filter(pk=rater.pk).update(single_keys=False)
    page = visit(rater, path)
    page.keyboard.press("1")
    expect(page.locator(".seg input:checked")).to_have_count(0)


def test_a_phone_shows_one_response_at_a_time(visit: Visit, rater: User, path: str) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page = visit(rater, path)
    page.locator("[data-tab='1']").click()
    expect(page.locator("[data-tab='1']")).to_have_attribute("aria-current", "true")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert Lease.objects.get().expires_at > timezone.now() + timedelta(minutes=20)
