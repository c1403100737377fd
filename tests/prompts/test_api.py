import json

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.projects.models import Project
from apps.prompts import api_import
from apps.prompts.parsing import Reason
from tests.conftest import SignIn
from tests.factories import PromptFactory


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
    monkeypatch.setattr(api_import, "JSON_LIMIT", 10)
    response = client.post(address, {"prompts": [{"prompt": "a"}]}, content_type="application/json")
    assert response.status_code == 422
    assert "Send it as a file" in response.json()["message"]


def test_a_foreign_file_is_refused(client: Client, address: str) -> None:
    response = client.post(address, {"file": SimpleUploadedFile("a.xlsx", b"PK\x03\x04")})
    assert (response.status_code, response.json()["code"]) == (422, "unknown_format")


def test_a_form_without_a_file_is_refused(client: Client, address: str) -> None:
    assert client.post(address, {"other": "x"}).status_code == 400


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
