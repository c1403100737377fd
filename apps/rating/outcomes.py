"""Annotations become typed outcomes: the only thing that statistics and exports read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from apps.generation.models import Response
from apps.projects.models import get_rubric
from apps.projects.questions.base import Answer
from apps.projects.rubrics import RubricDocument
from apps.rating.models import Annotation, PairOutcome, TextOutcome, ValueOutcome

Columns = dict[str, Any]


@dataclass(frozen=True)
class Outcomes:
    """The rows that answers come to, without those of the annotation and its item."""

    pairs: list[Columns] = field(default_factory=list)
    values: list[Columns] = field(default_factory=list)
    texts: list[Columns] = field(default_factory=list)


def derive(
    *, rubric: RubricDocument, answers: Mapping[str, Answer], responses: Sequence[tuple[int, str]]
) -> Outcomes:
    """The outcomes of stored answers. `responses` are the item's (row, uid), by position."""
    rows: dict[str, int | None] = {"": None} | {uid: row for row, uid in responses}
    return Outcomes(
        pairs=[
            {
                "a_id": rows[pair.a],
                "b_id": rows[pair.b],
                "relation": pair.relation,
                "strength": pair.strength,
                "steps": pair.steps,
            }
            for pair in rubric.derive_pairs(answers, [uid for _, uid in responses])
        ],
        values=[
            {
                "question": key,
                "response_id": rows[value.response],
                "label": value.label,
                "number": value.number,
                "start": value.start,
                "stop": value.stop,
            }
            for key, value in rubric.derive_values(answers)
        ],
        texts=[
            {"question": key, "response_id": rows[text.response], "use": text.use, "text": text.text}
            for key, text in rubric.derive_texts(answers)
        ],
    )


def store_outcomes(
    *, annotation: Annotation, rubric: RubricDocument, responses: Sequence[tuple[int, str]]
) -> None:
    """Write the outcomes of a counted annotation. `responses` are the item's (row, uid), by position."""
    outcomes = derive(rubric=rubric, answers=annotation.answers, responses=responses)
    known: Columns = {"annotation": annotation, "item_id": annotation.item_id}
    PairOutcome.objects.bulk_create(PairOutcome(**known, **row) for row in outcomes.pairs)
    ValueOutcome.objects.bulk_create(ValueOutcome(**known, **row) for row in outcomes.values)
    TextOutcome.objects.bulk_create(TextOutcome(**known, **row) for row in outcomes.texts)


def delete_outcomes(*, annotation: Annotation) -> None:
    annotation.pair_outcomes.all().delete()
    annotation.value_outcomes.all().delete()
    annotation.text_outcomes.all().delete()


def list_responses(*, item: int) -> list[tuple[int, str]]:
    """The item's responses as (row, uid), by position."""
    stored = Response.objects.filter(slots__item=item).order_by("slots__position")
    return [(row, str(uid)) for row, uid in stored.values_list("pk", "uid")]


def rebuild_outcomes() -> int:
    """Delete and derive all outcomes, one annotation at a time; returns how many annotations there are.

    Readers see an annotation's old outcomes or its new ones, never none. Raters go on meanwhile.
    """
    count = 0
    for row in Annotation.objects.order_by("pk").values_list("pk", flat=True).iterator(chunk_size=500):
        _rebuild(row)
        count += 1
    return count


@transaction.atomic
def _rebuild(row: int) -> None:
    """Locked, since its rater may revise it this moment: then it has no outcomes any more."""
    annotation = Annotation.objects.select_for_update(no_key=True).get(pk=row)
    delete_outcomes(annotation=annotation)
    if annotation.has_outcomes:
        store_outcomes(
            annotation=annotation,
            rubric=get_rubric(annotation.rubric_id),
            responses=list_responses(item=annotation.item_id),
        )
