"""The rows of a run: responses that wait for their text, in the batches that will bring it."""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

from apps.generation.models import Batch, ModelConfig, Response, ResponseStatus, Run
from apps.generation.planning import PlannedBatch, Unit, derive_seed, plan_batches
from apps.generation.providers import PROVIDERS

TOGETHER = 500  # batches in one statement
Wanted = Mapping[ModelConfig, Sequence[Unit]]


def promise_responses(*, run: Run, wanted: Wanted, position: int) -> None:
    """Create the responses that each configuration still owes, in batches from `position` on."""
    for inserted in _insert_batches(run, wanted, position, lambda config, unit: uuid.uuid4()):
        Response.objects.bulk_create(
            Response(
                uid=uid,
                run=run,
                config_id=batch.config_id,
                batch=batch,
                prompt_id=prompt,
                sample=sample,
                seed=batch.seed,
            )
            for batch, planned in inserted
            for (prompt, sample), uid in zip(planned.units, batch.order, strict=True)
        )


def mend_responses(*, run: Run, position: int) -> int:
    """Let the failed responses wait again, in batches from `position` on; returns how many there are."""
    rows = run.responses.failed().select_for_update().order_by("prompt", "sample")
    failed = {
        (config, (prompt, sample)): uid
        for config, prompt, sample, uid in rows.values_list("config", "prompt", "sample", "uid")
    }
    wanted: Wanted = {
        config: [unit for owner, unit in failed if owner == config.pk] for config in run.configs.all()
    }
    for inserted in _insert_batches(run, wanted, position, lambda config, unit: failed[config, unit]):
        for batch, _ in inserted:
            Response.objects.filter(uid__in=batch.order).update(
                status=ResponseStatus.WAITING,
                batch=batch,
                seed=batch.seed,
                error_code="",
                error="",
                finished_at=None,
            )
    return len(failed)


def _insert_batches(
    run: Run, wanted: Wanted, position: int, find_uid: Callable[[int, Unit], uuid.UUID]
) -> Iterator[list[tuple[Batch, PlannedBatch]]]:
    """Batches, some hundred at a time: a run of a million responses is never in memory as rows."""
    sizes = {config.pk: PROVIDERS[config.provider].batch_size for config in wanted}
    units = {config.pk: owed for config, owed in wanted.items()}
    plan = plan_batches(units, sizes=sizes, first=run.samples)
    while planned := list(islice(plan, TOGETHER)):
        batches = Batch.objects.bulk_create(
            Batch(
                run=run,
                config_id=batch.config,
                position=place,
                order=[str(find_uid(batch.config, unit)) for unit in batch.units],
                seed=derive_seed(run.seed, place),
            )
            for place, batch in enumerate(planned, position)
        )
        yield list(zip(batches, planned, strict=True))
        position += len(planned)
