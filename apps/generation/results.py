"""Writing what a model answered, exactly once."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.core.storable import make_storable
from apps.generation.models import OPEN, Batch, BatchStatus, Response, ResponseStatus, Run, RunStatus
from apps.generation.patience import grant_patience
from apps.generation.pausing import NOT_PAUSED, note_outcomes
from apps.generation.providers.base import Completion, Outcome
from apps.generation.providers.errors import ProviderError, WorkerLostError
from apps.generation.writing import update_responses

WRITTEN = (
    "status", "text", "reasoning", "model", "revision", "template", "sampling", "system_prompt", "seed",
    "tokens_in", "tokens_out", "latency_ms", "finish_reason", "error_code", "error", "finished_at",
)  # fmt: skip


def store_outcomes(*, batch: Batch, outcomes: Mapping[str, Outcome], now: datetime | None = None) -> bool:
    """Write the outcomes, by the responses' uids, and close the batch; pause a run that only fails.

    Where the server asked for patience the batch goes back, and what it has not answered waits on in it.

    Returns False, and writes nothing, where the batch is not the caller's any more: the run was cancelled, or
    the caller was silent for so long that another worker took the batch over.
    """
    standing = grant_patience(batch=batch, outcomes=outcomes)
    if not _store(batch, standing, now):
        return False
    # Afterwards, since whoever cancels a run locks it before its batches.
    note_outcomes(batch=batch, outcomes=standing)
    return True


@transaction.atomic
def _store(batch: Batch, outcomes: Mapping[str, Outcome], now: datetime | None) -> bool:
    assert batch.claim is not None  # noqa: S101 — it came from `claim_batch`
    mine = Batch.objects.held(batch.claim).filter(pk=batch.pk, run__status__in=OPEN)
    held = mine.select_for_update(of=("self",)).first()
    if held is None:
        return False
    _write(held, outcomes, now or timezone.now())
    return True


def _write(batch: Batch, outcomes: Mapping[str, Outcome], now: datetime) -> None:
    waiting = list(batch.responses.waiting().select_for_update().order_by("pk"))
    responses = [response for response in waiting if str(response.uid) in outcomes]
    for response in responses:
        outcome = outcomes[str(response.uid)]
        _describe_source(response, batch)
        if isinstance(outcome, Completion):
            _fill(response, outcome)
        else:
            _fail(response, outcome)
        response.finished_at = now
    if responses:
        update_responses(responses, WRITTEN)
    if outcomes:  # added to what an earlier part of its answers told
        batch.made_with |= describe_making(batch, outcomes.values())
    batch.claim, batch.claimed_until = None, None
    if len(responses) < len(waiting):
        batch.status, batch.attempts = BatchStatus.WAITING, batch.attempts - 1
    else:
        batch.status, batch.ended_at = BatchStatus.DONE, now
    batch.save(update_fields=["status", "claim", "claimed_until", "attempts", "ended_at", "made_with"])


def describe_making(batch: Batch, outcomes: Iterable[Outcome]) -> dict[str, Any]:
    """What made the batch's texts, beside its order and its seed. What no answer told is left out."""
    making: dict[str, Any] = {
        "model": batch.config.model,
        "sampling": batch.config.sampling,
        "system_prompt": batch.config.system_prompt,
    }
    answer = next((one for one in outcomes if isinstance(one, Completion)), None)
    if answer:
        making |= {"revision": make_storable(answer.revision), "template": answer.template}
    return making


def _describe_source(response: Response, batch: Batch) -> None:
    response.model = batch.config.model
    response.sampling = batch.config.sampling
    response.system_prompt = batch.config.system_prompt


def _fill(response: Response, completion: Completion) -> None:
    response.status = ResponseStatus.DONE
    response.text = make_storable(completion.text)
    response.reasoning = make_storable(completion.reasoning)
    response.template = completion.template
    response.revision = make_storable(completion.revision)
    response.seed = completion.seed
    response.tokens_in, response.tokens_out = completion.tokens_in, completion.tokens_out
    response.latency_ms = completion.latency_ms
    response.finish_reason = make_storable(completion.finish_reason)


def _fail(response: Response, error: ProviderError) -> None:
    response.status = ResponseStatus.FAILED
    response.error_code, response.error = error.code, make_storable(error.message)
    response.reasoning = make_storable(error.reasoning)


def fail_hopeless_batches() -> int:
    """Give up on batches that took their worker down again and again; returns how many."""
    batches = _fail_hopeless()
    for batch in batches:
        note_outcomes(batch=batch, outcomes={"": WorkerLostError()})
    return len(batches)


@transaction.atomic
def _fail_hopeless() -> list[Batch]:
    batches = list(Batch.objects.hopeless().select_for_update(skip_locked=True, of=("self",)))
    for batch in batches:
        _write(batch, dict.fromkeys(batch.order, WorkerLostError()), timezone.now())
    return batches


@transaction.atomic
def finish_runs(*, now: datetime | None = None) -> int:
    """Close the runs with nothing left to do, paused ones too; returns how many.

    Whoever gives a run more to do locks it first. So the runs are looked at again once they are locked: a
    statement that waited for a lock would still see the batches of the moment when it began.
    """
    locked = Run.objects.worked_off().select_for_update(skip_locked=True, of=("self",))
    runs = Run.objects.worked_off().filter(pk__in=[run.pk for run in locked])
    return runs.update(**NOT_PAUSED, status=RunStatus.FINISHED, ended_at=now or timezone.now())
