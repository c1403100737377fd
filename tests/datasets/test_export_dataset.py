from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from apps.core.models import AuditEvent
from apps.projects.models import Project


def export(*arguments: object) -> str:
    out = StringIO()
    call_command("export_dataset", *map(str, arguments), stdout=out)
    return out.getvalue()


def test_all_formats_by_default(judged: Project, tmp_path: Path) -> None:
    said = export("helpful", tmp_path / "out")
    assert "4 pairs; 3 items stay out" in said
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"README.md", "preference", "sft"}
    assert AuditEvent.objects.get().action == "dataset.exported"


def test_one_format_and_container(judged: Project, tmp_path: Path) -> None:
    export("helpful", tmp_path / "out", "--format", "sft", "--container", "jsonl")
    files = {str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*.*")}
    assert files <= {"out/README.md", "out/sft/train.jsonl", "out/sft/test.jsonl"}


def test_a_folder_in_use_is_left_alone(judged: Project, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(CommandError, match="not empty"):
        export("helpful", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_unknown_project(db: None, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="no project 'nothing'"):
        export("nothing", tmp_path)


def test_nothing_to_export(project: Project, tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="Nobody has rated"):
        export("helpful", tmp_path / "out")
    assert not (tmp_path / "out").exists()
