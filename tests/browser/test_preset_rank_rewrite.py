"""A ranking beside the responses, and its best one rewritten: from the page to the outcomes."""

import hashlib

from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.projects.models import Project, Rubric
from apps.projects.presets import get_preset
from apps.rating.items import build_items
from apps.rating.models import PairOutcome, TextOutcome
from tests.browser.conftest import Visit
from tests.browser.test_preset_written import open_desk, send
from tests.browser.test_ranking import drag_beside, hold_over
from tests.factories import PromptFactory, ResponseFactory

TEXTS = ("The first text.", "A second text.", "One more text.", "The last of them.")


def open_ranked(visit: Visit, rater: User, project: Project) -> Page:
    document = get_preset("rank_rewrite").rubric.model_dump(mode="json")
    Rubric.objects.create(project=project, version=2, document=document)
    prompt = PromptFactory(project=project, digest=hashlib.sha256(b"?").digest())
    for text in TEXTS:
        ResponseFactory(prompt=prompt, text=text)
    build_items(project=project)
    return open_desk(visit, rater, project)


def test_the_best_of_a_ranking_is_rewritten(visit: Visit, rater: User, project: Project) -> None:
    page = open_ranked(visit, rater, project)
    left, field = page.locator("[data-left]"), page.locator("textarea.write")
    for key in ("3", "Enter", "1", "Enter", "2", "=", "Enter"):
        page.keyboard.press(key)
    expect(left).to_contain_text("2 ")
    expect(field).to_have_value("")
    for key in ("4", "-", "Enter"):
        page.keyboard.press(key)
    best = page.locator("#response-C .prose").inner_text().strip()
    expect(field).to_have_value(best)
    expect(page.get_by_label("Start from response C")).to_be_checked()
    expect(left).to_have_text("Change the text, or tick “Nothing to improve”")
    page.keyboard.press("w")
    page.keyboard.press("End")
    page.keyboard.type(" Better now.")
    expect(left).to_have_text("Everything required is answered")
    annotation = send(page)
    (text,) = TextOutcome.objects.select_related("response")
    assert (text.use, text.text) == ("rewrite", f"{best} Better now.")
    assert text.response is not None
    assert text.response.text == best
    assert sorted(annotation.answers["ranking"]["places"].values()) == [1, 2, 2]
    relations = sorted(PairOutcome.objects.values_list("relation", flat=True))
    assert relations == ["prefers"] * 5 + ["tie"]


def test_two_firsts_leave_the_choice_to_the_rater(visit: Visit, rater: User, project: Project) -> None:
    page = open_ranked(visit, rater, project)
    for key in ("1", "Enter", "2", "=", "Enter", "3", "-", "Enter", "4", "-", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("textarea.write")).to_have_value("")
    expect(page.locator("[data-changed]")).to_have_text("Choose the response to start from")
    page.keyboard.press("ArrowDown")
    page.get_by_label("Start from response B").check(force=True)
    page.keyboard.press("n")
    assert send(page).answers["rewrite"]["as_is"] is True


def test_the_shelf_fits_beside_the_responses(visit: Visit, rater: User, project: Project) -> None:
    page = open_ranked(visit, rater, project)
    page.locator("[data-tile=B]").click()
    page.locator("[data-slot='1']").click()
    assert page.locator("select[data-letter=B]").input_value() == "1"
    width, room = page.locator(".shelf").evaluate("e => [e.scrollWidth, e.clientWidth]")
    assert width <= room


def test_going_on_to_the_rewrite_puts_down_what_is_lifted(
    visit: Visit, rater: User, project: Project
) -> None:
    page = open_ranked(visit, rater, project)
    for key in "2134":  # each takes the next free place
        page.keyboard.press(key)
    expect(page.locator("textarea.write")).to_have_value("")
    page.locator("textarea.write").click()
    expect(page.get_by_label("Start from response B")).to_be_checked()
    best = page.locator("#response-B .prose").inner_text().strip()
    expect(page.locator("textarea.write")).to_have_value(best)


def test_letters_clicked_in_order_are_the_order(visit: Visit, rater: User, project: Project) -> None:
    page = open_ranked(visit, rater, project)
    for letter in "BACD":
        page.locator(f"[data-tile={letter}]").click()
    expect(page.get_by_label("Start from response B")).to_be_checked()
    best = page.locator("#response-B .prose").inner_text().strip()
    expect(page.locator("textarea.write")).to_have_value(best)


def test_another_best_after_the_writing_is_told(visit: Visit, rater: User, project: Project) -> None:
    page = open_ranked(visit, rater, project)
    for key in ("1", "Enter", "2", "Enter", "3", "-", "Enter", "4", "-", "Enter"):
        page.keyboard.press(key)
    page.locator("textarea.write").fill("Mended.")
    expect(page.locator("[data-notes]")).to_have_text("")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowUp")
    for key in ("1", "-", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_text("This starts from A; your best is B")).to_be_visible()
    expect(page.locator("[data-left]")).to_have_text("All answered: the text starts from A, your best is B")
    expect(page.locator("textarea.write")).to_have_value("Mended.")


def test_backspace_clears_the_ranking(visit: Visit, rater: User, project: Project) -> None:
    page = open_ranked(visit, rater, project)
    for key in ("1", "Enter", "2", "Enter", "Backspace"):
        page.keyboard.press(key)
    expect(page.locator(".pool [data-tile]")).to_have_count(4)


def test_a_fourth_ties_with_three_on_the_first_of_them(visit: Visit, rater: User, project: Project) -> None:
    page = open_ranked(visit, rater, project)
    for key in ("1", "Enter", "2", "=", "Enter", "3", "=", "Enter"):
        page.keyboard.press(key)
    drag_beside(page, "D", "A", 0.5)
    expect(page.locator(".slot[data-slot='1'] [data-tile]")).to_have_count(4)


def test_a_letter_let_go_just_before_the_first_place_is_first(
    visit: Visit, rater: User, project: Project
) -> None:
    page = open_ranked(visit, rater, project)
    for key in ("1", "Enter", "2", "Enter", "3", "Enter", "4", "Enter"):
        page.keyboard.press(key)
    box = page.locator(".slot[data-slot='1']").bounding_box()
    assert box is not None
    hold_over(page, "C", (box["x"] - 8, box["y"] + box["height"] / 2))
    page.mouse.up()
    expect(page.locator(".slot[data-slot='1'] [data-tile]")).to_have_text("C")


def test_a_third_ties_on_the_second_of_two_though_it_stands_out_of_its_place(
    visit: Visit, rater: User, project: Project
) -> None:
    page = open_ranked(visit, rater, project)
    for key in ("1", "Enter", "3", "=", "Enter", "2", "Enter", "4", "Enter"):
        page.keyboard.press(key)
    drag_beside(page, "D", "C", 0.8)
    expect(page.locator(".slot[data-slot='1'] [data-tile]")).to_have_count(3)


def test_what_a_tick_was_for_is_told_when_another_becomes_the_best(
    visit: Visit, rater: User, project: Project
) -> None:
    page = open_ranked(visit, rater, project)
    for key in ("1", "Enter", "2", "Enter", "3", "-", "Enter", "4", "-", "Enter", "ArrowDown", "n"):
        page.keyboard.press(key)
    expect(page.locator("[data-as-is]")).to_be_checked()
    for key in ("ArrowUp", "2", "ArrowLeft", "Enter"):
        page.keyboard.press(key)
    words = "“Nothing to improve” was said of A: say it of B, or change the text"
    expect(page.locator("[data-left]")).to_have_text(words)


def test_a_key_after_a_click_into_the_text_is_not_undone(visit: Visit, rater: User, project: Project) -> None:
    page = open_ranked(visit, rater, project)
    page.locator("textarea.write").click()
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowUp")
    page.wait_for_timeout(500)
    expect(page.locator(".asked.now")).to_contain_text("To rank")


def test_the_chosen_start_chosen_again_leaves_the_text(visit: Visit, rater: User, project: Project) -> None:
    page = open_ranked(visit, rater, project)
    for key in ("1", "-", "Enter", "2", "-", "Enter", "3", "-", "Enter", "4", "-", "Enter"):
        page.keyboard.press(key)
    page.locator("textarea.write").fill("From scratch.")
    page.get_by_label("Start from response B").check(force=True)
    page.keyboard.press("Escape")
    page.keyboard.press("2")
    expect(page.locator("textarea.write")).to_have_value("From scratch.")


def test_a_ranking_begun_is_the_current_question_again(visit: Visit, rater: User, project: Project) -> None:
    page = open_ranked(visit, rater, project)
    page.keyboard.press("3")
    page.keyboard.press("Enter")
    expect(page.locator("[data-saved]")).to_contain_text("Draft saved")
    page.reload()
    expect(page.locator(".asked.now")).to_contain_text("To rank")


def test_when_all_are_bad_there_is_something_to_improve(visit: Visit, rater: User, project: Project) -> None:
    page = open_ranked(visit, rater, project)
    for key in ("1", "-", "2", "-", "3", "-", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("[data-as-is]")).to_be_enabled()
    for key in ("4", "-", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("[data-as-is]")).to_be_disabled()
    expect(page.locator(".as-is")).to_contain_text("(you called all bad)")


def test_what_is_best_no_more_leaves_the_field(visit: Visit, rater: User, project: Project) -> None:
    page = open_ranked(visit, rater, project)
    for key in ("1", "Enter", "2", "-", "Enter", "3", "-", "Enter", "4", "-", "Enter"):
        page.keyboard.press(key)
    expect(page.get_by_label("Start from response A")).to_be_checked()
    for key in ("1", "-", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("textarea.write")).to_have_value("")
    expect(page.locator("[data-rewrite] input[type=radio]:checked")).to_have_count(0)


def test_the_response_to_start_from_is_chosen_by_its_number(
    visit: Visit, rater: User, project: Project
) -> None:
    page = open_ranked(visit, rater, project)
    for key in ("1", "Enter", "2", "=", "Enter", "3", "-", "Enter", "4", "-", "Enter", "ArrowDown", "n"):
        page.keyboard.press(key)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-lacking]")).to_contain_text("Choose the response that you start from")
    expect(page.get_by_label("Start from response A")).to_be_focused()
    page.keyboard.press("2")
    expect(page.get_by_label("Start from response B")).to_be_checked()
    assert send(page).answers["rewrite"]["as_is"] is True


def test_four_responses_fit_beside_the_answer(visit: Visit, rater: User, project: Project) -> None:
    page = open_ranked(visit, rater, project)
    width, room = page.locator(".reads").evaluate("e => [e.scrollWidth, e.clientWidth]")
    assert width <= room
