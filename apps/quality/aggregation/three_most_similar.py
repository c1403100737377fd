"""The three votes that are most alike, as HelpSteer2-Preference did (Wang et al. 2024, arXiv 2410.01257)."""

from collections.abc import Sequence
from math import floor

from apps.quality.aggregation.base import find_comparing, name_tie
from apps.quality.consensus import Consensus, Undecided, Vote, common_steps, decide_for, refuse

NAME = "three_most_similar"
TITLE = "the three most similar"
SUMMARY = (
    "Of the signed strengths the three that lie closest together are kept (HelpSteer2-Preference); their "
    "mean, rounded to a whole step, decides. Where those three still lie more than 2 steps apart, where "
    "three others lie as close together for the other response, or where the mean rounds to 0, there is no "
    "pair. Votes that could not tell or found both bad are set aside, and decide where they are more than "
    "half."
)
KEPT = 3
MOST_APART = 2  # steps

Window = Sequence[int]  # places of votes


def aggregate(votes: Sequence[Vote]) -> list[Consensus]:
    """Keep three votes, or all where there are fewer, and round their mean."""
    comparing = find_comparing(votes)
    if isinstance(comparing, Undecided):
        return [refuse(votes, comparing)]
    common_steps(votes)
    ranked = sorted(comparing, key=lambda place: (votes[place].toward_a, votes[place].relation))
    behind = _find_closest(votes, ranked)
    if isinstance(behind, Undecided):
        return [refuse(votes, behind)]
    strengths = [votes[place].toward_a for place in behind]
    if max(strengths) - min(strengths) > MOST_APART:
        return [refuse(votes, Undecided.SCATTERED)]
    total = sum(strengths)
    strength = floor(abs(total) / len(strengths) + 0.5)
    if strength == 0:
        return [refuse(votes, name_tie([votes[place] for place in comparing]))]
    return [decide_for("a" if total > 0 else "b", float(strength), votes, sorted(behind))]


def _find_closest(votes: Sequence[Vote], ranked: Window) -> Window | Undecided:
    """The three with the least spread; of several the nearest to the mean of all, on its side, then to 0."""
    if len(ranked) <= KEPT:
        return ranked
    strengths = [votes[place].toward_a for place in ranked]
    whole = KEPT * sum(strengths)

    def measure(first: int) -> tuple[int, int, bool, int]:
        window = strengths[first : first + KEPT]
        total = sum(window)
        return window[-1] - window[0], abs(len(ranked) * total - whole), total * whole < 0, abs(total)

    firsts = sorted(range(len(ranked) - KEPT + 1), key=measure)
    best = [first for first in firsts if measure(first) == measure(firsts[0])]
    if len({sum(strengths[first : first + KEPT]) for first in best}) > 1:  # three for a, three for b
        return Undecided.NO_MAJORITY
    return ranked[best[0] : best[0] + KEPT]
