"""Sketches promise candidates with a known probability; the likeness itself is exact."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.prompts.clustering.normalising import normalise
from apps.prompts.clustering.sketching import (
    BANDS,
    BINS,
    MOST_LETTERS,
    VERSION,
    count_marks,
    hash_shingles,
    measure_likeness,
    sketch_text,
)

WORDS = [f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in ("ra", "ne", "lu", "x", "")]


def like(one: str, other: str) -> float:
    return measure_likeness(hash_shingles(normalise(one)), hash_shingles(normalise(other)))


def shares_band(one: str, other: str) -> bool:
    bands = [np.frombuffer(sketch_text(text).bands, "<u4") for text in (one, other)]
    return bool((bands[0] == bands[1]).any())


def shares_marks(one: str, other: str) -> bool:
    marks = [np.frombuffer(sketch_text(text).marks, np.uint8) for text in (one, other)]
    return int((marks[0] == marks[1]).sum()) >= count_marks(0.7)


def test_stored_sketches_do_not_change_with_a_release() -> None:
    """Who breaks this raises VERSION, and all prompts are sketched again."""
    assert VERSION == 2
    sketch = sketch_text("the same text gives the same sketch for ever")
    assert len(sketch.bands) == 4 * BANDS
    assert (sketch.exact, sketch.bands[:8].hex()) == (770429657786380322, "0de460b63a514601")
    assert (len(sketch.marks), sketch.marks[:8].hex()) == (BINS, "5946ed42c3f78dc3")


@given(st.text(), st.text())
def test_likeness_is_that_of_the_sets(one: str, other: str) -> None:
    def cut(text: str) -> set[str]:
        text = f"\x02\x02\x02\x02{text}\x02\x02\x02\x02"
        return {text[at : at + 5] for at in range(len(text) - 4)}

    if not any(ord(letter) > 0x2FF for letter in one + other):
        a, b = cut(one), cut(other)
        assert measure_likeness(hash_shingles(one), hash_shingles(other)) == pytest.approx(
            len(a & b) / len(a | b)
        )


@pytest.mark.parametrize("length", [3, 10, 30, 200])
def test_those_that_are_alike_become_candidates(length: int) -> None:
    """At 0.7 and more: 0.99 is promised; over 400 pairs 0.95 would be a fault, not chance."""
    dice = random.Random(length)
    found = alike = 0
    while alike < 400:
        words = dice.choices(WORDS, k=length)
        other = list(words)
        for _ in range(max(1, length // 15)):
            other[dice.randrange(length)] = dice.choice(WORDS)
        one, two = " ".join(words), " ".join(other)
        if like(one, two) >= 0.7:
            alike += 1
            found += shares_band(one, two) and shares_marks(one, two)
    assert found / alike > 0.96


def test_those_that_are_not_alike_seldom_do() -> None:
    dice = random.Random(3)
    texts = [" ".join(dice.choices(WORDS, k=30)) for _ in range(200)]
    pairs = [(one, two) for one, two in zip(texts[::2], texts[1::2], strict=True)]
    assert sum(shares_band(one, two) for one, two in pairs) <= 2
    assert not any(shares_marks(one, two) for one, two in pairs)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("hi", "ho", False),
        ("hi", "Hi!", True),
        ("What is 2 + 2?", "What is 2 + 3?", False),
        ("法国的首都是哪里，请用一句话回答我的问题吧", "法国的首都在哪里，请用一句话回答我的问题吧", True),
        ("法国的首都是哪里", "德国的总统是谁呢", False),
        ("ما هي عاصمة فرنسا وكم عدد سكانها اليوم تقريبا؟", "ما هي عاصمة فرنسا وكم عدد سكانها اليوم؟", True),
        ("Write a poem about cats", "Write a poem about dogs", False),
    ],
)
def test_short_texts_and_all_scripts(one: str, other: str, alike: bool) -> None:
    assert (like(one, other) >= 0.7) is alike


def test_the_longest_texts_are_compared_by_their_beginning() -> None:
    text = " ".join(random.Random(1).choices(WORDS, k=60_000))
    assert len(hash_shingles(text)) <= MOST_LETTERS + 8
    assert sketch_text(text).exact != sketch_text(text + " more").exact
    assert sketch_text(text).bands == sketch_text(text + " more").bands


def test_nothing_at_all_has_a_sketch() -> None:
    assert sketch_text("").bands
