"""Background work of the generation room. Each task may run twice, at once, or late."""

from celery import shared_task

from apps.generation.preparation_work import prepare_runs
from apps.generation.work import sweep, work_off_batches


@shared_task
def drain_generation() -> None:
    work_off_batches()


@shared_task
def prepare_generation() -> None:
    prepare_runs()


@shared_task
def sweep_generation() -> None:
    sweep()
