"""What a model can be fine-tuned on: what people wrote, or the response that they clearly preferred."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from apps.datasets.deciding.pairs import Pair
from apps.datasets.evidence import ItemFacts
from apps.datasets.recipes.document import Lessons


@dataclass(frozen=True, slots=True)
class Lesson:
    """An answer to learn from.

    Attributes:
        source: demonstration, rewrite or chosen.
        text: what somebody wrote; "" for a response, which `place` names then.
        place: the response that was chosen or improved on, by its place in the item.
        ballots: the answers that it rests on, by their place in the item.
    """

    item: ItemFacts
    source: str
    text: str
    place: int | None
    ballots: tuple[int, ...]
    strength: float | None = None
    agreement: float | None = None


def find_lessons(
    items: Sequence[ItemFacts],
    pairs: Sequence[Pair],
    beaten: Iterable[Pair],
    wanted: Lessons,
    scales: Mapping[int, str],
) -> list[Lesson]:
    """Everything that the first source gives which has anything, each text once.

    Args:
        pairs: those that leave, for the source `chosen`.
        beaten: all that were decided: who loses in one of them was not the best answer to this prompt.
        scales: by rubric version the question whose points are read.
    """
    for source in wanted.sources:
        if source == "chosen":
            found = _take_chosen(pairs, {pair.loser.digest for pair in beaten}, wanted, scales)
        else:
            found = _take_written(items, source)
        unique: dict[str, Lesson] = {}
        for lesson in found:
            unique.setdefault(_key(lesson), lesson)
        if unique:
            return list(unique.values())
    return []


def _key(lesson: Lesson) -> str:
    return lesson.text.strip() or lesson.item.responses[lesson.place or 0].digest


def _take_written(items: Sequence[ItemFacts], source: str) -> Iterator[Lesson]:
    for item in items:
        for number, ballot in enumerate(item.ballots):
            for written in ballot.written:
                if written.use == source and written.text.strip():
                    yield Lesson(item, source, written.text, written.about, (number,))


def _take_chosen(
    pairs: Sequence[Pair], beaten: set[str], wanted: Lessons, scales: Mapping[int, str]
) -> Iterator[Lesson]:
    for pair in pairs:
        answer = pair.consensus
        strong = answer.strength >= min(wanted.min_strength, answer.steps)
        best = pair.winner.digest not in beaten
        if strong and best and _has_points(pair, wanted, scales.get(pair.item.rubric)):
            yield Lesson(
                *(pair.item, "chosen", "", pair.chosen, pair.voters), answer.strength, answer.agreement
            )


def _has_points(pair: Pair, wanted: Lessons, scale: str | None) -> bool:
    """Whether its mean on the recipe's scale is high enough; without points nobody knows."""
    if not wanted.question:
        return True
    key = (wanted.question, pair.chosen)
    points = [ballot.points[key] for ballot in pair.item.ballots if key in ballot.points]
    return wanted.question == scale and bool(points) and sum(points) / len(points) >= wanted.min_points
