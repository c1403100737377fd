"""A rater's own answers, newest first: what they go back to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Prefetch, QuerySet
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Left

from apps.accounts.models import User
from apps.generation.models import Response
from apps.projects.models import Membership, Project, get_rubric
from apps.rating.models import Annotation, ItemResponse
from apps.rating.revision import Refusal, explain_refusal
from apps.rating.submission import Placed, place_responses
from apps.rating.verdicts import Said, describe_answers

SHOWN = 20  # of the last answers, on the page
OPENING = 240  # characters of a prompt


@dataclass(frozen=True)
class GivenResponse:
    letter: str
    uid: str
    text: str


@dataclass(frozen=True)
class GivenAnswer:
    """An answer with the beginning of its prompt; letters are those of the page that it was given on.

    `refusal` says why it cannot be revised. Of an item that is not for its rater any more, nothing is told.
    `responses` are those that were shown, from left to right; they are read with their texts where those are
    asked for.
    """

    uid: str
    revision: int
    at: datetime
    counted: bool
    answers: dict[str, Any]
    opening: str
    said: Said
    rubric_version: int
    responses: list[GivenResponse]
    refusal: Refusal | None

    @property
    def words(self) -> str:
        return self.said.words

    @property
    def may_revise(self) -> bool:
        return self.refusal is None


def list_given(*, project: Project, rater: User, with_texts: bool = False) -> QuerySet[Any]:
    """The rater's current annotations, newest first, with what `describe_given` reads."""
    columns = ["item_id", "position", "response__uid", *(["response__text"] if with_texts else [])]
    opening = KeyTextTransform("content", KeyTransform("-1", "item__prompt__messages"))
    placed = ItemResponse.objects.select_related("response").only(*columns)
    return (
        Annotation.objects.current()
        .filter(item__project=project, rater=rater)
        .select_related("item", "lease")
        .prefetch_related(Prefetch("item__slots", placed.order_by("position")))
        .annotate(opening=Left(opening, OPENING), rubric_version=F("rubric__version"))
        .order_by("-created_at")
    )


def describe_given(annotations: Iterable[Any], *, project: Project, rater: User) -> list[GivenAnswer]:
    membership = Membership.objects.filter(project=project, user=rater).first()
    return [
        _describe(annotation, explain_refusal(project=project, membership=membership, annotation=annotation))
        for annotation in annotations
    ]


def _describe(annotation: Any, refusal: Refusal | None) -> GivenAnswer:
    stored = {str(slot.response.uid): slot.response for slot in annotation.item.slots.all()}
    placed = place_responses(annotation.lease.shown_order, list(stored))
    shown = {one.uid: one.letter for one in placed}
    is_hidden = refusal is not None and refusal.hides_item
    return GivenAnswer(
        uid=str(annotation.uid),
        revision=annotation.revision,
        at=annotation.created_at,
        counted=annotation.is_counted,
        answers=annotation.answers,
        opening="" if is_hidden else " ".join(annotation.opening.split()),
        said=describe_answers(
            rubric=get_rubric(annotation.rubric_id),
            answers=annotation.answers,
            letters={uid: shown[uid] for uid in stored},
            item=None if is_hidden else annotation.item_id,
        ),
        rubric_version=annotation.rubric_version,
        responses=[] if is_hidden else [_give(one, stored[one.uid]) for one in placed],
        refusal=refusal,
    )


def _give(placed: Placed, response: Response) -> GivenResponse:
    text = "" if "text" in response.get_deferred_fields() else response.text
    return GivenResponse(placed.letter, placed.uid, text)
