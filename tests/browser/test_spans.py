"""Marking words as a person does it; stored places must slice the stored text exactly."""

import hashlib
import json
from itertools import combinations
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from apps.accounts.models import User
from apps.projects.models import Project, Rubric
from apps.rating.items import build_items
from apps.rating.models import Annotation, Lease, ValueOutcome
from tests.browser.conftest import Visit
from tests.factories import PromptFactory, ResponseFactory

# A combining mark, an emoji of four code points, one beyond 16 bits, CRLF, a lone CR, right to left.
PROMPT = "Zu\u0308rich 👩🏽‍🔬 𝒳\r\n\r\nأين هي اليوم؟\rEnd of it"
SHOWN = PROMPT.replace("\r\n", "\n").replace("\r", "\n")
LABELS = [{"value": "place", "label": "Place", "help": "A town"}, {"value": "thing", "label": "Thing"}]

EVERY = """([stored, all]) => {
  const index = spans.index(stored);
  const places = all.map(([from, to]) => spans.toStored(index, from, to));
  return places.map((found) => [found, found && found.map((place) => spans.toShown(index, place))]);
}"""
SELECT = """(field, words) => {
  field.focus();
  const at = field.value.indexOf(words);
  field.setSelectionRange(at, at + words.length);
}"""


def ask(project: Project, *texts: str, **settings: Any) -> None:
    question = {"kind": "spans", "key": "marks", "title": "Mark it", "labels": LABELS, **settings}
    document = {"responses": len(texts), "questions": [question]}
    Rubric.objects.create(project=project, version=2, document=document)
    messages = [{"role": "user", "content": PROMPT}]
    prompt = PromptFactory(project=project, messages=messages, digest=hashlib.sha256(b"?").digest())
    for text in texts:
        ResponseFactory(prompt=prompt, text=text)
    build_items(project=project)


def open_desk(visit: Visit, rater: User, project: Project) -> Page:
    page = visit(rater, f"/p/{project.slug}/rate/")
    expect(page.locator("#answer")).to_be_visible()
    return page


@pytest.fixture
def desk(visit: Visit, rater: User, project: Project) -> Page:
    ask(project, about="prompt", required=True)
    return open_desk(visit, rater, project)


def select(field: Locator, words: str) -> None:
    field.evaluate(SELECT, words)


def send(page: Page) -> Annotation:
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-toast]")).to_contain_text("Sent.")
    return Annotation.objects.get()


def test_marked_words_are_the_words_of_the_stored_text(desk: Page) -> None:
    field = desk.locator(".marked textarea")
    expect(field).to_have_value(SHOWN)
    for words, key in [("Zu\u0308rich", "1"), ("👩🏽‍🔬 𝒳", "2"), ("𝒳\n\nأين هي", "1"), ("اليوم؟\nEnd", "2")]:
        select(field, words)
        desk.keyboard.press(key)
    expect(desk.locator("[data-list] li")).to_have_count(4)
    spans = send(desk).answers["marks"]["spans"]
    assert [(PROMPT[span["start"] : span["stop"]], span["label"]) for span in spans] == [
        ("Zu\u0308rich", "place"),
        ("👩🏽‍🔬 𝒳", "thing"),
        ("𝒳\r\n\r\nأين هي", "place"),
        ("اليوم؟\rEnd", "thing"),
    ]
    assert [(v.label, v.start, v.stop) for v in ValueOutcome.objects.all()] == [
        (span["label"], span["start"], span["stop"]) for span in spans
    ]


def test_every_selection_becomes_exact_places(desk: Page) -> None:
    """All selections that a browser can make, against Python's own slices."""
    units = "".join(unit if ord(unit) < 0x10000 else f"{unit}\0" for unit in SHOWN)
    wanted = [
        (start, stop, units[start:stop].replace("\0", "").strip())
        for start, stop in combinations([at for at in range(len(units) + 1) if units[at : at + 1] != "\0"], 2)
    ]
    found = desk.evaluate(EVERY, [PROMPT, [(start, stop) for start, stop, _ in wanted]])
    assert len(found) > 500
    for (_, _, words), (stored, shown) in zip(wanted, found, strict=True):
        told = PROMPT[stored[0] : stored[1]] if stored else ""
        assert told.replace("\r\n", "\n").replace("\r", "\n") == words
        assert (units[shown[0] : shown[1]].replace("\0", "") if shown else "") == words


def test_the_keyboard_selects_whole_letters_and_marks_them(desk: Page) -> None:
    field = desk.locator(".marked textarea")
    field.focus()
    field.evaluate("(f) => f.setSelectionRange(0, 0)")
    keys = "Alt+ArrowRight Alt+Shift+ArrowRight 1 ArrowRight Alt+ArrowRight Alt+Shift+ArrowRight 2"
    for key in keys.split():
        desk.keyboard.press(key)
    spans = send(desk).answers["marks"]["spans"]
    assert [PROMPT[span["start"] : span["stop"]] for span in spans] == ["u\u0308", "👩🏽‍🔬"]


def test_the_keyboard_selects_whole_words_from_within_one(desk: Page) -> None:
    field = desk.locator(".marked textarea")
    field.focus()
    field.evaluate("(f) => f.setSelectionRange(f.value.length - 5, f.value.length - 5)")  # End o|f it
    more, back = "Shift+ArrowRight", "ArrowLeft"
    for key in (more, more, "1", back, back, f"Shift+{back}", "2"):
        desk.keyboard.press(key)
    spans = send(desk).answers["marks"]["spans"]
    assert [PROMPT[span["start"] : span["stop"]] for span in spans] == ["End", "of it"]


def test_what_stands_between_words_is_not_marked(desk: Page) -> None:
    field = desk.locator(".marked textarea")
    field.focus()
    field.evaluate("(f) => { const at = f.value.indexOf('؟'); f.setSelectionRange(at, at); }")
    for key in ("Shift+ArrowRight", "1"):
        desk.keyboard.press(key)
    expect(desk.locator("[data-list] q")).to_have_text("End")


def test_a_number_is_taken_with_its_sign(desk: Page) -> None:
    text = "Take 17% of $5, now."
    found = desk.evaluate("(text) => [spans.snap(text, 5, 7), spans.snap(text, 13, 14)]", text)
    assert [text[start:stop] for start, stop in found] == ["17%", "$5"]


@pytest.mark.parametrize(
    ("text", "chosen", "wanted"),
    [
        ("my son (12) pay", "(12", "12"),
        ("my son (12) pay", "12)", "12"),
        ("my son (12) pay", "(12)", "(12)"),
        ("say 'where is' now", "'where", "where"),
        ("the “Old Town” map", "“Old Town”", "“Old Town”"),
        ("say “It's big” now", "“It's big", "It's big"),
        ('a 5" disk', '5"', '5"'),
    ],
)
def test_half_a_pair_of_brackets_or_quotes_is_not_marked(
    desk: Page, text: str, chosen: str, wanted: str
) -> None:
    at = text.index(chosen)
    start, stop = desk.evaluate(
        "([text, from, to]) => spans.snap(text, from, to)", [text, at, at + len(chosen)]
    )
    assert text[start:stop] == wanted


def test_keys_tell_what_they_selected(desk: Page) -> None:
    desk.locator(".marked textarea").focus()
    desk.keyboard.press("Shift+ArrowRight")
    expect(desk.locator("[data-told]")).to_have_text("“Zu\u0308rich” is selected: choose what it is.")
    desk.keyboard.press("ArrowRight")
    expect(desk.locator("[data-told]")).to_have_text("")


def test_delete_removes_the_mark_at_the_caret(desk: Page) -> None:
    field = desk.locator(".marked textarea")
    for words, key in [("Zu\u0308rich", "1"), ("End", "2")]:
        select(field, words)
        desk.keyboard.press(key)
    for key in ("Alt+ArrowRight", "Delete", "Home", "Delete", "Delete"):
        desk.keyboard.press(key)
    expect(desk.locator("[data-told]")).to_have_text("No mark is here to remove.")
    assert [span["label"] for span in send(desk).answers["marks"]["spans"]] == ["thing"]


def test_the_mouse_marks_and_a_mark_can_be_removed(desk: Page) -> None:
    box = desk.locator(".marked textarea").bounding_box()
    assert box is not None
    desk.mouse.dblclick(box["x"] + 30, box["y"] + 20)
    desk.get_by_role("button", name="Place").click()
    expect(desk.locator("[data-told]")).to_have_text("“Zu\u0308rich” is marked as Place.")
    expect(desk.locator(".under .piece")).to_have_text("Zu\u0308rich")
    desk.get_by_role("button", name="Remove: “Zu\u0308rich” as Place").click()
    expect(desk.locator("[data-list] li")).to_have_count(0)
    expect(desk.locator("[data-left]")).to_have_text("Still open: “Mark it”")
    desk.keyboard.press("Control+Enter")
    assert not Annotation.objects.exists()


def test_a_word_is_selected_by_two_clicks_though_another_question_folds_up(
    visit: Visit, rater: User, project: Project
) -> None:
    options = [{"value": value, "label": value, "help": f"What {value} means"} for value in ("a", "b", "c")]
    tall = {"kind": "choice", "key": "tall", "title": "Choose", "about": "prompt", "options": options}
    spans = {"kind": "spans", "key": "marks", "title": "Mark it", "about": "prompt", "labels": LABELS}
    Rubric.objects.create(
        project=project, version=2, document={"responses": 0, "questions": [{**tall}, {**spans}]}
    )
    PromptFactory(project=project, messages=[{"role": "user", "content": PROMPT}])
    build_items(project=project)
    desk = open_desk(visit, rater, project)
    box = desk.locator(".marked textarea").bounding_box()
    assert box is not None
    at = {"x": box["x"] + 30, "y": box["y"] + 20}
    desk.mouse.click(**at)
    desk.mouse.dblclick(**at)
    desk.keyboard.press("1")
    expect(desk.locator("[data-list] q")).to_have_text("Zu\u0308rich")
    expect(desk.locator(".asked.now")).to_contain_text("Mark it")


def test_marks_may_overlap_but_not_double(desk: Page) -> None:
    field = desk.locator(".marked textarea")
    for words, key in [("End of", "1"), ("of it", "2"), ("of it", "2"), ("of it", "1")]:
        select(field, words)
        desk.keyboard.press(key)
    told = json.loads(desk.locator("[data-marks]").input_value())
    assert [PROMPT[start:stop] + label for start, stop, label in told] == [
        "End ofplace", "of itplace", "of itthing",
    ]  # fmt: skip


def test_a_key_without_a_selection_says_what_to_do(desk: Page) -> None:
    expect(desk.locator(".to-text")).to_be_visible()
    desk.keyboard.press("1")
    expect(desk.locator("[data-told]")).to_have_text("Select the words first, then choose what they are.")
    expect(desk.locator(".to-text")).to_be_hidden()  # the keys to come here are no use here


def test_marks_come_back_with_the_draft(desk: Page) -> None:
    select(desk.locator(".marked textarea"), "𝒳")
    desk.keyboard.press("2")
    expect(desk.locator("[data-saved]")).to_contain_text("Draft saved")
    assert Lease.objects.get().draft["marks"] != [""]
    desk.reload()
    expect(desk.locator("[data-list] q")).to_have_text("𝒳")
    expect(desk.locator(".under .piece")).to_have_text("𝒳")


def test_each_response_is_marked_by_itself(visit: Visit, rater: User, project: Project) -> None:
    ask(project, "Bern, of course.", "In\r\nOslo.")
    page = open_desk(visit, rater, project)
    for words in ("Bern", "Oslo"):
        letter = page.locator(".read", has_text=words).get_attribute("data-letter")
        select(page.locator(f"[data-marking={letter}] textarea"), words)
        page.keyboard.press("1")
    send(page)
    outcomes = ValueOutcome.objects.select_related("response")
    assert {v.response.text[v.start : v.stop] for v in outcomes if v.response} == {"Bern", "Oslo"}


def drag(page: Page, first: tuple[float, float], last: tuple[float, float]) -> None:
    page.mouse.move(*first)
    page.mouse.down()
    page.mouse.move(*last)
    page.mouse.up()


FIND = """(home, [words, from, to]) => {
  const walker = document.createTreeWalker(home, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const at = walker.currentNode.data.indexOf(words);
    if (at < 0) continue;
    const range = document.createRange();
    const place = (offset) => {
      range.setStart(walker.currentNode, at + offset);
      range.setEnd(walker.currentNode, at + offset);
      const box = range.getBoundingClientRect();
      return [box.x, box.y + box.height / 2];
    };
    return [place(from), place(to)];
  }
}"""
READ = "See **Bern**, then Oslo.\r\n\r\n- not *Oslo*, but\r\n- the old town of Bern"


@pytest.fixture
def read(visit: Visit, rater: User, project: Project) -> Page:
    ask(project, READ)
    return open_desk(visit, rater, project)


@pytest.mark.parametrize(
    ("dragged", "key", "wanted"),
    [
        (("Oslo", 1, 3), "", (READ.index("Oslo"), "Oslo")),
        (("Oslo", 1, 3), "Alt", (READ.index("Oslo") + 1, "sl")),
        (("the old town of Bern", 5, 10), "", (READ.index("old"), "old town")),
        (("the old town of Bern", 16, 20), "", (READ.rindex("Bern"), "Bern")),
    ],
)
def test_words_are_selected_where_they_are_read(
    read: Page, dragged: tuple[str, int, int], key: str, wanted: tuple[int, str]
) -> None:
    first, last = read.locator("#response-A .prose").evaluate(FIND, dragged)
    if key:
        read.keyboard.down(key)
    drag(read, first, last)
    if key:
        read.keyboard.up(key)
    start, words = wanted
    expect(read.locator("[data-told]")).to_have_text(f"“{words}” is selected: choose what it is.")
    read.keyboard.press("1")
    (answer,) = send(read).answers["marks"].values()
    assert answer["spans"] == [{"start": start, "stop": start + len(words), "label": "place"}]


def test_words_that_do_not_stand_so_in_the_text_are_selected_in_the_field(
    visit: Visit, rater: User, project: Project
) -> None:
    ask(project, "It costs &euro;5 &copy; now.")
    page = open_desk(visit, rater, project)
    first, last = page.locator("#response-A .prose").evaluate(FIND, ["€5 ©", 0, 4])
    drag(page, first, last)
    told = "These words stand otherwise in the plain text below. Select them there."
    expect(page.locator("[data-told]")).to_have_text(told)


DRAWN = """name => [...CSS.highlights.get(name) ?? []].map((range) => {
  const live = document.createRange();
  live.setStart(range.startContainer, range.startOffset);
  live.setEnd(range.endContainer, range.endOffset);
  return [live.toString(), document.querySelector("#response-A .prose").textContent.indexOf(
    live.startContainer.data) + live.startOffset];
})"""


@pytest.mark.parametrize(
    ("words", "which", "drawn"),
    [
        ("Bern", 1, "the old town of Bern"),
        ("Bern**, then", 0, "Bern, then"),
        ("- not", 0, "not"),
        ("- ", 0, ""),
    ],
)
def test_a_mark_is_seen_where_the_words_are_read(read: Page, words: str, which: int, drawn: str) -> None:
    at = [place for place in range(len(READ)) if READ.startswith(words, place)][which]
    marks = json.dumps([[at, at + len(words), "thing"]])
    read.locator("[data-marks]").evaluate(
        "(field, marks) => { field.value = marks; panel.refresh(); }", marks
    )
    read.wait_for_function("CSS.highlights.has('mark-2')")
    text = read.locator("#response-A .prose").text_content() or ""
    wanted = drawn.removeprefix("the old town of ")
    start = text.index(drawn) + len(drawn) - len(wanted)
    assert read.evaluate(DRAWN, "mark-2") == ([[wanted, start]] if drawn else [])
    assert read.evaluate(DRAWN, "mark-1") == []


def test_a_mark_of_what_is_not_read_is_not_drawn_elsewhere(
    visit: Visit, rater: User, project: Project
) -> None:
    text = "[Bern](http://example.org/Bern) is old, Bern."
    ask(project, text)
    page = open_desk(visit, rater, project)
    field = page.locator(".marked textarea")
    field.evaluate("(field, at) => { field.focus(); field.setSelectionRange(at, at + 4); }", 26)
    page.keyboard.press("1")
    expect(page.locator("[data-list] li")).to_have_count(1)
    assert page.evaluate(DRAWN, "mark-1") == []


def test_a_mark_within_a_word_is_not_drawn_on_another_place_of_it(desk: Page) -> None:
    text = "banana ana"
    drawn = desk.evaluate(
        """([text, mark]) => {
          const node = document.createTextNode(text);
          const read = { text, nodes: [{ node, at: 0 }] };
          return spans.placeRead(spans.index(text), read, mark)?.startOffset ?? null;
        }""",
        [text, [3, 6]],
    )
    assert drawn is None


def test_the_mouse_takes_half_words_whole(desk: Page) -> None:
    field = desk.locator(".marked textarea")
    box = field.bounding_box()
    assert box is not None
    drag(desk, (box["x"] + 24, box["y"] + 20), (box["x"] + 44, box["y"] + 20))
    desk.wait_for_timeout(50)
    start, stop = field.evaluate("f => [f.selectionStart, f.selectionEnd]")
    assert SHOWN[start:stop] == "Zu\u0308rich"


def test_keys_begin_at_the_first_word_and_reach_both_ends(desk: Page) -> None:
    field = desk.locator("[data-marking] textarea")
    field.focus()
    place = "field => [field.selectionStart, field.selectionEnd]"
    assert field.evaluate(place) == [0, 0]
    desk.keyboard.press("End")
    assert field.evaluate(place) == [len(SHOWN.encode("utf-16-le")) // 2] * 2
    desk.keyboard.press("Shift+Home")
    assert field.evaluate(place) == [0, len(SHOWN.encode("utf-16-le")) // 2]
    desk.keyboard.press("Home")
    assert field.evaluate(place) == [0, 0]
