"""The rating page on a phone."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.projects.models import Project
from apps.rating.models import Lease, LeaseState
from tests.browser.test_lacking import open_desk
from tests.rating.factories import make_items


@pytest.fixture
def phone(visit: Any, rater: User, project: Project) -> Page:
    make_items(project, 2)
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page: Page = visit(rater, f"/p/{project.slug}/rate/")
    expect(page.locator("#answer")).to_be_visible()
    return page


def test_more_offers_to_skip_or_to_flag(phone: Page) -> None:
    phone.get_by_text("More", exact=True).click()
    phone.get_by_role("button", name="Flag, or ask…").click()
    expect(phone.locator("#flag-menu")).to_be_visible()
    expect(phone.get_by_role("button", name="Skip…")).to_be_hidden()
    phone.keyboard.press("Escape")
    phone.get_by_text("More", exact=True).click()
    phone.get_by_role("button", name="Skip…").click()
    expect(phone.get_by_role("button", name="Flag, or ask…")).to_be_hidden()
    phone.get_by_label("I do not know the field").check()
    phone.get_by_role("button", name="Skip this item").click()
    expect(phone.locator("#task > [data-skip], .pop:visible")).to_have_count(0)
    assert Lease.objects.filter(state=LeaseState.SKIPPED).count() == 1


def test_escape_closes_the_menu_and_gives_back_the_focus(phone: Page) -> None:
    more = phone.get_by_text("More", exact=True)
    more.click()
    phone.keyboard.press("Escape")
    expect(phone.get_by_role("button", name="Skip…")).to_be_hidden()
    expect(more).to_be_focused()


def test_everything_in_the_bar_can_be_hit_with_a_thumb(phone: Page) -> None:
    targets = phone.locator(".top :is(a, button):visible, .answer :is(button, summary, .seg, .opt):visible")
    boxes = [(target.inner_text(), target.bounding_box()) for target in targets.all()]
    assert len(boxes) > 12
    assert [words for words, box in boxes if box is None or box["height"] < 40] == []


@pytest.mark.parametrize(("preset", "words"), [("pairwise", "Reasons"), ("ranking", "In a sentence")])
def test_the_sheet_is_named_after_what_it_asks(
    visit: Any, rater: User, project: Project, preset: str, words: str
) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page = open_desk(visit, rater, project, preset)
    expect(page.locator("[data-sheet]")).to_have_text(words, use_inner_text=True)
    page.locator("[data-sheet]").click()
    expect(page.locator(".sentence textarea")).to_be_visible()


def test_a_tap_on_held_says_what_it_means(phone: Page) -> None:
    phone.get_by_role("button", name="Held").click()
    expect(phone.locator("#held-says")).to_contain_text("nobody else gets it meanwhile")
    assert phone.evaluate("document.documentElement.scrollWidth") <= 390


def test_what_was_sent_is_not_said_over_what_is_to_read(phone: Page) -> None:
    phone.locator(".seg").first.click()
    phone.get_by_role("button", name="Submit and next").click()
    toast = phone.locator("[data-toast]")
    expect(toast).to_contain_text("Here is the next one.")
    said, band = toast.bounding_box(), phone.locator(".band").bounding_box()
    assert said is not None
    assert band is not None
    assert said["y"] + said["height"] <= band["y"]


def test_what_is_open_is_said_in_full(visit: Any, rater: User, project: Project) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page = open_desk(visit, rater, project, "demonstration")
    expect(page.locator("[data-left]")).to_contain_text("Write the ideal response")
    shown, whole = page.locator("[data-left]").evaluate("e => [e.clientWidth, e.scrollWidth]")
    assert whole <= shown


def test_the_skip_sheet_stays_off_both_edges(visit: Any, rater: User, project: Project) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page = open_desk(visit, rater, project, "demonstration")
    page.get_by_text("More", exact=True).click()
    page.get_by_role("button", name="Skip…").click()
    box = page.get_by_role("group", name="Skip, with a reason").bounding_box()
    assert box is not None
    assert (box["x"], box["x"] + box["width"]) == (16, 374)


def test_those_who_share_a_place_stand_under_its_name(visit: Any, rater: User, project: Project) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page = open_desk(visit, rater, project, "ranking")
    page.locator("[data-tile=A]").click()
    page.locator(".slot[data-slot='1']").click()
    page.locator("[data-tile=B]").click()
    hint = page.locator(".hint.lifted .small span:visible")
    expect(hint).to_have_text("Tap the next, or a place to move it")
    page.locator("[data-tile=A]").click()
    expect(page.locator(".slot[data-slot='1'] .lab")).to_be_visible()
    expect(page.locator(".slot[data-slot='2'] .lab")).to_be_hidden()


def test_saving_does_not_move_a_ranking(visit: Any, rater: User, project: Project) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page = open_desk(visit, rater, project, "ranking")
    answer = page.locator(".answer")
    before = answer.bounding_box()
    page.evaluate("draft.say('Draft saved at 10:27', 'ok')")
    expect(page.locator("[data-saved]")).to_be_visible()
    assert answer.bounding_box() == before
    page.evaluate("draft.say('Saving…')")
    assert answer.bounding_box() == before


@pytest.mark.parametrize("key", ["1", "ArrowDown"])
def test_no_key_answers_a_question_that_is_not_seen(
    visit: Any, rater: User, project: Project, key: str
) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page = open_desk(visit, rater, project, "likert")
    page.keyboard.press(key)
    expect(page.locator(".asked.now")).to_be_in_viewport()
    assert page.locator(".panel input:checked").count() == 0
    page.keyboard.press("1")
    expect(page.locator(".asked").first.locator("input:checked")).to_have_count(1)


def test_arrows_scroll_what_is_read_though_the_sheet_is_closed(
    visit: Any, rater: User, project: Project
) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page = open_desk(visit, rater, project, "likert")
    page.locator(".read .body").first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".read .body").first).to_be_focused()
    expect(page.locator(".asked.now")).to_be_hidden()


def test_the_key_of_a_response_shows_it(phone: Page) -> None:
    phone.keyboard.press("b")
    expect(phone.locator("#response-B")).to_be_in_viewport(ratio=0.9)
    phone.keyboard.press("a")
    expect(phone.locator("#response-A")).to_be_in_viewport(ratio=0.9)


def test_a_question_higher_than_the_sheet_begins_at_its_title(
    visit: Any, rater: User, project: Project
) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 600})
    page = open_desk(visit, rater, project, "intent")
    for key in ("ArrowDown", "ArrowDown", "ArrowUp"):
        page.keyboard.press(key)
    expect(page.locator(".asked.now legend")).to_contain_text("What does the user want?")
    expect(page.locator(".asked.now legend")).to_be_in_viewport()
