"""Good and bad responses, each by itself, from points on a scale (for KTO)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from apps.datasets.evidence import ItemFacts
from apps.datasets.recipes.document import RecipeDocument


@dataclass(frozen=True, slots=True)
class Label:
    """A response that is good or bad in itself.

    Attributes:
        ballots: the answers that say so, by their place in the item.
        points: their mean, None where it follows from both bad.
    """

    item: ItemFacts
    place: int
    is_good: bool
    ballots: tuple[int, ...]
    points: float | None


def find_labels(items: Sequence[ItemFacts], recipe: RecipeDocument, scales: Mapping[int, str]) -> list[Label]:
    """One label per text at most; a text that is good here and bad there has none.

    Args:
        scales: by rubric version the question whose points are read.
    """
    found: dict[str, list[Label]] = {}
    for item in items:
        for label in _label_item(item, recipe, scales.get(item.rubric, "")):
            found.setdefault(item.responses[label.place].digest, []).append(label)
    return [labels[0] for labels in found.values() if len({label.is_good for label in labels}) == 1]


def _label_item(item: ItemFacts, recipe: RecipeDocument, question: str) -> list[Label]:
    """By points; both bad speaks where these label nothing."""
    places = [place for place, response in enumerate(item.responses) if not response.is_empty]
    found = [_read_points(item, place, recipe, question) for place in places] if question else []
    labels = [label for label in found if label is not None]
    if labels or not recipe.labels.both_bad:
        return labels
    bad = _find_both_bad(item)
    return [Label(item, place, False, bad[place], None) for place in places if place in bad]


def _read_points(item: ItemFacts, place: int, recipe: RecipeDocument, question: str) -> Label | None:
    given = tuple(n for n, ballot in enumerate(item.ballots) if (question, place) in ballot.points)
    if not given or len({item.ballots[n].rater for n in given}) < recipe.answers.min_raters:
        return None
    mean = sum(item.ballots[n].points[question, place] for n in given) / len(given)
    if recipe.labels.bad_to < mean < recipe.labels.good_from:
        return None
    is_good = mean >= recipe.labels.good_from
    is_cut_off = item.responses[place].finish_reason == "length"
    if is_good and is_cut_off and recipe.answers.cut_off == "leave_out":
        return None
    return Label(item, place, is_good, given, mean)


def _find_both_bad(item: ItemFacts) -> dict[int, tuple[int, ...]]:
    """The responses of pairs that more than half of those who voted on them found both bad, and who did."""
    found: dict[int, tuple[int, ...]] = {}
    for pair in combinations(range(len(item.responses)), 2):
        voters = [n for n, ballot in enumerate(item.ballots) if pair in ballot.pairs]
        bad = tuple(n for n in voters if item.ballots[n].pairs[pair].relation == "both_bad")
        if 2 * len(bad) > len(voters):
            found |= {place: bad for place in pair if place not in found}
    return found
