"""The ways that go by strengths: mean, median, the three most similar."""

import pytest

from apps.quality.aggregation import AGGREGATIONS
from apps.quality.consensus import Consensus, Undecided
from tests.quality.votes import say


def run(name: str, text: str, steps: int = 3) -> Consensus:
    (answer,) = AGGREGATIONS[name].aggregate(say(text, steps))
    return answer


@pytest.mark.parametrize(
    ("name", "text", "winner", "strength", "behind"),
    [
        ("mean_strength", "a3 b1 b1", "a", 1 / 3, (0, 1, 2)),
        ("mean_strength", "a2 tie", "a", 1.0, (0, 1)),
        ("mean_strength", "both_good b2 b1", "b", 1.0, (0, 1, 2)),
        ("mean_strength", "a2 both_bad cannot_tell a1", "a", 1.5, (0, 3)),
        ("median", "a3 b1 b1", "b", 1.0, (0, 1, 2)),
        ("median", "a3 a2 a1", "a", 2.0, (0, 1, 2)),
        ("median", "b3 tie", "b", 1.5, (0, 1)),
        ("median", "a1 cannot_tell a3 tie", "a", 1.0, (0, 2, 3)),
        ("three_most_similar", "a2", "a", 2.0, (0,)),
        ("three_most_similar", "a3 a1", "a", 2.0, (0, 1)),
        ("three_most_similar", "a1 b3 a2 a1", "a", 1.0, (0, 2, 3)),  # mean 4/3 of the three
        ("three_most_similar", "a3 a3 b1 b2 b2", "b", 2.0, (2, 3, 4)),  # mean -5/3 of the three
        ("three_most_similar", "a1 a1 tie", "a", 1.0, (0, 1, 2)),  # 2/3 rounds up
        ("three_most_similar", "a1 both_bad a2 b3 a1", "a", 1.0, (0, 2, 4)),
        ("three_most_similar", "a1 a1 a2 a2", "a", 1.0, (0, 1, 2)),  # two as near to 3/2: the weaker one
        ("three_most_similar", "b1 b1 tie a2 a2 a3", "a", 2.0, (3, 4, 5)),  # on the side of the mean
    ],
)
def test_strengths_decide(
    name: str, text: str, winner: str, strength: float, behind: tuple[int, ...]
) -> None:
    answer = run(name, text)
    assert (answer.winner, answer.behind) == (winner, behind)
    assert answer.strength == pytest.approx(strength)


@pytest.mark.parametrize("name", ["mean_strength", "median", "three_most_similar"])
@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a1 b1", Undecided.TIE),
        ("tie both_good", Undecided.TIE),
        ("both_good tie", Undecided.TIE),
        ("both_good both_good tie", Undecided.BOTH_GOOD),
        ("both_bad both_bad a3", Undecided.BOTH_BAD),
        ("cannot_tell a3 cannot_tell", Undecided.CANNOT_TELL),
        ("both_bad cannot_tell", Undecided.NO_MAJORITY),
        ("both_bad tie", Undecided.TIE),  # set aside, it does not name what is left
    ],
)
def test_what_makes_no_winner(name: str, text: str, reason: Undecided) -> None:
    assert run(name, text).why_not is reason


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("a3 tie b3", Undecided.SCATTERED),
        ("a2 b1", Undecided.SCATTERED),
        ("a1 tie tie", Undecided.TIE),  # 1/3 rounds to 0
        ("a1 a1 a1 b1 b1 b1", Undecided.NO_MAJORITY),  # three alike on either side
    ],
)
def test_three_that_say_nothing_together(text: str, reason: Undecided) -> None:
    assert run("three_most_similar", text).why_not is reason


def test_agreement_is_the_share_of_all_votes_for_the_winner() -> None:
    assert run("mean_strength", "a3 b1 b1 both_bad").agreement == 1 / 4
    assert run("three_most_similar", "a1 b3 a2 a1").agreement == 3 / 4
