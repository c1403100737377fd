"""The mean of the signed strengths decides."""

from collections.abc import Sequence

from apps.quality.aggregation.base import find_refusal, list_comparing, name_tie
from apps.quality.consensus import Consensus, Vote, common_steps, decide_for, refuse

NAME = "mean_strength"
TITLE = "mean strength"
SUMMARY = (
    "The response toward which the mean of the signed strengths points is chosen, and the mean is its strength; "
    "ties count as 0. Votes that could not tell or found both bad are set aside, and decide where they are "
    "more than half."
)


def aggregate(votes: Sequence[Vote]) -> list[Consensus]:
    """Average the strengths of the votes that compare."""
    refusal = find_refusal(votes)
    behind = list_comparing(votes)
    if refusal or not behind:
        return [refuse(votes, refusal or name_tie(votes))]
    common_steps(votes)
    mean = sum(votes[place].toward_a for place in behind) / len(behind)
    if mean == 0:
        return [refuse(votes, name_tie(votes))]
    return [decide_for("a" if mean > 0 else "b", abs(mean), votes, behind)]
