"""Who rates, how much, how fast, and whether they favour a side. Names only for who manages people."""

from dataclasses import dataclass
from datetime import timedelta
from string import ascii_uppercase
from typing import Any

from django.db.models import Aggregate, Case, Count, DurationField, F, IntegerField, Min, Q, When
from django.db.models.functions import Cast

from apps.core.words import count, percent, start_sentence
from apps.overview.charts.bars import Estimate, draw_share
from apps.overview.headlines import Finding
from apps.projects.models import Project
from apps.rating.models import Annotation, PairOutcome, PairRelation
from apps.rating.models.item_queries import OF_TWO
from apps.stats.intervals import Share, wilson_interval

ENOUGH = 30  # preferences before a side is spoken of
LONGEST = timedelta(hours=1)  # a longer time between opening and sending is a break, not work


class Median(Aggregate):
    """PostgreSQL's continuous median; `filter=` works as on every aggregate."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


@dataclass(frozen=True)
class RaterRow:
    """`each` is the median time of an annotation; `left` how often the response on the left was preferred."""

    letter: str
    name: str
    annotations: int
    each: timedelta | None
    left: Share | None

    @property
    def picture(self) -> Estimate | None:
        return draw_share(self.left) if self.left else None

    @property
    def side(self) -> str:
        """The side that this rater favours beyond chance, if any."""
        if self.left is None or self.left.of < ENOUGH or self.left.low <= 0.5 <= self.left.high:
            return ""
        return "left" if self.left.value > 0.5 else "right"

    @property
    def note(self) -> str:
        if self.side and self.left:
            share = self.left.value if self.side == "left" else 1 - self.left.value
            return f"Chooses {self.side} {percent(share)}"
        if self.left is None:
            return "No preference between two"
        if self.left.of < ENOUGH:
            return "Too few to say"
        return "No side favoured"


def list_raters(*, project: Project) -> list[RaterRow]:
    """Everybody with an annotation, those with most first. Letters follow the order of their first one."""
    sides = _count_sides(project)
    rows = _measure_raters(project)
    return sorted(
        (_build_row(row, letter=name_letter(n), sides=sides) for n, row in enumerate(rows)),
        key=lambda row: -row.annotations,
    )


def name_letter(number: int) -> str:
    """A, B, … Z, A2, B2, …"""
    turn, place = divmod(number, len(ascii_uppercase))
    return ascii_uppercase[place] + (str(turn + 1) if turn else "")


def _build_row(row: dict[str, Any], *, letter: str, sides: dict[int, tuple[int, int]]) -> RaterRow:
    left, of = sides.get(row["rater"], (0, 0))
    return RaterRow(
        letter=letter,
        name=row["rater__name"] or row["rater__email"],
        annotations=row["annotations"],
        each=row["each"],
        left=wilson_interval(hits=left, of=of) if of else None,
    )


def _measure_raters(project: Project) -> Any:
    """By rater. What is revised counts once, with the time that its first answer took."""
    took = F("created_at") - F("lease__started_at")
    return (
        Annotation.objects.by_raters()
        .filter(item__project=project)
        .values("rater", "rater__name", "rater__email")
        .annotate(
            annotations=Count("pk", filter=Q(superseded_at=None)),
            each=Median(took, filter=Q(revision=1, created_at__lt=F("lease__started_at") + LONGEST)),
            first=Min("pk"),
        )
        .order_by("first")
    )


def _count_sides(project: Project) -> dict[int, tuple[int, int]]:
    """By rater: how often the left response was preferred, of all preferences between two responses.

    Of three or more, the leftmost one is better than some and worse than others: that says nothing of sides.
    `shown_order` holds the positions of the item's responses from left to right.
    """
    leftmost = Cast(F("annotation__lease__shown_order__0"), IntegerField())
    rows = (
        PairOutcome.objects.by_raters()
        .filter(
            item__project=project,
            item__responses_key__regex=OF_TWO,
            relation=PairRelation.PREFERS,
            item__slots__response=F("a"),
        )
        .annotate(is_left=Case(When(item__slots__position=leftmost, then=1), default=None))
        .values_list("annotation__rater")
        .annotate(left=Count("is_left"), of=Count("pk"))
        .order_by()
    )
    return {rater: (left, of) for rater, left, of in rows}


def describe_raters(rows: list[RaterRow]) -> Finding:
    measured = (
        "Median time per annotation; how often the left response was preferred, with its 95\u00a0% interval."
    )
    if not rows:
        return Finding("Nobody has rated yet", "Who rates, and how fast, shows here.")
    leaning = [row for row in rows if row.side]
    raters = start_sentence(count(len(rows), "rater"))
    if leaning:
        return Finding(f"{raters}; {count(len(leaning), 'favours', 'favour')} a side", measured)
    if any(row.left and row.left.of >= ENOUGH for row in rows):
        return Finding(f"{raters}; none favours a side", measured)
    if not any(row.left for row in rows):
        return Finding(
            raters, "Median time per annotation. Sides are measured where people prefer one of two responses."
        )
    return Finding(f"{raters}; too early to see habits", measured)
