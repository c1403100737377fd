"""What holds for every way to make one answer of several."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.quality.aggregation import AGGREGATIONS
from apps.quality.consensus import Consensus, Undecided, Vote
from tests.quality.votes import SWAPPED, mirror, say, votes

every_way = pytest.mark.parametrize("name", AGGREGATIONS)


def without_places(answers: list[Consensus]) -> list[Consensus]:
    """Which votes are behind an answer goes with their order; nothing else does."""
    return sorted((answer._replace(behind=()) for answer in answers), key=str)


@every_way
@given(given_votes=votes(), seed=st.integers(0, 1000))
def test_the_order_of_votes_says_nothing(name: str, given_votes: tuple[Vote, ...], seed: int) -> None:
    shuffled = random.Random(seed).sample(given_votes, len(given_votes))
    here, there = AGGREGATIONS[name].aggregate(given_votes), AGGREGATIONS[name].aggregate(shuffled)
    assert without_places(here) == without_places(there)


@every_way
@given(given_votes=votes())
def test_the_votes_behind_an_answer_are_the_same_in_any_order(
    name: str, given_votes: tuple[Vote, ...]
) -> None:
    backwards = given_votes[::-1]
    here = [sorted(given_votes[n] for n in one.behind) for one in run(name, given_votes)]
    there = [sorted(backwards[n] for n in one.behind) for one in run(name, backwards)]
    assert sorted(here) == sorted(there)


@every_way
@given(given_votes=votes())
def test_swapping_the_sides_mirrors_the_answer(name: str, given_votes: tuple[Vote, ...]) -> None:
    mirrored = [one._replace(winner=SWAPPED[one.winner]) for one in run(name, given_votes)]
    assert without_places(run(name, mirror(given_votes))) == without_places(mirrored)


@every_way
@given(given_votes=votes())
def test_an_answer_is_a_winner_on_the_scale_or_a_reason(name: str, given_votes: tuple[Vote, ...]) -> None:
    for answer in run(name, given_votes):
        assert answer.n_votes == len(given_votes)
        assert (answer.winner is None) == (answer.why_not is not None)
        assert 0 <= answer.agreement <= 1
        assert set(answer.behind) <= set(range(len(given_votes)))
        if answer.decided:
            assert 0 < answer.strength <= answer.steps
            assert answer.behind
        else:
            assert answer.strength == 0


@every_way
@given(given_votes=votes(minimum=1))
def test_nobody_wins_for_whom_nobody_voted(name: str, given_votes: tuple[Vote, ...]) -> None:
    for answer in run(name, given_votes):
        assert answer.winner is None or answer.agreement > 0


@every_way
@pytest.mark.parametrize("word", ["tie", "both_good", "both_bad", "cannot_tell"])
def test_what_all_say_is_the_reason(name: str, word: str) -> None:
    (answer,) = run(name, say(f"{word} {word} {word}"))
    assert answer.why_not == word


@every_way
def test_without_votes_there_is_no_answer(name: str) -> None:
    (answer,) = run(name, ())
    assert answer.why_not is Undecided.NO_VOTES


@pytest.mark.parametrize("name", [name for name in AGGREGATIONS if name != "per_rater"])
def test_votes_on_different_scales_are_not_averaged(name: str) -> None:
    with pytest.raises(ValueError, match="scales"):
        run(name, (*say("a1", 3), *say("a1", 1)))


def run(name: str, given_votes: tuple[Vote, ...]) -> list[Consensus]:
    return AGGREGATIONS[name].aggregate(given_votes)
