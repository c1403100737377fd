"""What the answers say, taken together: how strongly, how often neither, how many items are decided."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import Count, F
from django.db.models.functions import Greatest, Least

from apps.core.words import count, percent, start_sentence
from apps.overview.headlines import Finding
from apps.projects.models import Project
from apps.projects.questions.preference import STEP_WORDS
from apps.quality.aggregation.majority import find_consensus
from apps.quality.consensus import Side, Vote
from apps.rating.models import PairOutcome, PairRelation
from apps.rating.models.item_queries import OF_TWO

FEW = 10
NOTHING_COMPARED = Finding(
    "No response is compared with another here",
    "This project asks other questions; what people prefer would show here.",
)
# From the strongest to the weakest; a class of the style sheet each.
SHADES = ("f-h4", "f-h3", "f-h2", "f-h1")
OTHERS = ((PairRelation.TIE, "f-tie"), (PairRelation.BOTH_GOOD, "f-tie"), (PairRelation.BOTH_BAD, "f-bad"),
          (PairRelation.CANNOT_TELL, "f-open"))  # fmt: skip


@dataclass(frozen=True)
class AnswerKind:
    name: str
    shade: str
    number: int
    share: float


@dataclass(frozen=True)
class Answers:
    """How often each answer was given; the shares add up to 1."""

    kinds: tuple[AnswerKind, ...]
    total: int
    finding: Finding

    @property
    def summary(self) -> str:
        """The picture in words."""
        return ", ".join(f"{kind.name} {percent(kind.share)}" for kind in self.kinds)

    @property
    def parts(self) -> list[tuple[str, str, int]]:
        return [(kind.name, kind.shade, kind.number) for kind in self.kinds]


def measure_answers(*, project: Project) -> Answers:
    groups = (
        PairOutcome.objects.by_raters()
        .filter(item__project=project)
        .order_by()
        .values_list("relation", "strength", "steps")
        .annotate(number=Count("pk"))
    )
    numbers: Counter[tuple[str, int, int]] = Counter()
    for relation, strength, steps, number in groups:
        numbers[relation, strength, steps if relation == PairRelation.PREFERS else 0] += number
    if not numbers and not any(q.compares for q in project.rubric.questions.questions):
        return Answers((), 0, NOTHING_COMPARED)
    return summarise_answers(numbers, rankings=_count_rankings(project))


def _count_rankings(project: Project) -> int:
    """How many annotations speak of more than two responses, and so of several pairs each."""
    if not project.rubrics.filter(document__responses__gt=2).exists():
        return 0
    everything = PairOutcome.objects.by_raters().filter(item__project=project)
    ranked = everything.exclude(item__responses_key__regex=OF_TWO)
    return ranked.aggregate(n=Count("annotation", distinct=True))["n"] or 0


def summarise_answers(numbers: Counter[tuple[str, int, int]], *, rankings: int = 0) -> Answers:
    """From counts by (relation, strength, steps); scales of different width keep their own words.

    Args:
        rankings: how many annotations gave several of these at once.
    """
    total = numbers.total()
    kinds: Counter[tuple[str, str]] = Counter()
    order: list[tuple[str, str]] = []
    for steps in sorted({steps for relation, _, steps in numbers if relation == PairRelation.PREFERS}):
        for strength in range(steps, 0, -1):
            key = (STEP_WORDS[steps][strength - 1], SHADES[steps - strength])
            kinds[key] += numbers[PairRelation.PREFERS, strength, steps]
            order.append(key)
    for relation, shade in OTHERS:
        key = (str(relation.label), shade)
        kinds[key] += numbers[relation, 0, 0]
        order.append(key)
    return Answers(
        kinds=tuple(
            AnswerKind(name, shade, kinds[name, shade], kinds[name, shade] / total if total else 0)
            for name, shade in dict.fromkeys(order)
            if kinds[name, shade]
        ),
        total=total,
        finding=_find_in_rankings(numbers, total, rankings) if rankings else _find(numbers, total),
    )


def _find(numbers: Counter[tuple[str, int, int]], total: int) -> Finding:
    if not total:
        return Finding("No annotations yet", "How strongly raters prefer one response shows here.")
    if total < FEW:
        return Finding(
            "Too few annotations to speak of", f"{start_sentence(count(total, 'annotation'))} so far."
        )
    measured = f"{total:,} annotations, by what they say of the two responses. Only preferences become pairs."
    bad = _share(numbers, total, PairRelation.BOTH_BAD)
    if bad >= 0.25:
        return Finding(f"Both responses are bad in {percent(bad)} of annotations", measured)
    ties = _share(numbers, total, PairRelation.TIE, PairRelation.BOTH_GOOD)
    if ties >= 0.4:
        return Finding(f"{percent(ties)} of annotations are ties", measured)
    clear = _share(numbers, total, PairRelation.PREFERS, least=2)
    return Finding(f"A clear preference in {percent(clear)} of annotations", measured)


def _find_in_rankings(numbers: Counter[tuple[str, int, int]], total: int, rankings: int) -> Finding:
    """A ranking says of every two responses which is better, or that they tie, and never by how much."""
    if rankings < FEW:
        so_far = start_sentence(count(rankings, "ranking"))
        return Finding("Too few rankings to speak of", f"{so_far} so far.")
    at_once = f"{rankings:,} annotations rank several responses at once"
    measured = f"{total:,} comparisons of two responses each; {at_once}."
    bad = _share(numbers, total, PairRelation.BOTH_BAD)
    if bad >= 0.25:
        return Finding(f"Both responses are bad in {percent(bad)} of comparisons", measured)
    better = _share(numbers, total, PairRelation.PREFERS)
    return Finding(f"One response is better in {percent(better)} of comparisons", measured)


def _share(numbers: Counter[tuple[str, int, int]], total: int, *relations: str, least: int = 0) -> float:
    hits = (n for (said, strength, _), n in numbers.items() if said in relations and strength >= least)
    return sum(hits) / total


def count_pairs(*, project: Project) -> int:
    """Pairs of responses in complete items whose votes agree on a better one: what datasets are made of."""
    return sum(1 for votes in _iterate_votes(project) if find_consensus(votes).decided)


def _iterate_votes(project: Project) -> Iterator[list[Vote]]:
    """The votes on each pair of responses; a ranking has one on each of its pairs."""
    rows = (
        PairOutcome.objects.by_raters()
        .filter(item__project=project, item__counted=F("item__overlap"))
        .annotate(low=Least("a_id", "b_id"), high=Greatest("a_id", "b_id"))
        .order_by("item_id", "low", "high")
        .values_list("item_id", "low", "high", "a_id", "b_id", "relation", "strength", "steps")
    )
    for _, group in groupby(rows.iterator(chunk_size=2000), key=itemgetter(0, 1, 2)):
        yield [_read_vote(row) for row in group]


def _read_vote(row: tuple[Any, ...]) -> Vote:
    """Seen from the response with the lower number, so that votes on one item speak of the same sides."""
    *_, a, b, relation, strength, steps = row
    side: Side | None = None
    if relation == PairRelation.PREFERS:
        side = "a" if a < b else "b"
    return Vote(relation=relation, winner=side, strength=strength, steps=steps)
