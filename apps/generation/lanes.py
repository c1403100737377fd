"""What one worker is at: a lane for each configuration, with its provider and the calls under way."""

import threading
from concurrent.futures import Future
from typing import NamedTuple

from apps.generation.calls import Call, begin_call, build_spec
from apps.generation.models import Batch, ModelConfig
from apps.generation.providers import PROVIDERS, open_provider
from apps.generation.providers.base import Outcome, Provider


class Full(NamedTuple):
    """Configurations, and whole kinds of providers, that take no more for now."""

    configs: frozenset[int] = frozenset()
    kinds: frozenset[str] = frozenset()


class Lanes:
    """One thread gives batches in here, and waits here for all of them at once."""

    def __init__(self) -> None:
        self._providers: dict[int, Provider] = {}  # by configuration
        self._calls: list[Call] = []
        self._happened = threading.Event()

    @property
    def are_empty(self) -> bool:
        return not self._calls

    def find_full(self) -> Full:
        """Servers say themselves what they have room for; in the worker there is one call at a time."""
        active = {call.batch.config_id: call.batch.config.provider for call in self._calls}
        full = {config for config in active if not self._has_room(config)}
        return Full(frozenset(full), frozenset(kind for kind in active.values() if PROVIDERS[kind].in_worker))

    def _has_room(self, config: int) -> bool:
        provider = self._providers.get(config)  # none where it could not be opened
        return provider is None or provider.has_room()

    def take(self, batch: Batch) -> None:
        """Let the batch be answered."""
        call = begin_call(batch, self._open)
        self._calls.append(call)
        call.future.add_done_callback(self._note)

    def _note(self, future: Future[list[Outcome]]) -> None:
        self._happened.set()

    def _open(self, config: ModelConfig) -> Provider:
        """The provider that has spoken for this configuration before, with its connections."""
        spec = build_spec(config)  # somebody may have changed the key
        provider = self._providers.get(config.pk)
        if provider is None or provider.spec != spec:
            provider = self._providers[config.pk] = open_provider(config.provider, spec)
            provider.on_room = self._happened.set
        return provider

    def wait(self, seconds: float) -> None:
        """Until a call has ended or there is room for another, or for so long."""
        self._happened.wait(seconds)
        self._happened.clear()

    def take_ended(self) -> list[Call]:
        """The calls that have ended since it was asked last."""
        ended = [call for call in self._calls if call.future.done()]
        self._calls = [call for call in self._calls if call not in ended]
        return ended
