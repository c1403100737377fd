"""How several raters become one: a way is one module here and a line in `__init__`."""

from collections.abc import Sequence
from typing import Protocol

from apps.quality.consensus import Consensus, Undecided, Vote, find_most_frequent

ASIDE = (Undecided.BOTH_BAD, Undecided.CANNOT_TELL)  # answers that put the two nowhere on the scale


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

        The order of the votes says nothing, and swapping the two responses mirrors the answer.

        Raises:
            ValueError: when votes on different scales would have to be averaged.
        """
        ...  # pragma: no cover


def find_comparing(votes: Sequence[Vote]) -> list[int] | Undecided:
    """The places of the votes that put the two on the scale (ties, both good at 0), or why nothing follows.

    Votes that say nothing of the scale decide where they are more than half; else they are set aside.
    """
    if not votes:
        return Undecided.NO_VOTES
    answer, count = find_most_frequent(votes)
    if 2 * count > len(votes) and answer in ASIDE:
        return Undecided(answer)
    return [n for n, vote in enumerate(votes) if vote.relation not in ASIDE] or Undecided.NO_MAJORITY


def name_tie(votes: Sequence[Vote]) -> Undecided:
    """Which kind of no difference, where strengths come to 0: both good if more than half said so."""
    good = sum(vote.relation == Undecided.BOTH_GOOD for vote in votes)
    return Undecided.BOTH_GOOD if 2 * good > len(votes) else Undecided.TIE
