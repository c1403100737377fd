import pytest

from apps.datasets.decisions import Decided, Reason, decide, decide_prompt
from tests.datasets.samples import make_comparison, make_prompt, uid


def test_a_clear_pair_is_decided_for_the_right_side() -> None:
    verdict = decide(make_comparison("b2 b1 a1"))
    assert isinstance(verdict, Decided)
    assert (verdict.chosen.text, verdict.rejected.text) == ("No.", "Yes.")
    assert verdict.toward_chosen == [2, 1, -1]
    assert verdict.chosen_on_left == 1


@pytest.mark.parametrize(
    ("votes", "reason"),
    [
        ("tie tie a1", Reason.TIE),
        ("both_bad both_bad", Reason.BOTH_BAD),
        ("both_good", Reason.BOTH_GOOD),
        ("cannot_tell", Reason.CANNOT_TELL),
        ("a1 b1", Reason.NO_MAJORITY),
        ("a1 a1 b3", Reason.OPPOSED),
        ("", Reason.NO_VOTES),
    ],
)
def test_what_raters_left_open_makes_no_pair(votes: str, reason: Reason) -> None:
    assert decide(make_comparison(votes)) is reason


def test_an_item_that_still_wants_raters_stays_out_however_clear() -> None:
    assert decide(make_comparison("a3 a3", overlap=3)) is Reason.INCOMPLETE


def test_the_same_text_twice_makes_no_pair() -> None:
    assert decide(make_comparison("a3", texts=("Yes.", " Yes.\n"))) is Reason.SAME_TEXT


@pytest.mark.parametrize("texts", [("Yes.", " \n"), ("\t", "No.")])
def test_an_empty_text_makes_no_pair(texts: tuple[str, str]) -> None:
    assert decide(make_comparison("a3", texts=texts)) is Reason.EMPTY


def test_the_same_two_texts_again_leave_once() -> None:
    twice = [make_comparison("a2"), make_comparison("a3", item=uid(2)), make_comparison("tie", item=uid(3))]
    kinds = [getattr(verdict, "winner", verdict) for _, verdict in decide_prompt(twice)]
    assert kinds == ["a", Reason.REPEATED, Reason.TIE]


def test_two_items_that_contradict_each_other_both_stay_out() -> None:
    both = [make_comparison("a2"), make_comparison("b3", item=uid(2), prompt=make_prompt("Is it?"))]
    assert [verdict for _, verdict in decide_prompt(both)] == [Reason.CONTRADICTED] * 2
