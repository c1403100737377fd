"""How many prompts there are of each kind under a filter: what stands at the left of the desk.

Each facet is counted with all of the filter but its own part, so that it says what choosing another would
show. One statement reads the prompts once, counts them by all facets together, and sums that up for each.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import Case, Count, F, Func, Q, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Least, Left, NullIf

from apps.core.words import start_sentence
from apps.projects.models import Project
from apps.prompts.filtering import BY_HAND, COVERAGES, MOST_TURNS, UNKNOWN, PromptFilter, find_prompts
from apps.prompts.forms import NO_CATEGORY
from apps.prompts.languages import name_language
from apps.prompts.models import PromptStatus
from apps.prompts.remembering import recall

SHOWN = 8
MOST = 500  # values of a facet that are told
# The smallest number of words of each bar.
EDGES = (0, 5, 10, 15, 20, 30, 45, 65, 100, 150, 220, 330, 500, 1000, 2000)
NAMES = ("status", "category", "language", "coverage", "turns", "source", "bar")


@dataclass(frozen=True)
class Choice:
    """A value with its count; `width` is its bar in hundredths of the largest, `address` chooses it."""

    value: str
    label: str
    number: int
    width: float
    is_chosen: bool
    address: str


@dataclass(frozen=True)
class Facet:
    name: str
    title: str
    choices: list[Choice]

    @property
    def shown(self) -> list[Choice]:
        """The largest, and whatever is chosen."""
        return [choice for place, choice in enumerate(self.choices) if place < SHOWN or choice.is_chosen]

    @property
    def others(self) -> list[Choice]:
        return [choice for choice in self.choices[SHOWN:] if not choice.is_chosen]


@dataclass(frozen=True)
class Bar:
    """Of the histogram, 184 wide and 34 high."""

    least: int
    most: int | None
    number: int
    x: float
    height: float
    is_chosen: bool
    address: str

    @property
    def y(self) -> float:
        return 34 - self.height

    @property
    def label(self) -> str:
        words = (
            f"{self.least:,} to {self.most:,} words"
            if self.most is not None
            else f"{self.least:,} words or more"
        )
        return f"{words}: {self.number:,}"


@dataclass(frozen=True)
class Facets:
    total: int
    all: list[Facet] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)


TITLES = {
    "status": "Status",
    "category": "Category",
    "language": "Language",
    "coverage": "Coverage",
    "turns": "Turns",
    "source": "Source",
}


def count_facets(*, project: Project, wanted: PromptFilter) -> Facets:
    counts, total = recall(
        project=project, about=f"counts {wanted.address}", read=lambda: _count(project, wanted)
    )
    labels = {
        "status": {value: start_sentence(str(label)) for value, label in PromptStatus.choices},
        "coverage": COVERAGES,
        "source": _name_sources(project, counts["source"]),
        "turns": {str(n): f"{n} turn{'s' if n > 1 else ''}" for n in range(1, MOST_TURNS)}
        | {str(MOST_TURNS): f"{MOST_TURNS} turns or more"},
    }
    facets = [
        _make_facet(wanted, name, title, counts[name], labels.get(name, {})) for name, title in TITLES.items()
    ]
    if tags := _count_tags(project, wanted):
        facets.insert(4, _make_facet(wanted, "tag", "Tags", tags, {}))
    return Facets(total, facets, _make_bars(wanted, counts["bar"]))


def _name_sources(project: Project, counts: dict[str, int]) -> dict[str, str]:
    imports = project.prompt_imports.filter(pk__in=[int(source) for source in counts if source != BY_HAND])
    named = {str(pk): name for pk, name in imports.values_list("pk", "file_name")}
    return {BY_HAND: "Written by hand"} | named


def _text(value: str) -> Value:
    return Value(value, output_field=TextField())


def _count(project: Project, wanted: PromptFilter) -> tuple[dict[str, dict[str, int]], int]:
    """By facet, by value; and how many fit the whole filter."""
    base = find_prompts(
        project=project,
        wanted=wanted.without("status", "category", "language", "coverage", "turns", "source", "words"),
    )
    least, most = wanted.word_range
    fits = Q(words__gte=least or 0) & (Q(words__lte=most) if most is not None else Q())
    cube = (
        base.annotate(
            f_status=Cast("status", TextField()),
            f_category=Coalesce(Cast(Left("category", 1000), TextField()), _text(NO_CATEGORY)),
            f_language=Coalesce(NullIf(Cast("language", TextField()), _text("")), _text(UNKNOWN)),
            f_coverage=Case(
                When(
                    coverage__answered__gt=0,
                    coverage__answered__gte=F("coverage__asked"),
                    then=_text("complete"),
                ),
                When(coverage__answered__gt=0, then=_text("some")),
                default=_text("none"),
                output_field=TextField(),
            ),
            f_turns=Cast(Least("turns", Value(MOST_TURNS)), TextField()),
            f_source=Coalesce(Cast("source_id", TextField()), _text(BY_HAND)),
            f_bar=Cast(Func(F("words"), Value(list(EDGES)), function="width_bucket"), TextField()),
            f_fits=Case(When(fits, then=Value(True)), default=Value(False)),
        )
        .values(*(f"f_{name}" for name in NAMES), "f_fits")
        .annotate(n=Count("pk"))
    )
    inner, params = cube.query.sql_with_params()
    conditions = {name: getattr(wanted, name) for name in NAMES[:-1] if getattr(wanted, name)}
    if "turns" in conditions:
        conditions["turns"] = str(min(int(conditions["turns"]), MOST_TURNS))
    parts, values = [], list(params)
    for name in (*NAMES, ""):
        others = {key: value for key, value in conditions.items() if key != name}
        where = [f"f_{key} = %s" for key in others] + (["f_fits"] if wanted.words and name != "bar" else [])
        value = f"f_{name}" if name else "''"
        parts.append(f"""
            (SELECT '{name}', {value}, sum(n)::bigint FROM cube WHERE {" AND ".join([*where, "true"])}
            GROUP BY 2 ORDER BY 3 DESC LIMIT {MOST})
        """)  # noqa: S608 — the names are this module's, the values are parameters
        values += others.values()
    with transaction.atomic(), connection.cursor() as cursor:
        # Else the groups of hundreds of thousands of prompts are sorted on disk, and code is compiled for it.
        cursor.execute("SET LOCAL work_mem = '64MB'; SET LOCAL jit = off")
        cursor.execute(f"WITH cube AS MATERIALIZED ({inner}) {' UNION ALL '.join(parts)}", values)
        rows = cursor.fetchall()
    counts: dict[str, dict[str, int]] = {name: {} for name in NAMES}
    for name, value, number in rows:
        if name:
            counts[name][value] = number
    return counts, next((number for name, _, number in rows if not name), 0)


def _count_tags(project: Project, wanted: PromptFilter) -> dict[str, int]:
    tagged = find_prompts(project=project, wanted=wanted.without("tag")).exclude(tags=[])
    each = tagged.annotate(one=Func("tags", function="unnest", output_field=TextField())).values_list("one")
    return dict(each.annotate(n=Count("pk")).order_by("-n")[:MOST])


def count_values(*, project: Project, wanted: PromptFilter) -> list[Choice]:
    """Of the metadata key that the filter names: its commonest values."""
    base = find_prompts(project=project, wanted=wanted.without("value"))
    having = base.annotate(one=KeyTextTransform(wanted.key, "metadata")).exclude(one__isnull=True)
    each = having.values_list("one")
    counts = dict(each.annotate(n=Count("pk")).order_by("-n")[:SHOWN])
    return _make_facet(wanted, "value", wanted.key, counts, {}).choices


def _make_facet(
    wanted: PromptFilter, name: str, title: str, counts: dict[str, int], labels: dict[str, str]
) -> Facet:
    chosen = getattr(wanted, name)
    values = list(labels) if name in {"status", "coverage"} else sorted(counts, key=lambda v: (-counts[v], v))
    if name == "turns":
        values = sorted(counts, key=int)
    if chosen and chosen not in values:
        values.append(chosen)
    most = max(counts.values(), default=0) or 1
    choices = [
        Choice(
            value,
            _name(name, value, labels),
            counts.get(value, 0),
            round(100 * counts.get(value, 0) / most, 1),
            value == chosen,
            _toggle(wanted, name, value),
        )
        for value in values
    ]
    return Facet(name, title, choices)


def _name(facet: str, value: str, labels: dict[str, str]) -> str:
    if value in labels:
        return labels[value]
    if facet == "language":
        return "Unknown" if value == UNKNOWN else name_language(value)
    if facet == "category" and value == NO_CATEGORY:
        return "Without one"
    return value


def _toggle(wanted: PromptFilter, name: str, value: str) -> str:
    """The address with this chosen, or chosen no more."""
    chosen = wanted.without(name)
    if getattr(wanted, name) != value:
        chosen = type(wanted)(**{**chosen.dump(), name: value})
    return chosen.address or "?"


def _make_bars(wanted: PromptFilter, counts: dict[str, int]) -> list[Bar]:
    return list(_iterate_bars(wanted, {int(bar): number for bar, number in counts.items()}))


def _iterate_bars(wanted: PromptFilter, counts: dict[int, int]) -> Iterator[Bar]:
    largest = max(counts.values(), default=0) or 1
    least, most = wanted.word_range
    step = 184 / len(EDGES)
    for place, edge in enumerate(EDGES, 1):
        end = EDGES[place] - 1 if place < len(EDGES) else None
        number = counts.get(place, 0)
        height = max(1.5, 32 * number / largest) if number else 0
        chosen = (
            bool(wanted.words)
            and edge >= (least or 0)
            and (most is None or (end is not None and end <= most))
        )
        words = f"{edge}-{'' if end is None else end}"
        address = _toggle(wanted, "words", words)
        yield Bar(edge, end, number, round((place - 1) * step, 1), round(height, 1), chosen, address)
