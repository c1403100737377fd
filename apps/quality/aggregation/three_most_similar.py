"""The three votes that are most alike, as HelpSteer2-Preference did it (Wang et al. 2024, arXiv 2410.01257)."""

from collections.abc import Sequence
from math import floor

from apps.quality.aggregation.base import find_refusal, list_comparing, name_tie
from apps.quality.consensus import Consensus, Undecided, Vote, common_steps, decide_for, refuse

NAME = "three_most_similar"
TITLE = "the three most similar"
SUMMARY = (
    "Of the signed strengths the three that lie closest together are kept (HelpSteer2-Preference); their mean, "
    "rounded to a whole step, decides. Where those three still lie more than 2 steps apart, or their mean rounds to "
    "0, there is no pair. Votes that could not tell or found both bad are set aside, and decide where they are more "
    "than half."
)
KEPT = 3
MOST_APART = 2  # steps


def aggregate(votes: Sequence[Vote]) -> list[Consensus]:
    """Keep three votes, or all where there are fewer, and round their mean."""
    refusal = find_refusal(votes)
    ranked = sorted(list_comparing(votes), key=lambda place: votes[place].toward_a)
    if refusal or not ranked:
        return [refuse(votes, refusal or name_tie(votes))]
    common_steps(votes)
    behind = _find_closest(votes, ranked)
    strengths = [votes[place].toward_a for place in behind]
    if max(strengths) - min(strengths) > MOST_APART:
        return [refuse(votes, Undecided.SCATTERED)]
    mean = sum(strengths) / len(strengths)
    strength = floor(abs(mean) + 0.5)
    if strength == 0:
        return [refuse(votes, name_tie(votes))]
    return [decide_for("a" if mean > 0 else "b", float(strength), votes, sorted(behind))]


def _find_closest(votes: Sequence[Vote], ranked: Sequence[int]) -> Sequence[int]:
    """The window of three with the least spread; of several, the one nearest to the mean of all."""
    if len(ranked) <= KEPT:
        return ranked
    middle = sum(votes[place].toward_a for place in ranked) / len(ranked)

    def measure(window: Sequence[int]) -> tuple[int, float, bool]:
        strengths = [votes[place].toward_a for place in window]
        mean = sum(strengths) / KEPT
        return max(strengths) - min(strengths), abs(mean - middle), mean < middle

    windows = [ranked[first : first + KEPT] for first in range(len(ranked) - KEPT + 1)]
    return min(windows, key=measure)
