"""Annotations become typed outcomes: the only thing that statistics and exports read."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from apps.generation.models import Response
from apps.projects.models import get_rubric
from apps.projects.questions.base import Answer
from apps.projects.rubrics import RubricDocument
from apps.rating.models import Annotation, PairOutcome


def derive_outcomes(
    *, annotation: Annotation, rubric: RubricDocument, responses: Sequence[tuple[int, str]]
) -> None:
    """Write the outcomes of a counted annotation. `responses` are the item's (row, uid), by position."""
    pairs = derive_pairs(rubric=rubric, answers=annotation.answers, responses=responses)
    PairOutcome.objects.bulk_create(
        PairOutcome(annotation=annotation, item_id=annotation.item_id, **pair) for pair in pairs
    )


def derive_pairs(
    *, rubric: RubricDocument, answers: Mapping[str, Answer], responses: Sequence[tuple[int, str]]
) -> list[dict[str, Any]]:
    """The columns of the pair outcomes that answers come to."""
    rows = {uid: row for row, uid in responses}
    return [
        {
            "a_id": rows[pair.a],
            "b_id": rows[pair.b],
            "relation": pair.relation,
            "strength": pair.strength,
            "steps": pair.steps,
        }
        for question in rubric.questions
        if question.key in answers
        for pair in question.derive_pairs(answers[question.key], list(rows))
    ]


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
    annotation.pair_outcomes.all().delete()
    if annotation.is_counted:
        derive_outcomes(
            annotation=annotation,
            rubric=get_rubric(annotation.rubric_id),
            responses=list_responses(item=annotation.item_id),
        )
