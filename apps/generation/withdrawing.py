"""Taking back what waits of a cancelled run, part by part.

Workers take nothing of it from the moment when it is cancelled. A part is a transaction that holds the run's
row and takes whole batches, so whoever resumes the run in the middle finds each as it was, or not at all.
"""

from bisect import bisect_right
from itertools import accumulate
from typing import Any

from django.db.models import Exists, Func, IntegerField, OuterRef

from apps.generation.models import Batch, BatchStatus, Response, ResponseStatus, Run
from apps.generation.waking import wake_steppers

AT_ONCE = 2000  # responses that are taken back while their page is asked for
PART = 10_000  # responses that one transaction takes back, in a second or so
NOT_WITHDRAWING: dict[str, Any] = {"taking_back": None, "taken_back": 0, "stuck": False}


class ArrayLength(Func):
    function = "jsonb_array_length"
    output_field = IntegerField()


def withdraw_run(*, run: Run) -> int:
    """Take back what waits: of a small run at once, of any other by a worker; returns how much that is.

    The caller holds the run's row, and it is cancelled.
    """
    waiting = run.responses.waiting().count()
    run.taking_back = waiting
    run.save(update_fields=NOT_WITHDRAWING)
    if waiting > AT_ONCE:
        wake_steppers()
    while run.is_withdrawing and waiting <= AT_ONCE:
        withdraw_part(run=run)
    return waiting


def withdraw_part(*, run: Run) -> None:
    """Take back the next batches that are not done. The caller holds the run's row."""
    wanted = _find_next(run)
    if wanted:
        run.taken_back += _take_back(run, wanted)
    else:
        run.taking_back, run.taken_back = None, 0
    run.save(update_fields=NOT_WITHDRAWING)


def _find_next(run: Run) -> list[int]:
    """Batches with about as many responses as a part has, or one."""
    # As the index has them, so that none is sorted.
    to_do = run.batches.to_do().order_by("config", "position", "pk")
    sizes = list(to_do.values_list("pk", ArrayLength("order"))[:PART])
    lengths = list(accumulate(max(1, size) for _, size in sizes))
    return [pk for pk, _ in sizes[: max(1, bisect_right(lengths, PART))]]


def _take_back(run: Run, wanted: list[int]) -> int:
    """Delete what waits in these batches, and those that brought nothing; returns how many responses.

    Nothing refers to a response that waits, so Django need not look for what does, which means reading all of
    them.
    """
    batches = Batch.objects.filter(pk__in=wanted)
    # The batches first: a worker that brings results locks its batch before it looks at the responses.
    list(batches.select_for_update().order_by("pk").values_list("pk"))
    # By number, since after a million new ones PostgreSQL may know nothing yet of which are many.
    rows = Response.objects.filter(batch__in=wanted).order_by().values_list("pk", "status")
    waiting = Response.objects.filter(pk__in=[pk for pk, status in rows if status == ResponseStatus.WAITING])
    number = waiting._raw_delete(waiting.db) or 0  # None where there is nothing to delete
    empty = batches.exclude(Exists(Response.objects.filter(batch=OuterRef("pk"))))
    empty._raw_delete(empty.db)
    batches.update(status=BatchStatus.DONE, claim=None, claimed_until=None)
    return number
