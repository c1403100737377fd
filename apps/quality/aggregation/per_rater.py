"""No aggregation: every vote that prefers a side is an answer of its own."""

from collections.abc import Sequence

from apps.quality.aggregation.base import name_tie
from apps.quality.consensus import Consensus, Undecided, Vote, decide_for, refuse

NAME = "per_rater"
TITLE = "one row per rater"
SUMMARY = (
    "Every vote that prefers a response makes a row of its own, with its own strength; raters who disagree make "
    "rows that contradict each other."
)


def aggregate(votes: Sequence[Vote]) -> list[Consensus]:
    """One answer per preference; where nobody prefers, one that says why."""
    decided = [
        decide_for(vote.winner, float(vote.strength), votes, (place,))
        for place, vote in enumerate(votes)
        if vote.winner
    ]
    return decided or [refuse(votes, name_tie(votes) if votes else Undecided.NO_VOTES)]
