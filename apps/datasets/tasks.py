"""Background work of the datasets room. Each task may run twice, at once, or late."""

from celery import shared_task

from apps.datasets.counting_work import work_off_counts
from apps.datasets.held_out import check_all_held_out
from apps.datasets.snapshots.storing import sweep_strays
from apps.datasets.snapshots.work import fail_hopeless_snapshots, work_off_snapshots


@shared_task
def work_snapshots() -> None:
    work_off_snapshots()


@shared_task
def sweep_snapshots() -> None:
    fail_hopeless_snapshots()
    work_off_snapshots()


@shared_task
def tidy_snapshots() -> None:
    sweep_strays()


@shared_task
def check_held_out_lists() -> None:
    check_all_held_out()


@shared_task
def work_counts() -> None:
    work_off_counts()
