"""Judged items, written straight into the tables: what a rater's submission leaves behind."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from apps.accounts.models import User
from apps.generation.models import Response
from apps.projects.models import Project
from apps.prompts.models import PromptImport
from apps.rating.models import (
    Annotation,
    Item,
    ItemResponse,
    Lease,
    LeaseState,
    Origin,
    PairOutcome,
    TextOutcome,
    ValueOutcome,
)
from tests.factories import PromptFactory, ResponseFactory, UserFactory

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def make_item(project: Project, *, texts: Sequence[str] = ("Yes.", "No."), **fields: Any) -> Item:
    """An item of responses with these texts.

    `fields` may hold `prompt`, `overlap`, a dict for all `responses`, and everything an item has.
    """
    prompt = fields.pop("prompt", None) or PromptFactory(project=project)
    details = fields.pop("responses", {})
    responses = [ResponseFactory(prompt=prompt, text=text, **details) for text in texts]
    key = ",".join(str(response.pk) for response in responses) or f"prompt {prompt.pk}"
    known = {"rubric": project.rubric, "overlap": project.overlap, "responses_key": key} | fields
    item = Item.objects.create(project=project, prompt=prompt, **known)
    for position, response in enumerate(responses):
        ItemResponse.objects.create(item=item, response=response, position=position)
    return item


def make_judged(project: Project, votes: str, *, raters: Sequence[User] | None = None, **fields: Any) -> Item:
    """An item with votes such as "a2 a1 tie", as many as it wants unless `overlap` says otherwise.

    The first rater sees a on the left, the second b, and so on.
    """
    words = votes.split()
    item = make_item(project, overlap=fields.pop("overlap", len(words)), **fields)
    people = raters or [UserFactory() for _ in words]
    for number, (word, rater) in enumerate(zip(words, people, strict=False)):
        cast_vote(item, rater, word, left=number % 2)
    return item


def cast_vote(
    item: Item, rater: User, word: str, *, left: int = 0, answers: dict[str, Any] | None = None
) -> Annotation:
    """Lease, annotation and outcome of one rater. `answers` are what is stored; outcomes follow `word`."""
    annotation = annotate(item, rater, shown=[left, 1 - left], answers=answers)
    compare(annotation, (0, 1), word)
    return annotation


def annotate(
    item: Item, rater: User, *, shown: Sequence[int] = (0, 1), answers: dict[str, Any] | None = None
) -> Annotation:
    """Lease and annotation of one rater, without an outcome."""
    at = START + timedelta(minutes=item.pk % 1000, seconds=shown[0] if shown else 0)
    lease = Lease.objects.create(
        project=item.project,
        item=item,
        rater=rater,
        state=LeaseState.SUBMITTED,
        shown_order=list(shown),
        started_at=at,
        expires_at=at,
        ended_at=at,
    )
    annotation = Annotation.objects.create(
        item=item,
        rater=rater,
        lease=lease,
        rubric=item.rubric,
        guideline=item.project.guideline,
        answers=answers or {},
    )
    Annotation.objects.filter(pk=annotation.pk).update(created_at=at)
    item.taken += 1
    item.counted += 1
    item.save(update_fields=["taken", "counted"])
    return annotation


def import_answer(item: Item, annotator: str, word: str, *, is_machine: bool = False) -> Annotation:
    """What somebody, or a program, said of the first two responses somewhere else."""
    source, _ = PromptImport.objects.get_or_create(project=item.project, file_name="votes.jsonl")
    annotation = Annotation.objects.create(
        item=item,
        origin=Origin.MACHINE if is_machine else Origin.IMPORTED,
        annotator=annotator,
        source=source,
        foreign_id=f"{annotator} {item.pk}",
        rubric=item.rubric,
        is_counted=False,
        answers={},
    )
    compare(annotation, (0, 1), word, steps=1)
    return annotation


def compare(annotation: Annotation, places: tuple[int, int], word: str, *, steps: int = 3) -> None:
    """What an annotation says of two of its item's responses: "a2", "b1", "tie"."""
    responses = list_responses(annotation.item)
    a, b = (responses[place] for place in places)
    prefers = word[1:].isdecimal()
    better, worse = (b, a) if prefers and word[0] == "b" else (a, b)
    PairOutcome.objects.create(
        annotation=annotation,
        item=annotation.item,
        a=better,
        b=worse,
        relation="prefers" if prefers else word,
        strength=int(word[1:]) if prefers else 0,
        steps=steps,
    )


def rate(annotation: Annotation, question: str, points: int, *, place: int | None) -> None:
    ValueOutcome.objects.create(
        annotation=annotation,
        item=annotation.item,
        question=question,
        response=_find(annotation.item, place),
        number=points,
    )


def write(annotation: Annotation, use: str, text: str, *, about: int | None = None) -> None:
    TextOutcome.objects.create(
        annotation=annotation,
        item=annotation.item,
        question=use,
        response=_find(annotation.item, about),
        use=use,
        text=text,
    )


def list_responses(item: Item) -> list[Response]:
    """In the order of the item."""
    return list(Response.objects.filter(slots__item=item).order_by("slots__position"))


def _find(item: Item, place: int | None) -> Response | None:
    return None if place is None else list_responses(item)[place]
