"""Sketches: what tells in a hundred bytes which texts a text may be like.

A text is the set of its runs of five letters (three where a script has no spaces), ends included. Its
MinHash has one value for each of 125 bins of the hashes' range (one permutation hashing, Li, Owen and
Zhang, 2012), and an empty bin takes the value of one that is not (Shrivastava, Optimal Densification for
Fast and Accurate Minwise Hashing, 2017). Five values are a band. Two texts of Jaccard similarity s agree in
one of 25 bands with a probability of 1 - (1 - s**5)**25: 0.99 at 0.7, 0.54 at 0.5. Agreeing makes them
candidates, no more: the true similarity is computed of the texts.

Beside its bands a sketch has a mark of eight bits for each bin (b-bit minwise hashing, Li and König, 2010).
Of two texts a share of s + (1 - s) / 256 of the marks is equal, more or less; so most candidates that came
by chance are seen to be that before their texts are read.
"""

import hashlib
from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np

from apps.prompts.clustering.normalising import is_dense

# Stored sketches are compared with new ones; who changes what they are made of raises this.
VERSION = 2
BANDS, ROWS = 25, 5
BINS = BANDS * ROWS
WIDTH, DENSE_WIDTH = 5, 3
# Of a longer text its beginning is compared; whether two are the same but for their form, all of it tells.
MOST_LETTERS = 50_000

Hashes: TypeAlias = "np.ndarray[Any, np.dtype[np.uint64]]"

_FACTOR = np.uint64(0x9E3779B97F4A7C15)
_EDGES = ((np.arange(BINS, dtype=object) << 64) // BINS).astype(np.uint64)


def _mix(hashes: Hashes) -> Hashes:
    """Spread over all 64 bits (the finaliser of splitmix64), since the bins go by the highest."""
    hashes ^= hashes >> np.uint64(30)
    hashes *= np.uint64(0xBF58476D1CE4E5B9)
    hashes ^= hashes >> np.uint64(27)
    hashes *= np.uint64(0x94D049BB133111EB)
    hashes ^= hashes >> np.uint64(31)
    return hashes


# No generator of numbers: its sequence may differ in the next version of NumPy.
_RANKS = _mix(np.arange(BINS * BINS, dtype=np.uint64) * _FACTOR).reshape(BINS, BINS).argsort(axis=1)
_BAND_FACTORS = _mix(np.arange(1, ROWS + 1, dtype=np.uint64) * _FACTOR) | np.uint64(1)


@dataclass(frozen=True, slots=True)
class Sketch:
    exact: int
    bands: bytes
    marks: bytes


def sketch_text(normalised: str) -> Sketch:
    """The sketch of a text that `normalise` made."""
    # Half a surrogate pair stands for itself: no database holds one, a caller's text may.
    digest = hashlib.blake2b(normalised.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    exact = int.from_bytes(digest, "little", signed=True)
    values = _fill_bins(hash_shingles(normalised))
    return Sketch(exact, _band(values), values.astype(np.uint8).tobytes())


def hash_shingles(normalised: str) -> Hashes:
    """The hashes of the text's different shingles, in order."""
    normalised = normalised[:MOST_LETTERS]
    width = DENSE_WIDTH if is_dense(normalised) else WIDTH
    edge = "\x02" * (width - 1)
    codes = np.frombuffer(f"{edge}{normalised}{edge}".encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    letters = codes.astype(np.uint64)
    count = len(letters) - width + 1
    hashes = letters[:count].copy()
    for offset in range(1, width):
        hashes *= _FACTOR
        hashes += letters[offset : count + offset]
    hashes = _mix(hashes)
    hashes.sort()  # np.unique would take three times as long
    return hashes[np.concatenate(([True], hashes[1:] != hashes[:-1]))]


def measure_likeness(one: Hashes, other: Hashes) -> float:
    """Jaccard's similarity of two sets as `hash_shingles` makes them."""
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return shared / (len(one) + len(other) - shared)


def count_marks(least: float) -> int:
    """Equal marks of two texts that may be as like as `least`.

    Half of those to be expected: of a dozen shingles, too, that is two standard deviations below the mean.
    """
    return int(BINS * least / 2)


def _fill_bins(hashes: Hashes) -> Hashes:
    """The lowest hash of each bin. In sorted hashes that is where the bin begins."""
    first = np.searchsorted(hashes, _EDGES)
    last = np.append(first[1:], len(hashes))
    filled = np.flatnonzero(first < last)
    values = np.empty(BINS, dtype=np.uint64)
    values[filled] = hashes[first[filled]]
    empty = np.flatnonzero(first >= last)
    if len(empty):
        values[empty] = values[filled[_RANKS[np.ix_(empty, filled)].argmin(axis=1)]]
    return values


def _band(values: Hashes) -> bytes:
    mixed = (values.reshape(BANDS, ROWS) * _BAND_FACTORS).sum(axis=1, dtype=np.uint64)
    return (_mix(mixed) >> np.uint64(32)).astype("<u4").tobytes()
