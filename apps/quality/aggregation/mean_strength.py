"""The mean of the signed strengths decides."""

from collections.abc import Sequence

from apps.quality.aggregation.base import find_comparing, name_tie
from apps.quality.consensus import Consensus, Undecided, Vote, common_steps, decide_for, refuse

NAME = "mean_strength"
TITLE = "mean strength"
SUMMARY = (
    "The response toward which the mean of the signed strengths points is chosen, and the mean is its "
    "strength; ties count as 0. Votes that could not tell or found both bad are set aside, and decide where "
    "they are more than half."
)


def aggregate(votes: Sequence[Vote]) -> list[Consensus]:
    """Average the strengths of the votes that compare."""
    behind = find_comparing(votes)
    if isinstance(behind, Undecided):
        return [refuse(votes, behind)]
    common_steps(votes)
    compared = [votes[place] for place in behind]
    mean = sum(vote.toward_a for vote in compared) / len(compared)
    if mean == 0:
        return [refuse(votes, name_tie(compared))]
    return [decide_for("a" if mean > 0 else "b", abs(mean), votes, behind)]
