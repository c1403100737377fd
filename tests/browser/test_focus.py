"""Keys reach what the rater looks at: no word becomes a command, and no command a word."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.projects.models import Project
from apps.rating.items import build_items
from apps.rating.models import Annotation
from tests.browser.test_preset_written import ask, open_desk
from tests.factories import PromptFactory
from tests.rating.factories import make_items

LONG = "A vaccine shows your body what a germ looks like, so that it knows it later. "


@pytest.fixture
def pairwise(visit: Any, rater: User, project: Project) -> Page:
    make_items(project, 2)
    return open_desk(visit, rater, project)


def test_a_refusal_leaves_the_caret_where_it_was(visit: Any, rater: User, project: Project) -> None:
    ask(project, "demonstration")
    page = open_desk(visit, rater, project)
    page.locator("textarea.write").fill("Short")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Not sent yet.")).to_be_attached()
    page.keyboard.type(" x 1 w")
    expect(page.locator("textarea.write")).to_have_value("Short x 1 w")


def test_the_next_item_does_not_begin_inside_a_field(visit: Any, rater: User, project: Project) -> None:
    ask(project, "demonstration")
    PromptFactory(project=project)
    build_items(project=project)
    page = open_desk(visit, rater, project)
    page.locator("textarea.write").fill(LONG * 4)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-toast]")).to_contain_text("Sent.")
    assert page.evaluate("document.activeElement.matches('textarea')") is False


def test_over_the_list_of_answers_keys_do_not_reach_the_item_under_it(pairwise: Page) -> None:
    pairwise.keyboard.press("z")
    expect(pairwise.locator("#answers")).to_be_visible()
    pairwise.keyboard.press("2")
    pairwise.keyboard.press("Control+Enter")
    expect(pairwise.locator(".preference input:checked")).to_have_count(0)
    assert not Annotation.objects.exists()
    pairwise.keyboard.press("z")
    expect(pairwise.locator("#answers")).to_be_hidden()
    pairwise.keyboard.press("2")
    expect(pairwise.locator(".preference input:checked")).to_have_count(1)


def test_enter_alone_sends_nothing(pairwise: Page) -> None:
    pairwise.keyboard.press("2")
    pairwise.keyboard.press("Enter")
    pairwise.wait_for_timeout(500)
    assert not Annotation.objects.exists()


def test_both_texts_of_a_rewrite_outlive_a_reload(visit: Any, rater: User, project: Project) -> None:
    ask(project, "rewrite", "The first text.", "The second text.")
    page = open_desk(visit, rater, project)
    page.keyboard.press("2")
    text, pick = page.locator("textarea.write"), page.locator(".start-pick")
    expect(text).not_to_have_value("")
    text.fill("Mine, from A.")
    pick.nth(1).click()
    original = text.input_value()
    expect(page.locator("[data-saved]")).to_contain_text("Draft saved")
    page.reload()
    expect(text).to_have_value(original)
    expect(pick.nth(1).locator("input")).to_be_checked()
    pick.nth(0).click()
    expect(text).to_have_value("Mine, from A.")
