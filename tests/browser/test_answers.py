"""Going back to the last answers, as a person does it."""

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.projects.models import Project
from apps.rating.models import Annotation, Item, Lease
from tests.browser.conftest import Visit
from tests.rating.factories import make_items


@pytest.fixture
def path(project: Project) -> str:
    make_items(project, 3)
    return f"/p/{project.slug}/rate/"


@pytest.fixture
def desk(visit: Visit, rater: User, path: str) -> Page:
    """One answer is sent; the next item has a draft."""
    page = visit(rater, path)
    page.keyboard.press("1")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-toast]")).to_contain_text("Sent.")
    page.locator(".sentence textarea").fill("Half a thought")
    expect(page.locator("[data-saved]")).to_contain_text("Draft saved")
    page.keyboard.press("Escape")
    return page


def open_last(page: Page) -> None:
    page.keyboard.press("z")
    expect(page.locator("#answers [data-given]").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/rate/answers/*/")
    expect(page.locator(".refused")).to_contain_text("You are revising your answer from")


def expect_draft(page: Page, path: str) -> None:
    page.wait_for_url(f"**{path}")
    expect(page.locator(".sentence textarea")).to_have_value("Half a thought")
    expect(page.locator(".seg input:checked")).to_have_count(0)


def test_keys_alone_change_the_last_answer_and_the_draft_is_there_again(desk: Page, path: str) -> None:
    in_hand = desk.locator(".say").inner_text()
    open_last(desk)
    expect(desk.locator(".seg input:checked")).to_have_attribute("data-key", "1")
    expect(desk.locator(".say")).not_to_have_text(in_hand)
    desk.keyboard.press("7")
    desk.keyboard.press("w")
    desk.keyboard.type("On second thoughts")
    desk.keyboard.press("Control+Enter")
    expect_draft(desk, path)
    expect(desk.locator("[data-toast]")).to_have_text("Your change is saved.")
    expect(desk.locator(".say")).to_have_text(in_hand)
    former, now = Annotation.objects.order_by("revision")
    assert (former.is_counted, now.is_counted) == (False, True)
    assert former.answers["preference"]["response"] != now.answers["preference"]["response"]
    assert now.answers["justification"] == {"text": "On second thoughts"}


def test_escape_leaves_the_answer_as_it_was(desk: Page, path: str) -> None:
    open_last(desk)
    desk.keyboard.press("4")
    desk.locator(".sentence textarea").fill("Perhaps")
    desk.keyboard.press("Escape")
    assert "/answers/" in desk.url
    desk.keyboard.press("Escape")
    expect_draft(desk, path)
    assert Annotation.objects.get().answers["preference"]["relation"] == "prefers"


def test_a_change_that_was_begun_is_kept_on_this_device_alone(desk: Page) -> None:
    open_last(desk)
    desk.keyboard.press("4")
    desk.locator(".sentence textarea").fill("Perhaps")
    expect(desk.locator("[data-saved]")).to_have_text("Kept here, not saved yet")
    desk.reload()
    expect(desk.locator(".sentence textarea")).to_have_value("Perhaps")
    expect(desk.locator(".refused")).to_contain_text("What you had begun to change is back")
    assert {"justification": ["Perhaps"]} not in Lease.objects.values_list("draft", flat=True)
    desk.get_by_role("button", name="Start from what you sent").click()
    expect(desk.locator(".seg input:checked")).to_have_attribute("data-key", "1")
    expect(desk.locator(".sentence textarea")).to_have_value("")
    expect(desk.locator("[data-forget]")).to_be_hidden()


def test_a_second_tab_is_told_and_its_text_goes_on_in_the_newer_answer(desk: Page, path: str) -> None:
    open_last(desk)
    other = desk.context.new_page()
    other.goto(desk.url)
    desk.locator(".sentence textarea").fill("From the first tab")
    desk.keyboard.press("Control+Enter")
    desk.wait_for_url(f"**{path}")
    other.bring_to_front()
    other.locator(".sentence textarea").fill("From the second tab")
    other.keyboard.press("Control+Enter")
    expect(other.locator(".refused")).to_contain_text("You have revised this answer meanwhile")
    expect(other.locator(".sentence textarea")).to_have_value("From the second tab")
    other.get_by_role("link", name="Open it as it is now").click()
    expect(other.locator(".sentence textarea")).to_have_value("From the second tab")
    other.keyboard.press("Control+Enter")
    other.wait_for_url(f"**{path}")
    assert Annotation.objects.current().get().answers["justification"]["text"] == "From the second tab"


def test_another_answer_from_an_older_tab_is_offered_as_a_change(desk: Page, path: str) -> None:
    older = desk.context.new_page()
    older.goto(f"{desk.url}")
    desk.bring_to_front()
    desk.keyboard.press("4")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("[data-toast]")).to_contain_text("Sent.")
    older.bring_to_front()
    older.locator(".sentence textarea").fill("Said elsewhere")
    older.keyboard.press("Escape")
    older.keyboard.press("9")
    older.keyboard.press("Control+Enter")
    expect(older.locator(".refused")).to_contain_text("You answered this item already")
    expect(older.locator(".sentence textarea")).to_have_value("Said elsewhere")
    assert Annotation.objects.count() == 2
    older.keyboard.press("Control+Enter")
    expect(older.locator("[data-toast]")).to_have_text("Your change is saved.")
    said = Annotation.objects.current().order_by("-pk")[0].answers
    assert (said["preference"]["relation"], said["justification"]["text"]) == (
        "cannot_tell",
        "Said elsewhere",
    )


def test_without_a_connection_the_change_waits_here(desk: Page, path: str) -> None:
    open_last(desk)
    desk.keyboard.press("4")
    desk.context.set_offline(True)
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("[data-notice=offline]")).to_be_visible()
    desk.context.set_offline(False)
    expect(desk.locator("[data-notice=offline]")).to_be_hidden()
    desk.keyboard.press("Control+Enter")
    expect_draft(desk, path)
    assert Annotation.objects.current().get().answers["preference"]["relation"] == "tie"


def test_the_drawer_opens_closes_and_is_walked_with_keys(desk: Page) -> None:
    desk.get_by_role("button", name="Back").first.click()
    expect(desk.locator("#answers [data-given]")).to_have_count(1)
    desk.keyboard.press("ArrowDown")
    expect(desk.locator("#answers [data-given]")).to_be_focused()
    desk.keyboard.press("Escape")
    expect(desk.locator("#answers")).to_be_hidden()
    expect(desk.locator(".sentence textarea")).to_have_value("Half a thought")
    desk.keyboard.press("z")
    expect(desk.locator("#answers [data-given]")).to_be_focused()
    desk.keyboard.press("z")
    expect(desk.locator("#answers")).to_be_hidden()


def test_what_is_settled_can_be_looked_at(desk: Page, path: str) -> None:
    Item.objects.update(settled_at=timezone.now())
    desk.keyboard.press("z")
    desk.get_by_role("link", name="Look at").click()
    expect(desk.locator(".as-sent")).to_contain_text("A much better")
    for key in ("1", "w", "r", "x", "ArrowLeft", "Backspace", "Control+Enter"):
        desk.keyboard.press(key)
    desk.keyboard.press("Escape")
    expect_draft(desk, path)
    assert Annotation.objects.count() == 1


def test_the_way_back_stays_when_there_is_nothing_more_to_rate(desk: Page, path: str) -> None:
    for _ in range(2):
        desk.keyboard.press("4")
        desk.keyboard.press("Control+Enter")
        desk.wait_for_timeout(400)
    expect(desk.locator(".nothing")).to_be_visible()
    desk.get_by_role("button", name="Your last answers").click()
    expect(desk.locator("#answers [data-given]")).to_have_count(3)
