import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.quality.aggregation.majority import find_consensus
from apps.quality.consensus import Undecided, Vote
from tests.quality.votes import say, votes


@pytest.mark.parametrize(
    ("text", "winner", "strength", "agreement"),
    [
        ("a1", "a", 1.0, 1.0),
        ("a3 a2 a2", "a", 7 / 3, 1.0),
        ("a1 a1 b1", "a", 1 / 3, 2 / 3),
        ("b3 b3 tie", "b", 2.0, 2 / 3),
        ("b2 b2 both_bad", "b", 4 / 3, 2 / 3),
        ("a2 a1 a2 b3 cannot_tell", "a", 2 / 5, 3 / 5),
    ],
)
def test_strict_majority_decides(text: str, winner: str, strength: float, agreement: float) -> None:
    result = find_consensus(say(text))
    assert (result.decided, result.winner, result.why_not) == (True, winner, None)
    assert result.strength == pytest.approx(strength)
    assert result.agreement == pytest.approx(agreement)
    assert result.behind == tuple(range(len(text.split())))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", Undecided.NO_VOTES),
        ("tie", Undecided.TIE),
        ("tie tie a3", Undecided.TIE),
        ("both_bad both_bad b1", Undecided.BOTH_BAD),
        ("both_good both_good both_good", Undecided.BOTH_GOOD),
        ("cannot_tell cannot_tell a1", Undecided.CANNOT_TELL),
        ("a1 b1", Undecided.NO_MAJORITY),
        ("a1 tie", Undecided.NO_MAJORITY),
        ("a3 tie both_bad", Undecided.NO_MAJORITY),
        ("a3 a3 b1 b1", Undecided.NO_MAJORITY),
        ("a3 a2 tie cannot_tell", Undecided.NO_MAJORITY),
        ("a1 a1 b3", Undecided.OPPOSED),
        ("b1 b1 a2", Undecided.OPPOSED),
    ],
)
def test_what_stays_undecided(text: str, reason: Undecided) -> None:
    result = find_consensus(say(text))
    assert (result.decided, result.winner, result.strength) == (False, None, 0.0)
    assert result.why_not is reason


@given(votes(minimum=1))
def test_a_decision_has_a_majority_and_a_strength_on_the_scale(given_votes: tuple[Vote, ...]) -> None:
    result = find_consensus(given_votes)
    for_winner = sum(vote.winner == result.winner for vote in given_votes)
    if result.decided:
        assert 2 * for_winner > len(given_votes)
        assert 0 < result.strength <= result.steps
        assert result.agreement == for_winner / len(given_votes)


@given(votes(minimum=1), st.integers(1, 4))
def test_another_vote_for_the_winner_never_unseats_it(given_votes: tuple[Vote, ...], strength: int) -> None:
    before = find_consensus(given_votes)
    if before.decided:
        more = Vote("prefers", before.winner, min(strength, before.steps), before.steps)
        assert find_consensus([*given_votes, more]).winner == before.winner
