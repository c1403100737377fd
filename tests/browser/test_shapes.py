"""A file of votes through the page: what it was taken for, its report, and the marks on a prompt's page."""

import json
import os
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from apps.accounts.models import User
from apps.projects.models import Project
from apps.prompts.models import PromptStatus
from tests.browser.accessibility import find_violations
from tests.overview.shapes.files import RATING, ask
from tests.overview.shapes.test_oasst import TREE
from tests.overview.shapes.test_votes import QUESTION, VOTE

VOTES = [VOTE, {**VOTE, "judge": "gpt4_pair", "winner": "tie (inconsistent)"}, {**VOTE, "judge": "author_1"}]


def look(page: Page, name: str, widths: tuple[int, ...] = (1440, 390)) -> None:
    """Nothing is wrong with it at any size; `TOUCHSTONE_SHOTS` names a folder that keeps what was seen."""
    for width, scheme in product(widths, ("light", "dark")):
        page.set_viewport_size({"width": width, "height": 860})
        page.emulate_media(color_scheme=scheme)
        assert find_violations(page) == [], (name, width, scheme)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (name, width)
        if folder := os.environ.get("TOUCHSTONE_SHOTS"):
            page.screenshot(path=str(Path(folder, f"{name}-{width}-{scheme}.png")), full_page=True)
    page.set_viewport_size({"width": 1440, "height": 900})


def send(page: Page, tmp_path: Path, *rows: Any) -> None:
    path = tmp_path / "records.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)))
    page.set_input_files("input[type=file]", path)
    page.click("form[enctype] button.primary")
    page.wait_for_url("**/imports/*/")


def test_votes_are_recognised_and_told(visit: Any, curator: User, project: Project, tmp_path: Path) -> None:
    page = visit(curator, f"/p/{project.slug}/prompts/imports/")
    send(page, tmp_path, QUESTION)
    page.goto(page.url.split("/imports/")[0] + "/imports/")
    send(page, tmp_path, *VOTES)
    page.wait_for_selector("text=Read as MT-bench votes")
    look(page, "votes-preview")
    page.click("#columns button.primary")
    page.wait_for_selector("text=three imported annotations are in")
    look(page, "votes-report")
    prompt = project.prompts.filter(status=PromptStatus.APPROVED).get()
    page.goto(page.url.split("/p/")[0] + f"/p/{project.slug}/prompts/{prompt.uid}/")
    page.click("text=Read three annotations")
    assert "a machine, never counted" in page.inner_text("main")
    look(page, "votes-story", widths=(1440,))


@pytest.mark.parametrize("compares", [True, False])
def test_trees_say_what_becomes_of_their_ranks(
    visit: Any, curator: User, project: Project, tmp_path: Path, compares: bool
) -> None:
    if not compares:
        ask(project, RATING)
    page = visit(curator, f"/p/{project.slug}/prompts/imports/")
    send(page, tmp_path, TREE)
    page.wait_for_selector("text=Read as OASST trees")
    assert page.is_visible("text=has no question that compares responses") is not compares
    look(page, f"trees-{'kept' if compares else 'warned'}")
