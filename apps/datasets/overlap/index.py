"""Texts, prepared to be looked for in others: which has words in a row in common with one of them.

Runs of so many words are overlaps, as decontamination of training sets counts them (13 in Brown et al. 2020,
arXiv 2005.14165, appendix C). A shorter text is looked for as a whole.
"""

from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any, NamedTuple, TypeAlias

import numpy as np

from apps.datasets.overlap.words import quote_words, split_words

VERY_SHORT = 5  # words: a text of fewer is like a turn that has no others, for “how are you” is in too many
MOST_SAME = 20  # places of one run that are looked at

Hashes: TypeAlias = "np.ndarray[Any, np.dtype[np.uint64]]"
Numbers: TypeAlias = "np.ndarray[Any, np.dtype[np.int32]]"
Words = list[str]


class Overlap(NamedTuple):
    """What a conversation has in common with a text.

    Attributes:
        text: which, by its place.
        run: so many words in a row.
        is_whole: whether that is all of the text.
        shared: the words, as the conversation has them.
    """

    text: int
    run: int
    is_whole: bool
    shared: str


class _Table(NamedTuple):
    """Runs of one length: their hashes in order, the text of each, and the word that it begins with."""

    hashes: Hashes
    texts: Numbers
    firsts: Numbers


class OverlapIndex:
    """Asked of one conversation after another.

    Args:
        texts: what to look for.
        words: so many in a row are an overlap.
    """

    def __init__(self, texts: Sequence[str], words: int) -> None:
        known: dict[str, str] = {}
        self._texts = [[known.setdefault(word, word) for word in split_words(text)] for text in texts]
        self._words = words
        self._tables = {length: self._make_table(length) for length in self._list_lengths()}

    def find(self, turns: Iterable[str]) -> Overlap | None:
        """The overlap of the conversation that says most: a whole text, else the longest run."""
        best: tuple[bool, int] = (False, 0)
        found: Overlap | None = None
        for turn in turns:
            words = split_words(turn)
            for text, first, run in self._find_runs(words):
                is_whole = run == len(self._texts[text])
                if (is_whole, run) > best:
                    best = (is_whole, run)
                    found = Overlap(text, run, is_whole, quote_words(turn, first, first + run))
        return found

    def _list_lengths(self) -> list[int]:
        return sorted({min(len(words), self._words) for words in self._texts if words})

    def _make_table(self, length: int) -> _Table:
        hashes, texts, firsts = [], [], []
        for number, words in enumerate(self._texts):
            if min(len(words), self._words) == length:
                runs = _hash_runs(_sum_hashes(words), length)
                hashes.append(runs)
                texts.append(np.full(len(runs), number, dtype=np.int32))
                firsts.append(np.arange(len(runs), dtype=np.int32))
        together = np.concatenate(hashes)
        order = np.argsort(together, kind="stable")
        return _Table(together[order], np.concatenate(texts)[order], np.concatenate(firsts)[order])

    def _find_runs(self, words: Words) -> Iterator[tuple[int, int, int]]:
        """Text, first word here and length of the runs in common."""
        sums = _sum_hashes(words)
        for length, table in self._tables.items():
            alone = length < min(VERY_SHORT, self._words)
            if len(words) < length or (alone and len(words) > length):
                continue
            runs = _hash_runs(sums, length)
            places = np.searchsorted(table.hashes, runs)
            places[places == len(table.hashes)] = 0
            passed = 0
            for first in np.flatnonzero(table.hashes[places] == runs).tolist():
                if first < passed:  # within a run that was found
                    continue
                for text, run in self._follow(words, first, length, table, int(places[first])):
                    passed = max(passed, first + run - length + 1)
                    yield text, first, run

    def _follow(
        self, words: Words, first: int, length: int, table: _Table, place: int
    ) -> Iterator[tuple[int, int]]:
        """Each text with this run, and how far it goes on in both."""
        for at in range(place, min(place + MOST_SAME, len(table.hashes))):
            if table.hashes[at] != table.hashes[place]:
                return
            text = int(table.texts[at])
            run = _count_common(words, first, self._texts[text], int(table.firsts[at]))
            if run >= length:  # else it was the hash alone
                yield text, run


def _count_common(one: Words, first: int, other: Words, second: int) -> int:
    run = 0
    for ours, theirs in zip(one[first:], other[second:], strict=False):
        if ours != theirs:
            break
        run += 1
    return run


# The hash of a run is a polynomial of its words' hashes, modulo 2**64, shifted so that it does not tell where
# the run began: the difference of two sums gives it, whatever its length.
_BASE = 0x9E3779B97F4A7C15
_INVERSE = pow(_BASE, -1, 1 << 64)


@lru_cache(maxsize=32)
def _raise_powers(base: int, size: int) -> Hashes:
    powers = np.full(size, base, dtype=np.uint64)
    powers[0] = 1
    return np.cumprod(powers)


def _take_powers(base: int, count: int) -> Hashes:
    return _raise_powers(base, 1 << max(count, 1).bit_length())[:count]


def _sum_hashes(words: Words) -> Hashes:
    """Their hashes, weighted and summed up to each word. Python's own differ from process to process."""
    hashes = np.fromiter(map(hash, words), dtype=np.int64, count=len(words)).view(np.uint64)
    sums = np.zeros(len(words) + 1, dtype=np.uint64)
    np.cumsum(hashes * _take_powers(_BASE, len(words)), out=sums[1:])
    return sums


def _hash_runs(sums: Hashes, length: int) -> Hashes:
    """One per word that has enough after it."""
    runs: Hashes = sums[length:] - sums[:-length]
    return runs * _take_powers(_INVERSE, len(runs))
