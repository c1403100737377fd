"""Background work of the generation room. Each task may run twice, at once, or late."""

from celery import shared_task

from apps.generation.steps import work_off_steps
from apps.generation.work import sweep, work_off_batches


@shared_task
def drain_generation() -> None:
    work_off_batches()


@shared_task
def step_generation() -> None:
    work_off_steps()


@shared_task
def sweep_generation() -> None:
    sweep()
