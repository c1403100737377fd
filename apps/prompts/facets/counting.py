"""The counts behind the facets.

Each facet is counted with all of the filter but its own part, so that it says what choosing another would
show. One statement reads the prompts once, counts them by all facets together, and sums that up for each.
"""

from typing import Any

from django.db import connection, transaction
from django.db.models import Case, Count, F, Func, Q, QuerySet, TextField, Value, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce, Least, Left, NullIf

from apps.projects.models import Project
from apps.prompts.facets.choices import SHOWN
from apps.prompts.facets.histogram import EDGES
from apps.prompts.filtering import BY_HAND, MOST_TURNS, UNKNOWN, PromptFilter, find_prompts
from apps.prompts.forms import NO_CATEGORY
from apps.prompts.models import Prompt

MOST = 500  # values of a facet that are told
NAMES = ("status", "category", "language", "coverage", "turns", "source", "bar")


def count_by_facet(project: Project, wanted: PromptFilter) -> tuple[dict[str, dict[str, int]], int]:
    """By facet, by value; and how many fit the whole filter."""
    inner, params = _group(project, wanted).query.sql_with_params()
    parts, values = _write_sums(wanted)
    with transaction.atomic(), connection.cursor() as cursor:
        # Else the groups of hundreds of thousands of prompts are sorted on disk, and code is compiled for it.
        cursor.execute("SET LOCAL work_mem = '64MB'; SET LOCAL jit = off")
        cursor.execute(f"WITH cube AS MATERIALIZED ({inner}) {' UNION ALL '.join(parts)}", [*params, *values])
        rows = cursor.fetchall()
    counts: dict[str, dict[str, int]] = {name: {} for name in NAMES}
    for name, value, number in rows:
        if name:
            counts[name][value] = number
    return counts, next((number for name, _, number in rows if not name), 0)


def _group(project: Project, wanted: PromptFilter) -> QuerySet[Prompt, dict[str, Any]]:
    """How many prompts there are of each kind in every respect that a facet is about."""
    base = find_prompts(
        project=project,
        wanted=wanted.without("status", "category", "language", "coverage", "turns", "source", "words"),
    )
    least, most = wanted.word_range
    fits = Q(words__gte=least or 0) & (Q(words__lte=most) if most is not None else Q())
    cube: QuerySet[Prompt, dict[str, Any]] = (
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
    return cube


def _write_sums(wanted: PromptFilter) -> tuple[list[str], list[str]]:
    """A query for each facet that sums up the groups, and one for the whole filter; and their parameters."""
    conditions = {name: getattr(wanted, name) for name in NAMES[:-1] if getattr(wanted, name)}
    if "turns" in conditions:
        conditions["turns"] = str(min(int(conditions["turns"]), MOST_TURNS))
    parts: list[str] = []
    values: list[str] = []
    for name in (*NAMES, ""):
        others = {key: value for key, value in conditions.items() if key != name}
        where = [f"f_{key} = %s" for key in others] + (["f_fits"] if wanted.words and name != "bar" else [])
        value = f"f_{name}" if name else "''"
        parts.append(f"""
            (SELECT '{name}', {value}, sum(n)::bigint FROM cube WHERE {" AND ".join([*where, "true"])}
            GROUP BY 2 ORDER BY 3 DESC LIMIT {MOST})
        """)  # noqa: S608 — the names are this module's, the values are parameters
        values += others.values()
    return parts, values


def _text(value: str) -> Value:
    return Value(value, output_field=TextField())


def count_tags(project: Project, wanted: PromptFilter) -> dict[str, int]:
    tagged = find_prompts(project=project, wanted=wanted.without("tag")).exclude(tags=[])
    each = tagged.annotate(one=Func("tags", function="unnest", output_field=TextField())).values_list("one")
    return dict(each.annotate(n=Count("pk")).order_by("-n")[:MOST])


def count_values_of_key(project: Project, wanted: PromptFilter) -> dict[str, int]:
    """The commonest values of the metadata key that the filter names."""
    base = find_prompts(project=project, wanted=wanted.without("value"))
    having = base.annotate(one=KeyTextTransform(wanted.key, "metadata")).exclude(one__isnull=True)
    each = having.values_list("one")
    return dict(each.annotate(n=Count("pk")).order_by("-n")[:SHOWN])
