"""Steering runs that are there. Each function is one change, audited in its transaction."""

from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from apps.accounts.models import User
from apps.core.errors import InvalidInputError
from apps.generation.errors import RunMovedError
from apps.generation.models import OPEN, UNCLAIMED, ModelConfig, Run, RunStatus
from apps.generation.patience import NOT_WAITING
from apps.generation.pausing import NOT_PAUSED
from apps.generation.preparing import prepare_run
from apps.generation.services.runs import check_priority, record_run_event
from apps.generation.waking import wake_steppers, wake_workers
from apps.generation.withdrawing import NOT_WITHDRAWING, withdraw_run

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

    Of a large run a worker takes it back; where that failed, cancelling once more tries it again.

    Raises:
        RunMovedError: the run has ended already.
    """
    run = _lock(run)
    if run.status not in OPEN and not run.stuck:
        raise RunMovedError("The run had ended already, so there was nothing to cancel.")
    _begin_anew(run)
    run.prepared_through, run.retried_before, run.cut_anew = None, None, False
    run.status, run.ended_at = RunStatus.CANCELLED, run.ended_at or timezone.now()
    run.save()
    waiting = withdraw_run(run=run)
    record_run_event(run, user, "run.cancelled", waiting=waiting)
    return run


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
    was_cancelled, retried = run.status == RunStatus.CANCELLED, run.responses.failed().count()
    _set_going(run)
    if was_cancelled or (retry and retried):
        prepare_run(run=run, retried_before=_last_failure(run) if retry else None)
    elif run.is_preparing:
        wake_steppers()
    owed = run.prompts.count() * run.samples * run.configs.count() - run.responses.done().count()
    again, failed = (retried, 0) if retry else (0, retried)
    record_run_event(run, user, "run.resumed", responses=owed - failed, retried=again)
    wake_workers()
    return run


def _last_failure(run: Run) -> datetime:
    """Told by the clocks of workers, not of this machine."""
    return run.responses.failed().aggregate(last=Max("finished_at"))["last"] or timezone.now()


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
    number = run.responses.failed().count()
    if not number:
        raise RunMovedError("No response of this run is marked as failed, so there was nothing to retry.")
    if run.status == RunStatus.FINISHED:
        _set_going(run)
    prepare_run(run=run, retried_before=_last_failure(run))
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


def _begin_anew(run: Run) -> None:
    """Forget what held it up; a worker that is just at a part of it finds its claim gone."""
    for name, value in (NOT_PAUSED | NOT_WITHDRAWING | UNCLAIMED).items():
        setattr(run, name, value)
    run.fault_streaks = {}


def _set_going(run: Run) -> None:
    _begin_anew(run)
    run.status, run.started_at, run.ended_at = RunStatus.RUNNING, timezone.now(), None
    run.save()
    # Somebody wants it tried now: patience begins anew.
    ModelConfig.objects.filter(runs=run).update(**NOT_WAITING)
