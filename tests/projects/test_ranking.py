"""What a ranking stores, and what follows from it."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.projects.questions.ranking import RankingQuestion
from apps.projects.questions.results import PairResult, Remark, Subject
from tests.projects.test_questions import Shown

A, B, C, D = "0a", "0b", "0c", "0d"
UIDS = [A, B, C, D]
SUBJECT = Subject(UIDS)
SHOWN = [Shown(C, "A"), Shown(A, "B"), Shown(D, "C"), Shown(B, "D")]
LETTERS = dict(zip(UIDS, "ABCD", strict=True))
NAMES = [f"uid{number}" for number in range(9)]


def ranking(**settings: Any) -> RankingQuestion:
    return RankingQuestion(key="rank", title="Rank them", **settings)


def post(**fields: str) -> dict[str, list[str]]:
    return {f"rank.{letter}": [value] for letter, value in fields.items()}


def store(form: Mapping[str, Sequence[str]], **settings: Any) -> Any:
    question = ranking(**settings)
    return question.validate_answer(question.read_form(form, SHOWN), SUBJECT)


def prefers(better: str, worse: str) -> PairResult:
    return PairResult(better, worse, "prefers", 1, 1)


def test_a_form_gives_places_to_the_responses_behind_its_letters() -> None:
    assert store(post(A="2", B="1", C="4", D="3")) == {"places": {A: 1, B: 3, C: 2, D: 4}}


def test_after_a_tie_the_next_place_is_taken() -> None:
    assert store(post(A="1", B="2", C="1", D="none")) == {"places": {A: 3, C: 1, D: 1}}


def test_places_that_nobody_has_are_closed_up() -> None:
    assert store(post(A="2", B="4", C="none", D="none")) == {"places": {A: 2, C: 1}}


def test_all_may_be_bad() -> None:
    assert store(post(A="none", B="none", C="none", D="none")) == {"places": {}}


def test_a_form_without_a_place_is_open() -> None:
    assert store(post(A="", B="", C="", D="")) is None


@pytest.mark.parametrize(
    ("form", "settings", "said"),
    [
        (post(A="1", B="2", C="", D=""), {}, "lacks a place or “no place” for 2 responses"),
        (post(A="1", B="2", C="3"), {"no_place": False}, "lacks a place for one response"),
        (post(A="1", B="2", C="3", D="none"), {"no_place": False}, "needs a place for every response"),
        (post(A="1", B="2", C="2", D="3"), {"ties": False}, "have the same place"),
        (post(A="5", B="2", C="1", D="3"), {}, "from 1 to 4"),
        (post(A="0", B="2", C="1", D="3"), {}, "from 1 to 4"),
        (post(A="²", B="2", C="1", D="3"), {}, "from 1 to 4"),
        (post(E="1", A="1", B="2", C="3", D="4"), {}, "responses of this item"),
        (post(A="best", B="best", C="worst"), {"ends_only": True}, "Only one response can be the best"),
        (post(A="best"), {"ends_only": True}, "needs a best and a worst"),
        (post(A="best", E="worst"), {"ends_only": True}, "worst response is not one of this item"),
    ],
)
def test_what_makes_no_ranking_is_refused(form: Any, settings: dict[str, bool], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        store(form, **settings)


@pytest.mark.parametrize("raw", [{"places": {A: True}}, {"places": {A: 1.5}}, {"places": [A]}, {}, "A > B"])
def test_data_that_makes_no_ranking_is_refused(raw: Any) -> None:
    with pytest.raises(ValueError, match="must"):
        ranking().validate_answer(raw, SUBJECT)


def test_one_response_cannot_be_both_ends() -> None:
    with pytest.raises(ValueError, match="cannot be the worst one, too"):
        ranking(ends_only=True).validate_answer({"best": A, "worst": A}, SUBJECT)


def test_ends_are_stored_by_response() -> None:
    assert store(post(A="best", B="", C="worst", D=""), ends_only=True) == {"best": C, "worst": D}


def test_a_stored_ranking_fills_the_page_that_shows_it() -> None:
    answer = {"places": {A: 3, C: 1, D: 1}}
    assert ranking().fill_form(answer, SHOWN) == post(A="1", B="3", C="1", D="none")
    ends = ranking(ends_only=True)
    assert ends.fill_form({"best": C, "worst": D}, SHOWN) == post(A="best", C="worst")


def test_better_places_beat_worse_ones_and_any_place_beats_none() -> None:
    answer = {"places": {A: 3, B: 1, C: 1}}
    assert list(ranking().derive_pairs(answer, UIDS)) == [
        prefers(B, A),
        prefers(C, A),
        prefers(A, D),
        PairResult(B, C, "tie", 0, 1),
        prefers(B, D),
        prefers(C, D),
    ]


def test_two_without_a_place_are_both_bad() -> None:
    answer = {"places": {A: 1}}
    assert list(ranking().derive_pairs(answer, [A, B, C])) == [
        prefers(A, B),
        prefers(A, C),
        PairResult(B, C, "both_bad", 0, 1),
    ]


def test_ends_say_nothing_of_those_between_them() -> None:
    answer = {"best": C, "worst": A}
    assert list(ranking(ends_only=True).derive_pairs(answer, UIDS)) == [
        prefers(C, B),
        prefers(C, D),
        prefers(C, A),
        prefers(B, A),
        prefers(D, A),
    ]


@pytest.mark.parametrize(
    ("places", "line"),
    [
        ({A: 3, B: 1, C: 1}, "B = C > A; no place: D"),
        ({A: 1, B: 2, C: 3, D: 4}, "A > B > C > D"),
        ({}, "no place: A, B, C, D"),
    ],
)
def test_a_ranking_is_told_in_one_line(places: dict[str, int], line: str) -> None:
    assert list(ranking().describe({"places": places}, LETTERS, Subject([]))) == [Remark(reasons=(line,))]


def test_ends_are_told_in_one_line() -> None:
    told = ranking(ends_only=True).describe({"best": C, "worst": A}, LETTERS, Subject([]))
    assert list(told) == [Remark(reasons=("best: C; worst: A",))]


def test_a_page_has_a_box_for_each_response() -> None:
    asked = ranking().present("ABC", post(B="2"))
    assert asked["rows"] == [("A", "rank.A", ""), ("B", "rank.B", "2"), ("C", "rank.C", "")]
    assert asked["slots"] == [("1", "1st"), ("2", "2nd"), ("3", "3rd")]


@st.composite
def said(draw: st.DrawFn) -> tuple[list[str], dict[str, int | None]]:
    uids = NAMES[: draw(st.integers(2, 9))]
    places = st.none() | st.integers(1, len(uids))
    return uids, {uid: draw(places) for uid in uids}


@given(said())
def test_any_places_are_stored_as_competitions_count(case: tuple[list[str], dict[str, Any]]) -> None:
    uids, raw = case
    question, subject = ranking(), Subject(uids)
    answer = question.validate_answer({"places": raw}, subject)
    assert answer is not None
    places = answer["places"]
    assert places.keys() == {uid for uid in uids if raw[uid] is not None}
    for uid, place in places.items():
        assert place == 1 + sum(raw[other] < raw[uid] for other in places)
    assert question.validate_answer(answer, subject) == answer


@given(said())
def test_a_ranking_gives_every_pair_once_and_contradicts_nothing(
    case: tuple[list[str], dict[str, Any]],
) -> None:
    uids, raw = case
    question = ranking()
    answer = question.validate_answer({"places": raw}, Subject(uids))
    pairs = list(question.derive_pairs(answer or {}, uids))
    assert [{pair.a, pair.b} for pair in pairs] == [set(pair) for pair in combinations(uids, 2)]
    levels = {uid: raw[uid] or 10 for uid in uids}  # no place comes after all places
    for pair in pairs:
        if pair.relation == "prefers":
            assert levels[pair.a] < levels[pair.b]
        else:
            assert levels[pair.a] == levels[pair.b]
            assert pair.relation == ("both_bad" if raw[pair.a] is None else "tie")
