"""Writing what a model answered, exactly once."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from apps.generation.models import Batch, BatchStatus, Response, ResponseStatus, Run, RunStatus
from apps.generation.providers.base import Completion, Outcome
from apps.generation.providers.errors import ProviderError, WorkerLostError

WRITTEN = (
    "status", "text", "model", "revision", "sampling", "system_prompt", "seed", "tokens_in", "tokens_out",
    "latency_ms", "finish_reason", "error_code", "error", "finished_at",
)  # fmt: skip


@transaction.atomic
def store_outcomes(*, batch: Batch, outcomes: Mapping[str, Outcome], now: datetime | None = None) -> bool:
    """Write the outcomes, by the responses' uids, and close the batch.

    Returns False, and writes nothing, where the batch is not the caller's any more: the run was cancelled, or
    the caller was silent for so long that another worker took the batch over.
    """
    assert batch.claim is not None  # noqa: S101 — it came from `claim_batch`
    held = Batch.objects.held(batch.claim).filter(pk=batch.pk).select_for_update().first()
    if held is None:
        return False
    _write(held, outcomes, now or timezone.now())
    return True


def _write(batch: Batch, outcomes: Mapping[str, Outcome], now: datetime) -> None:
    responses = list(batch.responses.waiting().select_for_update().order_by("pk"))
    for response in responses:
        outcome = outcomes[str(response.uid)]
        _describe_source(response, batch)
        if isinstance(outcome, Completion):
            _fill(response, outcome)
        else:
            _fail(response, outcome)
        response.finished_at = now
    Response.objects.bulk_update(responses, WRITTEN)
    batch.status, batch.claim, batch.claimed_until = BatchStatus.DONE, None, None
    batch.save(update_fields=["status", "claim", "claimed_until"])


def _describe_source(response: Response, batch: Batch) -> None:
    response.model = batch.config.model
    response.sampling = batch.config.sampling
    response.system_prompt = batch.config.system_prompt


def _fill(response: Response, completion: Completion) -> None:
    response.status = ResponseStatus.DONE
    response.text = make_storable(completion.text)
    response.revision = make_storable(completion.revision)
    response.seed = completion.seed
    response.tokens_in, response.tokens_out = completion.tokens_in, completion.tokens_out
    response.latency_ms = completion.latency_ms
    response.finish_reason = make_storable(completion.finish_reason)


def _fail(response: Response, error: ProviderError) -> None:
    response.status = ResponseStatus.FAILED
    response.error_code, response.error = error.code, make_storable(error.message)


def make_storable(text: str) -> str:
    """NUL and halves of surrogate pairs, which PostgreSQL cannot hold, become the replacement character."""
    return text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


@transaction.atomic
def fail_hopeless_batches() -> int:
    """Give up on batches that took their worker down again and again; returns how many."""
    batches = Batch.objects.hopeless().select_for_update(skip_locked=True, of=("self",))
    for batch in batches:
        _write(batch, dict.fromkeys(batch.order, WorkerLostError()), timezone.now())
    return len(batches)


@transaction.atomic
def finish_runs(*, now: datetime | None = None) -> int:
    """Close the runs with nothing left to do; returns how many.

    Whoever gives a run more to do locks it first. So the runs are looked at again once they are locked: a
    statement that waited for a lock would still see the batches of the moment when it began.
    """
    locked = Run.objects.worked_off().select_for_update(skip_locked=True, of=("self",))
    runs = Run.objects.worked_off().filter(pk__in=[run.pk for run in locked])
    return runs.update(status=RunStatus.FINISHED, ended_at=now or timezone.now())
