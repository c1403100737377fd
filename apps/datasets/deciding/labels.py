"""Good and bad responses, each by itself, from points on a scale (for KTO)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from apps.datasets.evidence import ItemFacts
from apps.datasets.recipes.document import Labels


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


def find_labels(items: Sequence[ItemFacts], wanted: Labels, questions: Mapping[int, str]) -> list[Label]:
    """One label per response at most; a response that is good here and bad there has none.

    Args:
        questions: the scale to read, by rubric version, where the recipe names none.
    """
    found: dict[int, list[Label]] = {}
    for item in items:
        for label in _label_item(item, wanted, wanted.question or questions.get(item.rubric, "")):
            found.setdefault(item.responses[label.place].id, []).append(label)
    return [labels[0] for labels in found.values() if len({label.is_good for label in labels}) == 1]


def _label_item(item: ItemFacts, wanted: Labels, question: str) -> list[Label]:
    by_points = [_read_points(item, place, wanted, question) for place in range(len(item.responses))]
    found = [label for label in by_points if label is not None]
    both_bad = _find_both_bad(item) if wanted.both_bad and not found else ()
    return found or [
        Label(item, place, False, both_bad, None)
        for place in range(2 if both_bad else 0)
        if not item.responses[place].is_empty
    ]


def _read_points(item: ItemFacts, place: int, wanted: Labels, question: str) -> Label | None:
    if not question or item.responses[place].is_empty:
        return None
    given = [
        (number, ballot.points[question, place])
        for number, ballot in enumerate(item.ballots)
        if (question, place) in ballot.points
    ]
    if not given:
        return None
    mean = sum(points for _, points in given) / len(given)
    if wanted.bad_to < mean < wanted.good_from:
        return None
    return Label(item, place, mean >= wanted.good_from, tuple(number for number, _ in given), mean)


def _find_both_bad(item: ItemFacts) -> tuple[int, ...]:
    """Who found both bad, where that is more than half of those who voted on an item of two."""
    if len(item.responses) != 2:
        return ()
    voters = [number for number, ballot in enumerate(item.ballots) if (0, 1) in ballot.pairs]
    bad = tuple(n for n in voters if item.ballots[n].pairs[0, 1].relation == "both_bad")
    return bad if 2 * len(bad) > len(voters) else ()
