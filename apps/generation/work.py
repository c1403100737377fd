"""A worker's work: take a batch, let its model answer, write that down, take the next."""

import logging
import time
from collections.abc import Callable

from apps.core.secrets import UnreadableSecretError, decrypt
from apps.generation.claims import claim_batch, keep_claim
from apps.generation.conversation import build_messages
from apps.generation.models import Batch, ModelConfig, Response
from apps.generation.providers import open_provider
from apps.generation.providers.base import GenerationRequest, ModelSpec, Outcome
from apps.generation.providers.errors import KeyUnreadableError, ProviderError, UnexpectedError
from apps.generation.results import fail_hopeless_batches, finish_runs, store_outcomes
from apps.generation.sampling import Sampling
from apps.generation.waking import wake_workers

logger = logging.getLogger(__name__)


def work_off_batches(*, seconds: float = 30, clock: Callable[[], float] = time.monotonic) -> None:
    """Work through what there is, for about that long, and leave the rest to the next task.

    A task that ends soon lets a worker that was asked to stop do so, and others have their turn.
    """
    deadline = clock() + seconds
    while (batch := claim_batch()) is not None:
        work_on(batch)
        if clock() >= deadline:
            wake_workers()
            return


def work_on(batch: Batch) -> bool:
    """Answer one claimed batch; False where it was no longer wanted when the answers came.

    No transaction is open while the model works.
    """
    with keep_claim(batch):
        outcomes = answer_batch(batch)
    stored = store_outcomes(batch=batch, outcomes=outcomes)
    finish_runs()
    return stored


def answer_batch(batch: Batch) -> dict[str, Outcome]:
    """What the batch's model says, by the responses' uids. The same batch again is the same call again."""
    found = Response.objects.filter(uid__in=batch.order).select_related("prompt")
    responses = {str(response.uid): response for response in found}
    # A prompt may have been deleted since.
    uids = [uid for uid in batch.order if uid in responses]
    requests = [_build_request(responses[uid], batch.config) for uid in uids]
    try:
        provider = open_provider(batch.config.provider, _build_spec(batch.config))
        outcomes = provider.generate(requests, Sampling.model_validate(batch.config.sampling), batch.seed)
        return dict(zip(uids, outcomes, strict=True))
    except ProviderError as error:
        return dict.fromkeys(uids, error)
    except Exception as error:
        # Without this a fault that nobody foresaw would come back with the batch for ever.
        logger.exception("Batch %s of run %s failed.", batch.pk, batch.run_id)
        return dict.fromkeys(uids, UnexpectedError(type(error).__name__))


def _build_request(response: Response, config: ModelConfig) -> GenerationRequest:
    messages = build_messages(messages=response.prompt.messages, system_prompt=config.system_prompt)
    return GenerationRequest(messages)


def _build_spec(config: ModelConfig) -> ModelSpec:
    try:
        key = decrypt(bytes(config.api_key))
    except UnreadableSecretError as error:
        raise KeyUnreadableError from error
    return ModelSpec(config.model, config.revision, config.base_url, key)


def sweep() -> None:
    """Put right what a broker that forgot, or a worker that died, left behind."""
    fail_hopeless_batches()
    finish_runs()
    if Batch.objects.claimable().exists():
        wake_workers(expires=5)
