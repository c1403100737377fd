"""Flags, answers and new guidelines as people meet them."""

import re

import pytest
from playwright.sync_api import Page, expect

from apps.accounts.models import User
from apps.projects.models import Guideline, Project
from apps.projects.services import publish_guideline
from apps.rating.answering import answer_flag
from apps.rating.flagging import flag_item
from apps.rating.models import Annotation, Flag, Lease, RaterState
from tests.browser.conftest import Visit
from tests.browser.test_hostile import ALARM, nothing_ran
from tests.rating.factories import make_items
from tests.rating.moves import claim
from tests.xss_vectors import VECTORS

ATTACK = "\n\n".join(VECTORS.values()).replace("\x00", "")
SENT = "Sent to the people who run this project. Go on, or skip."


@pytest.fixture
def path(project: Project) -> str:
    make_items(project, 3)
    return f"/p/{project.slug}/rate/"


@pytest.fixture
def desk(visit: Visit, rater: User, path: str) -> Page:
    page = visit(rater, path)
    expect(page.locator("#answer")).to_be_visible()
    return page


def publish(project: Project, text: str) -> Guideline:
    return Guideline.objects.create(project=project, version=project.guideline.version + 1, text=text)


# --- flagging -----------------------------------------------------------------------------------------
def test_a_question_is_asked_with_keys_while_an_answer_is_half_written(desk: Page) -> None:
    desk.keyboard.press("2")
    desk.locator(".sentence textarea").fill("Half a thought")
    desk.keyboard.press("Escape")
    desk.keyboard.press("f")
    desk.keyboard.press("4")
    desk.keyboard.type("Does 1 of 2 count?")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("[data-said]")).to_have_text(SENT)
    expect(desk.locator("#flag-menu")).to_be_hidden()
    flag = Flag.objects.get()
    assert (flag.kind, flag.note, flag.item) == ("unclear", "Does 1 of 2 count?", Lease.objects.get().item)
    expect(desk.locator(".sentence textarea")).to_have_value("Half a thought")
    expect(desk.locator(".seg input:checked")).to_have_attribute("data-key", "2")
    expect(desk.locator("[data-saved]")).to_contain_text("Draft saved")
    assert Lease.objects.open().get().draft["justification"] == ["Half a thought"]
    assert not Annotation.objects.exists()


def test_in_the_menu_digits_are_kinds_and_outside_they_are_answers(desk: Page) -> None:
    desk.keyboard.press("f")
    desk.keyboard.press("3")
    expect(desk.locator("#flag [value=broken]")).to_be_checked()
    expect(desk.locator(".seg input:checked")).to_have_count(0)
    desk.keyboard.press("Escape")
    expect(desk.locator("#flag-menu")).to_be_hidden()
    desk.keyboard.press("3")
    expect(desk.locator(".seg input:checked")).to_have_attribute("data-key", "3")
    assert not Flag.objects.exists()


def test_what_needs_no_words_is_two_keys_and_enter(desk: Page) -> None:
    desk.keyboard.press("f")
    desk.keyboard.press("1")
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-said]")).to_have_text(SENT)
    assert Flag.objects.get().kind == "unsafe"


def test_a_question_without_words_is_not_sent(desk: Page) -> None:
    desk.keyboard.press("f")
    desk.keyboard.press("4")
    desk.keyboard.press("Control+Enter")
    desk.wait_for_timeout(300)
    expect(desk.locator("#flag-menu")).to_be_visible()
    assert not Flag.objects.exists()


def test_without_a_connection_the_words_stay_and_are_sent_later(desk: Page) -> None:
    desk.keyboard.press("f")
    desk.keyboard.press("4")
    desk.keyboard.type("Who decides?")
    desk.context.set_offline(True)
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("[data-flag-error]")).to_contain_text("No connection")
    desk.context.set_offline(False)
    desk.keyboard.press("Escape")
    desk.keyboard.press("f")
    expect(desk.locator("#flag-note")).to_have_value("Who decides?")
    desk.get_by_role("button", name="Send").click()
    expect(desk.locator("[data-said]")).to_have_text(SENT)
    assert Flag.objects.get().note == "Who decides?"


def test_what_was_begun_survives_a_reload_and_ends_with_its_item(desk: Page) -> None:
    desk.keyboard.press("f")
    desk.keyboard.press("2")
    desk.locator("#flag-note").fill("A phone number")
    desk.reload()
    desk.keyboard.press("f")
    expect(desk.locator("#flag-note")).to_have_value("A phone number")
    expect(desk.locator("#flag [value=personal]")).to_be_checked()
    desk.keyboard.press("Escape")
    desk.locator(".seg").first.click()
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("[data-toast]")).to_contain_text("Sent.")
    desk.keyboard.press("f")
    expect(desk.locator("#flag-note")).to_have_value("")
    desk.keyboard.press("1")
    desk.keyboard.press("Enter")
    expect(desk.locator("[data-said]")).to_have_text(SENT)
    assert Flag.objects.get().item == Lease.objects.open().get().item


def test_on_a_phone_flagging_is_in_the_menu_of_more(visit: Visit, rater: User, path: str) -> None:
    visit.page.set_viewport_size({"width": 390, "height": 844})
    page = visit(rater, path)
    page.get_by_text("More", exact=True).click()
    page.get_by_role("button", name="Flag, or ask…").click()
    page.get_by_label("Unsafe or disturbing").check()
    page.get_by_role("button", name="Send").click()
    expect(page.locator("[data-said]")).to_have_text(SENT)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


# --- answers ------------------------------------------------------------------------------------------
def test_an_answer_is_announced_with_the_next_item_and_read_once(
    desk: Page, project: Project, rater: User, curator: User
) -> None:
    lease = Lease.objects.get()
    flag = flag_item(project=project, rater=rater, lease_uid=str(lease.uid), kind="unclear", note="Who?")
    answer_flag(project=project, flag_id=flag.pk, answer="You do.", by=curator)
    mark = desk.locator("[data-unread]")
    expect(mark).to_be_hidden()
    desk.keyboard.press("4")
    desk.keyboard.press("Control+Enter")
    expect(mark).to_have_text(re.compile("^1 answer"))
    mark.click()
    expect(desk.get_by_text("You do.")).to_be_visible()
    desk.get_by_role("link", name="Back to rating").click()
    expect(desk.locator("#answer")).to_be_visible()
    expect(mark).to_be_hidden()


def test_a_curator_answers_one_and_keeps_what_was_begun_in_another(
    visit: Visit, project: Project, rater: User, curator: User
) -> None:
    make_items(project, 2)
    lease = claim(project, rater)
    for kind in ("unclear", "broken"):
        flag_item(project=project, rater=rater, lease_uid=str(lease.uid), kind=kind, note=f"About {kind}.")
    page = visit(curator, f"/p/{project.slug}/questions/")
    first, second = page.locator("article.question").all()
    second.get_by_label("Answer, in Markdown").fill("Half a thought")
    first.get_by_label("Answer, in Markdown").fill("**You** do.")
    entry = first.get_by_label("Entry in the guideline, in Markdown")
    expect(entry).to_be_hidden()
    first.get_by_label("Also add to the guideline as an edge case").check()
    expect(entry).to_have_value("> About unclear.\n\n**You** do.\n")
    entry.fill("> About what is unclear.\n\nYou do.")
    first.get_by_label("Answer, in Markdown").fill("You do.")
    expect(entry).to_have_value("> About what is unclear.\n\nYou do.")
    first.get_by_role("button", name="Answer and publish").click()
    expect(first.get_by_text("Version 2 of the guideline is in force")).to_be_visible()
    expect(second.get_by_label("Answer, in Markdown")).to_have_value("Half a thought")
    expect(page.locator("h1")).to_have_text("One question waits for an answer")
    expect(page.locator(".nav .unanswered")).to_have_text(re.compile("^1"))
    assert project.guideline.text.endswith("## Edge cases\n\n> About what is unclear.\n\nYou do.\n")


# --- a new guideline ----------------------------------------------------------------------------------
def test_all_that_changed_is_in_sight(desk: Page, project: Project) -> None:
    publish(project, "\n\n".join(f"Sentence {number}." for number in range(12)))
    desk.keyboard.press("4")
    desk.keyboard.press("Control+Enter")
    changes = desk.locator(".news .changes")
    expect(changes).to_contain_text("Sentence 11.")
    shown, whole = changes.evaluate("e => [e.clientHeight, e.scrollHeight]")
    assert shown >= whole


def test_a_new_guideline_is_read_and_then_in_the_drawer(desk: Page, project: Project) -> None:
    publish(project, "# What we ask\n\nBe fair, and quick.")
    desk.keyboard.press("4")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#acknowledge")).to_be_visible()
    expect(desk.locator(".changes .added")).to_contain_text("Be fair, and quick.")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#answer")).to_be_visible()
    desk.keyboard.press("g")
    expect(desk.locator("#guideline")).to_contain_text("version 2")
    expect(desk.locator("#guideline .guide")).to_contain_text("Be fair, and quick.")
    assert RaterState.objects.get().guideline.version == 2


def test_a_key_held_down_since_the_last_answer_reads_nothing(desk: Page, project: Project) -> None:
    publish(project, "Be fairer.")
    desk.keyboard.press("4")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#acknowledge")).to_be_visible()
    desk.keyboard.down("Control")
    desk.evaluate(
        "document.body.dispatchEvent(new KeyboardEvent('keydown',"
        " {key: 'Enter', ctrlKey: true, repeat: true, bubbles: true, cancelable: true}))"
    )
    desk.wait_for_timeout(300)
    expect(desk.locator("#acknowledge")).to_be_visible()
    assert RaterState.objects.get().guideline.version == 1


# --- attacks ------------------------------------------------------------------------------------------
def test_what_raters_and_curators_write_runs_nowhere(
    visit: Visit, project: Project, rater: User, curator: User
) -> None:
    make_items(project, 3)
    lease = claim(project, rater)
    for kind, note in zip(("unclear", "unsafe", "broken"), VECTORS.values(), strict=False):
        flag_item(
            project=project, rater=rater, lease_uid=str(lease.uid), kind=kind, note=f"{note} {ATTACK}"[:1000]
        )
    answered = Flag.objects.filter(kind="broken").get()
    Flag.objects.filter(pk=answered.pk).update(
        answer=ATTACK, answered_at=answered.created_at, answered_by=curator
    )
    visit.page.add_init_script(ALARM)
    page = visit(curator, f"/p/{project.slug}/questions/")
    page.locator(".answered summary").first.click()
    expect(page.locator(".answered .answer-text")).to_contain_text("alert(")
    nothing_ran(page)
    page.context.clear_cookies()
    page = visit(rater, f"/p/{project.slug}/rate/questions/")
    expect(page.locator(".answer-text")).to_contain_text("alert(")
    nothing_ran(page)


def test_an_entry_with_an_attack_runs_nowhere_in_the_guideline(
    visit: Visit, project: Project, rater: User, curator: User
) -> None:
    make_items(project, 2)
    lease = claim(project, rater)
    flag = flag_item(
        project=project, rater=rater, lease_uid=str(lease.uid), kind="unclear", note=ATTACK[:1000]
    )
    answer_flag(project=project, flag_id=flag.pk, answer="No.", by=curator, entry=ATTACK)
    publish_guideline(project=project, user=curator, text=f"{project.guideline.text}\n\n{ATTACK}", based_on=2)
    visit.page.add_init_script(ALARM)
    page = visit(rater, f"/p/{project.slug}/rate/")
    page.keyboard.press("4")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#acknowledge")).to_be_visible()
    nothing_ran(page)
    page.keyboard.press("g")
    nothing_ran(page)
