"""Judged items, written straight into the tables: what a rater's submission leaves behind."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from apps.accounts.models import User
from apps.generation.models import Response
from apps.projects.models import Project
from apps.rating.models import Annotation, Item, ItemResponse, Lease, LeaseState, PairOutcome
from tests.factories import PromptFactory, ResponseFactory, UserFactory

START = datetime(2026, 3, 1, 9, 0, tzinfo=UTC)


def make_item(project: Project, *, texts: tuple[str, str] = ("Yes.", "No."), **fields: Any) -> Item:
    """An item of two responses. `fields` may hold `prompt`, `overlap`, and a dict for both `responses`."""
    prompt = fields.pop("prompt", None) or PromptFactory(project=project)
    details = fields.pop("responses", {})
    responses = [ResponseFactory(prompt=prompt, text=text, **details) for text in texts]
    item = Item.objects.create(
        project=project,
        prompt=prompt,
        rubric=project.rubric,
        responses_key=",".join(str(response.pk) for response in responses),
        overlap=fields.pop("overlap", project.overlap),
        **fields,
    )
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
    a, b = Response.objects.filter(slots__item=item).order_by("slots__position")
    at = START + timedelta(minutes=item.pk % 1000, seconds=left)
    lease = Lease.objects.create(
        project=item.project,
        item=item,
        rater=rater,
        state=LeaseState.SUBMITTED,
        shown_order=[left, 1 - left],
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
    prefers = word[1:].isdecimal()
    PairOutcome.objects.create(
        annotation=annotation,
        item=item,
        a=b if prefers and word[0] == "b" else a,
        b=a if prefers and word[0] == "b" else b,
        relation="prefers" if prefers else word,
        strength=int(word[1:]) if prefers else 0,
        steps=3,
    )
    item.taken += 1
    item.counted += 1
    item.save(update_fields=["taken", "counted"])
    return annotation
