from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.datasets.deciding.reasons import Reason
from apps.datasets.deciding.splitting import Splitter
from apps.datasets.models import Split
from apps.datasets.recipes.document import Splits
from tests.datasets.samples import make_prompt

TRAIN, VALIDATION, TEST = Split.TRAIN, Split.VALIDATION, Split.TEST


def splitter(test: float = 0.1, validation: float = 0.0, key: bytes = b"key", **rest: object) -> Splitter:
    return Splitter(key, Splits(test=test, validation=validation), **rest)  # type: ignore[arg-type]


def place(count: int, **shares: float) -> Counter[Split | Reason]:
    one = splitter(**shares)  # type: ignore[arg-type]
    return Counter(one.find_split(make_prompt(cluster=f"cluster {n}")) for n in range(count))


def test_the_shares_are_expected_ones() -> None:
    found = place(10_000, test=0.1, validation=0.2)
    assert 900 < found[TEST] < 1100
    assert 1850 < found[VALIDATION] < 2150
    assert found[TRAIN] == 10_000 - found[TEST] - found[VALIDATION]


def test_without_shares_all_train() -> None:
    assert place(1000, test=0.0) == {TRAIN: 1000}


def test_the_hash_depends_on_the_cluster_and_the_key_alone() -> None:
    here, there = splitter(0.5), splitter(0.5, key=b"other")
    prompts = [make_prompt(number=n, cluster=f"cluster {n}") for n in range(200)]
    again = [make_prompt(number=n + 500, cluster=f"cluster {n}", language="sv") for n in range(200)]
    assert [here.find_split(one) for one in prompts] == [here.find_split(one) for one in again]
    assert [here.find_split(one) for one in prompts] != [there.find_split(one) for one in prompts]


def test_a_larger_share_takes_from_train_and_gives_nothing_back() -> None:
    small, large = splitter(0.1), splitter(0.3)
    for number in range(500):
        prompt = make_prompt(cluster=f"cluster {number}")
        if small.find_split(prompt) == TEST:
            assert large.find_split(prompt) == TEST


def test_what_has_left_stays_whatever_the_shares() -> None:
    frozen = make_prompt(split="test", cluster_split="test")
    assert splitter(0.0).find_split(frozen) == TEST
    mate = make_prompt(number=2, cluster_split="validation")
    assert splitter(0.0).find_split(mate) == VALIDATION


def test_a_cluster_can_be_kept_to_train_unless_it_has_left() -> None:
    always = splitter(0.999, to_train=frozenset({"kept"}))
    assert always.find_split(make_prompt(cluster="kept")) == TRAIN
    assert always.find_split(make_prompt(cluster="kept", cluster_split="test")) == TEST
    between = make_prompt(cluster="kept", bridges=(("other", "train"),))
    assert always.find_split(between) == TRAIN


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [
        (make_prompt(cluster_split="train", bridges=(("far", "train"),)), TRAIN),
        (make_prompt(cluster_split="train", bridges=(("far", "test"),)), Reason.SPLIT_CONFLICT),
        (
            make_prompt(cluster_split="test", bridges=(("far", "test"), ("other", "train"))),
            Reason.SPLIT_CONFLICT,
        ),
        (make_prompt(split="test", cluster_split="train"), Reason.SPLIT_CONFLICT),
        (
            make_prompt(split="train", cluster_split="train", bridges=(("far", "test"),)),
            Reason.SPLIT_CONFLICT,
        ),
    ],
)
def test_what_is_like_two_splits_stays_out(prompt: object, expected: Split | Reason) -> None:
    assert splitter().find_split(prompt) == expected  # type: ignore[arg-type]


@given(st.text(max_size=20), st.text(max_size=20), st.floats(0, 0.9))
def test_a_bridge_between_free_clusters_goes_by_both_hashes(own: str, far: str, test: float) -> None:
    one = splitter(test)
    there = one.find_split(make_prompt(cluster=far))
    here = one.find_split(make_prompt(cluster=own))
    between = one.find_split(make_prompt(cluster=own, bridges=((far, None),)))
    assert between == (here if here == there else Reason.SPLIT_CONFLICT)
