"""The median of the signed strengths decides."""

from collections.abc import Sequence
from statistics import median

from apps.quality.aggregation.base import find_refusal, list_comparing, name_tie
from apps.quality.consensus import Consensus, Vote, common_steps, decide_for, refuse

NAME = "median"
TITLE = "median"
SUMMARY = (
    "The response toward which the median of the signed strengths points is chosen, and the median is its strength; "
    "ties count as 0, of an even number of votes the two in the middle are averaged. Votes that could not tell or "
    "found both bad are set aside, and decide where they are more than half."
)


def aggregate(votes: Sequence[Vote]) -> list[Consensus]:
    """Take the middle strength of the votes that compare."""
    refusal = find_refusal(votes)
    behind = list_comparing(votes)
    if refusal or not behind:
        return [refuse(votes, refusal or name_tie(votes))]
    common_steps(votes)
    middle = median(votes[place].toward_a for place in behind)
    if middle == 0:
        return [refuse(votes, name_tie(votes))]
    return [decide_for("a" if middle > 0 else "b", float(abs(middle)), votes, behind)]
