import io
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from apps.projects.models import Project

GOOD = '{"prompt": "a"}\nnope\n'


def run(*args: str) -> str:
    out = io.StringIO()
    call_command("import_prompts", *args, stdout=out, stderr=out)
    return out.getvalue()


def test_files_are_imported_and_reported(project: Project, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(GOOD)
    (tmp_path / "b.csv").write_text("prompt\nb\n")
    out = run(project.slug, str(tmp_path / "a.jsonl"), str(tmp_path / "b.csv"))
    assert "a.jsonl: One prompt is in; one line was left out." in out
    assert "1  Not JSON" in out
    assert "line 2: nope" in out
    assert "b.csv: One prompt is in." in out
    assert project.prompts.count() == 2


def test_a_dash_is_the_standard_input(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(GOOD.encode())))
    assert "standard input: One prompt is in" in run(project.slug, "-")


def test_importing_again_is_no_failure(project: Project, tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(GOOD)
    run(project.slug, str(tmp_path / "a.jsonl"))
    assert "Nothing new" in run(project.slug, str(tmp_path / "a.jsonl"))


@pytest.mark.parametrize("content", [b"nope\n", b"", b"PK\x03\x04"])
def test_a_file_without_a_usable_line_fails(project: Project, tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.jsonl").write_bytes(content)
    (tmp_path / "good.jsonl").write_text(GOOD)
    with pytest.raises(CommandError, match=r"No line could be used of .*a\.jsonl"):
        run(project.slug, str(tmp_path / "a.jsonl"), str(tmp_path / "good.jsonl"))
    assert project.prompts.count() == 1


def test_a_missing_file_and_an_unknown_project_fail(project: Project) -> None:
    with pytest.raises(CommandError, match="No line could be used"):
        run(project.slug, "/no/such/file.jsonl")
    with pytest.raises(CommandError, match="There is no project 'nowhere'"):
        run("nowhere", "-")
