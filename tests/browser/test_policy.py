"""What the content security policy forbids is not even tried: `visit` fails a test where it is."""

from typing import Any

from playwright.sync_api import expect

from apps.accounts.models import User
from apps.projects.models import Project
from apps.rating.items import build_items
from tests.browser.test_preset_written import ask, open_desk
from tests.factories import PromptFactory


def test_a_field_that_was_made_taller_is_sent_like_any_other(
    visit: Any, rater: User, project: Project
) -> None:
    ask(project, "demonstration")
    PromptFactory(project=project)
    build_items(project=project)  # the next item has a field of the same name
    page = open_desk(visit, rater, project)
    text = page.locator("textarea.write")
    text.fill("A vaccine shows your body what a germ looks like. " * 4)
    box = text.bounding_box()
    assert box is not None
    right, bottom = box["x"] + box["width"] - 5, box["y"] + box["height"] - 5
    page.mouse.move(right, bottom)
    page.mouse.down()
    page.mouse.move(right, bottom - 60, steps=4)
    page.mouse.up()
    assert "height" in (text.get_attribute("style") or "")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-toast]")).to_contain_text("Sent.")
