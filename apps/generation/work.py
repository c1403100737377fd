"""A worker's work: take batches, let their models answer, write that down, take the next."""

import time
import uuid
from collections.abc import Callable

from apps.generation.claims import claim_batch, claim_of, keep_claims
from apps.generation.lanes import Lanes
from apps.generation.models import Batch, Run
from apps.generation.results import fail_hopeless_batches, finish_runs, store_outcomes
from apps.generation.waking import wake_steppers, wake_workers

PULSE = 1.0  # seconds after which a worker that waits for its models looks whether there is other work


def work_off_batches(*, seconds: float = 300, clock: Callable[[], float] = time.monotonic) -> None:
    """Work through what there is, for about that long, and leave the rest to the next task.

    A task that ends lets a worker that was asked to stop do so, and others have their turn. It is long,
    since it ends with what it has begun: meanwhile servers that answer slowly run out of requests.
    """
    deadline = clock() + seconds
    lanes = Lanes()
    with keep_claims() as claims:
        while clock() < deadline:
            _store_ended(lanes, claims)  # at first: a server that fails at once would be given the whole run
            full = lanes.find_full()
            if batch := claim_batch(busy=full.configs, busy_kinds=full.kinds):
                claims.add(claim_of(batch))
                lanes.take(batch)
            elif lanes.are_empty:
                finish_runs()
                return
            else:
                _await_ended(lanes, claims)
        while not lanes.are_empty:
            _await_ended(lanes, claims)
    wake_workers()


def _await_ended(lanes: Lanes, claims: set[uuid.UUID]) -> None:
    """Wait for something to end, and write it down. No transaction is open while models work."""
    lanes.wait(PULSE)
    _store_ended(lanes, claims)
    if lanes.are_empty:
        finish_runs()  # of those that end while others go on, the sweep takes care


def _store_ended(lanes: Lanes, claims: set[uuid.UUID]) -> None:
    for call in lanes.take_ended():
        store_outcomes(batch=call.batch, outcomes=call.read())
        claims.discard(claim_of(call.batch))


def sweep() -> None:
    """Put right what a broker that forgot, or a worker that died, left behind."""
    fail_hopeless_batches()
    finish_runs()
    if Run.objects.stepping().unclaimed().exists():
        wake_steppers(expires=5)
    if Batch.objects.claimable().exists():
        wake_workers(expires=5)
