"""The curator's desk by keyboard and mouse, with and without scripts."""

import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from apps.accounts.models import User
from apps.projects.models import Project
from apps.prompts import desk_page
from apps.prompts.models import Prompt, PromptCoverage, PromptStatus
from tests.browser.accessibility import find_violations
from tests.browser.conftest import Visit
from tests.factories import PromptFactory

DESK = "/p/helpful/prompts/"


def write(project: Project, count: int, **more: Any) -> list[Prompt]:
    """The newest first, as the list has them."""
    made = [
        PromptFactory(project=project, messages=[{"role": "user", "content": f"Question {n}?"}], **more)
        for n in range(count)
    ]
    return made[::-1]


def lead(page: Page) -> Any:
    return page.locator("#pane .lead")


def test_keys_open_choose_and_approve(visit: Visit, curator: User, project: Project) -> None:
    first, second, third = write(project, 3, status=PromptStatus.DRAFT)
    page = visit(curator, DESK)
    page.keyboard.press("j")
    expect(lead(page)).to_have_text(first.last_message)
    page.keyboard.press("j")
    expect(lead(page)).to_have_text(second.last_message)
    expect(page).to_have_url(re.compile(str(second.uid)))
    page.keyboard.press("x")
    page.keyboard.press("j")
    expect(lead(page)).to_have_text(third.last_message)
    page.keyboard.press("x")
    expect(page.locator("[data-count]")).to_have_text("2 selected")
    page.keyboard.press("a")
    expect(page.locator("#outcome")).to_contain_text("Two prompts are approved.")
    assert set(project.prompts.approved()) == {second, third}
    page.keyboard.press("Escape")
    page.keyboard.press("e")
    expect(page.locator("#outcome")).to_contain_text("One prompt is retired.")
    expect(page.locator(f"#p-{third.uid}")).to_contain_text("retired")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#outcome")).to_contain_text("One prompt is as before.")
    third.refresh_from_db()
    assert third.status == PromptStatus.APPROVED


def test_a_tag_is_given_by_keyboard(visit: Visit, curator: User, project: Project) -> None:
    (prompt,) = write(project, 1)
    page = visit(curator, DESK)
    page.keyboard.press("j")
    expect(lead(page)).to_have_text(prompt.last_message)
    page.keyboard.press("t")
    page.keyboard.type("hard")
    page.keyboard.press("Enter")
    expect(page.locator("#outcome")).to_contain_text("One prompt is tagged “hard”.")
    expect(page.locator("#facets")).to_contain_text("hard")


def test_a_change_is_counted_at_the_right_and_moves_no_row(
    visit: Visit, curator: User, project: Project
) -> None:
    _, second, _ = write(project, 3)
    page = visit(curator, DESK)
    expect(page.locator("#pane")).to_contain_text("3 approved")
    row = page.locator(f"#p-{second.uid}")
    before = row.bounding_box()
    row.locator("input").check()
    page.keyboard.press("e")
    expect(page.locator("#outcome")).to_contain_text("One prompt is retired.")
    expect(page.locator("#pane")).to_contain_text("2 approved, 1 retired")
    assert row.bounding_box() == before
    expect(page.locator("#outcome").get_by_role("button", name="Undo")).to_be_in_viewport()


def test_every_row_is_as_high_as_the_others(visit: Visit, curator: User, project: Project) -> None:
    asked, _ = write(project, 2)
    PromptCoverage.objects.create(prompt=asked, asked=3, answered=1)
    page = visit(curator, DESK)
    expect(page.locator(".msg .cov svg")).to_have_count(1)
    heights = page.locator(".msg").evaluate_all("rows => rows.map((row) => row.offsetHeight)")
    assert heights == [59, 59]


def test_names_of_files_and_tags_stand_as_they_are_written(
    visit: Visit, curator: User, project: Project
) -> None:
    source = project.prompt_imports.create(file_name="oasst.jsonl")
    write(project, 1, tags=["pilot"], source=source)
    page = visit(curator, DESK)
    for name in ("oasst.jsonl", "pilot"):
        label = page.locator(".facet .name", has_text=name)
        first = label.evaluate("e => getComputedStyle(e, '::first-letter').textTransform")
        assert first == "none"


def test_shift_chooses_all_between(visit: Visit, curator: User, project: Project) -> None:
    write(project, 5)
    page = visit(curator, DESK)
    boxes = page.locator(".msg input[name=uid]")
    boxes.nth(1).click()
    boxes.nth(3).click(modifiers=["Shift"])
    expect(page.locator("[data-count]")).to_have_text("3 selected")
    page.locator("[data-all]").check()
    expect(page.locator("[data-count]")).to_have_text("All 5 selected")


def test_older_prompts_come_while_scrolling_and_back_leads_back(
    visit: Visit, curator: User, project: Project
) -> None:
    prompts = write(project, 70)
    page = visit(curator, DESK)
    expect(page.locator(".msg")).to_have_count(50)
    page.locator(".msg").first.hover()
    page.mouse.wheel(0, 5000)
    expect(page.locator(".msg")).to_have_count(70)
    page.locator(".msg a.t").nth(2).click()
    expect(lead(page)).to_have_text(prompts[2].last_message)
    page.go_back()
    expect(page).to_have_url(re.compile(f"{DESK}$"))
    expect(page.locator("#pane")).to_contain_text("The whole set")


def test_slash_searches_and_the_question_mark_shows_the_keys(
    visit: Visit, curator: User, project: Project
) -> None:
    write(project, 1)
    page = visit(curator, DESK)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("/")
    page.keyboard.type("nothing like it")
    page.keyboard.press("Enter")
    expect(page.locator(".mail")).to_contain_text("No prompt fits.")


def test_a_range_of_lengths_is_brushed(visit: Visit, curator: User, project: Project) -> None:
    write(project, 1, words=7)
    page = visit(curator, DESK)
    bars = page.locator("[data-brush] a")
    bars.nth(1).scroll_into_view_if_needed()
    start, end = bars.nth(1).bounding_box(), bars.nth(4).bounding_box()
    assert start
    assert end
    page.mouse.move(start["x"] + 4, start["y"] + 20)
    page.mouse.down()
    page.mouse.move(end["x"] + 4, end["y"] + 20, steps=6)
    page.mouse.up()
    expect(page).to_have_url(re.compile("words=5-29"))


def test_everything_works_without_scripts(
    browser: Browser, visit: Visit, live_server: LiveServer, curator: User, project: Project
) -> None:
    first, second = write(project, 2)
    cookies = visit(curator, DESK).context.cookies()
    context = browser.new_context(java_script_enabled=False)
    context.add_cookies(cookies)  # type: ignore[arg-type]
    page = context.new_page()
    page.goto(live_server.url + DESK)
    page.locator(f"#p-{first.uid} input").check()
    page.locator(".acts").get_by_role("button", name="Retire").click()
    expect(page.locator("#outcome")).to_contain_text("One prompt is retired.")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator("#outcome")).to_contain_text("One prompt is as before.")
    page.locator(f"#p-{second.uid} a.t").click()
    expect(lead(page)).to_have_text(second.last_message)
    context.close()


def test_on_a_phone_one_part_is_seen_at_a_time(visit: Visit, curator: User, project: Project) -> None:
    (prompt,) = write(project, 1)
    page = visit(curator, DESK)
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(page.url)
    expect(page.locator(".narrowing > summary")).to_be_visible()
    expect(page.locator("#facets")).to_be_hidden()
    page.locator(f"#p-{prompt.uid} a.t").click()
    expect(lead(page)).to_have_text(prompt.last_message)
    expect(page.locator(".mail")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


@pytest.mark.parametrize("path", ["", "?q=question", "{uid}/", "{uid}/edit/", "coverage/"])
def test_axe_finds_nothing(visit: Visit, curator: User, project: Project, path: str) -> None:
    prompt = write(project, 2, metadata={"category": "law", "intent": "ask"}, tags=["hard"])[0]
    page = visit(curator, DESK + path.format(uid=prompt.uid))
    for width, scheme in ((1440, "light"), (1440, "dark"), (390, "light")):
        page.set_viewport_size({"width": width, "height": 860})
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        assert find_violations(page) == [], (width, scheme)


def test_very_many_are_counted_after_the_list_is_there(
    visit: Visit, curator: User, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_page, "MANY", 2)
    first, *_ = write(project, 3, status=PromptStatus.DRAFT, tags=["hard"])
    page = visit(curator, f"{DESK}?tag=hard")
    expect(page.locator("#fits")).to_have_text("Three prompts fit")
    expect(page.locator("[data-count]")).to_have_text("All 3")
    expect(page.get_by_role("link", name="Draft 3")).to_be_visible()
    assert find_violations(page) == []
    page.keyboard.press("j")
    expect(lead(page)).to_have_text(first.last_message)
    page.keyboard.press("a")
    expect(page.locator("#outcome")).to_contain_text("One prompt is approved.")
    expect(page.get_by_role("link", name="Draft 2")).to_be_visible()
    expect(page.get_by_role("link", name="Approved 1")).to_be_visible()


def test_counts_that_come_later_leave_what_is_typed_and_chosen(
    visit: Visit, curator: User, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_page, "MANY", 2)
    write(project, 3)
    held: list[Route] = []
    visit.page.route("**/prompts/facets/", lambda route: held.append(route))  # noqa: PLW0108 — a builtin cannot be hooked
    page = visit(curator, DESK)
    expect(page.locator("#facets")).to_contain_text("Counting")
    assert find_violations(page) == []
    expect(page.locator("[data-count]")).to_have_text("All")
    page.locator(".msg input").first.check()
    expect(page.locator("[data-count]")).to_have_text("1 selected")
    page.get_by_label("Search in prompts").fill("ques")
    held[0].continue_()
    expect(page.locator("#fits")).to_have_text("Three prompts")
    expect(page.locator("[data-count]")).to_have_text("1 selected")
    expect(page.get_by_label("Search in prompts")).to_have_value("ques")
    page.locator(".msg input").first.uncheck()
    expect(page.locator("[data-count]")).to_have_text("All 3")


@pytest.mark.parametrize("opened", [False, True])
def test_a_phone_shows_what_a_page_is_about(
    visit: Visit, curator: User, project: Project, opened: bool
) -> None:
    prompt, *_ = write(project, 40)
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page = visit(curator, f"{DESK}{prompt.uid}/" if opened else DESK)
    headings = [heading for heading in page.locator("h1").all() if heading.is_visible()]
    assert len(headings) == 1
    assert headings[0].bounding_box()["y"] < 844  # type: ignore[index]
