"""Models in the worker's memory, kept from batch to batch."""

import time
from collections import OrderedDict
from collections.abc import Callable

from apps.generation.providers.base import ModelSpec
from apps.generation.providers.errors import ProviderError
from apps.generation.providers.loading import LoadedModel, read_model

KEPT = 2  # models in memory at once
REMEMBERED = 60.0  # seconds
Key = tuple[str, str]
_loaded: OrderedDict[Key, LoadedModel] = OrderedDict()
# Asking a hub that cannot be reached takes most of a minute, and every batch of a run would ask again.
_failed: dict[Key, tuple[float, ProviderError]] = {}


def load_model(spec: ModelSpec, *, clock: Callable[[], float] = time.monotonic) -> LoadedModel:
    """The model, from memory where it is there still. An error is remembered for a minute too.

    Raises:
        ModelNotLoadedError, NoChatTemplateError, OutOfMemoryError
    """
    key = (spec.model, spec.revision)
    if key not in _loaded:
        _raise_remembered(key, clock())
        while len(_loaded) >= KEPT:
            _loaded.popitem(last=False)
        try:
            _loaded[key] = read_model(spec)
        except ProviderError as error:
            _failed[key] = (clock() + REMEMBERED, error)
            raise
    _loaded.move_to_end(key)
    return _loaded[key]


def _raise_remembered(key: Key, now: float) -> None:
    until, error = _failed.get(key, (0.0, None))
    if error is not None and now < until:
        raise error
    _failed.pop(key, None)


def forget_models() -> None:
    _loaded.clear()
    _failed.clear()
