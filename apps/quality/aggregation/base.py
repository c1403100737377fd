"""How several raters become one: a way is one module here and a line in `__init__`."""

from collections.abc import Sequence
from typing import Protocol

from apps.quality.consensus import Consensus, Undecided, Vote, find_most_frequent


class Aggregation(Protocol):
    """What a way's module has.

    Attributes:
        NAME: as recipes store it.
        TITLE: in a few words, for a form.
        SUMMARY: a sentence for dataset cards: what is chosen, and what strength means.
    """

    NAME: str
    TITLE: str
    SUMMARY: str

    def aggregate(self, votes: Sequence[Vote]) -> list[Consensus]:
        """What the votes on one pair come to: one answer, or one per vote. Pure.

        Raises:
            ValueError: when the votes are on different scales.
        """
        ...  # pragma: no cover


def find_refusal(votes: Sequence[Vote]) -> Undecided | None:
    """Why the strengths of these votes say nothing: most people did not compare the two."""
    if not votes:
        return Undecided.NO_VOTES
    answer, count = find_most_frequent(votes)
    if 2 * count > len(votes) and answer in (Undecided.BOTH_BAD, Undecided.CANNOT_TELL):
        return Undecided(answer)
    return None


def list_comparing(votes: Sequence[Vote]) -> list[int]:
    """The places of the votes that put the two on the scale: preferences, ties, both good (the latter at 0)."""
    return [
        place
        for place, vote in enumerate(votes)
        if vote.relation not in (Undecided.BOTH_BAD, Undecided.CANNOT_TELL)
    ]


def name_tie(votes: Sequence[Vote]) -> Undecided:
    """Which kind of no difference, where the strengths cancel each other out."""
    answer, _ = find_most_frequent(votes)
    return Undecided(answer) if answer not in ("a", "b") else Undecided.TIE
