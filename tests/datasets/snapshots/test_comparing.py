"""What changed between two snapshots, by their indexes."""

from collections import Counter
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.datasets.snapshots.comparing import COLUMNS, _divide, compare_snapshots
from apps.projects.models import Project
from apps.rating.models import PairOutcome
from tests.datasets.factories import make_judged
from tests.datasets.snapshots.conftest import Make

Row = tuple[int, int, int, int, int]


def divide(before: list[Row], after: list[Row]) -> dict[str, list[Row]]:
    both = before + after
    entries = {name: np.array([row[n] for row in both], dtype=np.int64) for n, name in enumerate(COLUMNS)}
    parts = _divide(entries, np.arange(len(both)) >= len(before))
    return {name: [both[place] for place in part] for name, part in parts._asdict().items()}


def pair(item: int, chosen: int, rejected: int) -> Row:
    return (0, item, item, chosen, rejected)


def test_added_removed_and_flipped() -> None:
    before = [pair(1, 10, 11), pair(2, 20, 21), pair(3, 30, 31)]
    after = [pair(1, 10, 11), pair(2, 21, 20), pair(4, 40, 41)]
    assert divide(before, after) == {
        "added": [pair(4, 40, 41)],
        "removed": [pair(3, 30, 31)],
        "flipped": [pair(2, 21, 20)],
    }


def test_pairs_of_several_raters_cancel_one_by_one() -> None:
    before = [pair(1, 10, 11), pair(1, 10, 11), pair(1, 11, 10)]
    after = [pair(1, 10, 11), pair(1, 11, 10), pair(1, 11, 10), pair(1, 11, 10)]
    assert divide(before, after) == {
        "added": [pair(1, 11, 10)],
        "removed": [],
        "flipped": [pair(1, 11, 10)],
    }


def test_what_is_of_another_kind_is_something_else() -> None:
    lesson = (1, 1, 1, 10, -1)
    assert divide([pair(1, 10, 11)], [lesson])["flipped"] == []
    prompts = [(4, 1, -1, -1, -1)], [(4, 2, -1, -1, -1)]
    assert divide(*prompts)["added"] == prompts[1]


def test_nothing_changes_in_what_is_the_same() -> None:
    rows = [pair(n, n + 1, n) for n in range(20)]
    assert divide(rows, list(rows)) == {"added": [], "removed": [], "flipped": []}


rows = st.lists(
    st.tuples(*[st.integers(0, 1)] * 3, st.integers(0, 2), st.integers(0, 2)), min_size=1, max_size=12
)


@given(rows, rows)
def test_it_agrees_with_counting_by_hand(before: list[Row], after: list[Row]) -> None:
    found = divide(before, after)
    left_before = Counter(map(_key, before)) - Counter(map(_key, after))
    left_after = Counter(map(_key, after)) - Counter(map(_key, before))
    flips = 0
    for subject in {key[:-1] for key in left_before}:
        gone = sum(count for key, count in left_before.items() if key[:-1] == subject)
        new = sum(count for key, count in left_after.items() if key[:-1] == subject)
        flips += min(gone, new)
    assert len(found["flipped"]) == flips
    assert len(found["added"]) == left_after.total() - flips
    assert len(found["removed"]) == left_before.total() - flips


def _key(row: Row) -> tuple[Any, ...]:
    kind, prompt, item, chosen, rejected = row
    about = item if item >= 0 else -prompt - 1
    return (about, kind, min(chosen, rejected), max(chosen, rejected), chosen < rejected)


@pytest.mark.django_db
def test_two_snapshots(rated: Project, make: Make) -> None:
    first = make(formats=["preference"])
    flipped = rated.items.earliest("pk")
    for outcome in PairOutcome.objects.filter(item=flipped):
        PairOutcome.objects.filter(pk=outcome.pk).update(a=outcome.b, b=outcome.a)
    added = make_judged(rated, "a1")
    second = make(formats=["preference"])
    found = compare_snapshots(first, second)
    assert (found.added, found.removed, found.flipped, found.same) == (1, 0, 1, 2)
    assert [entry.item for entry in found.first_added] == [str(added.uid)]
    assert found.first_added[0].prompt == str(added.prompt.uid)
    a, b = flipped.responses.order_by("slots__position")
    assert [(one.chosen, one.rejected) for one in found.first_flipped] == [(str(b.uid), str(a.uid))]
    back = compare_snapshots(second, first)
    assert (back.added, back.removed, back.flipped, back.same) == (0, 1, 1, 2)


@pytest.mark.django_db
def test_all_kinds_of_rows_are_compared(rated: Project, make: Make) -> None:
    formats = ["preference", "sft", "comparisons", "prompts"]
    first = make(formats=formats)
    make_judged(rated, "a3 a3")
    found = compare_snapshots(first, make(formats=formats))
    assert sorted(entry.kind for entry in found.first_added) == [
        "annotation",
        "annotation",
        "lesson",
        "pair",
        "prompt",
    ]
    assert found.removed == found.flipped == 0
    assert found.in_words == [
        ("pairs", (1, 0, 0)),
        ("conversations", (1, 0, 0)),
        ("answers", (2, 0, 0)),
        ("prompts", (1, 0, 0)),
    ]
