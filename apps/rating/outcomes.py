"""Annotations become typed outcomes: the only thing that statistics and exports read."""

from django.db import transaction

from apps.generation.models import Response
from apps.projects.rubrics import RubricDocument
from apps.rating.models import Annotation, PairOutcome


def derive_outcomes(*, annotation: Annotation, rubric: RubricDocument, responses: list[Response]) -> None:
    """Write the outcomes of a counted annotation. `responses` are the item's, by position."""
    by_uid = {str(response.uid): response for response in responses}
    PairOutcome.objects.bulk_create(
        PairOutcome(
            annotation=annotation,
            item_id=annotation.item_id,
            a=by_uid[pair.a],
            b=by_uid[pair.b],
            relation=pair.relation,
            strength=pair.strength,
            steps=pair.steps,
        )
        for question in rubric.questions
        if question.key in annotation.answers
        for pair in question.derive_pairs(annotation.answers[question.key], list(by_uid))
    )


def rebuild_outcomes() -> int:
    """Delete and derive all outcomes, one annotation at a time; returns how many annotations there are.

    Readers see an annotation's old outcomes or its new ones, never none.
    """
    count = 0
    annotations = Annotation.objects.select_related("rubric").order_by("pk")
    for annotation in annotations.iterator(chunk_size=500):
        responses = list(Response.objects.filter(slots__item=annotation.item_id).order_by("slots__position"))
        with transaction.atomic():
            annotation.pair_outcomes.all().delete()
            if annotation.is_counted:
                derive_outcomes(annotation=annotation, rubric=annotation.rubric.questions, responses=responses)
        count += 1
    return count
