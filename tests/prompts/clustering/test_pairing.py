"""Pairs and groups over plain texts, without a database."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from unittest.mock import Mock

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.prompts.clustering import pairing
from apps.prompts.clustering.joining import Grouping, group_pairs
from apps.prompts.clustering.normalising import normalise
from apps.prompts.clustering.pairing import find_pairs
from apps.prompts.clustering.sketch_table import Sketches
from apps.prompts.clustering.sketching import (
    BANDS,
    BINS,
    Hashes,
    hash_shingles,
    measure_likeness,
    sketch_text,
)

LEAST = 0.7


def sketch_all(texts: list[str], clusters: list[int] | None = None, old: int = 0) -> Sketches:
    sketches = [sketch_text(normalise(text)) for text in texts]
    return Sketches(
        ids=np.arange(len(texts)),
        exact=np.array([sketch.exact for sketch in sketches], dtype=np.int64),
        bands=np.frombuffer(b"".join(sketch.bands for sketch in sketches), "<u4").reshape(-1, BANDS),
        marks=np.frombuffer(b"".join(sketch.marks for sketch in sketches), "u1").reshape(-1, BINS),
        cluster=np.array(clusters or [0] * len(texts)),
        is_new=np.arange(len(texts)) >= old,
    )


def group(
    texts: list[str], clusters: list[int] | None = None, old: int = 0, least: float = LEAST
) -> Grouping:
    """The first `old` of the texts were compared before."""
    normal = [normalise(text) for text in texts]
    all_of_them = sketch_all(texts, clusters, old)

    def load(indices: Sequence[int]) -> list[Hashes]:
        return [hash_shingles(normal[index]) for index in indices]

    return group_pairs(all_of_them, find_pairs(all_of_them, least=least, load=load))


A = "Can my landlord raise the rent in the middle of a lease that runs until next August?"
A2 = "Can my landlord raise the rent in the middle of a lease that runs until August?"
A3 = "Could my landlord raise the rent in the middle of a lease that runs until August?"
B = "Explain what a sublease is, with an example of one that a student might sign."


def test_the_same_and_the_similar_come_together() -> None:
    grouping = group([A, B, A.upper(), A2])
    assert grouping.founded == [[0, 2, 3]]
    assert grouping.nearest[2] == (0, 1.0)
    assert grouping.nearest[3][0] in {0, 2}
    assert 0.7 < grouping.nearest[3][1] < 1


def test_what_is_alone_gets_no_cluster() -> None:
    assert group([A, B]) == Grouping()


def test_a_new_one_joins_the_cluster_that_is_there() -> None:
    grouping = group([A, A2, B, A3], clusters=[7, 7, 0, 0], old=3)
    assert grouping.joins == {3: 7}
    assert not grouping.founded


def test_an_old_one_that_stood_alone_founds_a_cluster_with_a_new_one() -> None:
    assert group([A, B, A2], old=2).founded == [[0, 2]]


def test_nothing_new_changes_nothing() -> None:
    assert group([A, A2, B], clusters=[7, 7, 0], old=3) == Grouping()


def test_what_is_like_two_clusters_joins_the_nearer_and_bridges_to_the_other() -> None:
    left, right = "one two three four five six seven eight", "six seven eight nine ten eleven twelve"
    both = "one two three four five six seven eight nine ten eleven twelve"
    near = measure_likeness(hash_shingles(left), hash_shingles(both))
    far = measure_likeness(hash_shingles(right), hash_shingles(both))
    assert near != far
    grouping = group([left, right, both], clusters=[3, 4, 0], old=2, least=min(near, far) - 0.01)
    joined, bridged = (3, 4) if near > far else (4, 3)
    assert grouping.joins == {2: joined}
    assert grouping.bridges == {(2, bridged): min(near, far)}


def test_a_hundred_thousand_of_one_mould_stay_affordable() -> None:
    """All share most of their text; each is compared with few."""
    asked = 0
    texts = [f"Translate the word number {n * 7919 % 10007} into Swedish and German" for n in range(1500)]
    normal = [normalise(text) for text in texts]
    all_of_them = sketch_all(texts)

    def load(indices: Sequence[int]) -> list[Hashes]:
        nonlocal asked
        asked += len(indices)
        return [hash_shingles(normal[index]) for index in indices]

    pairs = find_pairs(all_of_them, least=0.99, load=load)
    assert asked <= 25 * len(texts)
    assert len(pairs) < len(texts)


@pytest.mark.parametrize("at_once", [2, 256])
def test_what_shares_a_band_by_chance_is_not_compared(monkeypatch: pytest.MonkeyPatch, at_once: int) -> None:
    """And where few share it, not even read."""
    compare = Mock(side_effect=measure_likeness)
    monkeypatch.setattr(pairing, "measure_likeness", compare)
    monkeypatch.setattr(pairing, "COMPARED_AT_ONCE", at_once)
    texts = [A, "Write a haiku about the first snow of winter.", B, A2]
    sketches = sketch_all(texts)
    sketches = replace(sketches, bands=np.zeros_like(sketches.bands))
    read: list[int] = []

    def load(indices: Sequence[int]) -> list[Hashes]:
        read.extend(indices)
        return [hash_shingles(normalise(texts[index])) for index in indices]

    assert [pair[:2] for pair in find_pairs(sketches, least=LEAST, load=load)] == [(0, 3)]
    assert read == ([0, 3] if at_once > 2 else [0, 1, 2, 3])
    assert compare.call_count == 1


WORDS = ["law", "rent", "lease", "tenant", "court", "notice", "deposit", "flat", "owner", "month", "letter"]
TEXTS = st.lists(st.lists(st.sampled_from(WORDS), min_size=4, max_size=12).map(" ".join), max_size=25)


@given(TEXTS)
@settings(max_examples=60)
def test_groups_hold_only_what_a_chain_of_like_pairs_joins(texts: list[str]) -> None:
    """No more than the true components of the graph, and every exact copy."""
    normal = [normalise(text) for text in texts]
    parent = list(range(len(texts)))

    def find(index: int) -> int:
        while parent[index] != index:
            index = parent[index]
        return index

    for one, other in combinations(range(len(texts)), 2):
        if measure_likeness(hash_shingles(normal[one]), hash_shingles(normal[other])) >= LEAST:
            parent[find(one)] = find(other)
    grouping = group(texts)
    for members in grouping.founded:
        assert len({find(index) for index in members}) == 1
    group_of = {index: place for place, members in enumerate(grouping.founded) for index in members}
    for one, other in combinations(range(len(texts)), 2):
        if normal[one] == normal[other]:
            assert group_of[one] == group_of[other]
