"""Ranking as a person does it: by keys, by drag, by tap, and without a script."""

from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from apps.accounts.models import User
from apps.projects.models import Project, Rubric
from apps.projects.presets import get_preset
from apps.rating.models import Annotation, Lease, PairOutcome
from tests.browser.conftest import Visit
from tests.rating.factories import make_items


def ask(project: Project, preset: str, *, responses: int = 4) -> None:
    document = get_preset(preset).rubric.model_dump(mode="json") | {"responses": responses}
    Rubric.objects.create(project=project, version=2, document=document)
    make_items(project, 2, responses=responses)


def open_desk(visit: Visit, rater: User, project: Project) -> Page:
    page = visit(rater, f"/p/{project.slug}/rate/")
    expect(page.locator("#answer")).to_be_visible()
    return page


@pytest.fixture
def desk(visit: Visit, rater: User, project: Project) -> Page:
    ask(project, "ranking")
    return open_desk(visit, rater, project)


def press(page: Page, *names: str) -> None:
    for name in names:
        page.keyboard.press(name)


def read_shelf(page: Page) -> dict[str, str]:
    """What stands on the shelf, by the words over it."""
    slots = page.locator(".slot:visible")
    told = {}
    for slot in slots.all():
        words = slot.get_attribute("aria-label") or ""
        told[words] = "".join(slot.locator(".tiles").inner_text().split("\n"))
    return {words: text for words, text in told.items() if text}


def read_boxes(page: Page) -> str:
    return " ".join(page.locator("select[data-letter]").evaluate_all("all => all.map((e) => e.value || '?')"))


def get_places() -> tuple[dict[str, Any], list[str]]:
    """The stored answer by letters of the page, and its outcomes likewise."""
    annotation = Annotation.objects.get()
    slots = {slot.position: slot.response for slot in annotation.item.slots.all()}
    order = zip("ABCD", annotation.lease.shown_order, strict=True)
    letters = {str(slots[place].uid): letter for letter, place in order}
    rows = {slots[place].pk: letters[str(slots[place].uid)] for place in slots}
    (answer,) = (answers for key, answers in annotation.answers.items() if key in {"ranking", "ends"})
    if "places" in answer:
        told = {letters[uid]: place for uid, place in answer["places"].items()}
    else:
        told = {end: letters[uid] for end, uid in answer.items()}
    signs = {"prefers": ">", "tie": "=", "both_bad": "bad"}
    pairs = [
        (rows[a], signs[relation], rows[b])
        for a, relation, b in PairOutcome.objects.values_list("a_id", "relation", "b_id")
    ]
    return told, sorted(f"{a}{sign}{b}" if sign == ">" else sign.join(sorted([a, b])) for a, sign, b in pairs)


def sent(page: Page) -> None:
    expect(page.locator("[data-toast]")).to_contain_text("Sent.")


def test_keys_rank_with_a_tie_and_no_place(desk: Page) -> None:
    press(desk, "2", "Enter")  # B first
    press(desk, "3", "=", "Enter")  # C shares its place
    press(desk, "1", "Enter")  # A after them
    press(desk, "4", "-", "Enter")
    assert read_shelf(desk) == {"1st": "B=C", "2nd": "taken by the tie", "3rd": "A", "No place": "D"}
    expect(desk.locator(".read .verdict")).to_have_text(
        ["3rd", "1st, shared", "1st, shared", "no place: bad"]
    )
    desk.keyboard.press("Control+Enter")
    sent(desk)
    assert get_places() == ({"A": 3, "B": 1, "C": 1}, ["A>D", "B=C", "B>A", "B>D", "C>A", "C>D"])


def test_a_lifted_one_moves_between_the_others_and_escape_puts_it_back(desk: Page) -> None:
    press(desk, "1", "Enter", "2", "Enter", "3", "Enter", "4", "Enter")
    assert read_boxes(desk) == "1 2 3 4"
    press(desk, "4", "ArrowLeft", "ArrowLeft")
    assert read_shelf(desk) == {"1st": "A", "2nd": "D", "3rd": "B", "4th": "C"}
    expect(desk.locator("[data-heard]")).to_have_text("D: 2nd")
    assert read_boxes(desk) == "1 2 3 4"
    desk.keyboard.press("Escape")
    assert read_shelf(desk) == {"1st": "A", "2nd": "B", "3rd": "C", "4th": "D"}


def test_arrows_stop_at_the_last_place_and_only_minus_gives_none(desk: Page) -> None:
    press(desk, "1", "Enter", "2", "Enter", "3", "Enter", "4", "Enter")
    press(desk, "1", *["ArrowRight"] * 6)
    expect(desk.locator("[data-heard]")).to_have_text("A: 4th, no further. Minus gives it no place.")
    assert read_shelf(desk) == {"1st": "B", "2nd": "C", "3rd": "D", "4th": "A"}
    press(desk, "-", "Enter")
    assert read_shelf(desk) == {"1st": "B", "2nd": "C", "3rd": "D", "No place": "A"}
    press(desk, "1", "ArrowRight")
    assert read_shelf(desk)["No place"] == "A"
    press(desk, "ArrowLeft", "Enter")
    assert read_boxes(desk) == "4 1 2 3"


def test_the_line_over_the_shelf_says_where_a_lifted_one_is(desk: Page) -> None:
    hint, lifted = desk.locator(".hint").first, desk.locator("[data-lifted]")
    expect(hint).to_contain_text("Click the letters from the best to the worst, or drag each to its place")
    press(desk, "2", "Enter", "3")
    expect(hint).to_be_hidden()
    expect(lifted).to_have_text("C: 2nd")
    desk.keyboard.press("=")
    expect(lifted).to_have_text("C: 1st, shared")
    desk.keyboard.press("Escape")
    expect(lifted).to_be_hidden()
    expect(hint).to_be_visible()


def find_boxes(page: Page) -> Any:
    """Where everything on the board stands, and the board itself."""
    parts = ".answer, .shelf, .slot, .sentence, .sub, .reads"
    return page.eval_on_selector_all(
        parts, "all => all.map((e) => e.getBoundingClientRect()).map((b) => [b.x, b.y, b.width, b.height])"
    )


@pytest.mark.parametrize("count", [2, 4, 9])
def test_nothing_moves_while_responses_get_their_places(
    visit: Visit, rater: User, project: Project, count: int
) -> None:
    ask(project, "ranking", responses=count)
    page = open_desk(visit, rater, project)
    before = find_boxes(page)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-lacking]")).to_contain_text("Not sent yet. Still to rank: A, B")
    assert find_boxes(page) == before
    press(page, "2", "Enter", "1", "=")
    assert find_boxes(page) == before
    press(page, "Enter", *(key for number in range(3, count + 1) for key in (str(number), "Enter")))
    expect(page.locator("[data-ranking]")).to_have_attribute("data-filled", "yes")
    assert find_boxes(page) == before


def test_a_lifted_response_comes_into_view(visit: Visit, rater: User, project: Project) -> None:
    ask(project, "ranking", responses=9)
    page = open_desk(visit, rater, project)
    expect(page.locator("#response-H")).not_to_be_in_viewport()
    page.keyboard.press("8")
    expect(page.locator("#response-H")).to_be_in_viewport(ratio=1)


def test_places_left_free_close_up_once_all_are_ranked(desk: Page) -> None:
    press(desk, "1", "ArrowRight", "ArrowRight", "ArrowRight", "Enter")
    assert read_shelf(desk) == {"4th": "A", "To rank": "BCD"}
    press(desk, "2", "-", "Enter", "3", "Enter", "4", "Enter")
    assert read_shelf(desk) == {"1st": "C", "2nd": "D", "3rd": "A", "No place": "B"}
    expect(desk.locator("[data-heard]")).to_have_text("D is put down: 2nd. The answer is complete.")


def test_submitting_waits_until_every_response_is_ranked(desk: Page) -> None:
    button = desk.locator("#answer .btn.primary")
    expect(button).to_have_css("border-style", "dashed")
    press(desk, "1", "Enter", "3", "Enter", "Control+Enter")
    expect(desk.locator("[data-lacking]")).to_have_text("Not sent yet. Still to rank: B, D.")
    expect(desk.locator("[data-tile=B]")).to_be_focused()
    assert not Annotation.objects.exists()
    press(desk, "2", "Enter", "4", "Enter")
    expect(desk.locator("[data-lacking]")).to_have_count(0)
    expect(button).to_have_css("border-style", "solid")


def test_clicking_letter_after_letter_ranks_them(desk: Page) -> None:
    for letter in "CADB":
        desk.locator(f"[data-tile={letter}]").click()
    assert read_shelf(desk) == {"1st": "C", "2nd": "A", "3rd": "D", "4th": "B"}


def test_a_click_places_a_letter_and_the_next_click_on_a_place_moves_it(desk: Page) -> None:
    lifted, hint = desk.locator("[data-lifted]"), desk.locator(".hint.lifted")
    desk.locator("[data-tile=C]").click()
    assert read_boxes(desk) == "? ? 1 ?"
    expect(lifted).to_have_text("C stands 1st")
    expect(hint.get_by_text("To move this one, click a free place")).to_be_visible()
    expect(hint.get_by_text("puts it down")).to_be_hidden()
    desk.locator(".slot[data-slot='3'] .lab").click()
    assert read_boxes(desk) == "? ? 3 ?"
    expect(lifted).to_be_hidden()
    for letter in "ABD":
        desk.locator(f"[data-tile={letter}]").click()
    assert read_boxes(desk) == "1 2 3 4"
    expect(hint).to_contain_text("D stands 4th")
    expect(hint.get_by_text("All have their places.")).to_be_visible()


def test_escape_takes_a_click_back(desk: Page) -> None:
    desk.locator("[data-tile=C]").click()
    desk.keyboard.press("ArrowRight")
    expect(desk.locator(".hint.lifted").get_by_text("puts it down")).to_be_visible()
    desk.keyboard.press("Escape")
    assert (read_boxes(desk), read_shelf(desk)) == ("? ? ? ?", {"To rank": "ABCD"})


def test_a_letter_clicked_back_among_those_to_rank_is_said_to_be_there(desk: Page) -> None:
    desk.locator("[data-tile=C]").click()
    desk.locator(".slot.pool .lab").click()
    expect(desk.locator("[data-heard]")).to_have_text("C is put down: to rank. Still to rank: A, B, C, D.")


def test_nothing_is_said_to_lack_while_the_last_one_stands_at_its_place(desk: Page) -> None:
    press(desk, "1", "2", "3", "Control+Enter")
    expect(desk.locator("[data-lacking]")).to_contain_text("Still to rank: D")
    press(desk, "4")
    expect(desk.locator("[data-lacking]")).to_have_count(0)


def test_a_tie_tied_again_stays_one(desk: Page) -> None:
    press(desk, "1", "Enter", "2", "=", "Enter", "2", "=", "Enter")
    assert read_shelf(desk) == {"1st": "A=B", "2nd": "taken by the tie", "To rank": "CD"}
    press(desk, "2", "ArrowRight", "Enter")
    assert read_shelf(desk) == {"1st": "A", "2nd": "B", "To rank": "CD"}


def test_submitting_is_open_while_the_last_one_stands_at_its_place(desk: Page) -> None:
    button = desk.locator("#answer .btn.primary")
    press(desk, "1", "2", "3", "4")
    expect(button).to_have_css("border-style", "solid")
    press(desk, "Escape")
    expect(button).to_have_css("border-style", "dashed")
    press(desk, "4", "Control+Enter")
    sent(desk)


def centre(page: Page, selector: str, share: float = 0.5) -> tuple[float, float]:
    box = page.locator(selector).bounding_box()
    assert box is not None
    return box["x"] + share * box["width"], box["y"] + box["height"] / 2


def drag(page: Page, letter: str, slot: str, share: float = 0.5) -> None:
    hold_over(page, letter, centre(page, f".slot[data-slot='{slot}']", share))
    # a place that has become wider or narrower meanwhile
    page.mouse.move(*centre(page, f".slot[data-slot='{slot}']", share), steps=2)
    page.mouse.up()


def drag_beside(page: Page, letter: str, other: str, share: float) -> None:
    hold_over(page, letter, centre(page, f"[data-tile={other}]", share))
    page.mouse.up()


def hold_over(page: Page, letter: str, at: tuple[float, float]) -> None:
    page.mouse.move(*centre(page, f"[data-tile={letter}]"))
    page.mouse.down()
    page.mouse.move(*at, steps=6)


def test_dragging_ranks(desk: Page) -> None:
    drag(desk, "B", "1")
    drag_beside(desk, "C", "B", 0.5)
    drag(desk, "A", "3")
    drag(desk, "D", "none")
    assert read_shelf(desk) == {"1st": "B=C", "2nd": "taken by the tie", "3rd": "A", "No place": "D"}
    drag_beside(desk, "A", "B", 0.0)
    assert read_shelf(desk) == {"1st": "A", "2nd": "B=C", "3rd": "taken by the tie", "No place": "D"}
    desk.keyboard.press("Control+Enter")
    sent(desk)
    assert get_places()[0] == {"A": 1, "B": 2, "C": 2}


@pytest.mark.parametrize(
    ("share", "shelf"),
    [
        (0.0, {"1st": "C", "2nd": "B"}),
        (0.4, {"1st": "B=C"}),
        (0.9, {"1st": "B=C"}),
        (1.3, {"1st": "B", "2nd": "C"}),
    ],
)
def test_on_a_letter_it_ties_and_beside_it_does_not(desk: Page, share: float, shelf: dict[str, str]) -> None:
    drag(desk, "B", "1")
    drag_beside(desk, "C", "B", share)
    assert {place: who for place, who in read_shelf(desk).items() if set(who) <= set("BC=")} == shelf


def test_beside_the_last_it_comes_after(desk: Page) -> None:
    drag(desk, "B", "4")
    drag_beside(desk, "C", "B", 1.3)
    assert read_shelf(desk) == {"3rd": "B", "4th": "C", "To rank": "AD"}


def test_dragged_off_the_shelf_it_goes_back(desk: Page) -> None:
    drag(desk, "B", "2")
    desk.mouse.move(*centre(desk, "[data-tile=B]"))
    desk.mouse.down()
    desk.mouse.move(700, 300, steps=6)
    desk.mouse.up()
    assert read_shelf(desk) == {"2nd": "B", "To rank": "ACD"}


def test_backspace_takes_one_off_the_shelf_or_clears_it(desk: Page) -> None:
    press(desk, "1", "Enter", "2", "Enter", "3", "-", "Enter")
    press(desk, "2", "Backspace", "Enter")
    assert read_shelf(desk) == {"1st": "A", "No place": "C", "To rank": "BD"}
    desk.keyboard.press("Backspace")
    assert read_boxes(desk) == "? ? ? ?"


def test_a_draft_is_saved_and_comes_back_to_the_shelf(desk: Page) -> None:
    press(desk, "2", "Enter", "4", "-", "Enter")
    expect(desk.locator("[data-saved]")).to_contain_text("Draft saved")
    assert Lease.objects.get().draft["ranking.B"] == ["1"]
    desk.reload()
    assert read_shelf(desk) == {"1st": "B", "No place": "D", "To rank": "AC"}
    expect(desk.locator(".read .verdict")).to_have_text(["", "1st", "", "no place: bad"])


def test_a_sent_ranking_can_be_revised(desk: Page) -> None:
    press(desk, "1", "Enter", "2", "Enter", "3", "Enter", "4", "Enter", "Control+Enter")
    sent(desk)
    desk.keyboard.press("z")
    expect(desk.locator("#answers")).to_contain_text("A > B > C > D")
    desk.locator("[data-given]").first.click()
    expect(desk.locator("[data-as-sent]")).to_be_visible()
    assert read_shelf(desk) == {"1st": "A", "2nd": "B", "3rd": "C", "4th": "D"}
    press(desk, "4", "ArrowLeft")
    desk.keyboard.press("Escape")  # puts it back, and does not leave the page
    expect(desk.locator("[data-as-sent]")).to_be_visible()
    press(desk, "4", "ArrowLeft", "Enter", "Control+Enter")
    expect(desk.locator("[data-as-sent]")).to_have_count(0)
    current = Annotation.objects.current().get()
    assert (current.revision, sorted(current.answers["ranking"]["places"].values())) == (2, [1, 2, 3, 4])


def test_single_keys_rest_where_the_profile_says_so_and_tiles_still_work(
    visit: Visit, rater: User, project: Project
) -> None:
    User.objects.filter(pk=rater.pk).update(single_keys=False)
    ask(project, "ranking")
    page = open_desk(visit, rater, project)
    press(page, "2", "Enter")
    assert read_shelf(page) == {"To rank": "ABCD"}
    page.locator("[data-tile=C]").focus()
    press(page, "Enter", "ArrowRight")
    assert read_boxes(page) == "? ? ? ?"  # not before it is put down
    press(page, "Enter")
    assert read_shelf(page) == {"2nd": "C", "To rank": "ABD"}


def test_ends_are_chosen_by_keys(visit: Visit, rater: User, project: Project) -> None:
    ask(project, "best_worst")
    page = open_desk(visit, rater, project)
    press(page, "2", "ArrowLeft", "Enter", "3", "ArrowLeft", "Enter")
    assert read_shelf(page) == {"Best": "C", "Neither": "ABD"}
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-lacking]")).to_have_text("Not sent yet. Still to choose: the worst.")
    press(page, "4", "ArrowRight", "Enter", "Control+Enter")
    sent(page)
    assert get_places() == ({"best": "C", "worst": "D"}, ["A>D", "B>D", "C>A", "C>B", "C>D"])


def test_ends_are_chosen_by_drag(visit: Visit, rater: User, project: Project) -> None:
    ask(project, "best_worst")
    page = open_desk(visit, rater, project)
    drag(page, "A", "best")
    drag(page, "D", "worst")
    assert read_shelf(page) == {"Best": "A", "Neither": "BC", "Worst": "D"}


def sign_in(browser: Browser, visit: Visit, rater: User, project: Project, **context: Any) -> Page:
    return visit(rater, f"/p/{project.slug}/rate/", browser.new_context(**context).new_page())


def test_without_a_script_places_are_plain_boxes(
    browser: Browser, visit: Visit, rater: User, project: Project
) -> None:
    ask(project, "ranking")
    page = sign_in(browser, visit, rater, project, java_script_enabled=False)
    for letter, place in {"A": "3rd", "B": "1st", "C": "1st", "D": "no place: bad"}.items():
        page.get_by_label(f"Place of response {letter}", exact=True).select_option(label=place)
    page.get_by_role("button", name="Submit and next").click()
    expect(page.locator(".meter").first).to_contain_text("1 of 2")
    page.context.close()
    assert get_places()[0] == {"A": 3, "B": 1, "C": 1}


def test_without_a_script_ends_are_plain_boxes(
    browser: Browser, visit: Visit, rater: User, project: Project
) -> None:
    ask(project, "best_worst")
    page = sign_in(browser, visit, rater, project, java_script_enabled=False)
    page.get_by_label("Place of response A", exact=True).select_option("best")
    page.get_by_label("Place of response B", exact=True).select_option("best")
    page.get_by_role("button", name="Submit and next").click()
    expect(page.get_by_text("Only one response can be the best.").first).to_be_visible()
    page.get_by_label("Place of response B", exact=True).select_option("worst")
    page.get_by_role("button", name="Submit and next").click()
    expect(page.locator(".meter").first).to_contain_text("1 of 2")
    page.context.close()
    assert get_places()[0] == {"best": "A", "worst": "B"}


def test_a_phone_ranks_by_tap_and_by_touch(
    browser: Browser, visit: Visit, rater: User, project: Project
) -> None:
    ask(project, "ranking")
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    page = sign_in(browser, visit, rater, project, **phone)
    for letter, slot in {"B": "1", "A": "3"}.items():
        page.locator(f"[data-tile={letter}]").tap()
        page.locator(f".slot[data-slot='{slot}']").tap()
    assert read_shelf(page) == {"1st": "B", "3rd": "A", "To rank": "CD"}
    touch(page, "C", "1")
    touch(page, "D", "none")
    assert read_shelf(page) == {"1st": "B=C", "3rd": "A", "No place": "D"}
    page.get_by_role("button", name="Submit and next").tap()
    sent(page)
    page.context.close()
    assert get_places()[0] == {"A": 3, "B": 1, "C": 1}


def touch(page: Page, letter: str, slot: str) -> None:
    """A finger that goes down on a tile, moves over a place, and lets go."""
    cdp = page.context.new_cdp_session(page)
    x, y = centre(page, f"[data-tile={letter}]")
    cdp.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [{"x": x, "y": y}]})
    for share in (0.3, 0.6, 1, 1):  # the last one after the shelf has made room
        to_x, to_y = centre(page, f".slot[data-slot='{slot}']")
        point = {"x": x + share * (to_x - x), "y": y + share * (to_y - y)}
        cdp.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    cdp.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
