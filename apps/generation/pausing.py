"""A run whose model or server fails again and again pauses by itself, before it has failed everything."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.core.audit import record_event
from apps.generation.models import Batch, Run, RunStatus
from apps.generation.providers.base import Completion, Outcome
from apps.generation.providers.errors import ProviderError

TOO_MANY = 5  # in a row; each of them was tried several times where that may help
NOT_PREPARED = "not_prepared"
UNPREPARED = (
    "Not all of its responses could be prepared. Those that are stay, and resuming goes on with the rest; "
    "the worker’s log says what went wrong"
)
KILLED = (
    "Preparing its next responses ended the worker five times. Those that are prepared stay; most likely the "
    "worker’s memory is too small: see to that, then resume"
)

NOT_PAUSED: dict[str, Any] = {"paused_at": None, "paused_by": None, "pause_code": "", "pause_reason": ""}


def count_streak(before: int, outcomes: Iterable[Outcome]) -> int:
    """How many faults of the provider there are in a row after these outcomes; a pure function.

    An answer ends the row. A fault that is about its prompt says nothing of the provider. One that a whole
    call ended with counts once, however many responses the call was to bring.
    """
    streak, counted = before, set[int]()
    for outcome in outcomes:
        if isinstance(outcome, Completion):
            streak = 0
        elif not outcome.is_about_prompt and id(outcome) not in counted:
            counted.add(id(outcome))
            streak += 1
    return streak


def note_outcomes(*, batch: Batch, outcomes: Mapping[str, Outcome]) -> bool:
    """Count the provider's faults in a row, over all workers; True where the run pauses over them now.

    The count is one of the run's row, so workers wait for each other only while something is wrong.
    """
    key, said = str(batch.config_id), list(outcomes.values())
    if any(map(_is_of_provider, said)):
        return _lengthen_streak(batch, key, said)
    if any(isinstance(outcome, Completion) for outcome in said):
        _end_streak(batch, key)
    return False


@transaction.atomic
def _end_streak(batch: Batch, key: str) -> None:
    # Nearly always there is none, and then no row is locked.
    for run in Run.objects.filter(pk=batch.run_id, fault_streaks__has_key=key).select_for_update():
        del run.fault_streaks[key]
        run.save(update_fields=["fault_streaks"])


@transaction.atomic
def _lengthen_streak(batch: Batch, key: str, outcomes: Sequence[Outcome]) -> bool:
    run = Run.objects.select_for_update().get(pk=batch.run_id)
    run.fault_streaks[key] = count_streak(run.fault_streaks.get(key, 0), outcomes)
    run.save(update_fields=["fault_streaks"])
    if run.fault_streaks[key] < TOO_MANY or run.status != RunStatus.RUNNING:
        return False
    if not run.is_preparing and not run.batches.to_do().exists():
        return False  # it ends by itself, and what failed can be retried
    fault = next(one for one in reversed(outcomes) if _is_of_provider(one))
    _pause(run, batch, fault)
    return True


def _is_of_provider(outcome: Outcome) -> bool:
    return isinstance(outcome, ProviderError) and not outcome.is_about_prompt


def _pause(run: Run, batch: Batch, fault: Outcome) -> None:
    assert isinstance(fault, ProviderError)  # noqa: S101 — `_is_of_provider` chose it
    _rest(run, fault.code, f"{batch.config.name}: {fault.said}", config=batch.config_id)


@transaction.atomic
def pause_unprepared(*, run: Run, why: str = UNPREPARED) -> None:
    """Let a run rest whose responses cannot be put into batches: else it is tried again for ever."""
    for held in Run.objects.preparing().filter(pk=run.pk, claim=run.claim).select_for_update():
        _rest(held, NOT_PREPARED, why)


def _rest(run: Run, code: str, reason: str, **data: Any) -> None:
    run.status, run.paused_at, run.paused_by = RunStatus.PAUSED, timezone.now(), None
    run.pause_code, run.pause_reason = code, reason
    run.save(update_fields=["status", *NOT_PAUSED])
    subject = f"run:{run.pk}"
    record_event(
        actor=None, action="run.paused", subject=subject, project=run.project.slug, code=code, **data
    )
