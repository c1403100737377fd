"""Annotations become typed outcomes: the only thing that statistics and exports read."""

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
