"""Datasets made from a shell."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.core.models import AuditEvent
from apps.datasets.models import FrozenSplit, Snapshot
from apps.projects.models import Project
from tests.datasets.deciding.test_scales import SEVEN, ask
from tests.datasets.snapshots.conftest import Save

pytestmark = pytest.mark.django_db


def run(*words: object) -> str:
    out = StringIO()
    call_command(*map(str, words), stdout=out)
    return out.getvalue()


def list_files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


def test_pairs_and_conversations_by_default(rated: Project, tmp_path: Path) -> None:
    said = run("export_dataset", "helpful", tmp_path / "out")
    assert "3 pairs; 1 items stay out" in said
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        *("README.md", "croissant.json", "manifest.json", "preference", "sft")
    }
    assert AuditEvent.objects.get().action == "dataset.exported"
    assert not Snapshot.objects.exists()
    assert FrozenSplit.objects.count() == 3
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith((".", "tmp"))] == []


def test_one_format_and_container(rated: Project, tmp_path: Path) -> None:
    run("export_dataset", "helpful", tmp_path / "out", "--format", "prompts", "--container", "jsonl")
    assert "prompts/train.jsonl" in list_files(tmp_path / "out")
    assert not any(name.endswith("parquet") for name in list_files(tmp_path / "out"))


def test_limits_are_those_of_the_scale(rated: Project, tmp_path: Path) -> None:
    rated.rubrics.create(version=2, document=ask(SEVEN).model_dump(mode="json"))
    run("export_dataset", "helpful", tmp_path / "out")
    manifest = json.loads((tmp_path / "out/manifest.json").read_text())
    assert manifest["recipe"]["document"]["labels"]["good_from"] == 4.5


def test_a_saved_recipe_makes_a_snapshot_that_stays(rated: Project, tmp_path: Path, save: Save) -> None:
    save("Pairs", formats=["preference"], container="jsonl")
    said = run("export_dataset", "helpful", tmp_path / "deep" / "out", "--recipe", "Pairs")
    snapshot = Snapshot.objects.get()
    assert snapshot.digest in said
    assert list_files(tmp_path / "deep" / "out") == {file["path"] for file in snapshot.files}
    assert json.loads((tmp_path / "deep/out/manifest.json").read_text()) == snapshot.manifest


def test_a_snapshot_of_a_document(rated: Project, tmp_path: Path) -> None:
    file = tmp_path / "recipe.json"
    file.write_text('{"formats": ["sft"]}')
    said = run("snapshot_dataset", "helpful", "Lessons", "--document", file)
    assert f"id {Snapshot.objects.get().uid}" in said
    assert "Snapshot 2 of Lessons, version 1" in run("snapshot_dataset", "helpful", "Lessons")


def test_a_folder_in_use_is_left_alone(rated: Project, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CommandError, match="not empty"):
        run("export_dataset", "helpful", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_nothing_to_export_leaves_nothing(project: Project, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Nobody has rated"):
        run("export_dataset", "helpful", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["export_dataset", "nothing", "DIR"], "no project 'nothing'"),
        (["snapshot_dataset", "nothing", "Pairs"], "no project 'nothing'"),
        (["export_dataset", "helpful", "DIR", "--recipe", "No"], "no recipe 'No'"),
        (["export_dataset", "helpful", "DIR", "--recipe", "No", "--format", "sft"], "says itself"),
        (["snapshot_dataset", "helpful", "No"], "There is: none yet"),
        (["snapshot_dataset", "helpful", "No", "--document", "/nowhere"], "not the JSON of a recipe"),
    ],
)
def test_what_cannot_be_done_is_said(project: Project, words: list[str], says: str) -> None:
    with pytest.raises(CommandError, match=says):
        run(*words)


def test_a_snapshot_that_fails_is_said_to(project: Project, save: Save) -> None:
    save("Pairs")
    with pytest.raises(CommandError, match="Nobody has rated"):
        run("snapshot_dataset", "helpful", "Pairs")
