"""Long work over a project's prompts: asked for, claimed by one worker, told about as it goes."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from celery import current_app
from django.db import transaction
from django.db.models import F, Value
from django.db.models.functions import Now
from django.utils import timezone

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.core.errors import ConflictError
from apps.projects.models import Project
from apps.prompts.models import JobKind, JobStatus, PromptJob
from apps.prompts.models.prompt_jobs import MOST_ATTEMPTS

WORK = "apps.prompts.tasks.work_prompt_jobs"
LEASE = timedelta(seconds=90)


class JobLostError(Exception):
    """It was cancelled, or another worker has it: whoever meets this stops."""


@dataclass
class Claimed:
    """A job in the hands of this worker."""

    job: PromptJob
    claim: uuid.UUID

    def begin(self, step: str, total: int) -> None:
        self._write(step=step, done=0, total=total, step_began_at=timezone.now())

    def tell(self, done: int) -> None:
        """So many prompts of this step are done. Say so at least every minute, or the claim is gone."""
        self._write(done=done)

    def note(self, **result: int) -> None:
        self.job.result = {**self.job.result, **result}
        self._write(result=self.job.result)

    def _write(self, **fields: object) -> None:
        held = PromptJob.objects.running().filter(pk=self.job.pk, claim=self.claim)
        if not held.update(claimed_until=Now() + Value(LEASE), **fields):
            raise JobLostError


Work = Callable[[Claimed], None]


def request_job(*, project: Project, kind: JobKind, user: User | None = None) -> PromptJob:
    """Have it done once more; the one that is under way does another round when it is through."""
    with transaction.atomic():
        Project.objects.select_for_update(no_key=True).get(pk=project.pk)
        job = PromptJob.objects.running().filter(project=project, kind=kind).first()
        if job is None:
            job = PromptJob.objects.create(project=project, kind=kind, created_by=user)
        else:
            PromptJob.objects.filter(pk=job.pk).update(again=True)
        # A broker that is away delays it until the next sweep.
        transaction.on_commit(lambda: current_app.send_task(WORK, expires=60, retry=False), robust=True)
    return job


def request_all_jobs(*, project: Project, user: User | None = None) -> None:
    """What is due after prompts came in."""
    for kind in (JobKind.LANGUAGES, JobKind.DUPLICATES):
        request_job(project=project, kind=kind, user=user)


def cancel_job(*, job: PromptJob, user: User) -> None:
    """Stop it. What it wrote stays, and the next one goes on from there."""
    with transaction.atomic():
        stopped = PromptJob.objects.running().filter(pk=job.pk)
        if not stopped.update(
            status=JobStatus.CANCELLED, finished_at=timezone.now(), claim=None, claimed_until=None
        ):
            raise ConflictError("This work had ended already; nothing was changed.")
        record_event(
            actor=user, action=f"prompts.{job.kind}_cancelled", subject=f"project:{job.project.slug}"
        )


def claim_job() -> Claimed | None:
    """A job that nobody has, oldest first."""
    claim = uuid.uuid4()
    with transaction.atomic():
        job = PromptJob.objects.free().select_for_update(skip_locked=True).order_by("id").first()
        if job is None:
            return None
        if job.attempts >= MOST_ATTEMPTS:
            _end(
                job,
                JobStatus.FAILED,
                "It took its worker down five times. What it wrote is kept; start it again.",
            )
            return None
        job.claim, job.attempts = claim, job.attempts + 1
        PromptJob.objects.filter(pk=job.pk).update(
            claim=claim, claimed_until=Now() + Value(LEASE), attempts=F("attempts") + 1
        )
    return Claimed(job, claim)


def do_job(claimed: Claimed, work: Work) -> None:
    """Do it, and again where prompts came in meanwhile; an error ends it and is passed on."""
    try:
        work(claimed)
        while _wants_more(claimed):
            work(claimed)
    except JobLostError:
        return
    except Exception:
        _end(claimed.job, JobStatus.FAILED, "Something went wrong. What it wrote is kept; start it again.")
        raise


def _wants_more(claimed: Claimed) -> bool:
    """Whether another round was asked for; if not, it is finished. One statement each, so none is lost."""
    held = PromptJob.objects.running().filter(pk=claimed.job.pk, claim=claimed.claim)
    if held.filter(again=True).update(again=False, attempts=0):
        return True
    ended = held.filter(again=False).update(
        status=JobStatus.FINISHED, finished_at=timezone.now(), claim=None, claimed_until=None
    )
    return not ended and held.exists()


def _end(job: PromptJob, status: JobStatus, error: str) -> None:
    PromptJob.objects.running().filter(pk=job.pk).update(
        status=status, error=error, finished_at=timezone.now(), claim=None, claimed_until=None
    )
