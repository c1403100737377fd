"""Jobs: one at a time, claimed by one worker, cancelled, lost, taken over."""

from datetime import timedelta

import pytest
from django.db import IntegrityError
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import ConflictError
from apps.projects.models import Project
from apps.prompts.models import JobKind, JobStatus, PromptJob
from apps.prompts.prompt_jobs import (
    Claimed,
    JobLostError,
    cancel_job,
    claim_job,
    do_job,
    request_all_jobs,
    request_job,
)

pytestmark = pytest.mark.django_db


def claim(project: Project) -> Claimed:
    request_job(project=project, kind=JobKind.DUPLICATES)
    claimed = claim_job()
    assert claimed is not None
    return claimed


def test_two_requests_are_one_job_that_goes_round_twice(project: Project) -> None:
    claimed = claim(project)
    rounds = []

    def work(current: Claimed) -> None:
        if not rounds:
            request_job(project=project, kind=JobKind.DUPLICATES)
        rounds.append(current)

    do_job(claimed, work)
    assert len(rounds) == 2
    assert PromptJob.objects.get().status == JobStatus.FINISHED


def test_the_database_allows_one_of_a_kind(project: Project) -> None:
    request_job(project=project, kind=JobKind.DUPLICATES)
    with pytest.raises(IntegrityError):
        PromptJob.objects.create(project=project, kind=JobKind.DUPLICATES)


def test_nobody_else_gets_it_while_its_worker_lives(project: Project) -> None:
    claim(project)
    assert claim_job() is None


def test_a_silent_worker_loses_it_and_stops(project: Project) -> None:
    first = claim(project)
    PromptJob.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    second = claim_job()
    assert second is not None
    with pytest.raises(JobLostError):
        first.tell(1)
    second.begin("Reading", 10)
    second.tell(4)
    job = PromptJob.objects.get()
    assert (job.step, job.done, job.total) == ("Reading", 4, 10)


def test_cancelling_stops_the_work_at_its_next_word(project: Project, curator: User) -> None:
    claimed = claim(project)

    def work(current: Claimed) -> None:
        cancel_job(job=current.job, user=curator)
        current.tell(1)
        raise AssertionError("it went on")

    do_job(claimed, work)
    assert PromptJob.objects.get().status == JobStatus.CANCELLED
    with pytest.raises(ConflictError):
        cancel_job(job=claimed.job, user=curator)


def test_an_error_ends_it_and_says_so(project: Project) -> None:
    def work(current: Claimed) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        do_job(claim(project), work)
    job = PromptJob.objects.get()
    assert job.status == JobStatus.FAILED
    assert "start it again" in job.error


def test_what_takes_its_worker_down_five_times_is_given_up(project: Project) -> None:
    request_job(project=project, kind=JobKind.DUPLICATES)
    for _ in range(5):
        assert claim_job() is not None
        PromptJob.objects.update(claimed_until=timezone.now() - timedelta(seconds=1))
    assert claim_job() is None
    assert PromptJob.objects.get().status == JobStatus.FAILED


def test_after_prompts_came_in_both_are_due(project: Project) -> None:
    request_all_jobs(project=project)
    assert set(PromptJob.objects.values_list("kind", flat=True)) == set(JobKind)
