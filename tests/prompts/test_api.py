import errno
import json
from pathlib import Path
from typing import NoReturn

import pytest
from django.core.files.storage import FileSystemStorage, default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import Settings

from apps.accounts.models import User
from apps.projects.models import Project
from apps.prompts import api_import_source, importing
from apps.prompts.imports.receiving import FolderUpload
from apps.prompts.imports.work import work_off_imports
from apps.prompts.parsing import Reason
from tests.conftest import SignIn
from tests.factories import PromptFactory
from tests.prompts.imports.files import make_lines


@pytest.fixture
def client(curator: User, sign_in: SignIn) -> Client:
    return sign_in(curator)


@pytest.fixture
def address(project: Project) -> str:
    return reverse("prompts-api:import", args=[project.slug])


def test_a_file_is_imported_and_reported(client: Client, project: Project, address: str) -> None:
    file = SimpleUploadedFile("a.jsonl", b'{"prompt": "a"}\nnope\n')
    response = client.post(address, {"file": file})
    assert response.status_code == 201
    report = response.json()
    assert (report["added"], report["known"], report["rejected"]) == (1, 0, 1)
    assert report["reasons"] == [
        {
            "code": "not_json",
            "why": "Not JSON",
            "advice": Reason.NOT_JSON.advice,
            "lines": 1,
            "first_line": 2,
            "first_excerpt": "nope",
        }
    ]
    assert report["rejections"][0]["line"] == 2
    assert project.prompts.get().last_message == "a"


def test_a_json_list_is_imported_entry_by_entry(client: Client, project: Project, address: str) -> None:
    prompts = [{"prompt": "a\nb", "category": "x"}, {"prompt": ""}, 3, {"prompt": "a\nb"}]
    report = client.post(address, {"prompts": prompts}, content_type="application/json").json()
    assert [report[name] for name in ("added", "known", "repeated", "rejected")] == [1, 0, 1, 2]
    assert report["metadata_fields"] == {"category": 1}
    assert [entry["line"] for entry in report["rejections"]] == [2, 3]
    assert project.prompts.get().metadata == {"category": "x"}


@pytest.mark.parametrize("body", ["{}", '{"prompts": 3}', "[]", '{"prompts": [NaN]}', "nope"])
def test_a_body_without_a_list_is_refused(client: Client, project: Project, address: str, body: str) -> None:
    response = client.post(address, body, content_type="application/json")
    assert response.status_code == 400
    assert not project.prompt_imports.exists()


def test_a_body_nested_beyond_reason_is_refused(client: Client, address: str) -> None:
    body = '{"prompts": ' + "[" * 100_000
    assert client.post(address, body, content_type="application/json").status_code == 422


def test_a_body_over_the_limit_is_refused_unread(
    client: Client, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(api_import_source, "JSON_LIMIT", 10)
    response = client.post(address, {"prompts": [{"prompt": "a"}]}, content_type="application/json")
    assert response.status_code == 422
    assert "Send it as a file" in response.json()["message"]


def test_a_foreign_file_is_refused(client: Client, address: str) -> None:
    response = client.post(address, {"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04")})
    assert (response.status_code, response.json()["code"]) == (422, "unknown_format")


def test_a_form_without_a_file_is_refused(client: Client, address: str) -> None:
    assert client.post(address, {"other": "x"}).status_code == 400


def test_a_big_file_is_taken_and_followed(
    client: Client, project: Project, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "HURRY_BYTES", 0)
    response = client.post(address, {"file": SimpleUploadedFile("a.jsonl", make_lines(5) + b"nope\n")})
    assert response.status_code == 202
    assert (response.json()["status"], response.json()["added"]) == ("running", 0)
    there = response.headers["Location"]
    assert (
        there == f"http://testserver/api/v1/projects/{project.slug}/prompts/imports/{response.json()['id']}"
    )
    work_off_imports()
    report = client.get(there, {"wait": "5"}).json()
    assert (report["status"], report["added"], report["progress"]["share"]) == ("finished", 5, 1.0)
    assert [entry["line"] for entry in client.get(f"{there}/rejections").json()["results"]] == [6]


def test_an_import_is_cancelled_and_resumed(
    client: Client, project: Project, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importing, "HURRY_BYTES", 0)
    file = SimpleUploadedFile("a.jsonl", make_lines(5))
    there = client.post(address, {"file": file}).headers["Location"]
    assert client.post(f"{there}/cancel").json()["status"] == "cancelled"
    assert client.post(f"{there}/cancel").status_code == 409
    assert client.post(f"{there}/resume").json()["status"] == "running"
    work_off_imports()
    assert client.get(there).json()["added"] == 5


def test_options_are_sent_with_the_file(client: Client, project: Project, address: str) -> None:
    lines = [{"q": "Write to kim@example.org", "n": 1}]
    options = {"columns": {"q": "prompt", "n": "leave out"}, "status": "draft", "personal_data": "mask"}
    report = client.post(address, {"prompts": lines, **options}, content_type="application/json").json()
    assert (report["added"], report["masked"]) == (1, 1)
    prompt = project.prompts.get()
    assert (prompt.last_message, prompt.metadata) == ("Write to [e-mail masked]", {})
    assert prompt.status == "draft"


@pytest.mark.parametrize("options", [{"columns": "[["}, {"columns": '{"a": "x"}'}, {"status": "retired"}])
def test_options_that_make_no_sense_are_refused(
    client: Client, project: Project, address: str, options: dict[str, str]
) -> None:
    response = client.post(address, {"file": SimpleUploadedFile("a.jsonl", make_lines(1)), **options})
    assert response.status_code in {400, 422}
    assert not project.prompt_imports.exists()


def test_a_file_over_the_limit_is_refused_unread(
    client: Client, project: Project, address: str, settings: Settings
) -> None:
    settings.IMPORT_LIMIT = -api_import_source.JSON_LIMIT
    response = client.post(address, {"file": SimpleUploadedFile("a.jsonl", make_lines(1))})
    assert (response.status_code, response.json()["code"]) == (422, "too_large")


def test_prompts_are_listed_page_by_page(client: Client, project: Project) -> None:
    prompts = PromptFactory.create_batch(3, project=project)
    PromptFactory()
    address = reverse("prompts-api:list", args=[project.slug])
    first = client.get(address, {"page_size": "2"}).json()
    assert first["count"] == 3
    assert [row["uid"] for row in first["results"]] == [str(prompt.uid) for prompt in prompts[:2]]
    assert json.dumps(first["results"][0]["messages"]) == json.dumps(prompts[0].messages)
    second = client.get(first["next"]).json()
    assert [row["uid"] for row in second["results"]] == [str(prompts[2].uid)]


@pytest.mark.parametrize("role", ["rater", "trainer"])
def test_others_may_not(
    request: pytest.FixtureRequest, sign_in: SignIn, project: Project, address: str, role: str
) -> None:
    client = sign_in(request.getfixturevalue(role))
    assert client.post(address, {"prompts": []}, content_type="application/json").status_code == 403
    assert client.get(reverse("prompts-api:list", args=[project.slug])).status_code == 403


def test_prompts_are_listed_by_the_filter_of_the_desk(client: Client, project: Project) -> None:
    for number, category in enumerate(["law", "law", "maths"]):
        PromptFactory(project=project, metadata={"category": category}, words=10 * number)
    listed = client.get(reverse("prompts-api:list", args=[project.slug]), {"category": "law", "words": "5-"})
    assert [prompt["metadata"]["category"] for prompt in listed.json()["results"]] == ["law"]


def test_a_filter_that_means_nothing_is_refused(client: Client, project: Project) -> None:
    listed = client.get(reverse("prompts-api:list", args=[project.slug]), {"words": "many"})
    assert (listed.status_code, listed.json()["fields"].keys()) == (400, {"words"})


@pytest.mark.parametrize(
    "options",
    [
        {"shape": "\0"},
        {"shape": "\ud800"},
        {"shape": "x" * 41},
        {"columns": {"\0": "prompt"}},
        {"columns": {"\ud800": "prompt"}},
        {"columns": 5},
        {"columns": dict.fromkeys(map(str, range(10_001)), "metadata")},
    ],
)
def test_options_that_cannot_be_kept_are_refused(
    client: Client, project: Project, address: str, options: dict[str, object]
) -> None:
    body = json.dumps({"prompts": [{"prompt": "a"}], **options})
    response = client.post(address, body, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (422, "invalid_input")
    assert not project.prompt_imports.exists()


def test_a_column_that_is_chosen_leaves_the_one_of_that_name_alone(
    client: Client, project: Project, address: str
) -> None:
    body = {"prompts": [{"prompt": "a", "question": "b"}], "columns": {"question": "prompt"}}
    response = client.post(address, body, content_type="application/json")
    assert response.json()["added"] == 1
    assert project.prompts.get().last_message == "b"


@pytest.mark.parametrize("is_list", [False, True])
def test_a_full_disk_is_told_and_nothing_is_left(
    client: Client, project: Project, address: str, monkeypatch: pytest.MonkeyPatch, is_list: bool
) -> None:
    def fail(*args: object, **kwargs: object) -> NoReturn:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(FileSystemStorage if is_list else FolderUpload, "_save" if is_list else "write", fail)
    if is_list:
        response = client.post(address, {"prompts": [{"prompt": "a"}]}, content_type="application/json")
    else:
        response = client.post(address, {"file": SimpleUploadedFile("a.jsonl", b'{"prompt": "a"}')})
    assert (response.status_code, response.json()["code"]) == (507, "no_room")
    assert "nothing was imported" in response.json()["message"]
    assert not project.prompt_imports.exists()
    folder = Path(default_storage.path("imports"))
    assert not folder.exists() or not list(folder.iterdir())
