import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.quality.consensus import Consensus, Undecided, Vote, find_consensus

SWAPPED = {"a": "b", "b": "a", None: None}


def say(text: str, steps: int = 3) -> list[Vote]:
    """Votes in short: "a2 b1 tie both_bad"."""
    return [
        Vote("prefers", word[0], int(word[1:]), steps) if word[1:].isdecimal() else Vote(word, None, 0, steps)
        for word in text.split()
    ]


@st.composite
def votes(draw: st.DrawFn, minimum: int = 0) -> list[Vote]:
    steps = draw(st.integers(1, 4))
    prefers = st.builds(
        Vote, st.just("prefers"), st.sampled_from(["a", "b"]), st.integers(1, steps), st.just(steps)
    )
    others = st.sampled_from(["tie", "both_good", "both_bad", "cannot_tell"])
    return draw(
        st.lists(
            st.one_of(prefers, st.builds(Vote, others, st.none(), st.just(0), st.just(steps))),
            min_size=minimum,
            max_size=9,
        )
    )


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


def test_votes_on_different_scales_are_refused() -> None:
    with pytest.raises(ValueError, match="scales"):
        find_consensus([*say("a1", 3), *say("a1", 1)])


@given(votes(), st.randoms(use_true_random=False))
def test_the_order_of_votes_says_nothing(given_votes: list[Vote], random: object) -> None:
    shuffled = list(given_votes)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert find_consensus(shuffled) == find_consensus(given_votes)


@given(votes())
def test_swapping_the_sides_mirrors_the_answer(given_votes: list[Vote]) -> None:
    mirrored = [Vote(v.relation, SWAPPED[v.winner], v.strength, v.steps) for v in given_votes]
    here, there = find_consensus(given_votes), find_consensus(mirrored)
    assert there == Consensus(
        SWAPPED[here.winner], here.strength, here.steps, here.agreement, here.n_votes, here.why_not
    )


@given(votes(minimum=1))
def test_a_decision_has_a_majority_and_a_strength_on_the_scale(given_votes: list[Vote]) -> None:
    result = find_consensus(given_votes)
    for_winner = sum(vote.winner == result.winner for vote in given_votes)
    if result.decided:
        assert 2 * for_winner > len(given_votes)
        assert 0 < result.strength <= result.steps
        assert result.agreement == for_winner / len(given_votes)


@given(votes(minimum=1), st.sampled_from(["a", "b"]))
def test_another_vote_for_the_winner_never_unseats_it(given_votes: list[Vote], side: str) -> None:
    before = find_consensus(given_votes)
    if before.decided:
        more = Vote("prefers", before.winner, 1, before.steps)
        assert find_consensus([*given_votes, more]).winner == before.winner
