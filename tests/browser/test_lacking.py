"""What an answer lacks is said in the page's own banner, at what lacks it, and nothing moves for it."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from apps.accounts.models import User
from apps.projects.models import Project, Rubric
from apps.projects.presets import get_preset, list_presets
from apps.rating.models import Annotation
from tests.browser.accessibility import find_violations
from tests.rating.factories import make_items


def open_desk(visit: Any, rater: User, project: Project, preset: str) -> Page:
    document = get_preset(preset).rubric.model_dump(mode="json")
    Rubric.objects.create(project=project, version=2, document=document)
    make_items(project, 1, responses=document["responses"])
    page: Page = visit(rater, f"/p/{project.slug}/rate/")
    expect(page.locator("#answer")).to_be_visible()
    return page


def banner(page: Page) -> Any:
    return expect(page.locator("#task > .refused"))


@pytest.mark.parametrize("preset", [preset.name for preset in list_presets()])
@pytest.mark.parametrize("width", [1440, 390])
def test_every_rubric_says_what_is_open_in_the_same_way(
    visit: Any, rater: User, project: Project, preset: str, width: int
) -> None:
    visit.page.set_viewport_size({"width": width, "height": 844})
    page = open_desk(visit, rater, project, preset)
    where = page.locator(".read, .talk").first.bounding_box()
    page.get_by_role("button", name="Submit and next").click()
    banner(page).to_contain_text("Not sent yet.")
    assert page.evaluate("document.activeElement.closest('.lacks') !== null")
    assert page.locator("[aria-describedby~=lacking]").count() >= 1
    assert find_violations(page) == []
    now = page.locator(".read, .talk").first.bounding_box()
    assert where is not None
    assert now is not None
    assert (now["x"], now["y"]) == (where["x"], where["y"])
    assert not Annotation.objects.exists()


def test_the_banner_goes_when_nothing_is_open_any_more(visit: Any, rater: User, project: Project) -> None:
    page = open_desk(visit, rater, project, "pairwise")
    page.keyboard.press("Control+Enter")
    banner(page).to_have_text("Not sent yet. Still open: “Which response is better?”")
    expect(page.locator(".preference")).to_have_attribute("aria-invalid", "true")
    page.keyboard.press("2")
    banner(page).to_have_count(0)
    expect(page.locator("[aria-invalid], [aria-describedby~=lacking], .lacks")).to_have_count(0)


def test_the_banner_counts_down_without_being_spoken_again(visit: Any, rater: User, project: Project) -> None:
    page = open_desk(visit, rater, project, "helpsteer")
    page.keyboard.press("Control+Enter")
    banner(page).to_contain_text("12 answers are still open")
    banner(page).to_have_attribute("role", "alert")
    page.keyboard.press("2")
    banner(page).to_contain_text("11 answers are still open")
    assert page.locator("#task > .refused").get_attribute("role") is None


def test_without_a_script_the_browser_says_it(
    browser: Browser, visit: Any, rater: User, project: Project
) -> None:
    path = f"/p/{project.slug}/rate/"
    make_items(project, 1)
    page = visit(rater, path, browser.new_context(java_script_enabled=False).new_page())
    assert page.locator("#answer").get_attribute("novalidate") is None
    assert page.locator(".preference input[required]").count() > 1
    page.context.close()


def test_a_refusal_is_not_covered_by_what_was_said_before(visit: Any, rater: User, project: Project) -> None:
    make_items(project, 2)
    page: Page = visit(rater, f"/p/{project.slug}/rate/")
    page.keyboard.press("4")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-toast]")).to_contain_text("Sent. Here is the next one.")
    page.keyboard.press("Control+Enter")
    banner(page).to_contain_text("Not sent yet.")
    expect(page.locator("[data-toast]")).to_have_count(0)
