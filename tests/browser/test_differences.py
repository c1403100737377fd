"""Words that only one of two responses has are marked, and the page stays as it is."""

from typing import Any

import pytest
from playwright.sync_api import Page

from apps.accounts.models import User
from apps.projects.models import Project
from apps.rating.items import build_items
from tests.factories import PromptFactory, ResponseFactory

MARKED = """() => [...(CSS.highlights.get('difference') ?? [])].map((range) =>
    range.startContainer.data.slice(range.startOffset, range.endOffset)).sort()"""


@pytest.fixture
def desk(visit: Any, rater: User, project: Project) -> Page:
    prompt = PromptFactory(project=project)
    ResponseFactory(prompt=prompt, text="The train leaves at **nine**, from platform 4. 東京へ")
    ResponseFactory(prompt=prompt, text="The bus leaves at nine, from platform 4. Åre 東京へ")
    build_items(project=project)
    page: Page = visit(rater, f"/p/{project.slug}/rate/")
    page.wait_for_selector("#answer")
    return page


def test_a_key_marks_them_and_takes_the_marks_back(desk: Page) -> None:
    before = desk.locator("[data-reads]").inner_html()
    desk.keyboard.press("d")
    assert desk.evaluate(MARKED) == ["bus", "train", "Åre"]
    assert desk.locator("[data-toggle=differences]").get_attribute("aria-pressed") == "true"
    desk.keyboard.press("d")
    assert desk.evaluate(MARKED) == []
    assert desk.locator("[data-reads]").inner_html() == before


def test_the_choice_is_remembered(desk: Page) -> None:
    desk.keyboard.press("d")
    desk.reload()
    desk.wait_for_selector("#answer")
    assert desk.evaluate(MARKED) == ["bus", "train", "Åre"]
