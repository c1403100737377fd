"""No aggregation: every vote that prefers a side is an answer of its own."""

from collections.abc import Sequence

from apps.quality.consensus import Consensus, Undecided, Vote, decide_for, find_most_frequent, refuse

NAME = "per_rater"
TITLE = "one row per rater"
SUMMARY = (
    "Every vote that prefers a response makes a row of its own, with its own strength; raters who disagree "
    "make rows that contradict each other."
)


def aggregate(votes: Sequence[Vote]) -> list[Consensus]:
    """One answer per preference; where nobody prefers, one that says why. Nothing is averaged."""
    decided = [
        decide_for(vote.winner, float(vote.strength), votes, (place,), steps=vote.steps)
        for place, vote in enumerate(votes)
        if vote.winner
    ]
    return decided or [refuse(votes, _say_why(votes))]


def _say_why(votes: Sequence[Vote]) -> Undecided:
    """What more than half said."""
    if not votes:
        return Undecided.NO_VOTES
    answer, count = find_most_frequent(votes)
    return Undecided(answer) if 2 * count > len(votes) else Undecided.NO_MAJORITY
