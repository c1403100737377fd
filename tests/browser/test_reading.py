"""What stands round the responses: only what is of use, in words that need no explanation."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.projects.models import Project
from apps.rating.items import build_items
from apps.rating.models import Lease
from tests.factories import PromptFactory, ResponseFactory
from tests.rating.factories import make_items

CODE = "Read it:\n\n```python\nx = 1\n```"
LINES = "\n\n".join(f"Line {number}" for number in range(18))


def open_item(visit: Any, rater: User, project: Project, *texts: str) -> Page:
    prompt = PromptFactory(project=project)
    for text in texts:
        ResponseFactory(prompt=prompt, text=text)
    build_items(project=project)
    page: Page = visit(rater, f"/p/{project.slug}/rate/")
    expect(page.locator("#answer")).to_be_visible()
    return page


@pytest.fixture
def desk(visit: Any, rater: User, project: Project) -> Page:
    return open_item(visit, rater, project, "One.", "Two.")


def test_scrolling_together_is_offered_where_two_scroll(visit: Any, rater: User, project: Project) -> None:
    page = open_item(visit, rater, project, LINES, f"{LINES}\n\nand more")
    together = page.locator("[data-toggle=together]")
    expect(together).to_be_visible()
    page.set_viewport_size({"width": 1440, "height": 1400})
    expect(together).to_be_hidden()
    page.set_viewport_size({"width": 1440, "height": 900})
    expect(together).to_be_visible()


def test_one_long_response_scrolls_alone(visit: Any, rater: User, project: Project) -> None:
    page = open_item(visit, rater, project, LINES, "Short.")
    expect(page.locator("[data-toggle=together]")).to_be_hidden()


@pytest.mark.parametrize(("text", "count"), [(CODE, 1), ("No code.", 0)])
def test_wrapping_code_is_offered_where_there_is_code(
    visit: Any, rater: User, project: Project, text: str, count: int
) -> None:
    page = open_item(visit, rater, project, text, "Two.")
    expect(page.locator("[data-toggle=wrap]:visible")).to_have_count(count)


def test_the_map_and_the_buttons_use_the_same_words(visit: Any, rater: User, project: Project) -> None:
    page = open_item(visit, rater, project, CODE, LINES)
    words = page.locator("[data-toggle]").evaluate_all("all => all.map((e) => e.firstChild.data.trim())")
    page.keyboard.press("?")
    told = page.locator("#keys").inner_text()
    assert len(words) == 3
    assert [word for word in words if word not in told] == []


def test_a_draft_says_since_when_it_is_back_in_the_raters_own_time(desk: Page) -> None:
    desk.keyboard.press("2")
    expect(desk.locator("[data-saved]")).to_contain_text("Draft saved")
    desk.reload()
    expect(desk.locator("[data-saved]")).to_have_text(re.compile(r"^Your draft from \d\d:\d\d is back$"))
    shown = desk.locator("[data-saved] time").inner_text()
    local = "e => new Date(e.dateTime).toTimeString().slice(0, 5)"
    assert shown == desk.locator("[data-saved] time").evaluate(local)


def test_choosing_a_reason_to_skip_saves_no_draft(desk: Page) -> None:
    desk.keyboard.press("x")
    desk.get_by_label("I do not know the field").check()
    desk.get_by_label("A word more, if you like").first.fill("Law")
    desk.wait_for_timeout(1200)
    expect(desk.locator("[data-saved]")).to_have_text("Nothing answered yet")
    assert Lease.objects.get().draft_saved_at is None


def test_every_line_of_the_sentence_is_seen(desk: Page) -> None:
    field = desk.locator(".sentence textarea")
    field.fill("One line.")
    desk.keyboard.press("Enter")
    desk.keyboard.type("Another line.")
    whole, seen = field.evaluate("e => [e.scrollHeight, e.clientHeight]")
    assert whole == seen == 40


def test_held_for_you_is_explained(desk: Page) -> None:
    desk.get_by_role("button", name="Held for you").click()
    expect(desk.locator("#held-says")).to_contain_text("nobody else gets it meanwhile")
    desk.keyboard.press("Escape")
    expect(desk.locator("#held-says")).to_be_hidden()


def test_a_key_still_answers_while_that_is_read(desk: Page) -> None:
    desk.get_by_role("button", name="Held for you").click()
    desk.keyboard.press("2")
    expect(desk.locator(".preference input:checked")).to_have_attribute("data-key", "2")


def test_the_guideline_ends_above_the_bar_however_high_that_is(desk: Page) -> None:
    desk.locator(".sentence textarea").fill("One\nTwo\nThree\nFour")
    desk.locator("[data-open=guideline]").click()
    bottom = desk.locator("#guideline").evaluate("e => e.getBoundingClientRect().bottom")
    assert bottom == desk.locator(".answer").evaluate("e => e.getBoundingClientRect().top")


def test_a_response_that_was_hidden_can_be_brought_back_by_what_is_seen(
    visit: Any, rater: User, project: Project
) -> None:
    make_items(project, 1)
    page: Page = visit(rater, f"/p/{project.slug}/rate/")
    back = page.get_by_role("button", name="Show both")
    for key, hidden in (("b", "A"), ("a", "B")):
        expect(back).to_have_count(0)
        page.keyboard.press(key)
        expect(page.locator(f"#response-{hidden}")).to_be_hidden()
        back.click()
        expect(page.locator(f"#response-{hidden}")).to_be_visible()
