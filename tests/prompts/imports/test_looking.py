"""Files that a worker looks at: Parquet, folders and hub ids."""

import io
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.utils import timezone

from apps.projects.models import Project
from apps.prompts.importing import begin
from apps.prompts.imports import looking, uploads
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
    assert "Nothing came in." in report.error
    assert "kept" not in report.error


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
        ("hub", "text"),
        ("hub", "pandas"),
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


@pytest.mark.filterwarnings("default")
def test_a_data_set_of_the_hub_reads_no_files_of_this_machine(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import datasets

    (tmp_path / "secret.jsonl").write_bytes(make_lines(3))
    # As a card does that names such a file.
    builder = datasets.load_dataset_builder("json", data_files=str(tmp_path / "secret.jsonl"))
    monkeypatch.setattr(datasets, "load_dataset_builder", lambda *args: builder)
    report = load(project, "hub", "owner/name")
    assert (report.status, report.added) == (ImportStatus.FAILED, 0)
    assert "secret.jsonl, which is not on the hub; nothing was imported" in report.error


class TestSample:
    """What somebody waits for takes no longer, whatever the file is."""

    def test_it_reads_only_so_far(self, project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(uploads, "LOOKED_THROUGH", 1000)
        content = b"\n" * 300_000 + b'{"prompt": "late"}\n'
        report = upload(project, content)
        assert report.sample is not None
        assert report.sample["looked_at"] == 0
        begin(report=report, user=None)
        work_off_imports(seconds=300)
        assert project.prompts.get().last_message == "late"

    def test_it_holds_only_so_much(self, project: Project) -> None:
        report = upload(project, b'{"prompt": "%s"}\n' % (b"x" * 100_000) * 60)
        assert report.sample is not None
        assert report.sample["looked_at"] == 40

    def test_it_says_nothing_of_what_is_metadata(self, project: Project) -> None:
        line = json.dumps({"question": "a", "metadata": {}} | {f"k{n}": n for n in range(5000)})
        report = upload(project, line.encode())
        assert report.sample is not None
        assert report.sample["guess"] == {"question": "prompt"}

    def test_a_guess_gives_way_to_a_choice(self, project: Project) -> None:
        content = b'{"prompt": "a", "question": "b", "lang": "en", "tongue": "sv"}'
        report = upload(project, content, columns={"question": "prompt", "tongue": "language"})
        begin(report=report, user=None)
        work_off_imports()
        prompt = project.prompts.get()
        assert (prompt.last_message, prompt.language) == ("b", "sv")
        assert prompt.metadata == {"prompt": "a", "lang": "en"}
