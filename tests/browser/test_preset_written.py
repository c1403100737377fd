"""Presets in which something is written, from the page to the outcomes."""

import hashlib
import json
import re
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from apps.accounts.models import User
from apps.projects.models import Project, Rubric
from apps.projects.presets import get_preset
from apps.rating.items import build_items
from apps.rating.models import Annotation, Lease, PairOutcome, TextOutcome, ValueOutcome
from tests.browser.conftest import Visit
from tests.factories import PromptFactory, ResponseFactory
from tests.rating.factories import make_items

PASSAGES = {
    "passages": [{"id": "hours", "title": "Opening hours", "text": "Closed on **Mondays**."}, "Free."]
}
OLD = "First line stays.\r\n\r\nThe second has old words."
PASTE = """(field, text) => {
  const data = new DataTransfer();
  data.setData("text/plain", text);
  field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
  field.setRangeText(text, field.selectionStart, field.selectionEnd, "end");
  field.dispatchEvent(new Event("input", { bubbles: true }));
}"""


def ask(project: Project, preset: str, *texts: str, **prompt: Any) -> None:
    document = get_preset(preset).rubric.model_dump(mode="json")
    Rubric.objects.create(project=project, version=2, document=document)
    stored = PromptFactory(project=project, digest=hashlib.sha256(b"?").digest(), **prompt)
    for text in texts:
        ResponseFactory(prompt=stored, text=text)
    build_items(project=project)


def open_desk(visit: Visit, rater: User, project: Project) -> Page:
    page = visit(rater, f"/p/{project.slug}/rate/")
    expect(page.locator("#answer")).to_be_visible()
    return page


def send(page: Page) -> Annotation:
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-toast]")).to_contain_text("Sent.")
    return Annotation.objects.get()


def get_letter(page: Page, text: str) -> str:
    """Of the response that has the text."""
    return page.locator(".read", has_text=text).get_attribute("data-letter") or ""


def test_a_demonstration_is_written_and_what_was_pasted_is_counted(
    visit: Visit, rater: User, project: Project
) -> None:
    ask(project, "demonstration")
    page = open_desk(visit, rater, project)
    field = page.get_by_label("Write the ideal response")
    field.fill("Too short")
    expect(page.locator("[data-length]")).to_have_text("11 more to write")
    field.evaluate(PASTE, " and 😀 now\nlong enough")
    expect(page.locator("[data-left]")).to_have_text("Everything required is answered")
    answers = send(page).answers
    assert answers == {"demonstration": {"text": "Too short and 😀 now\nlong enough", "pasted": 22}}
    assert [(t.use, t.text, t.response) for t in TextOutcome.objects.all()] == [
        ("demonstration", "Too short and 😀 now\nlong enough", None)
    ]


def test_a_long_demonstration_fits_its_draft(visit: Visit, rater: User, project: Project) -> None:
    ask(project, "demonstration")
    page = open_desk(visit, rater, project)
    page.get_by_label("Write the ideal response").fill("wörter 😀 " * 2000)
    expect(page.locator("[data-saved]")).to_contain_text("Draft saved")
    assert len(Lease.objects.get().draft["demonstration"][0]) == 18_000


def test_the_preferred_response_is_rewritten(visit: Visit, rater: User, project: Project) -> None:
    ask(project, "rewrite", OLD, "Quite another.")
    page = open_desk(visit, rater, project)
    letter = get_letter(page, "First line stays")
    field = page.locator("textarea.write")
    page.keyboard.press("2" if letter == "A" else "6")
    expect(field).to_have_value(OLD.replace("\r\n", "\n"))
    expect(page.locator("[data-left]")).to_have_text("Change the text, or tick “Nothing to improve”")
    field.fill("First line stays.\n\nThe second has new, better words.")
    expect(page.locator("[data-changed]")).to_have_text("2 words added, 1 removed")
    expect(page.locator("[data-changes] del")).to_have_text("Removed: old")
    expect(page.locator("[data-changes] ins")).to_have_text("Added: new, better")
    annotation = send(page)
    (pair,) = PairOutcome.objects.all()
    (text,) = TextOutcome.objects.all()
    assert annotation.answers["rewrite"] == {
        "response": str(pair.a.uid),
        "text": "First line stays.\n\nThe second has new, better words.",
    }
    assert (pair.a.text, pair.relation, text.use, text.response) == (OLD, "prefers", "rewrite", pair.a)


def test_a_response_without_a_fault_stays_when_that_is_said(
    visit: Visit, rater: User, project: Project
) -> None:
    ask(project, "rewrite", OLD, "Quite another.")
    page = open_desk(visit, rater, project)
    left, tick = page.locator("[data-left]"), page.locator("[data-as-is]")
    page.keyboard.press("2")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("n")
    expect(tick).to_be_checked()
    expect(left).to_have_text("Everything required is answered")
    page.locator("textarea.write").press_sequentially("!")
    expect(tick).not_to_be_checked()
    expect(tick).to_be_disabled()
    page.keyboard.press("Backspace")
    page.get_by_text("Nothing to improve:").click()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("6")
    expect(tick).not_to_be_checked()
    page.keyboard.press("8")
    expect(left).to_have_text("Choose the response that you start from")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("2")
    expect(tick).to_be_disabled()
    expect(left).to_have_text("Change the text: you called B bad")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("5")
    page.get_by_text("Nothing to improve:").click()
    annotation = send(page)
    (text,) = TextOutcome.objects.all()
    assert annotation.answers["rewrite"]["as_is"] is True
    assert text.response is not None
    assert text.text == text.response.text.replace("\r\n", "\n")


def test_the_map_has_each_key_once(visit: Visit, rater: User, project: Project) -> None:
    ask(project, "rewrite", OLD, "Quite another.")
    page = open_desk(visit, rater, project)
    page.keyboard.press("?")
    caps = [cap for cap in page.locator("[data-keys-of-answer] kbd").all_inner_texts() if cap.isalpha()]
    assert len(caps) == len({*caps})
    assert {"W", "N"} <= {*caps}


def test_the_cap_of_w_stands_where_it_leads(visit: Visit, rater: User, project: Project) -> None:
    ask(project, "knowledge_base", "Open every day.", metadata=PASSAGES)
    page = open_desk(visit, rater, project)
    caps = page.locator("#answer [data-w]:not(.off):visible")
    page.keyboard.press("2")
    expect(caps).to_have_count(1)
    assert "What would be right" in (caps.locator("xpath=../..").inner_text())
    page.keyboard.press("ArrowDown")
    assert "Anything else" in caps.locator("xpath=..").inner_text()
    page.keyboard.press("w")
    expect(page.locator("#answer textarea[name=note]")).to_be_focused()


def responses(page: Page) -> dict[str, str]:
    texts = page.locator("[data-texts]").evaluate("e => JSON.parse(e.dataset.texts).responses")
    return {letter: text.replace("\r\n", "\n") for letter, text in texts.items()}


def test_another_response_to_start_from_keeps_what_was_written(
    visit: Visit, rater: User, project: Project
) -> None:
    ask(project, "rewrite", OLD, "Quite another.")
    page = open_desk(visit, rater, project)
    field = page.locator("textarea.write")
    have = responses(page)
    page.get_by_label("Start from response B").check(force=True)
    expect(field).to_have_value(have["B"])
    page.get_by_label("Start from response A").check(force=True)
    expect(field).to_have_value(have["A"])
    field.fill("Begun.")
    page.get_by_label("Start from response B").check(force=True)
    expect(field).to_have_value("Begun.")
    expect(page.locator("[data-changed]")).to_have_text(re.compile("^1 word added, [28] removed$"))
    expect(page.locator("[data-saved]")).to_contain_text("Draft saved")
    page.reload()
    expect(field).to_have_value("Begun.")


def test_who_starts_again_may_have_the_text_back(visit: Visit, rater: User, project: Project) -> None:
    ask(project, "rewrite", OLD, "Quite another.")
    page = open_desk(visit, rater, project)
    field = page.locator("textarea.write")
    have = responses(page)
    page.get_by_label("Start from response B").check(force=True)
    expect(page.locator("[data-start-again]")).to_be_hidden()
    field.fill("Begun.")
    expect(page.locator(".as-is")).to_contain_text("(you changed the text)")
    page.get_by_role("button", name="Start again from B").click()
    expect(page.locator("[data-changed]")).to_have_text("As response B has it: change it")
    expect(page.locator("[data-saved]")).to_contain_text("Draft saved")
    page.reload()
    page.get_by_role("button", name="Put my text back").click()
    expect(field).to_have_value("Begun.")
    field.fill("")
    page.get_by_role("button", name="Start from B").click()
    expect(field).to_have_value(have["B"])
    expect(page.locator("[data-start-again]")).to_be_hidden()


def test_what_was_started_again_is_undone_like_any_edit(visit: Visit, rater: User, project: Project) -> None:
    ask(project, "rewrite", OLD, "Quite another.")
    page = open_desk(visit, rater, project)
    page.get_by_label("Start from response B").check(force=True)
    page.locator("textarea.write").fill("Begun.")
    page.get_by_role("button", name="Start again from B").click()
    page.keyboard.press("Control+z")
    expect(page.locator("textarea.write")).to_have_value("Begun.")


def test_what_a_tick_was_said_of_is_told_after_a_click(visit: Visit, rater: User, project: Project) -> None:
    ask(project, "rewrite", OLD, "Quite another.")
    page = open_desk(visit, rater, project)
    page.keyboard.press("4")
    page.locator(".start-pick").first.click()
    page.get_by_text("Nothing to improve:").click()
    page.locator(".start-pick").last.click()
    expect(page.locator("[data-left]")).to_contain_text("was said of A: say it of B")
    page.locator(".start-pick").first.click()
    expect(page.locator("[data-left]")).to_have_text("Change the text, or tick “Nothing to improve”")


def test_an_optional_rewrite_begins_when_it_is_asked_to(visit: Visit, rater: User, project: Project) -> None:
    question = {"kind": "rewrite", "key": "rewrite", "title": "Mend it", "required": False}
    document = {"responses": 1, "questions": [question]}
    Rubric.objects.create(project=project, version=2, document=document)
    prompt = PromptFactory(project=project, digest=hashlib.sha256(b"?").digest())
    ResponseFactory(prompt=prompt, text="As it came.")
    build_items(project=project)
    page = open_desk(visit, rater, project)
    page.get_by_role("button", name="Start from the response").click()
    expect(page.locator("textarea.write")).to_have_value("As it came.")


def test_what_was_written_before_a_start_was_chosen_stays(
    visit: Visit, rater: User, project: Project
) -> None:
    ask(project, "rewrite", OLD, "Quite another.")
    page = open_desk(visit, rater, project)
    field = page.locator("textarea.write")
    page.keyboard.press("8")
    expect(page.locator("[data-as-is]")).to_be_disabled()
    field.fill("All of it anew.")
    words = "Choose the response that your text replaces"
    expect(page.locator("[data-left]")).to_have_text(words)
    expect(page.locator("[data-changed]")).to_have_text(f"{words}: the text stays")
    page.get_by_label("Start from response B").check(force=True)
    expect(field).to_have_value("All of it anew.")
    expect(page.locator("[data-left]")).to_have_text("Everything required is answered")
    assert send(page).answers["rewrite"]["text"] == "All of it anew."


def test_a_preference_after_the_writing_replaces_nothing(visit: Visit, rater: User, project: Project) -> None:
    ask(project, "rewrite", OLD, "Quite another.")
    page = open_desk(visit, rater, project)
    page.locator("textarea.write").fill("All of it anew.")
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("6")
    expect(page.get_by_label("Start from response B")).to_be_checked()
    expect(page.locator("textarea.write")).to_have_value("All of it anew.")


def test_nothing_to_improve_asks_of_which_response(visit: Visit, rater: User, project: Project) -> None:
    ask(project, "rewrite", OLD, "Quite another.")
    page = open_desk(visit, rater, project)
    page.keyboard.press("4")
    page.get_by_text("Nothing to improve:").click()
    expect(page.locator("[data-left]")).to_have_text("Choose the response that you start from")


def test_a_fault_points_at_its_passage(visit: Visit, rater: User, project: Project) -> None:
    ask(project, "knowledge_base", "Open every day.", metadata=PASSAGES)
    page = open_desk(visit, rater, project)
    expect(page.get_by_role("region", name="Text of the reference passages")).to_contain_text("Opening hours")
    expect(page.locator(".passage strong")).to_have_text("Mondays")
    page.keyboard.press("2")
    left = page.locator("[data-left]")
    expect(left).to_have_text("Still needed: the passage and what would be right")
    page.keyboard.press("p")
    expect(page.get_by_label("The passage that shows it")).to_be_focused()
    page.get_by_label("The passage that shows it").select_option(label="hours · Opening hours")
    expect(left).to_have_text("Still needed: what would be right")
    page.keyboard.press("Enter")
    expect(page.get_by_label("What would be right")).to_be_focused()
    page.keyboard.insert_text("Not on Mondays.")
    expect(page.locator("[data-passage=hours]")).to_have_class("passage pointed")
    (answer,) = send(page).answers["verdict"].values()
    assert answer == {"verdict": "incorrect", "passage": "hours", "note": "Not on Mondays."}
    (value,) = ValueOutcome.objects.all()
    (text,) = TextOutcome.objects.all()
    assert (value.label, value.response, text.use, text.text, text.response) == (
        "incorrect", value.response, "correction", "Not on Mondays.", value.response,
    )  # fmt: skip


@pytest.mark.parametrize("key", ["1", "4"])
def test_what_is_no_fault_is_one_key(key: str, visit: Visit, rater: User, project: Project) -> None:
    ask(project, "knowledge_base", "Closed on Mondays.", metadata=PASSAGES)
    page = open_desk(visit, rater, project)
    page.keyboard.press(key)
    (answer,) = send(page).answers["verdict"].values()
    assert answer == {"verdict": {"1": "correct", "4": "cannot_tell"}[key]}


@pytest.fixture
def plain(browser: Browser, visit: Visit, rater: User) -> Any:
    """The same, without a script."""
    context = browser.new_context(java_script_enabled=False)
    yield Visit(context.new_page(), visit.server)
    context.close()


def test_without_a_script_a_rewrite_is_a_form(plain: Visit, rater: User, project: Project) -> None:
    ask(project, "rewrite", OLD, "Quite another.")
    page = open_desk(plain, rater, project)
    page.get_by_label("Tie").check(force=True)
    page.get_by_label("Start from response B").check(force=True)
    page.locator("textarea.write").fill("Mine.\nAll of it.")
    page.get_by_role("button", name="Submit and next").click()
    page.wait_for_load_state()
    assert Annotation.objects.get().answers["rewrite"]["text"] == "Mine.\nAll of it."


def test_without_a_script_a_check_is_a_form(plain: Visit, rater: User, project: Project) -> None:
    ask(project, "knowledge_base", "Open every day.", metadata=PASSAGES)
    page = open_desk(plain, rater, project)
    page.get_by_label("Incorrect").check(force=True)
    page.locator("textarea.write").fill("Not on Mondays.")
    page.get_by_role("button", name="Submit and next").click()
    expect(page.locator(".refused")).to_contain_text("needs the passage that shows it")
    expect(page.locator("textarea.write")).to_have_value("Not on Mondays.")
    page.locator("select").select_option("none")
    page.get_by_role("button", name="Submit and next").click()
    page.wait_for_load_state()
    (answer,) = Annotation.objects.get().answers["verdict"].values()
    assert answer["passage"] == ""


def test_what_is_pasted_into_a_sentence_is_counted_too(visit: Visit, rater: User, project: Project) -> None:
    make_items(project)
    page = open_desk(visit, rater, project)
    page.keyboard.press("4")
    page.locator(".sentence textarea").evaluate(PASTE, "Not mine.")
    assert send(page).answers["justification"] == {"text": "Not mine.", "pasted": 9}


def test_without_a_script_marking_says_that_it_needs_one(plain: Visit, rater: User, project: Project) -> None:
    ask(project, "intent")
    page = open_desk(plain, rater, project)
    expect(page.get_by_text("Marking words needs JavaScript")).to_be_visible()
    expect(page.locator(".marked")).to_be_hidden()


def test_texts_travel_as_they_are_stored(visit: Visit, rater: User, project: Project) -> None:
    hostile = "a\r\nb\rc <script>alert(1)</script> \"&quot;' \u2028 😀"
    ask(project, "rewrite", hostile, "Other.")
    page = open_desk(visit, rater, project)
    texts = json.loads(page.locator("[data-texts]").get_attribute("data-texts") or "")
    assert hostile in texts["responses"].values()
