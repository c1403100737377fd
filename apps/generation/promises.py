"""The rows of a run: responses that wait for their text, in the batches that will bring it."""

import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence

from django.db.models import Func, IntegerField, TextField
from django.db.models.functions import Cast

from apps.generation.models import Batch, ModelConfig, Response, ResponseStatus, Run
from apps.generation.planning import Limits, PlannedBatch, Unit, derive_seed, estimate_tokens, plan_batches
from apps.generation.providers import PROVIDERS
from apps.generation.sampling import Sampling
from apps.generation.writing import insert_responses

TOGETHER = 5000  # rows in one statement
Wanted = Mapping[ModelConfig, Sequence[Unit]]


class OctetLength(Func):
    function = "octet_length"
    output_field = IntegerField()


def promise_responses(*, run: Run, wanted: Wanted, position: int) -> None:
    """Create the responses that each configuration still owes, in batches from `position` on."""
    for inserted in _insert_batches(run, wanted, position, lambda config, unit: uuid.uuid4()):
        rows = (
            {
                "uid": uid,
                "config_id": batch.config_id,
                "batch_id": batch.pk,
                "prompt_id": prompt,
                "sample": sample,
                "seed": batch.seed,
            }
            for batch, planned in inserted
            for (prompt, sample), uid in zip(planned.units, batch.order, strict=True)
        )
        insert_responses(rows, same={"run": run})


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
    plan = plan_batches(
        {config.pk: owed for config, owed in wanted.items()},
        limits={config.pk: _read_limits(config) for config in wanted},
        lengths=_estimate_lengths(run),
        first=run.samples,
    )
    for planned in _take_together(plan):
        new = (
            Batch(
                run=run,
                config_id=batch.config,
                position=place,
                order=[str(find_uid(batch.config, unit)) for unit in batch.units],
                seed=derive_seed(run.seed, place),
            )
            for place, batch in enumerate(planned, position)
        )
        # A statement has at most 65,535 parameters.
        batches = Batch.objects.bulk_create(new, batch_size=1000)
        yield list(zip(batches, planned, strict=True))
        position += len(planned)


def _take_together(plan: Iterator[PlannedBatch]) -> Iterator[list[PlannedBatch]]:
    taken, rows = [], 0
    for batch in plan:
        taken.append(batch)
        rows += len(batch.units)
        if rows >= TOGETHER:
            yield taken
            taken, rows = [], 0
    if taken:
        yield taken


def _read_limits(config: ModelConfig) -> Limits:
    """What the configuration's provider takes at once: by its memory in the worker, else by its requests."""
    provider = PROVIDERS[config.provider]
    if not provider.in_worker:
        return Limits(min(provider.batch_size, config.in_flight))
    own = estimate_tokens(len(config.system_prompt.encode())) if config.system_prompt else 0
    answer = own + Sampling.model_validate(config.sampling).max_new_tokens
    return Limits(provider.batch_size, config.batch_tokens, answer)


def _estimate_lengths(run: Run) -> dict[int, int]:
    """Tokens of each prompt, from the bytes of its messages; their JSON stands for the chat template."""
    size = OctetLength(Cast("messages", TextField()))
    sizes = run.prompts.order_by().values_list("pk", size)
    return {pk: estimate_tokens(length) for pk, length in sizes.iterator(chunk_size=TOGETHER)}
