from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.projects.models import Project
from apps.projects.rubrics import RubricDocument
from tests.conftest import SignIn
from tests.factories import PAIRWISE
from tests.projects.test_rubric_versions import ask

RUBRIC = "/api/v1/projects/helpful/rubric/"
NEW = ask("New?").model_dump(mode="json")


@pytest.fixture
def api(sign_in: SignIn, owner: User) -> Client:
    return sign_in(owner)


def send(api: Client, data: dict[str, Any], *, method: str = "post", path: str = "") -> Any:
    return getattr(api, method)(f"{RUBRIC}{path}", data, content_type="application/json")


def test_a_program_reads_what_is_in_force(api: Client) -> None:
    said = api.get(RUBRIC).json()
    assert set(said) == {"version", "created_at", "published_at", "document"}
    assert said["document"] == RubricDocument.model_validate(PAIRWISE).model_dump(mode="json")


def test_a_document_goes_out_and_comes_in_again(api: Client, project: Project) -> None:
    document = api.get(RUBRIC).json()["document"]
    document["questions"][0]["steps"] = 4
    response = send(api, {"document": document, "based_on": 1})
    assert (response.status_code, response.json()["version"]) == (201, 2)
    assert api.get(RUBRIC).json()["document"] == document
    versions = api.get(f"{RUBRIC}versions/").json()
    assert [one["version"] for one in versions] == [2, 1]
    assert api.get(f"{RUBRIC}versions/1/").json() == versions[1]
    assert api.get(f"{RUBRIC}versions/3/").status_code == 404


def test_a_draft_is_saved_read_published_and_discarded(api: Client, project: Project) -> None:
    assert api.get(f"{RUBRIC}draft/").status_code == 404
    for _ in range(2):
        saved = send(api, {"document": NEW, "based_on": 1}, method="put", path="draft/")
        assert (saved.status_code, saved.json()["published_at"]) == (200, None)
    assert api.get(f"{RUBRIC}draft/").json() == saved.json()
    assert api.get(f"{RUBRIC}versions/2/").status_code == 404
    assert api.delete(f"{RUBRIC}draft/").status_code == 204
    assert send(api, {"based_on": 1}).status_code == 422
    send(api, {"document": NEW, "based_on": 1}, method="put", path="draft/")
    assert send(api, {"based_on": 1}).json()["version"] == 2


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ({"document": NEW}, 400, "invalid_input"),
        ({"document": NEW, "based_on": 9}, 409, "rubric_moved"),
        ({"document": PAIRWISE, "based_on": 1}, 422, "invalid_input"),
        ({"document": {"questions": [{"kind": "smell"}]}, "based_on": 1}, 422, "invalid_rubric"),
        ({"document": None, "based_on": 1}, 400, "invalid_input"),
        ({"document": "words", "based_on": 1}, 422, "invalid_rubric"),
    ],
)
def test_what_cannot_be_published_is_refused_with_a_code(
    api: Client, project: Project, sent: dict[str, Any], status: int, code: str
) -> None:
    response = send(api, sent)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert project.rubric.version == 1


def test_a_trainer_reads_and_changes_nothing(sign_in: SignIn, trainer: User, project: Project) -> None:
    client = sign_in(trainer)
    assert client.get(RUBRIC).status_code == 200
    assert send(client, {"document": NEW, "based_on": 1}).status_code == 403
