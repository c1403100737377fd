import csv
import errno
import html
import io
import re
from pathlib import Path
from typing import NoReturn

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django.fixtures import Settings

from apps.accounts.models import User
from apps.projects.models import Project
from apps.prompts import importing
from apps.prompts.imports.receiving import FolderUpload
from apps.prompts.models import PromptImport
from tests.conftest import SignIn
from tests.factories import ProjectFactory

MIXED = b'{"prompt": "a", "category": "x"}\nnope\n{"prompt": ""}\n=1+1\n'


@pytest.fixture
def client(curator: User, sign_in: SignIn) -> Client:
    return sign_in(curator)


def send(client: Client, project: Project, content: bytes, name: str = "a.jsonl", lines: str = "") -> str:
    data = {"file": SimpleUploadedFile(name, content), "lines": lines} if name else {"lines": lines}
    address = reverse("prompts:import_file", args=[project.slug])
    response = client.post(address, data, follow=True)
    return html.unescape(re.sub(r"\s+", " ", response.content.decode()))


def test_a_file_comes_in_and_its_report_is_shown(client: Client, project: Project, curator: User) -> None:
    text = send(client, project, MIXED)
    assert "One prompt is in; three lines were left out" in text
    assert "Not JSON" in text
    assert '<span class="ink3">line 3:</span> {"prompt": ""}' in text
    assert "Download the 3 lines with reasons" in text
    assert PromptImport.objects.get().created_by == curator


def test_the_bar_shows_the_parts(client: Client, project: Project) -> None:
    assert 'aria-label="one prompt added, three lines left out"' in send(client, project, MIXED)


def test_pasted_lines_come_in_without_the_browsers_line_ends(client: Client, project: Project) -> None:
    text = send(client, project, b"", name="", lines='prompt,n\r\n"one\r\ntwo",1\r\n')
    assert "One prompt is in" in text
    assert project.prompts.get().last_message == "one\ntwo"


def test_a_pasted_question_is_told_and_the_line_under_it_comes_in(client: Client, project: Project) -> None:
    text = send(client, project, b"", name="", lines='Why is the sky blue?\r\n{"prompt": "Why?"}')
    assert "One prompt is in; one line was left out" in text
    assert '<span class="ink3">line 1:</span> Why is the sky blue?' in text


def test_the_report_says_what_became_metadata(client: Client, project: Project) -> None:
    text = send(client, project, b'{"turns": ["First?", "Then?"], "category": "<b>x"}\n')
    assert "What else the lines held is kept as metadata" in text
    assert "later_turns</dt><dd>1 line: only the first turn is asked; the later ones are kept here" in text
    assert "category</dt><dd>1 line</dd>" in text


@pytest.mark.parametrize(
    ("file", "lines", "message"),
    [
        ((b"", ""), " ", "Choose a file or paste lines first."),
        ((MIXED, "a.jsonl"), "more", "not both"),
        ((b"PK\x03\x04", "a.xlsx"), "", "a zip file or a spreadsheet; nothing was imported"),
        ((b"\x1f\x8b", "a.jsonl.gz"), "", "it was cut off on its way. Nothing came in."),
    ],
)
def test_what_cannot_be_read_is_said_at_the_form(
    client: Client, project: Project, file: tuple[bytes, str], lines: str, message: str
) -> None:
    text = send(client, project, *file, lines)
    assert message in text
    assert "Bring prompts in" in text
    assert not PromptImport.objects.exists()


def test_a_file_over_the_limit_is_refused_with_what_to_do(
    client: Client, project: Project, settings: Settings
) -> None:
    settings.IMPORT_LIMIT = 10
    text = send(client, project, MIXED)
    assert "at most 10 bytes can be sent here. Nothing was imported." in text
    assert not PromptImport.objects.exists()


def test_a_hostile_file_name_is_text(client: Client, project: Project) -> None:
    text = send(client, project, MIXED, '<img src=x onerror="alert(1)">.jsonl')
    raw = client.get(reverse("prompts:index", args=[project.slug])).content.decode()
    assert "onerror" in text
    assert "<img" not in raw
    assert "&lt;img" in raw


def test_the_rejected_lines_as_csv_start_no_formula(client: Client, project: Project) -> None:
    send(client, project, MIXED)
    address = reverse("prompts:rejections", args=[project.slug, PromptImport.objects.get().pk])
    response = client.get(address)
    rows = list(csv.DictReader(io.StringIO(response.getvalue().decode())))
    assert [(row["line"], row["code"]) for row in rows] == [
        ("2", "not_json"),
        ("3", "empty"),
        ("4", "not_json"),
    ]
    assert rows[2]["excerpt"] == "'=1+1"
    assert response.headers["Content-Disposition"].startswith("attachment")


def test_an_unfinished_import_says_how_to_go_on(client: Client, project: Project) -> None:
    ended = {"status": "cancelled", "finished_at": timezone.now(), "records": 3}
    report = PromptImport.objects.create(project=project, file_name="a.jsonl", added=3, **ended)
    text = client.get(reverse("prompts:import", args=[project.slug, report.pk])).content.decode()
    assert "Cancelled behind line 3." in text
    assert "import the file again: what is here is never added twice" in text


def test_a_report_of_another_project_is_not_found(client: Client, project: Project) -> None:
    report = PromptImport.objects.create(project=ProjectFactory(), file_name="a.jsonl")
    for name in ("prompts:import", "prompts:rejections"):
        assert client.get(reverse(name, args=[project.slug, report.pk])).status_code == 404


def test_a_code_of_another_version_stands_for_itself(client: Client, project: Project) -> None:
    entry = {"line": 1, "last": 1, "code": "later_code", "detail": "", "excerpt": "x"}
    report = PromptImport.objects.create(
        project=project,
        file_name="a",
        status="finished",
        finished_at=timezone.now(),
        rejected=1,
        reasons={"later_code": {"lines": 1, "first": entry}},
    )
    assert b"later_code" in client.get(reverse("prompts:import", args=[project.slug, report.pk])).content


def test_a_form_without_its_token_stores_nothing(project: Project, curator: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(curator, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("prompts:import_file", args=[project.slug])
    response = client.post(address, {"file": SimpleUploadedFile("a.jsonl", MIXED)})
    assert response.status_code == 403
    assert not PromptImport.objects.exists()


def test_an_upload_that_announces_too_much_is_not_read(
    client: Client, project: Project, settings: Settings
) -> None:
    settings.IMPORT_LIMIT = -2_000_000
    address = reverse("prompts:import_file", args=[project.slug])
    response = client.post(address, {"file": SimpleUploadedFile("a.jsonl", MIXED)})
    assert response.status_code == 422
    assert b"nothing was imported" in response.content


def test_an_uploaded_file_goes_to_the_storage_by_its_name_alone(
    client: Client, project: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Nothing of it lies in the folder for temporary files, and nothing is left behind."""
    monkeypatch.setattr(importing, "HURRY_BYTES", 10_000_000)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    assert "One prompt is in" in send(client, project, b'{"prompt": "' + b"x" * 4_000_000 + b'"}\n' + MIXED)
    # The stored one goes when the test's own transaction would have ended.
    assert list((tmp_path / "files" / "imports").glob("*.upload")) == []


def test_what_cannot_be_understood_asks_first(client: Client, project: Project) -> None:
    text = send(client, project, b'{"frage": "Warum?", "n": 1}\n')
    assert "Say what each column is" in text
    assert "The first record cannot be used like this" in text
    assert not project.prompts.exists()


def test_nested_values_are_shown_as_json_before_they_come_in(client: Client, project: Project) -> None:
    row = b'{"question": "Why?", "nested": {"a": [1, null]}, "plain": "as it is"}'
    text = send(client, project, row)
    assert '<span class="advice">{"a": [1, null]}</span>' in text
    assert '<dd>{"a": [1, null]}</dd>' in text
    assert "<dd>as it is</dd>" in text


def test_a_dataset_is_loaded_only_where_settings_allow_it(
    client: Client, project: Project, settings: Settings
) -> None:
    settings.ALLOW_DATASET_IMPORTS = False
    address = reverse("prompts:import_dataset", args=[project.slug])
    data = {"kind": "hub", "path": "owner/name", "split": "train"}
    assert client.post(address, data).status_code == 404
    settings.ALLOW_DATASET_IMPORTS = True
    assert (
        client.post(address, {**data, "kind": "folder", "path": "/etc"}).status_code == 422
    )  # no site admin
    assert client.post(address, data).status_code == 302
    report = PromptImport.objects.get()
    assert (report.status, report.options["dataset"]["path"]) == ("uploaded", "owner/name")


def test_a_full_disk_is_said_at_the_form(
    client: Client, project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FolderUpload, "write", fail)
    address = reverse("prompts:import_file", args=[project.slug])
    for headers, status in (({}, 507), ({"HX-Request": "true"}, 200)):
        response = client.post(address, {"file": SimpleUploadedFile("a.jsonl", MIXED)}, headers=headers)
        assert response.status_code == status
        assert (
            "disk is full, so the file could not be kept; nothing was imported" in response.content.decode()
        )
