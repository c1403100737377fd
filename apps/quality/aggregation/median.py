"""The median of the signed strengths decides."""

from collections.abc import Sequence
from statistics import median

from apps.quality.aggregation.base import find_comparing, name_tie
from apps.quality.consensus import Consensus, Undecided, Vote, common_steps, decide_for, refuse

NAME = "median"
TITLE = "median"
SUMMARY = (
    "The response toward which the median of the signed strengths points is chosen, and the median is its "
    "strength; ties count as 0, and of an even number of votes the two in the middle are averaged. Votes "
    "that could not tell or found both bad are set aside, and decide where they are more than half."
)


def aggregate(votes: Sequence[Vote]) -> list[Consensus]:
    """Take the middle strength of the votes that compare."""
    behind = find_comparing(votes)
    if isinstance(behind, Undecided):
        return [refuse(votes, behind)]
    common_steps(votes)
    compared = [votes[place] for place in behind]
    middle = median(vote.toward_a for vote in compared)
    if middle == 0:
        return [refuse(votes, name_tie(compared))]
    return [decide_for("a" if middle > 0 else "b", float(abs(middle)), votes, behind)]
