"""Which responses one call of a model answers, and in which order the calls are made. Pure functions."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from heapq import merge

Unit = tuple[int, int]  # a prompt's id, and which of its samples
WINDOW = 2048  # units of a configuration; within it, those of a length go together


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


def measure_windows(*, samples: int, before: int, at_least: int) -> list[int]:
    """How many prompts the next windows of a run have: so many that there are `at_least`.

    People can rate a prompt once every configuration has answered it, so all of them go through the
    prompts side by side, window by window, and begin small: with one prompt, then with two and four.

    Args:
        before: prompts in the windows before these.
    """
    sizes, end = list[int](), 0
    size, most = 1, max(1, WINDOW // samples)
    while sum(sizes) < at_least:
        if (end := end + size) > before:
            sizes.append(min(size, end - before))
        size = min(2 * size, most)
    return sizes


def plan_window(
    wanted: Mapping[int, Sequence[Unit]], *, limits: Mapping[int, Limits], lengths: Mapping[int, int]
) -> Iterator[PlannedBatch]:
    """Cut what each configuration has to answer in a window into batches; the configurations take turns.

    They go from short prompts to long ones, so that a call pads little.

    Args:
        limits: what a call takes, by configuration.
        lengths: tokens, by prompt; an estimate will do.
    """
    queues = (_cut(config, units, limits[config], lengths) for config, units in wanted.items())
    return (batch for _, batch in merge(*queues, key=lambda entry: entry[0]))


def _cut(
    config: int, units: Sequence[Unit], limits: Limits, lengths: Mapping[int, int]
) -> Iterator[tuple[int, PlannedBatch]]:
    """Batches, each with the number of units before it."""
    start = 0
    for batch in _fill(sorted(units, key=lambda unit: lengths[unit[0]]), limits, lengths):
        yield start, PlannedBatch(config, batch)
        start += len(batch)


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
