"""Putting the responses of a run into batches, part by part.

A part is a transaction that holds the run's row and goes on where the one before ended. So workers begin with
the batches that are there, what one leaves behind when it dies another goes on with, and two at once disturb
nobody.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice

from django.db.models import Exists, Func, IntegerField, Max, OuterRef, Q, TextField
from django.db.models.functions import Cast

from apps.generation.models import Batch, BatchStatus, ModelConfig, Response, ResponseStatus, Run
from apps.generation.planning import PlannedBatch, estimate_tokens, measure_windows, plan_window
from apps.generation.promises import Key, Promise, promise_responses, read_limits
from apps.generation.waking import wake_steppers

AT_ONCE = 2000  # responses of a run that is prepared while its page is asked for
PART = 5000  # responses gone through in one transaction, or a window of them
STATE = ("prepared", "prepared_through", "retried_before", "cut_anew")
Window = Mapping[int, int]  # tokens, by prompt


class OctetLength(Func):
    function = "octet_length"
    output_field = IntegerField()


@dataclass(frozen=True)
class There:
    """What a part of a run has already: `kept` as it is, or `again` to be put into a batch."""

    kept: set[Key] = field(default_factory=set)
    again: dict[Key, Promise] = field(default_factory=dict)
    loose: set[int] = field(default_factory=set)  # batches that those were in, and that nobody began


def prepare_run(*, run: Run, retried_before: datetime | None = None, cut_anew: bool = False) -> None:
    """Put what a run still owes into batches. The caller holds its row, and it is open.

    A small one is done at once, any other by a worker.

    Args:
        retried_before: what failed until then is owed again.
        cut_anew: so is what waits in batches that nobody has begun.
    """
    run.prepared, run.prepared_through = 0, 0
    run.retried_before = retried_before or run.retried_before
    run.cut_anew = cut_anew or run.cut_anew
    if run.asked > AT_ONCE:
        run.save(update_fields=STATE)
        wake_steppers()
    while run.is_preparing and run.asked <= AT_ONCE:
        prepare_part(run=run)


def prepare_part(*, run: Run) -> None:
    """Go through the next prompts of a run that is being prepared. The caller holds its row."""
    assert run.prepared_through is not None  # noqa: S101 — it is being prepared
    configs = list(run.configs.order_by("pk"))
    sizes = measure_windows(
        samples=run.samples,
        before=run.prepared // (run.samples * len(configs)),
        at_least=max(1, PART // (run.samples * len(configs))),
    )
    windows = _read_windows(run, sizes)
    prompts = sum(map(len, windows))
    if windows:
        _prepare_windows(run, configs, windows, through=max(windows[-1]))
        run.prepared_through = max(windows[-1])
        run.prepared += prompts * run.samples * len(configs)
    if prompts < sum(sizes):
        run.prepared_through, run.retried_before, run.cut_anew = None, None, False
    run.save(update_fields=STATE)


def _read_windows(run: Run, sizes: Iterable[int]) -> list[Window]:
    """The next prompts, each with an estimate of its tokens: the JSON of messages stands for the template."""
    size = OctetLength(Cast("messages", TextField()))
    rows = run.prompts.filter(pk__gt=run.prepared_through).order_by("pk").values_list("pk", size)
    found = iter([(pk, estimate_tokens(length)) for pk, length in rows[: sum(sizes)]])
    return [window for size in sizes if (window := dict(islice(found, size)))]


def _prepare_windows(run: Run, configs: list[ModelConfig], windows: list[Window], *, through: int) -> None:
    there = _read_there(run, configs, through)
    last = run.batches.aggregate(last=Max("position"))["last"]
    promise_responses(
        run=run,
        plan=chain.from_iterable(_plan(run, configs, windows, there)),
        there=there.again,
        position=0 if last is None else last + 1,
    )
    loose = iter(there.loose)
    while some := list(islice(loose, 5000)):
        Batch.objects.filter(pk__in=some).delete()


def _plan(
    run: Run, configs: list[ModelConfig], windows: list[Window], there: There
) -> Iterator[Iterator[PlannedBatch]]:
    limits = {config.pk: read_limits(config) for config in configs}
    for window in windows:
        wanted = {
            config.pk: [
                (prompt, sample)
                for prompt in window
                for sample in range(run.samples)
                if (config.pk, prompt, sample) not in there.kept
            ]
            for config in configs
        }
        yield plan_window(wanted, limits=limits, lengths=window)


def _read_there(run: Run, configs: list[ModelConfig], through: int) -> There:
    # With the configurations, which the index has between the run and the prompt.
    part = run.responses.filter(
        config__in=configs, prompt__gt=run.prepared_through, prompt__lte=through
    ).order_by()
    there = There(loose=_lock_loose(run, through) if run.cut_anew else set())
    rows = part.values_list("config", "prompt", "sample", "pk", "uid", "status", "finished_at", "batch")
    for config, prompt, sample, pk, uid, status, finished_at, batch in rows:
        key = (config, prompt, sample)
        if batch in there.loose or _is_retried(run, status, finished_at):
            there.again[key] = Promise(pk, uid)
        else:
            there.kept.add(key)
    return there


def _is_retried(run: Run, status: str, finished_at: datetime | None) -> bool:
    if run.retried_before is None or status != ResponseStatus.FAILED:
        return False
    return finished_at is None or finished_at <= run.retried_before


def _lock_loose(run: Run, through: int) -> set[int]:
    """Batches of this part that nobody has begun. One that reaches beyond it stays as it is."""
    inside = Q(prompt__gt=run.prepared_through, prompt__lte=through)
    beyond = Response.objects.filter(~inside, batch=OuterRef("pk"))
    # One that went back with some answers in it was made with something.
    waiting = run.batches.filter(status=BatchStatus.WAITING, attempts=0, made_with={}).exclude(Exists(beyond))
    here = waiting.filter(pk__in=run.responses.waiting().filter(inside).values("batch"))
    return set(here.select_for_update(skip_locked=True).values_list("pk", flat=True))
