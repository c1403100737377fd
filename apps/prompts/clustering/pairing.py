"""Which prompts are alike: candidates by their sketches, each confirmed by the similarity of the texts."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from apps.prompts.clustering.parts import Joined
from apps.prompts.clustering.recent_shingles import Load, RecentShingles
from apps.prompts.clustering.sketch_table import Numbers, Sketches
from apps.prompts.clustering.sketching import BANDS, count_marks, measure_likeness

# What keeps a set of a hundred thousand texts of one mould from being compared pair by pair.
MOST_GROUPS, MOST_OF_A_GROUP, MOST_FAILURES = 16, 4, 64
SLICE, COMPARED_AT_ONCE = 512, 256


class Pair(NamedTuple):
    """Indices into the sketches, the lower one first."""

    one: int
    other: int
    likeness: float


def find_pairs(
    sketches: Sketches, *, least: float, load: Load, tell: Callable[[int], None] = lambda band: None
) -> list[Pair]:
    """Pairs that join the new prompts to those they are like, not all such pairs.

    Within what is joined already nothing is compared, and nothing among prompts that are not new. `load`
    gives the shingles of the prompts at some indices; `tell` is called as each of the 25 bands is done.
    """
    finder = _Finder(sketches, least, load)
    firsts = finder.pair_exact_ones()
    for band in range(BANDS):
        finder.go_through(band, firsts)
        tell(band + 1)
    return finder.pairs


@dataclass
class _Finder:
    sketches: Sketches
    least: float
    load: Load
    pairs: list[Pair] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.joined = Joined(self.sketches.cluster)
        self.is_new: list[bool] = self.sketches.is_new.tolist()
        self.failures: dict[int, int] = {}
        self.failed: set[tuple[int, int]] = set()
        self.shingles = RecentShingles(self.load)
        self.least_marks = count_marks(self.least)

    def pair_exact_ones(self) -> Numbers:
        """Pair each with the first that says the same; the indices of these first ones."""
        _, first, group = np.unique(self.sketches.exact, return_index=True, return_inverse=True)
        firsts = first[group]
        for index in np.flatnonzero(firsts != np.arange(len(firsts))).tolist():
            one = int(firsts[index])
            if self.is_new[index] or self.is_new[one]:
                self.pairs.append(Pair(one, index, 1.0))
            self.joined.join(one, index)
        return np.sort(first)

    def go_through(self, band: int, firsts: Numbers) -> None:
        groups: list[list[int]] = []
        for part in self._read_parts(self._read_buckets(self.sketches.bands[firsts, band], firsts)):
            self.shingles.fetch([index for _, indices in part for index in indices])
            for goes_on, indices in part:
                groups = groups if goes_on else []
                for index in indices:
                    self._place(index, groups)

    def _read_parts(self, buckets: Iterator[list[int]]) -> Iterator[list[tuple[bool, list[int]]]]:
        """Some buckets at a time, in which not all is joined yet, so that their texts are fetched together.

        A bucket of many comes in slices; True says that a slice goes on with the bucket before.
        """
        part: list[tuple[bool, list[int]]] = []
        size = 0
        for bucket in map(self._leave_out_chance, buckets):
            if len(set(map(self.joined.find, bucket))) < 2:
                continue
            for start in range(0, len(bucket), SLICE):
                part.append((start > 0, bucket[start : start + SLICE]))
                size += len(part[-1][1])
                if size >= SLICE:
                    yield part
                    part, size = [], 0
        yield part

    def _leave_out_chance(self, bucket: list[int]) -> list[int]:
        """Those that by their marks may be alike to another one of a bucket that is not very large."""
        if len(bucket) > COMPARED_AT_ONCE:
            return bucket
        marks = self.sketches.marks[bucket]
        likely = np.count_nonzero(marks[:, None] == marks, axis=2) >= self.least_marks
        return [
            index for index, others in zip(bucket, likely.sum(axis=1).tolist(), strict=True) if others > 1
        ]

    def _may_be_alike(self, one: int, other: int) -> bool:
        marks = self.sketches.marks
        return bool(np.count_nonzero(marks[one] == marks[other]) >= self.least_marks)

    def _read_buckets(self, values: Numbers, firsts: Numbers) -> Iterator[list[int]]:
        """Those with the same value in a band, where one of them is new; old ones first, each by id."""
        order = np.lexsort((firsts, self.sketches.is_new[firsts], values))
        sorted_values = values[order]
        starts = np.flatnonzero(np.concatenate(([True], sorted_values[1:] != sorted_values[:-1])))
        ends = np.append(starts[1:], len(order))
        many = ends - starts > 1
        for start, end in zip(starts[many].tolist(), ends[many].tolist(), strict=True):
            bucket = firsts[order[start:end]].tolist()
            if self.is_new[bucket[-1]]:
                yield bucket

    def _place(self, index: int, groups: list[list[int]]) -> None:
        """Compare a prompt with a few of each group that it is not joined to; then it stands in its own."""
        own: list[int] | None = None
        for group in list(groups):
            is_same = self.joined.find(group[0]) == self.joined.find(index)
            if not is_same and self.is_new[index]:
                is_same = self._compare(index, group)
            if is_same and own is None:
                own = group
            elif is_same and own is not None:
                own += group
                groups.remove(group)
        if own is None and len(groups) < MOST_GROUPS:
            groups.append([index])
        elif own is not None and len(own) < MOST_OF_A_GROUP:
            own.append(index)

    def _compare(self, index: int, group: list[int]) -> bool:
        """Whether the two are joined now."""
        for other in group[:MOST_OF_A_GROUP]:
            pair = (min(index, other), max(index, other))
            if pair in self.failed or self.failures.get(index, 0) >= MOST_FAILURES:
                continue
            if not self._may_be_alike(*pair):
                continue
            likeness = measure_likeness(self.shingles[index], self.shingles[other])
            if likeness >= self.least:
                self.pairs.append(Pair(*pair, likeness))
                self.failed.add(pair)  # known, whether or not it could be joined
                return self.joined.join(index, other)
            self.failed.add(pair)
            self.failures[index] = self.failures.get(index, 0) + 1
        return False
