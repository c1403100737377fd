from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from apps.datasets.models import RecipeVersion, Snapshot
from apps.datasets.recipes.parsing import parse_recipe
from apps.datasets.recipes.saving import save_recipe
from apps.datasets.snapshots import making
from apps.datasets.snapshots.states import start_snapshot
from apps.datasets.snapshots.work import settle_all, work_snapshot
from apps.projects.models import Project
from tests.datasets.factories import make_judged


@pytest.fixture(autouse=True)
def _one_connection(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read on the test's own connection, which alone sees its rows; tests that commit them read ahead."""
    marker = request.node.get_closest_marker("django_db")
    if marker is not None and marker.kwargs.get("transaction"):
        return

    @contextmanager
    def read_here(parts: Any) -> Iterator[Any]:
        yield iter(parts)

    monkeypatch.setattr(making, "read_ahead", read_here)


@pytest.fixture
def rated(project: Project) -> Project:
    """Three pairs, each of its own prompt, and a tie."""
    make_judged(project, "a3 a2 a2", texts=("Yes.", "No."))
    make_judged(project, "b3 b3 a1", texts=("It is.", "It is, and at length."))
    make_judged(project, "b2 b2 b2", texts=("你好 😀", " Hello\r\n"))
    make_judged(project, "tie tie a1")
    return project


Save = Callable[..., RecipeVersion]
Make = Callable[..., Snapshot]


@pytest.fixture
def save(project: Project) -> Save:
    """A version of the recipe `name` that says this, and otherwise what a new recipe says."""

    def save(name: str = "Pairs", **document: Any) -> RecipeVersion:
        return save_recipe(project=project, name=name, document=parse_recipe(document), user=None)

    return save


@pytest.fixture
def make(save: Save) -> Make:
    """A snapshot, made to its end."""

    def make(name: str = "Pairs", **document: Any) -> Snapshot:
        snapshot = start_snapshot(version=save(name, **document), user=None, wake=False)
        assert work_snapshot(snapshot.pk)
        settle_all()
        return Snapshot.objects.get(pk=snapshot.pk)

    return make
