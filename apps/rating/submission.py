"""Answering: what a rater sends becomes an annotation and its outcomes. It may be sent twice."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar
from uuid import UUID, uuid4

from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import NotFoundError
from apps.projects.models import Project, Stage, get_rubric
from apps.projects.questions.base import LETTERS, Shown
from apps.projects.questions.results import Subject
from apps.projects.rubric_answers import InvalidAnswersError, validate_answers
from apps.projects.rubrics import RubricDocument
from apps.rating import queue
from apps.rating.allocation import pick_item
from apps.rating.leases import NOT_HELD
from apps.rating.models import Annotation, Lease, LeaseState
from apps.rating.outcomes import Outcomes, derive
from apps.rating.subjects import get_subject

LONGEST = timedelta(minutes=20)  # a longer time between opening and sending is a break, not work
PACE_WEIGHT = 0.2  # of the newest time in the moving mean
P = ParamSpec("P")
T = TypeVar("T")
RawAnswers = Callable[[RubricDocument, Sequence[Shown]], dict[str, Any]]


class _MovedError(Exception):
    """The item moved to another version of the rubric after its rubric was read, and before it was locked."""


def _again_if_moved(submit: Callable[P, T]) -> Callable[P, T]:
    """Nothing was stored then: what was sent is read again, by what the item asks now."""

    @wraps(submit)
    def inner(*args: P.args, **kwargs: P.kwargs) -> T:
        while True:
            try:
                return submit(*args, **kwargs)
            except _MovedError:
                continue

    return inner


class Placed(NamedTuple):
    """A response where the lease has it."""

    letter: str
    uid: str


def place_responses(shown_order: Sequence[int], uids: Sequence[str]) -> list[Placed]:
    """The item's responses, given by position, from left to right."""
    return [
        Placed(letter, uids[place])
        for letter, place in zip(LETTERS, shown_order, strict=False)
        if place < len(uids)
    ]


@dataclass(frozen=True)
class _Work:
    """A lease, locked, and what its item is. `responses` are (row, uid) by position."""

    project_id: int
    rater_id: int
    lease_id: int
    lease_state: str
    is_told: bool
    started_at: datetime
    item_id: int
    rubric_id: int
    cursor: int
    leases_given: int
    seed: UUID
    guideline_id: int
    shown_order: list[int]
    responses: list[tuple[int, str]]

    @property
    def shown(self) -> list[Placed]:
        return place_responses(self.shown_order, [uid for _, uid in self.responses])

    @property
    def subject(self) -> Subject:
        return get_subject(item=self.item_id, uids=[uid for _, uid in self.responses])


@_again_if_moved
@transaction.atomic
def submit_annotation(
    *,
    project: Project,
    rater: User,
    lease_uid: str,
    answers: RawAnswers,
    active_seconds: int | None = None,
) -> Annotation:
    """Store the answers of a lease; sending them again returns the first annotation unchanged.

    So does sending others then, and the annotation says that they are not what is stored: see
    `is_what_was_sent`. They are for `revise_annotation`.

    A submission after the lease's end takes a slot again if one is free; else it is kept, not counted. Nor is
    one of somebody who has read meanwhile what others said.

    Args:
        answers: the raw answers under the item's rubric, from data or from a page's form.
        active_seconds: how long the rater worked on it, as the page says; never more than it was held.

    Raises:
        NotFoundError: the lease is not this rater's.
        InvalidAnswersError: the answers do not fit the rubric.
    """
    return _submit(_lock_work(project, rater, lease_uid), answers, active_seconds)


@_again_if_moved
@transaction.atomic
def submit_and_pick(
    *,
    project: Project,
    rater: User,
    lease_uid: str,
    answers: RawAnswers,
    active_seconds: int | None = None,
) -> tuple[Annotation, Lease | None]:
    """Submit, and lease the next item in the same transaction; None where only `claim_next` can find one."""
    work = _lock_work(project, rater, lease_uid)
    annotation = _submit(work, answers, active_seconds)
    if work.lease_state != LeaseState.OPEN or project.stage == Stage.CLOSED:
        return annotation, None
    return annotation, pick_item(project=project, rater=work)


def _submit(work: _Work, answers: RawAnswers, active_seconds: int | None) -> Annotation:
    if work.lease_state == LeaseState.SUBMITTED:
        return _find_submitted(work, answers)
    rubric = get_rubric(work.rubric_id)
    checked = validate_answers(rubric, answers(rubric, work.shown), work.subject)
    is_counted = work.lease_state == LeaseState.OPEN or (not work.is_told and _take_place(work.item_id))
    outcomes = derive(rubric=rubric, answers=checked, responses=work.responses) if is_counted else Outcomes()
    now = timezone.now()
    active_seconds, seconds = _measure_time(now - work.started_at, active_seconds)
    annotation = Annotation(
        uid=uuid4(),
        item_id=work.item_id,
        rater_id=work.rater_id,
        lease_id=work.lease_id,
        rubric_id=work.rubric_id,
        guideline_id=work.guideline_id,
        answers=checked,
        is_counted=is_counted,
        active_seconds=active_seconds,
        created_at=now,
    )
    _store(annotation, outcomes, project_id=work.project_id, seconds=seconds)
    return annotation


def _store(annotation: Annotation, outcomes: Outcomes, *, project_id: int, seconds: float | None) -> None:
    """Write it and all that follows from it. `seconds` go into the rater's pace."""
    stored = {
        **_list_columns(annotation),
        "project": project_id,
        "pairs": json.dumps(outcomes.pairs),
        "today": timezone.localdate(annotation.created_at),
        "seconds": seconds,
        "weight": PACE_WEIGHT,
    }
    store = queue.STORE
    if outcomes.values or outcomes.texts:
        stored |= {"values": json.dumps(outcomes.values), "texts": json.dumps(outcomes.texts)}
        store = queue.STORE_ALL
    with connection.cursor() as cursor:
        cursor.execute(store, stored)
        annotation.pk, rubric_id = cursor.fetchone()
    if rubric_id != annotation.rubric_id:
        raise _MovedError


def _list_columns(annotation: Annotation) -> dict[str, Any]:
    return {
        "uid": annotation.uid,
        "item": annotation.item_id,
        "rater": annotation.rater_id,
        "lease": annotation.lease_id,
        "rubric": annotation.rubric_id,
        "guideline": annotation.guideline_id,
        "answers": json.dumps(annotation.answers),
        "is_counted": annotation.is_counted,
        "active": annotation.active_seconds,
        "now": annotation.created_at,
    }


def _measure_time(held: timedelta, active_seconds: int | None) -> tuple[int | None, float | None]:
    """The active time, no longer than the item was held, and what goes into the pace; None for no work."""
    if active_seconds is not None:
        active_seconds = min(active_seconds, round(held.total_seconds()))
        held = timedelta(seconds=active_seconds)
    return active_seconds, held.total_seconds() if held < LONGEST else None


def _take_place(item_id: int) -> bool:
    """Whether the item can be answered by one more: then a place there is theirs."""
    with connection.cursor() as cursor:
        cursor.execute(queue.TAKE_PLACE, {"item": item_id})
        return bool(cursor.fetchone()[0])


def _find_submitted(work: _Work, sent: RawAnswers) -> Annotation:
    """By the version that it was given under: the item may have left that, where it was not counted."""
    annotation = Annotation.objects.current().get(lease_id=work.lease_id)
    rubric = get_rubric(annotation.rubric_id)
    try:
        checked = validate_answers(rubric, sent(rubric, work.shown), work.subject)
    except InvalidAnswersError:
        checked = None
    annotation.is_what_was_sent = checked == annotation.answers
    return annotation


def _lock_work(project: Project, rater: User, lease_uid: str) -> _Work:
    with connection.cursor() as cursor:
        cursor.execute(queue.WORK, {"project": project.pk, "rater": rater.pk, "lease": lease_uid})
        row = cursor.fetchone()
    if row is None:
        raise NotFoundError(NOT_HELD)
    return _Work(*row)
