"""Files that a worker looks at: Parquet, folders and hub ids."""

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.utils import timezone

from apps.projects.models import Project
from apps.prompts.imports import looking
from apps.prompts.imports.datasets_source import DatasetError, check_dataset
from apps.prompts.imports.looking import give_up_looking, look_at_uploads
from apps.prompts.imports.options import DatasetSource, ImportOptions
from apps.prompts.imports.uploads import make_import
from apps.prompts.imports.work import work_off_imports
from apps.prompts.models import ImportStatus, PromptImport
from tests.prompts.imports.files import make_lines, upload

pytestmark = pytest.mark.django_db


def parquet(*rows: dict[str, Any]) -> bytes:
    file = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(list(rows)), file)
    return file.getvalue()


def test_what_is_understood_starts_by_itself(project: Project) -> None:
    content = parquet({"prompt": "a", "lang": "en"}, {"prompt": "b", "lang": "sv"})
    report = upload(project, content, "a.parquet", starts_by_itself=True)
    assert report.sample is None
    look_at_uploads()
    work_off_imports()
    report.refresh_from_db()
    assert (report.status, report.added, report.consumed, report.total) == ("finished", 2, 2, 2)
    assert list(project.prompts.values_list("language", flat=True)) == ["en", "sv"]


def test_what_has_to_be_guessed_waits_for_a_person(project: Project) -> None:
    report = upload(project, parquet({"query": "a"}), "a.parquet", starts_by_itself=True)
    look_at_uploads()
    report.refresh_from_db()
    assert (report.status, report.sample["guess"]) == ("uploaded", {"query": "prompt"})


def test_a_file_that_cannot_be_read_fails_with_a_reason(project: Project) -> None:
    report = upload(project, b"PAR1 and nothing else", "a.parquet")
    look_at_uploads()
    report.refresh_from_db()
    assert (report.status, report.error_code) == (ImportStatus.FAILED, "broken_table")


def test_errors_of_a_worker_are_tried_again_later_and_then_told(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    report = upload(project, parquet({"query": "a"}), "a.parquet")

    def break_off(*args: Any) -> None:
        raise MemoryError

    monkeypatch.setattr(looking, "keep_sample", break_off)
    for _ in range(5):
        look_at_uploads()
        look_at_uploads()  # at once: it is not its turn
        PromptImport.objects.filter(pk=report.pk).update(worked_at=timezone.now() - timedelta(minutes=3))
    report.refresh_from_db()
    assert (report.status, report.looks) == ("uploaded", 5)
    give_up_looking()
    report.refresh_from_db()
    assert (report.status, report.error_code) == (ImportStatus.FAILED, "worker_lost")


def load(project: Project, kind: str, path: str) -> PromptImport:
    wanted = DatasetSource(kind=kind, path=path)
    options = ImportOptions(dataset=wanted, starts_by_itself=True)
    report = make_import(project=project, file_name=path, user=None, options=options)
    look_at_uploads()
    work_off_imports()
    report.refresh_from_db()
    return report


@pytest.mark.filterwarnings("default")
def test_a_folder_is_read_by_datasets(project: Project, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    (folder / "train.jsonl").write_bytes(make_lines(30))
    report = load(project, "folder", str(folder))
    assert (report.status, report.added, report.error) == ("finished", 30, "")


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("folder", "relative"),
        ("folder", "/no/such/folder"),
        ("hub", "/etc"),
        ("hub", "../secrets"),
        ("hub", "apps/prompts"),
        ("hub", "https://example.org/x"),
        ("hub", "a/b/c"),
    ],
)
def test_what_is_no_folder_and_no_id_is_never_loaded(kind: Any, path: str) -> None:
    with pytest.raises(DatasetError, match="nothing was imported"):
        check_dataset(DatasetSource(kind=kind, path=path))


def test_a_package_that_is_not_there_is_told(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "datasets", None)
    report = load(project, "hub", "owner/name")
    assert report.status == ImportStatus.FAILED
    assert "pip install datasets" in report.error
