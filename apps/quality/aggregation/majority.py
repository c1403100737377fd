"""More than half of all votes prefer it, and the mean strength points the same way (docs/adr/0006)."""

from collections.abc import Sequence

from apps.quality.consensus import (
    Consensus,
    Side,
    Undecided,
    Vote,
    common_steps,
    decide_for,
    find_most_frequent,
    refuse,
)

NAME = "majority"
TITLE = "majority"
SUMMARY = (
    "A response is chosen when more than half of all votes prefer it and the mean strength of all votes "
    "points the same way (votes for the other side count as negative, every other answer as 0)."
)


def aggregate(votes: Sequence[Vote]) -> list[Consensus]:
    """Decide by strict majority of all votes."""
    return [find_consensus(votes)]


def find_consensus(votes: Sequence[Vote]) -> Consensus:
    """Decide a pair by strict majority of all votes, where their mean strength points the same way.

    Raises:
        ValueError: when the votes are on different scales.
    """
    if not votes:
        return refuse(votes, Undecided.NO_VOTES)
    common_steps(votes)
    answer, count = find_most_frequent(votes)
    if 2 * count <= len(votes):
        return refuse(votes, Undecided.NO_MAJORITY)
    if answer not in ("a", "b"):
        return refuse(votes, Undecided(answer))
    side: Side = "a" if answer == "a" else "b"
    total = sum(vote.toward_a for vote in votes)
    strength = (total if side == "a" else -total) / len(votes)
    if strength <= 0:
        return refuse(votes, Undecided.OPPOSED)
    return decide_for(side, strength, votes, range(len(votes)))
