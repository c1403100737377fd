"""The rows of a run: responses that wait for their text, in the batches that will bring it."""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from apps.generation.models import Batch, ModelConfig, Response, ResponseStatus, Run
from apps.generation.planning import Limits, PlannedBatch, derive_seed, estimate_tokens
from apps.generation.providers import PROVIDERS
from apps.generation.sampling import Sampling
from apps.generation.writing import insert_responses, update_responses

TOGETHER = 5000  # rows in one statement
Key = tuple[int, int, int]  # a configuration, a prompt, and which of its samples
PUT_BACK = ("status", "batch_id", "seed", "error_code", "error", "finished_at")


@dataclass(frozen=True)
class Promise:
    """A response that is there already, and is put into a batch once more."""

    pk: int
    uid: uuid.UUID


def promise_responses(
    *, run: Run, plan: Iterable[PlannedBatch], there: Mapping[Key, Promise], position: int
) -> None:
    """Insert planned batches from `position` on, and the responses in them that are not `there`."""
    for planned in _take_together(plan):
        placed = list(enumerate(planned, position))
        uids = [[_find_uid(there, batch, unit) for unit in batch.units] for batch in planned]
        batches = Batch.objects.bulk_create(
            (
                Batch(
                    run=run,
                    config_id=batch.config,
                    position=place,
                    order=list(map(str, order)),
                    seed=derive_seed(run.seed, place),
                )
                for (place, batch), order in zip(placed, uids, strict=True)
            ),
            batch_size=1000,  # a statement has at most 65,535 parameters
        )
        _fill_batches(run, list(zip(batches, planned, strict=True)), there)
        position += len(planned)


def _find_uid(there: Mapping[Key, Promise], batch: PlannedBatch, unit: tuple[int, int]) -> uuid.UUID:
    promise = there.get((batch.config, *unit))
    return promise.uid if promise else uuid.uuid4()


def _fill_batches(run: Run, inserted: list[tuple[Batch, PlannedBatch]], there: Mapping[Key, Promise]) -> None:
    new, again = [], []
    for batch, planned in inserted:
        for (prompt, sample), uid in zip(planned.units, batch.order, strict=True):
            if promise := there.get((planned.config, prompt, sample)):
                again.append(Response(pk=promise.pk, batch=batch, seed=batch.seed))
                continue
            place = {"config_id": batch.config_id, "prompt_id": prompt, "sample": sample}
            new.append({"uid": uid, "batch_id": batch.pk, "seed": batch.seed, **place})
    insert_responses(new, same={"run": run, "status": ResponseStatus.WAITING})
    if again:
        update_responses(again, PUT_BACK)


def _take_together(plan: Iterable[PlannedBatch]) -> Iterator[list[PlannedBatch]]:
    taken, rows = [], 0
    for batch in plan:
        taken.append(batch)
        rows += len(batch.units)
        if rows >= TOGETHER:
            yield taken
            taken, rows = [], 0
    if taken:
        yield taken


def read_limits(config: ModelConfig) -> Limits:
    """What the configuration's provider takes at once: by its memory in the worker, else by its requests."""
    provider = PROVIDERS[config.provider]
    if not provider.in_worker:
        return Limits(min(provider.batch_size, config.in_flight))
    own = estimate_tokens(len(config.system_prompt.encode())) if config.system_prompt else 0
    answer = own + Sampling.model_validate(config.sampling).max_new_tokens
    return Limits(provider.batch_size, config.batch_tokens, answer)
