"""Which responses one call of a model answers, and in which order the calls are made. Pure functions."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge

Unit = tuple[int, int]  # a prompt's id, and which of its samples
WINDOW = 2048  # units; within it, those of a length go together


@dataclass(frozen=True)
class PlannedBatch:
    config: int
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class Limits:
    """What one call takes.

    Attributes:
        rows: responses at most.
        tokens: of all rows at most, each as long as the longest; None where rows do not share a memory.
        answer: tokens that a row needs beside those of its prompt.
    """

    rows: int
    tokens: int | None = None
    answer: int = 0

    def allow(self, rows: int, longest: int) -> bool:
        return rows <= self.rows and (self.tokens is None or rows * (longest + self.answer) <= self.tokens)


def plan_batches(
    wanted: Mapping[int, Sequence[Unit]],
    *,
    limits: Mapping[int, Limits],
    lengths: Mapping[int, int],
    first: int,
) -> Iterator[PlannedBatch]:
    """Cut what each configuration has to answer into batches, and let the configurations take turns.

    People can rate a prompt once every configuration has answered it, so all of them go through the
    prompts side by side, and begin small: with windows of `first` units, then of twice and four times as
    many. Within a window they go from short prompts to long ones, so that a call pads little.

    Args:
        limits: what a call takes, by configuration.
        lengths: tokens, by prompt; an estimate will do.
    """
    queues = (_cut(config, units, limits[config], lengths, first) for config, units in wanted.items())
    return (batch for _, batch in merge(*queues, key=lambda entry: entry[0]))


def _cut(
    config: int, units: Sequence[Unit], limits: Limits, lengths: Mapping[int, int], first: int
) -> Iterator[tuple[int, PlannedBatch]]:
    """Batches, each with the number of units before it."""
    start, size = 0, first
    while start < len(units):
        window = sorted(units[start : start + size], key=lambda unit: lengths[unit[0]])
        for batch in _fill(window, limits, lengths):
            yield start, PlannedBatch(config, batch)
            start += len(batch)
        size = min(2 * size, WINDOW)


def _fill(window: Sequence[Unit], limits: Limits, lengths: Mapping[int, int]) -> Iterator[tuple[Unit, ...]]:
    """As many units as a call takes, and one where it would take none."""
    rows: list[Unit] = []
    for unit in window:
        if rows and not limits.allow(len(rows) + 1, lengths[unit[0]]):
            yield tuple(rows)
            rows = []
        rows.append(unit)
    if rows:
        yield tuple(rows)


def estimate_tokens(utf8_bytes: int) -> int:
    """Of a text, rather too many: English has four or five bytes a token, Chinese about three."""
    return utf8_bytes // 3 + 1


def derive_seed(seed: int, position: int) -> int:
    """The seed of the batch at `position` in a run: 0 to 2³¹ − 1, the same on every machine."""
    digest = hashlib.blake2b(f"{seed}:{position}".encode(), digest_size=4).digest()
    return int.from_bytes(digest) >> 1
