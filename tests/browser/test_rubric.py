"""A curator edits the rubric, sees what raters would see, and publishes it."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import FrameLocator, Page, expect

from apps.accounts.models import User
from apps.projects.models import Project
from tests.browser.conftest import Visit
from tests.rating.factories import make_items


@pytest.fixture
def editor(visit: Visit, owner: User, project: Project) -> Page:
    make_items(project, 2)
    return visit(owner, f"/p/{project.slug}/setup/rubric/")


def see(editor: Page) -> FrameLocator:
    return editor.frame_locator("#preview")


def check_axe(page: Page) -> None:
    found = Axe().run(page).response["violations"]
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []


def test_a_question_is_added_seen_and_published(editor: Page, project: Project) -> None:
    expect(see(editor).locator("legend").first).to_have_text("Which response is better?")
    editor.get_by_role("button", name="Text", exact=True).click()
    title = editor.locator("#id_q_3_title")
    expect(title).to_be_focused()
    title.fill("What would you have said?")
    expect(see(editor).get_by_text("What would you have said?").first).to_be_visible()
    editor.locator("#up-3").click()
    expect(editor.locator("#id_q_2_title")).to_have_value("What would you have said?")
    editor.get_by_role("button", name="Review and publish").click()
    expect(editor.get_by_role("heading", level=1)).to_have_text(
        "Two unbegun items move, no begun ones finish under version 1"
    )
    check_axe(editor)
    editor.get_by_role("button", name="Publish version 2").click()
    expect(editor.locator("#messages")).to_contain_text("Version 2 of the rubric is in force.")
    assert [question.key for question in project.rubric.questions.questions] == [
        "preference", "reasons", "text", "justification",
    ]  # fmt: skip


def test_previews_leave_no_steps_on_the_way_back(editor: Page) -> None:
    steps = editor.evaluate("history.length")
    editor.locator("#id_q_0_title").fill("Which is kinder?")
    expect(see(editor).locator("legend").first).to_have_text("Which is kinder?")
    assert editor.evaluate("history.length") == steps
    expect(editor.locator("#id_q_0_title")).to_be_focused()


def test_nothing_can_be_sent_from_a_preview(editor: Page, visit: Visit, project: Project) -> None:
    see(editor).locator(".seg").first.click()
    with editor.expect_console_message() as refused:
        see(editor).get_by_role("button", name="Submit and next").click()
    assert "form-action" in refused.value.text
    expect(see(editor).locator(".seg :checked")).to_have_count(1)
    assert not project.items.filter(taken__gt=0).exists()
    visit.errors.clear()


def test_a_mistake_is_said_and_everything_is_kept(editor: Page) -> None:
    editor.locator("#id_q_0_steps").fill("9")
    editor.locator("#id_q_0_hint").fill("As you see it")
    expect(see(editor).get_by_text("One question is not shown")).to_be_visible()
    editor.get_by_role("button", name="Save draft").last.click()
    expect(editor.locator("#id_q_0_steps")).to_be_focused()
    expect(editor.locator("#id_q_0_steps_error1")).to_contain_text("less than or equal to 4")
    expect(editor.locator("#id_q_0_hint")).to_have_value("As you see it")
    check_axe(editor)


@pytest.mark.parametrize("width", [390, 1440])
def test_the_page_is_accessible_and_fits(editor: Page, width: int) -> None:
    editor.set_viewport_size({"width": width, "height": 900})
    expect(see(editor).locator("#answer")).to_be_visible()
    check_axe(editor)
    assert editor.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_without_a_script_the_buttons_do_the_same(editor: Page, browser: object, project: Project) -> None:
    state = editor.context.storage_state()
    context = browser.new_context(java_script_enabled=False, storage_state=state)  # type: ignore[attr-defined]
    plain = context.new_page()
    plain.goto(editor.url)
    plain.get_by_role("button", name="Remove question 3").click()
    plain.locator("#id_q_0_title").fill("Which is kinder?")
    plain.get_by_role("button", name="Preview", exact=True).click()
    expect(plain.frame_locator("#preview").locator("legend").first).to_have_text("Which is kinder?")
    plain.get_by_role("button", name="Review and publish").click()
    plain.get_by_role("button", name="Publish version 2").click()
    plain.wait_for_url("**/rubric/")
    context.close()
    assert [question.title for question in project.rubric.questions.questions] == ["Which is kinder?", "Why?"]
