"""A batch and the call of its model that answers it."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass

from apps.core.secrets import UnreadableSecretError, decrypt
from apps.generation.conversation import build_messages
from apps.generation.models import Batch, ModelConfig, Response
from apps.generation.providers import open_provider
from apps.generation.providers.base import GenerationRequest, Message, ModelSpec, Outcome, Provider
from apps.generation.providers.errors import KeyUnreadableError, ProviderError, UnexpectedError
from apps.generation.sampling import Sampling

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Call:
    """A batch that its provider is answering: what `future` brings belongs to the responses `uids`."""

    batch: Batch
    uids: Sequence[str]
    future: Future[list[Outcome]]

    def read(self) -> dict[str, Outcome]:
        """What came, by the responses' uids; waits for it."""
        try:
            return dict(zip(self.uids, self.future.result(), strict=True))
        except ProviderError as error:
            return dict.fromkeys(self.uids, error)
        except Exception as error:
            # Without this a fault that nobody foresaw would come back with the batch for ever.
            logger.exception("Batch %s of run %s failed.", self.batch.pk, self.batch.run_id)
            return dict.fromkeys(self.uids, UnexpectedError(type(error).__name__))


def begin_call(batch: Batch, open_for: Callable[[ModelConfig], Provider], *, whole: bool = False) -> Call:
    """Let a batch's model answer. The same batch again is the same call again.

    Args:
        whole: answer what is answered already, too; else what waits, which is less than the batch where a
            server asked for patience in the middle of it.
    """
    found = Response.objects.filter(uid__in=batch.order).order_by()
    found = found if whole else found.waiting()
    messages = {str(uid): turns for uid, turns in found.values_list("uid", "prompt__messages")}
    # A prompt may have been deleted since.
    places = {uid: place for place, uid in enumerate(batch.order) if uid in messages}
    uids = list(places)
    try:
        requests = [_build_request(messages[uid], batch.config, place) for uid, place in places.items()]
        sampling = Sampling.model_validate(batch.config.sampling)
        future = open_for(batch.config).begin(requests, sampling, batch.seed)
    except Exception as error:
        future = Future()
        future.set_exception(error)
    return Call(batch, uids, future)


def answer_batch(batch: Batch) -> dict[str, Outcome]:
    """What the batch's model says, by the responses' uids; nothing is stored."""
    return begin_call(
        batch, lambda config: open_provider(config.provider, build_spec(config)), whole=True
    ).read()


def _build_request(messages: Sequence[Message], config: ModelConfig, place: int) -> GenerationRequest:
    return GenerationRequest(build_messages(messages=messages, system_prompt=config.system_prompt), place)


def build_spec(config: ModelConfig) -> ModelSpec:
    """Where a configuration's model is.

    Raises:
        KeyUnreadableError: its key was stored under another SECRET_KEY.
    """
    try:
        key = decrypt(bytes(config.api_key))
    except UnreadableSecretError as error:
        raise KeyUnreadableError from error
    return ModelSpec(config.model, config.revision, config.base_url, key, config.in_flight)
