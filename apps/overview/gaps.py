"""What checks against passages found: where a knowledge base is wrong, silent or not enough."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, F, Func, Max, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast

from apps.accounts.models import User
from apps.core.words import count, spell, start_sentence
from apps.overview.headlines import Finding
from apps.projects.models import Project
from apps.projects.questions.verdict import FAULTS, VERDICTS, VerdictQuestion
from apps.prompts.models import Prompt
from apps.rating.models import ValueOutcome
from apps.rating.telling import is_kept_from, tell_of

PAGE = 50
MOST_PASSAGES = 100
OPEN = (*FAULTS, "cannot_tell")  # the verdicts that leave something to do
UNSAID = "?"  # in an address, for verdicts that name no passage at all


@dataclass(frozen=True)
class PassageRow:
    """A passage with how often each verdict pointed at it; `passage` is empty where none shows the fault."""

    passage: str | None
    title: str
    incorrect: int
    incomplete: int
    cannot_tell: int

    @property
    def name(self) -> str:
        if self.passage:
            return f"{self.passage} · {self.title}" if self.title else self.passage
        return "No passage named" if self.passage is None else "No passage says it"

    @property
    def key(self) -> str:
        return UNSAID if self.passage is None else self.passage


@dataclass(frozen=True)
class Gap:
    """One verdict that leaves something to do."""

    verdict: str
    passage: str | None
    title: str
    note: str
    prompt: Prompt
    response: str
    outcome: int


@dataclass(frozen=True)
class Gaps:
    """`next` is a key to go on from, 0 at the end; `kept` counts verdicts that are kept from the reader."""

    finding: Finding
    kept: int
    rows: list[PassageRow]
    gaps: list[Gap]
    next: int


def read_gaps(*, project: Project, reader: User, passage: str | None = None, before: int = 0) -> Gaps:
    """The newest verdicts that are not "correct", and how they spread over the passages.

    Those of others on items that the reader may still answer or revise are left out everywhere; from now on
    they answer none of the others that they are shown.

    Args:
        passage: only those that point at this one: an id, nothing for "no passage says it", or `UNSAID`.
        before: only those older than this outcome.
    """
    everything = _find_checks(project)
    kept = Q(is_kept_from(reader)) & ~Q(annotation__rater=reader)
    checks = everything.exclude(kept)
    rows = _count_passages(checks)
    wanted = checks.filter(label__in=OPEN)
    if passage is not None:
        wanted = wanted.filter(passage=None) if passage == UNSAID else wanted.filter(passage=passage)
    if before:
        wanted = wanted.filter(pk__lt=before)
    rows_of = wanted.select_related("item__prompt", "response", "annotation").order_by("-pk")
    found = list(rows_of[: PAGE + 1])
    by_others = {one.item_id for one in found[:PAGE] if one.annotation.rater_id != reader.pk}
    since = tell_of(project=project, reader=reader, items=by_others) if by_others else {}
    return Gaps(
        finding=_describe(checks),
        rows=rows,
        kept=everything.filter(kept).count(),
        gaps=[_read_gap(outcome) for outcome in found[:PAGE] if outcome.item_id not in since],
        next=found[PAGE - 1].pk if len(found) > PAGE else 0,
    )


def _find_checks(project: Project) -> QuerySet[Any]:
    """All verdicts of counted annotations, each with its `passage` and its `note`."""
    asked = Q(pk=None)
    for rubric in project.rubrics.published():
        keys = [q.key for q in rubric.questions.questions if isinstance(q, VerdictQuestion)]
        asked |= Q(annotation__rubric=rubric, question__in=keys)
    found: QuerySet[Any] = ValueOutcome.objects.by_raters().filter(asked, item__project=project)
    checks: QuerySet[Any] = found.annotate(passage=_extract("passage"), note=_extract("note"))
    return checks


def _extract(name: str) -> Case:
    """A part of the stored answer: about the response that the outcome is of, or about the conversation."""
    parts = (F("annotation__answers"), F("question"))
    function, text = "jsonb_extract_path_text", TextField()
    whole = Func(*parts, Value(name), function=function, output_field=text)
    uid = Cast("response__uid", text)
    return Case(
        When(response=None, then=whole),
        default=Func(*parts, uid, Value(name), function=function, output_field=text),
    )


def _count_passages(checks: QuerySet[Any]) -> list[PassageRow]:
    numbers = {f"n_{label}": Count("pk", filter=Q(label=label)) for label in OPEN}
    counted = (
        checks.filter(label__in=OPEN)
        .order_by()
        .values("passage")
        .annotate(**numbers, all=Count("pk"), prompt=Max("item__prompt"))
        .order_by("-all", "passage")[:MOST_PASSAGES]
    )
    rows = list(counted)
    prompts = Prompt.objects.in_bulk(row["prompt"] for row in rows if row["passage"])
    return [
        PassageRow(
            passage=row["passage"],
            title=_find_title(prompts.get(row["prompt"]), row["passage"]),
            incorrect=row["n_incorrect"],
            incomplete=row["n_incomplete"],
            cannot_tell=row["n_cannot_tell"],
        )
        for row in rows
    ]


def _find_title(prompt: Prompt | None, passage: str | None) -> str:
    if prompt is None or not passage:
        return ""
    return next((known["title"] for known in prompt.passages if known["id"] == passage), "")


def _read_gap(outcome: Any) -> Gap:
    return Gap(
        verdict=VERDICTS[outcome.label],
        passage=outcome.passage,
        title=_find_title(outcome.item.prompt, outcome.passage),
        note=outcome.note or "",
        prompt=outcome.item.prompt,
        response=outcome.response.text if outcome.response else "",
        outcome=outcome.pk,
    )


def _describe(checks: QuerySet[Any]) -> Finding:
    numbers = dict(checks.order_by().values_list("label").annotate(number=Count("pk")))
    total, faults = sum(numbers.values()), sum(numbers.get(label, 0) for label in FAULTS)
    silent = checks.filter(label__in=FAULTS, passage="").count()
    if not total:
        return Finding("Nothing has been checked yet", "Verdicts appear here as soon as they are sent.")
    checked = count(total, "check")
    if not faults:
        lead = f"{start_sentence(checked)}, and nothing wrong found"
    else:
        lead = f"{start_sentence(count(faults, 'fault'))} in {checked}"
    return Finding(f"{lead}{_say_silent(silent)}", _measure(numbers))


def _say_silent(silent: int) -> str:
    return f"; for {spell(silent)}, no passage has the answer" if silent else ""


def _measure(numbers: dict[str, int]) -> str:
    parts = [f"{numbers.get(value, 0):,} {label.lower()}" for value, label in VERDICTS.items()]
    return f"Counted answers: {', '.join(parts)}."
