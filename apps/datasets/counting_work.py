"""Counts in the background: asked for, claimed by one worker, kept in the database."""

import time
import uuid
from collections.abc import Iterable
from datetime import timedelta

from celery import current_app
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Now
from django.utils import timezone

from apps.accounts.models import User
from apps.core.reading_ahead import read_ahead
from apps.datasets.models import RecipeCount
from apps.datasets.models.counts import MOST_ATTEMPTS
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.surveying import Survey, survey_project
from apps.projects.models import Project

WORK = "apps.datasets.tasks.work_counts"
LEASE = timedelta(seconds=60)
BEAT = 1.0  # seconds between two words of how far it is
KEPT = 40  # counts that a project keeps
GAVE_UP = "Counting took its worker down five times. Nothing else was changed; count again, or ask for help."
WENT_WRONG = "The count ended with an error. Nothing else was changed; count again, or ask for help."


class CountLostError(Exception):
    """Nobody waits for it any more, or another worker has it: whoever meets this stops."""


def request_count(*, project: Project, document: RecipeDocument, user: User) -> RecipeCount:
    """Have it counted; what the same person asked for before and has not seen yet is let go."""
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        counts = RecipeCount.objects.filter(project=project)
        counts.wanted().filter(wanted_by=user).exclude(digest=document.digest).update(
            wanted_at=None, claim=None, claimed_until=None
        )
        known, _ = counts.get_or_create(
            digest=document.digest,
            defaults={"project": project, "document": document.model_dump(mode="json")},
        )
        if not known.is_under_way:
            known.wanted_at, known.wanted_by, known.error = timezone.now(), user, ""
            known.done = known.total = known.attempts = 0
            known.save()
        _forget_old(project, known)
        # A broker that is away delays it until the next sweep.
        transaction.on_commit(lambda: current_app.send_task(WORK, expires=60, retry=False), robust=True)
    return known


def _forget_old(project: Project, newest: RecipeCount) -> None:
    idle = RecipeCount.objects.filter(project=project, wanted_at=None).exclude(pk=newest.pk)
    old = idle.order_by(F("counted_at").desc(nulls_last=True))[KEPT:]
    RecipeCount.objects.filter(pk__in=list(old.values_list("pk", flat=True))).delete()


def work_off_counts() -> None:
    """Do all that nobody does."""
    while claimed := claim_count():
        do_count(claimed)


def claim_count() -> RecipeCount | None:
    """One that nobody does, the oldest first."""
    with transaction.atomic():
        known = RecipeCount.objects.free().select_for_update(skip_locked=True).order_by("wanted_at").first()
        if known is None:
            return None
        if known.attempts >= MOST_ATTEMPTS:
            _end(known, error=GAVE_UP)
            return None
        known.claim, known.attempts = uuid.uuid4(), known.attempts + 1
        RecipeCount.objects.filter(pk=known.pk).update(
            claim=known.claim,
            claimed_until=Now() + Value(LEASE),
            attempts=known.attempts,
            done=0,
            total=known.project.prompts.count(),
        )
    return known


def do_count(claimed: RecipeCount) -> None:
    """Count it; an error ends it and is passed on.

    It is read in another thread, whose transaction sees one moment alone and is seen by nobody.
    """
    began = time.perf_counter()
    try:
        document = RecipeDocument.model_validate(claimed.document)
        survey = Survey(document.formats)
        with read_ahead(survey_project(claimed.project, document, survey)) as parts:
            _follow(claimed, parts)
    except CountLostError:
        return
    except Exception:
        _end(claimed, error=WENT_WRONG)
        raise
    figures = survey.finish().model_dump(mode="json")
    _end(claimed, figures=figures, counted_at=timezone.now(), seconds=time.perf_counter() - began)


def _follow(claimed: RecipeCount, parts: Iterable[int]) -> None:
    """Say now and then how far it is, and hold the claim."""
    last = time.monotonic()
    for done in parts:
        if time.monotonic() - last < BEAT:
            continue
        last = time.monotonic()
        held = RecipeCount.objects.filter(pk=claimed.pk, claim=claimed.claim)
        if not held.update(done=done, claimed_until=Now() + Value(LEASE)):
            raise CountLostError


def _end(known: RecipeCount, **fields: object) -> None:
    RecipeCount.objects.filter(pk=known.pk, claim=known.claim).update(
        wanted_at=None, claim=None, claimed_until=None, **fields
    )
