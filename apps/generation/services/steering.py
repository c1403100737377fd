"""Steering runs that are there. Each function is one change, audited in its transaction."""

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import InvalidInputError
from apps.generation.errors import RunMovedError
from apps.generation.models import OPEN, BatchStatus, ModelConfig, Response, Run, RunStatus
from apps.generation.pausing import NOT_PAUSED
from apps.generation.planning import Unit
from apps.generation.promises import mend_responses, promise_responses
from apps.generation.services.runs import check_priority, record_run_event
from apps.generation.waking import wake_workers

LONGEST_REASON = 500
UNSAID = "No reason was given"


@transaction.atomic
def pause_run(*, run: Run, user: User | None, reason: str = "") -> Run:
    """Begin nothing more of it. What a worker is at just now is finished and kept.

    Raises:
        InvalidInputError: the reason is too long to be read.
        RunMovedError: the run is not running.
    """
    reason = " ".join(reason.split()) or UNSAID
    if len(reason) > LONGEST_REASON:
        raise InvalidInputError(f"Give a reason of at most {LONGEST_REASON} characters.")
    run = _lock(run)
    if run.status != RunStatus.RUNNING:
        raise RunMovedError(f"The run is {run.get_status_display()}, so there was nothing to pause.")
    run.status, run.paused_at, run.paused_by = RunStatus.PAUSED, timezone.now(), user
    run.pause_code, run.pause_reason = "", reason
    run.save(update_fields=["status", *NOT_PAUSED])
    record_run_event(run, user, "run.paused", reason=reason)
    return run


@transaction.atomic
def cancel_run(*, run: Run, user: User | None) -> Run:
    """Keep what is done and take back what waits. What a worker is at just now is dropped when it comes.

    Raises:
        RunMovedError: the run has ended already.
    """
    run = _lock(run)
    if run.status not in OPEN:
        raise RunMovedError("The run had ended already, so there was nothing to cancel.")
    waiting = _take_back(run)
    _end_pause(run)
    run.status, run.ended_at = RunStatus.CANCELLED, timezone.now()
    run.save()
    record_run_event(run, user, "run.cancelled", waiting=waiting)
    return run


def _take_back(run: Run) -> int:
    """Delete what waits, and the batches that brought nothing; returns how many responses that were.

    Conditions throughout, since a run may have more batches than a statement has parameters. Nothing refers
    to a response that waits, so Django need not look for what does, which means reading all of them.
    """
    # The batches first: a worker that brings results locks its batch before it looks at the responses.
    for _ in run.batches.to_do().select_for_update().order_by("pk").values_list("pk").iterator():
        pass
    waiting = run.responses.waiting()
    number = waiting._raw_delete(waiting.db)
    empty = run.batches.to_do().exclude(Exists(Response.objects.filter(batch=OuterRef("pk"))))
    empty._raw_delete(empty.db)
    run.batches.to_do().update(status=BatchStatus.DONE, claim=None, claimed_until=None)
    return number


@transaction.atomic
def resume_run(*, run: Run, user: User | None, retry: bool = False) -> Run:
    """Let a paused or cancelled run complete what is missing.

    Args:
        retry: let what failed wait again too, as `retry_failed` does.

    Raises:
        RunMovedError: the run is neither paused nor cancelled.
    """
    run = _lock(run)
    if run.status in {RunStatus.RUNNING, RunStatus.FINISHED}:
        raise RunMovedError("The run was neither paused nor cancelled, so there was nothing to resume.")
    missing = _find_missing(run) if run.status == RunStatus.CANCELLED else {}
    promise_responses(run=run, wanted=missing, position=_next_position(run))
    retried = mend_responses(run=run, position=_next_position(run)) if retry else 0
    _set_going(run)
    waiting = run.responses.waiting().count()
    record_run_event(run, user, "run.resumed", responses=waiting, retried=retried)
    wake_workers()
    return run


def _find_missing(run: Run) -> dict[ModelConfig, Sequence[Unit]]:
    prompts = run.prompts.order_by("pk").values_list("pk", flat=True)
    there = set(run.responses.order_by().values_list("config", "prompt", "sample"))
    return {
        config: [
            (prompt, sample)
            for prompt in prompts
            for sample in range(run.samples)
            if (config.pk, prompt, sample) not in there
        ]
        for config in run.configs.all()
    }


@transaction.atomic
def retry_failed(*, run: Run, user: User | None) -> Run:
    """Let the failed responses wait again, in new batches with new seeds. What is done stays as it is.

    Raises:
        RunMovedError: nothing failed, or the run is paused or cancelled.
    """
    run = _lock(run)
    if run.status in {RunStatus.PAUSED, RunStatus.CANCELLED}:
        raise RunMovedError(
            f"The run is {run.get_status_display()}. Resume it first; what failed can then be retried."
        )
    number = mend_responses(run=run, position=_next_position(run))
    if not number:
        raise RunMovedError("No response of this run is marked as failed, so there was nothing to retry.")
    if run.status == RunStatus.FINISHED:
        _set_going(run)
    record_run_event(run, user, "run.retried", responses=number)
    wake_workers()
    return run


@transaction.atomic
def change_priority(*, run: Run, user: User | None, priority: int) -> Run:
    """Runs with a higher priority are worked at first; the next batch that is begun follows it.

    Raises:
        NothingToGenerateError: it is out of range.
        RunMovedError: the run has ended.
    """
    check_priority(priority)
    run = _lock(run)
    if run.status not in OPEN:
        raise RunMovedError("The run has ended, so its priority changes nothing.")
    if run.priority != priority:
        changes = [run.priority, priority]
        run.priority = priority
        run.save(update_fields=["priority"])
        record_run_event(run, user, "run.priority_changed", priority=changes)
    return run


def _lock(run: Run) -> Run:
    return Run.objects.select_for_update().get(pk=run.pk)


def _end_pause(run: Run) -> None:
    for name, value in NOT_PAUSED.items():
        setattr(run, name, value)
    run.fault_streaks = {}


def _set_going(run: Run) -> None:
    _end_pause(run)
    run.status, run.started_at, run.ended_at = RunStatus.RUNNING, timezone.now(), None
    run.save()


def _next_position(run: Run) -> int:
    last = run.batches.aggregate(last=Max("position"))["last"]
    return 0 if last is None else last + 1
