"""How far a job over prompts is, as a page says it."""

from dataclasses import dataclass
from datetime import datetime

from apps.core.words import count
from apps.projects.models import Project
from apps.prompts.models import JobKind, JobStatus, PromptJob


@dataclass(frozen=True)
class JobPace:
    """`rate` is prompts a second; it and `seconds_left` are None where nothing tells."""

    job: PromptJob
    rate: float | None
    seconds_left: float | None


def list_running(*, project: Project, now: datetime) -> list[JobPace]:
    jobs = PromptJob.objects.running().filter(project=project).order_by("id")
    return [_measure(job, now) for job in jobs]


def _measure(job: PromptJob, now: datetime) -> JobPace:
    seconds = (now - job.step_began_at).total_seconds() if job.step_began_at else 0.0
    if not job.done or seconds <= 0:
        return JobPace(job, None, None)
    rate = job.done / seconds
    return JobPace(job, rate, max(0, job.total - job.done) / rate)


def describe_last(*, project: Project) -> str:
    """What came of the last look for near-duplicates; empty where there was none."""
    job = PromptJob.objects.filter(project=project, kind=JobKind.DUPLICATES).exclude(status="running").first()
    if job is None:
        return ""
    if job.status == JobStatus.FAILED:
        return f"The last look failed. {job.error}"
    if job.status == JobStatus.CANCELLED:
        return "The last look was cancelled. What it wrote is kept; the next goes on from there."
    joined = job.result.get("prompts", 0)
    if not joined:
        return "The last look found nothing new."
    groups = count(job.result.get("clusters", 0), "new group")
    return f"The last look put {count(joined, 'prompt')} into groups, among them {groups}."
