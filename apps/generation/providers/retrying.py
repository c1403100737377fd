"""Trying again what may pass by itself."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from apps.generation.providers.base import Outcome
from apps.generation.providers.errors import ProviderError

Sleep = Callable[[float], Awaitable[None]]


@dataclass(frozen=True)
class Patience:
    """How often to try, and how long to wait in between, in seconds."""

    tries: int = 4
    first_wait: float = 1.0
    longest_wait: float = 20.0
    longest_asked: float = 5.0


async def try_again(
    attempt: Callable[[], Awaitable[Outcome]],
    *,
    patience: Patience,
    sleep: Sleep = asyncio.sleep,
    jitter: Callable[[], float] = random.random,
) -> Outcome:
    """The first outcome that is no passing error, or the last one.

    Waits double from try to try, times a random factor between a half and one, so that requests that
    failed together do not come back together. A server that says when to come back is taken at its word,
    up to `longest_asked`; if it asks for more, its error is the outcome, and nobody need wait here: see
    `apps.generation.patience`.
    """
    for number in range(patience.tries):
        outcome = await attempt()
        if not isinstance(outcome, ProviderError) or not outcome.may_pass or number + 1 == patience.tries:
            break
        asked = outcome.retry_after
        if asked is not None and asked > patience.longest_asked:
            break
        backoff = min(patience.first_wait * 2**number, patience.longest_wait) * (1 + jitter()) / 2
        await sleep(max(asked or 0.0, backoff))
    return outcome
