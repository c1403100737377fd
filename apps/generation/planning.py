"""Which responses one call of a model answers, and in which order the calls are made. Pure functions."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge

Unit = tuple[int, int]  # a prompt's id, and which of its samples


@dataclass(frozen=True)
class PlannedBatch:
    config: int
    units: tuple[Unit, ...]


def plan_batches(
    wanted: Mapping[int, Sequence[Unit]], *, sizes: Mapping[int, int], first: int
) -> Iterator[PlannedBatch]:
    """Cut what each configuration has to answer into batches, and let the configurations take turns.

    People can rate a prompt once every configuration has answered it, so all of them go through the
    prompts side by side, and their first batches are small: `first` units, then twice and four times as
    many, until the batches are as large as `sizes` says for the configuration.
    """
    queues = (_cut(config, units, sizes[config], first) for config, units in wanted.items())
    return (batch for _, batch in merge(*queues, key=lambda entry: entry[0]))


def _cut(config: int, units: Sequence[Unit], size: int, first: int) -> Iterator[tuple[int, PlannedBatch]]:
    """Batches, each with the number of units before it."""
    start, length = 0, first
    while start < len(units):
        taken = tuple(units[start : start + min(length, size)])
        yield start, PlannedBatch(config, taken)
        start, length = start + len(taken), length * 2


def derive_seed(seed: int, position: int) -> int:
    """The seed of the batch at `position` in a run: 0 to 2³¹ − 1, the same on every machine."""
    digest = hashlib.blake2b(f"{seed}:{position}".encode(), digest_size=4).digest()
    return int.from_bytes(digest) >> 1
