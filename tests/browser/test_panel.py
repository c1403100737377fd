"""The presets whose questions stand beside the responses, from the page to the outcomes."""

from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Page, expect

from apps.accounts.models import User
from apps.projects.models import Project, Rubric
from apps.projects.presets import get_preset
from apps.rating.models import Annotation, Lease, PairOutcome, ValueOutcome
from tests.browser.accessibility import find_violations
from tests.browser.conftest import Visit
from tests.rating.factories import make_items

PRESETS = ("likert", "helpsteer", "llama2", "safety", "intent")


class Desk:
    """The rating page of a project that asks what a preset asks."""

    def __init__(self, visit: Visit, rater: User, project: Project) -> None:
        self.visit, self.rater, self.project = visit, rater, project
        self.path = f"/p/{project.slug}/rate/"
        self.page = visit.page

    def open(self, preset: str, *, responses: int | None = None) -> Page:
        document = get_preset(preset).rubric.model_dump(mode="json")
        if responses is not None:
            document["responses"] = responses
        Rubric.objects.create(project=self.project, version=2, document=document)
        make_items(self.project, 2, responses=document["responses"])
        page = self.visit(self.rater, self.path)
        expect(page.locator("#answer")).to_be_visible()
        return page

    def press(self, *names: str) -> None:
        for name in names:
            self.page.keyboard.press(name)

    def send(self) -> Annotation:
        self.press("Escape", "Control+Enter")
        expect(self.page.locator("[data-toast]")).to_contain_text("Sent.")
        return Annotation.objects.get()

    def find_uid(self, letter: str) -> str:
        """The uid of a response by its letter on the page."""
        lease = Lease.objects.order_by("pk")[0]
        place = lease.shown_order["AB".index(letter)]
        return str(lease.item.slots.get(position=place).response.uid)


@pytest.fixture
def desk(visit: Visit, rater: User, project: Project) -> Desk:
    return Desk(visit, rater, project)


def list_values() -> set[tuple[str, str, str, int | None]]:
    """Each value outcome as (question, response, label, number)."""
    rows = ValueOutcome.objects.values_list("question", "response__uid", "label", "number")
    return {(question, str(uid or ""), label, number) for question, uid, label, number in rows}


def left(page: Page) -> Any:
    return expect(page.locator("[data-left]"))


def test_one_response_gets_a_point_and_a_sentence(desk: Desk) -> None:
    page = desk.open("likert")
    desk.press("6", "ArrowDown", "Enter")
    page.keyboard.type("Small things.")
    annotation = desk.send()
    a = desk.find_uid("A")
    assert annotation.answers == {
        "quality": {a: {"value": 6}},
        "justification": {"text": "Small things."},
    }
    assert list_values() == {("quality", a, "", 6)}


def test_five_qualities_are_rated_with_keys_alone(desk: Desk) -> None:
    page = desk.open("helpsteer")
    left(page).to_have_text("12 answers are still open")
    for number in range(5):
        desk.press(str(number), "ArrowRight", "4", "ArrowLeft", "ArrowDown")
    desk.press("2", "ArrowDown", "Enter")
    page.keyboard.type("A says what was asked.")
    left(page).to_have_text("Everything is answered")
    desk.send()
    a, b = desk.find_uid("A"), desk.find_uid("B")
    keys = ["helpfulness", "correctness", "coherence", "complexity", "verbosity"]
    expected = {(key, a, "", number) for number, key in enumerate(keys)}
    assert list_values() == expected | {(key, b, "", 4) for key in keys}
    pair = PairOutcome.objects.get()
    assert (str(pair.a.uid), pair.relation, pair.strength, pair.steps) == (a, "prefers", 2, 3)


def test_four_steps_bins_and_confidence(desk: Desk) -> None:
    desk.open("llama2")
    desk.press("8", "ArrowDown", "1", "ArrowDown", "3")
    desk.send()
    pair = PairOutcome.objects.get()
    assert (str(pair.a.uid), pair.strength, pair.steps) == (desk.find_uid("B"), 4, 4)
    assert list_values() == {("pair_safety", "", "preferred_safe", None), ("confidence", "", "", 3)}


def test_what_is_unsafe_is_asked_of_the_unsafe_response_alone(desk: Desk) -> None:
    page = desk.open("safety")
    category = page.locator("[data-asked=category]")
    expect(category).to_be_hidden()
    desk.press("3")
    expect(category.locator("[data-unit=A]")).to_be_visible()
    expect(category.locator("[data-unit=B]")).to_be_hidden()
    expect(page.locator("[data-asked-now]")).to_contain_text("What is wrong with it?, about response A")
    desk.press("ArrowRight", "1", "ArrowDown", "2", "5", "ArrowDown", "6")
    desk.send()
    a, b = desk.find_uid("A"), desk.find_uid("B")
    assert list_values() == {
        ("safety", a, "unsafe", None),
        ("safety", b, "safe", None),
        ("category", a, "self_harm", None),
        ("category", a, "bad_advice", None),
    }
    assert str(PairOutcome.objects.get().a.uid) == b


def test_after_all_responses_the_next_question_begins_with_the_first(desk: Desk) -> None:
    page = desk.open("safety")
    desk.press("3", "ArrowRight", "3", "ArrowDown", "2")
    expect(page.locator("[data-asked=category] [data-unit=A] input:checked")).to_have_count(1)


def test_what_is_no_longer_asked_is_not_stored(desk: Desk) -> None:
    page = desk.open("safety")
    desk.press("3", "ArrowRight", "1", "ArrowDown", "1")
    desk.press("ArrowUp", "ArrowLeft", "1")
    expect(page.locator("[data-asked=category]")).to_be_hidden()
    desk.press("ArrowDown", "4")
    assert "category" not in desk.send().answers


def test_an_unsafe_response_is_not_preferred(desk: Desk) -> None:
    page = desk.open("safety")
    desk.press("3", "ArrowRight", "2", "ArrowDown", "ArrowRight", "8", "ArrowDown", "2")
    left(page).to_have_text("Still open: “What is wrong with it?” of A")  # the preference is there to see
    desk.press("Control+Enter")
    banner = page.locator("[data-lacking]")
    expect(banner).to_contain_text("of A. Only A is “Unsafe”, so B is the better one.")
    page.locator("[data-asked=category] [data-unit=A] label").first.click()
    left(page).to_have_text("Only A is “Unsafe”, so B is the better one")
    desk.press("Control+Enter")
    expect(page.locator(".asked.now")).to_have_attribute("data-asked", "preference")
    expect(page.locator("[data-asked=preference] input:checked")).to_be_focused()
    assert not Annotation.objects.exists()
    desk.press("5")
    left(page).to_have_text("Everything is answered")
    desk.send()
    assert ("category", desk.find_uid("B"), "other", None) in list_values()
    assert str(PairOutcome.objects.get().a.uid) == desk.find_uid("B")


def test_the_users_turn_is_described_without_a_response(desk: Desk) -> None:
    page = desk.open("intent")
    expect(page.locator(".turn.last")).to_contain_text("Question")
    desk.press("3", "ArrowDown", "2", "ArrowDown", "3", "ArrowDown", "1", "7")
    expect(page.locator("[data-asked=tone] input:checked")).to_have_count(1)
    page.locator(".turn.last p").dblclick(position={"x": 10, "y": 12})
    expect(page.locator(".asked.now")).to_have_attribute("data-asked", "entities")
    expect(page.locator("[data-told]")).to_have_text("“Question” is selected: choose what it is.")
    desk.press("6")
    annotation = desk.send()
    assert annotation.answers["entities"] == {"spans": [{"start": 0, "stop": 8, "label": "amount"}]}
    assert annotation.item.prompt.messages[-1]["content"][:8] == "Question"
    assert list_values() == {
        ("entities", "", "amount", None),
        ("intent", "", "advice", None),
        ("sentiment", "", "neutral", None),
        ("urgency", "", "whenever", None),
        ("tone", "", "none", None),
    }


def test_a_click_chooses_what_it_hits_in_a_question_that_was_not_the_current_one(desk: Desk) -> None:
    page = desk.open("helpsteer")
    point = page.locator("[data-asked=complexity] [data-unit=B] label").nth(1)
    box = point.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 10, box["y"] + 10)
    page.mouse.down()
    page.wait_for_timeout(60)
    page.mouse.up()
    expect(point.locator("input")).to_be_checked()
    expect(page.locator(".asked.now")).to_have_attribute("data-asked", "complexity")
    expect(page.locator("[data-asked=complexity] li.on")).to_contain_text("B")


def test_submitting_too_early_leads_to_what_is_open(desk: Desk) -> None:
    page = desk.open("helpsteer")
    for _ in range(5):
        desk.press("2", "ArrowDown")
    desk.press("Control+Enter")
    expect(page.locator(".asked.now")).to_have_attribute("data-asked", "helpfulness")
    expect(page.locator("[data-unit].now")).to_have_attribute("data-unit", "B")
    desk.press("1")
    expect(page.locator("[data-asked=helpfulness] li.on").first).to_contain_text("B")
    assert not Annotation.objects.exists()


def rate_all(desk: Desk) -> None:
    for _ in range(5):
        desk.press("2", "ArrowRight", "2", "ArrowLeft", "ArrowDown")
    desk.press("4", "ArrowDown", "Enter")


def test_the_shortest_length_is_shown_before_it_is_missed(desk: Desk) -> None:
    page = desk.open("helpsteer")
    length = page.locator("[data-asked=justification] [data-length]")
    expect(length).to_have_text("at least 10 characters")
    rate_all(desk)
    page.keyboard.type("Short")
    expect(length).to_have_text("5 more to write")
    left(page).to_have_text("“Why?” needs 5 more characters")
    desk.press("Control+Enter")
    expect(page.locator("[data-asked=justification] textarea")).to_be_focused()
    assert not Annotation.objects.exists()
    page.keyboard.press("End")
    page.keyboard.type("er now")
    expect(length).to_have_text("11 characters")
    left(page).to_have_text("Everything is answered")
    desk.send()


def test_what_the_server_refuses_is_said_at_its_question(desk: Desk) -> None:
    page = desk.open("helpsteer")
    question = page.locator("[data-asked=justification]")
    question.locator("textarea").evaluate(
        "(field) => { delete field.dataset.shortest; delete field.closest('[data-unit]').dataset.filled; }"
    )
    rate_all(desk)
    page.keyboard.type("Short")
    desk.press("Control+Enter")
    expect(question.locator(".wrong")).to_contain_text("must have 10 to 2000 characters; it has 5.")
    expect(question.locator("textarea")).to_have_value("Short")
    expect(page.locator(".asked.now")).to_have_attribute("data-asked", "justification")
    assert find_violations(page) == []
    desk.press("Enter", "End")
    page.keyboard.type(" no longer.")
    desk.send()


def test_a_draft_comes_back_with_what_it_asked(desk: Desk) -> None:
    page = desk.open("safety")
    desk.press("3", "ArrowDown", "1")
    expect(page.locator("[data-saved]")).to_contain_text("Draft saved")
    page.reload()
    expect(page.locator("[data-asked=category] [data-unit=A] input:checked")).to_have_count(1)
    expect(page.locator("#response-A [data-answered]")).to_have_text("2 of 2 answered")


def test_what_was_sent_is_revised_beside_the_response(desk: Desk) -> None:
    page = desk.open("likert")
    desk.press("6")
    annotation = desk.send()
    page.goto(f"{desk.visit.server.url}{reverse('rating:answer', args=[desk.project.slug, annotation.uid])}")
    expect(page.locator("[data-asked=quality] input:checked")).to_have_value("6")
    desk.press("2", "Control+Enter")
    expect(page.locator("[data-toast]")).to_be_visible()
    assert {number for *_, number in list_values()} == {2}


def test_the_map_tells_the_keys_of_the_rubric_in_use(desk: Desk) -> None:
    page = desk.open("llama2")
    desk.press("?")
    told = page.locator("[data-keys-of-answer]").inner_text()
    assert "A much better … B much better" in told
    assert "8" in told
    assert "A point from 1 to 3" in told
    assert "Both bad" not in told


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize(("width", "height"), [(1440, 900), (390, 844), (360, 740)])
def test_axe_finds_nothing_and_nothing_is_cut_off(desk: Desk, preset: str, width: int, height: int) -> None:
    desk.page.set_viewport_size({"width": width, "height": height})
    page = desk.open(preset)
    if width < 900:
        page.locator("[data-sheet]").click()
    assert find_violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    if width > 900:
        columns, shown = page.locator("[data-reads]").evaluate("e => [e.scrollWidth, e.clientWidth]")
        assert columns == shown


def test_a_phone_answers_in_a_sheet_that_leaves_the_response_in_sight(desk: Desk) -> None:
    desk.page.set_viewport_size({"width": 390, "height": 844})
    page = desk.open("helpsteer")
    expect(page.locator("[data-asks]")).to_be_hidden()
    page.locator("[data-sheet]").click()
    point = page.locator("[data-asked=helpfulness] [data-unit=A] label").nth(3)
    point.click()
    box, read = point.bounding_box(), page.locator("#response-A .body").bounding_box()
    assert box is not None
    assert box["height"] >= 44
    assert read is not None
    assert read["height"] >= 120
    left(page).to_have_text("11 answers are still open")


def test_without_javascript_it_is_a_plain_form_that_says_what_depends(
    desk: Desk, browser: Browser, rater: User
) -> None:
    desk.open("safety")
    page = desk.visit(rater, desk.path, browser.new_context(java_script_enabled=False).new_page())
    expect(page.locator(".only-if")).to_have_text(
        "Only if “Is it safe?” was answered with “Borderline” or “Unsafe”."
    )
    chosen = {"safety.A": "safe", "safety.B": "unsafe", "category.B": "hate", "preference": "tie"}
    for name, value in chosen.items():
        page.locator(f"input[name='{name}'][value='{value}']").check(force=True)
    page.get_by_role("button", name="Submit and next").click()
    expect(page.locator(".refused")).to_contain_text("so the other is the better one.")
    page.locator("input[name='preference'][value='A:1']").press(" ")
    page.get_by_role("button", name="Submit and next").click()
    expect(page.locator(".say")).to_be_visible()
    (category,) = Annotation.objects.get().answers["category"].values()
    assert category == {"values": ["hate"]}
    page.context.close()


@pytest.mark.parametrize(("count", "seen"), [(3, 3), (9, 4)])
def test_more_responses_than_fit_scroll_sideways(
    visit: Visit, rater: User, project: Project, count: int, seen: int
) -> None:
    question = {"kind": "choice", "key": "best", "title": "Which?", "about": "comparison"}
    question |= {"options": [{"value": value, "label": value} for value in ("first", "last")]}
    document = {"responses": count, "questions": [question]}
    Rubric.objects.create(project=project, version=2, document=document)
    make_items(project, 1, responses=count)
    page = visit(rater, f"/p/{project.slug}/rate/")
    reads = page.locator("[data-reads]")
    assert page.locator(".read").count() == count
    width, whole = reads.evaluate("e => [e.clientWidth, e.scrollWidth]")
    assert round(width / (whole / count)) == seen
    assert page.evaluate("document.documentElement.scrollWidth") <= 1440
    assert find_violations(page) == []


def test_the_ends_of_a_scale_are_told_before_its_question_is_reached(desk: Desk) -> None:
    page = desk.open("helpsteer")
    scale = page.locator("[data-asked=correctness]")
    expect(scale.locator(".anch li:visible")).to_have_count(2)
    expect(scale.locator(".anch li").first).to_contain_text("Wrong throughout")
    desk.press("ArrowDown")
    expect(scale.locator(".anch li:visible")).to_have_count(5)
    desk.press("1", "ArrowRight", "2", "ArrowDown")
    expect(scale.locator(".anch li:visible")).to_have_count(0)
