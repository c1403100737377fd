from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from apps.core.errors import NotFoundError
from apps.datasets import changes
from apps.datasets.changes import find_change
from apps.datasets.figures import Figures
from apps.datasets.models import Recipe, Snapshot, SnapshotChange
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.recipes.saving import save_recipe
from apps.datasets.shelf import describe_shelf, tell_cost, tell_time
from apps.datasets.snapshots.comparing import Difference
from apps.projects.models import Project

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
FIGURES = Figures.model_validate({"rows": {"preference": {"train": 300}}})


@pytest.fixture
def recipe(project: Project) -> Recipe:
    return save_recipe(project=project, name="Pairs", document=RecipeDocument(), user=None).recipe


def keep(recipe: Recipe, number: int, rows: int = 100, **fields: Any) -> Snapshot:
    """A finished snapshot; its files are nowhere."""
    ended = {"status": "finished", "stored": f"snapshots/{number}", "digest": f"{number:064}"}
    return Snapshot.objects.create(
        project=recipe.project,
        recipe=recipe,
        version=recipe.versions.get(),
        number=number,
        rows=rows,
        **({"finished_at": timezone.now(), **ended} | fields),
    )


def test_a_shelf_begins_empty() -> None:
    shelf = describe_shelf(None, FIGURES, NOW)
    assert (shelf.number, shelf.finished, shelf.making, shelf.cost) == (1, [], None, "Less than a minute.")


def test_snapshots_are_listed_the_newest_first(recipe: Recipe) -> None:
    for number in range(1, 15):
        keep(recipe, number)
    shelf = describe_shelf(recipe, FIGURES, NOW)
    assert [one.number for one in shelf.finished[:2]] == [14, 13]
    assert (len(shelf.finished), shelf.older, shelf.number) == (12, 2, 15)
    assert shelf.growth[-1].label == "v15"


def test_the_one_under_way_and_the_one_that_failed(recipe: Recipe) -> None:
    failed = {"stored": "", "digest": "", "status": "failed", "error": "No room.", "error_code": "full"}
    keep(recipe, 1, **failed)
    ended = describe_shelf(recipe, FIGURES, NOW).ended
    assert ended is not None
    assert ended.error == "No room."
    keep(recipe, 2, stored="", digest="", status="running", finished_at=None)
    shelf = describe_shelf(recipe, FIGURES, NOW)
    assert shelf.making is not None
    assert shelf.pace is not None
    assert shelf.ended is None


def test_a_cost_follows_the_last_one(recipe: Recipe) -> None:
    last = keep(recipe, 1, rows=100, size=1_000_000)
    last.finished_at = last.created_at + timedelta(seconds=2)
    assert tell_cost([last], 1000) == "About 20 s, 9.5\u00a0MB."
    assert tell_cost([last], 0) == ""
    assert tell_cost([], 5_000_000).startswith("A few minutes")


@pytest.mark.parametrize(("seconds", "says"), [(0.2, "1 s"), (61, "61 s"), (600, "10 min")])
def test_a_time_is_round(seconds: float, says: str) -> None:
    assert tell_time(seconds) == says


def test_a_snapshot_is_compared_with_the_one_before_it_once(
    recipe: Recipe, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[int, int]] = []

    def compare(before: Snapshot, after: Snapshot) -> Difference:
        compared.append((before.number, after.number))
        return Difference(4, 1, 2, 90, {"pair": (3, 1, 2), "annotation": (1, 0, 0)}, [], [], [])

    monkeypatch.setattr(changes, "compare_snapshots", compare)
    first, _, last = keep(recipe, 1), keep(recipe, 2), keep(recipe, 4)
    for _ in range(2):
        change = find_change(last)
        assert change.told == "+3 pairs, −1 pair, 2 pairs flipped, +1 answer"
    assert compared == [(2, 4)]
    assert SnapshotChange.objects.get().after == last
    with pytest.raises(NotFoundError):
        find_change(first)
