"""Personal data and near-duplicates for programs."""

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.projects.models import Project
from apps.prompts.models import Prompt, PromptCluster
from tests.conftest import SignIn
from tests.prompts.test_views_curation import ask, hold, look

pytestmark = pytest.mark.django_db


@pytest.fixture
def client(curator: User, sign_in: SignIn) -> Client:
    return sign_in(curator)


@pytest.fixture
def base(project: Project) -> str:
    return f"/api/v1/projects/{project.slug}/prompts/"


def test_settings_change_by_name(client: Client, base: str) -> None:
    assert client.get(f"{base}curation").json()["policy"] == "hold"
    pattern = {"name": "order", "expression": "O-[0-9]+ "}
    sent = {"policy": "keep", "patterns": [pattern]}
    answer = client.patch(f"{base}curation", sent, content_type="application/json")
    assert answer.status_code == 200
    assert answer.json()["patterns"] == [pattern]
    assert client.get(f"{base}curation").json()["policy"] == "keep"


def test_a_pattern_that_cannot_be_read_is_refused(client: Client, base: str) -> None:
    sent = {"patterns": [{"name": "order", "expression": "("}]}
    answer = client.patch(f"{base}curation", sent, content_type="application/json")
    assert answer.status_code == 422
    assert "cannot be read" in str(answer.json())


def test_a_text_is_scanned(client: Client, base: str) -> None:
    answer = client.post(f"{base}curation/scan", {"text": "👍 a@mail.org"}, content_type="application/json")
    assert answer.json() == [{"kind": "e-mail", "start": 2, "end": 12}]


def test_held_prompts_are_listed_and_decided(client: Client, base: str, project: Project) -> None:
    prompt = hold(project)
    (row,) = client.get(f"{base}held", {"kind": "e-mail"}).json()["results"]
    assert row["uid"] == str(prompt.uid)
    assert row["findings"][0]["done"] == "held"
    sent = {"decision": "mask", "prompts": [str(prompt.uid)]}
    assert client.post(f"{base}held", sent, content_type="application/json").json() == {"decided": 1}
    assert client.post(f"{base}held", sent, content_type="application/json").status_code == 409


def test_groups_are_listed_and_decided(client: Client, base: str, project: Project) -> None:
    one, two = ask(project, "May I sublet it?"), ask(project, "may i sublet it")
    look(project)
    (group,) = client.get(f"{base}clusters").json()["results"]
    assert {row["uid"]: row["likeness"] for row in group["prompts"]} == {str(one.uid): 1, str(two.uid): 1}
    assert group["prompts"][0]["nearest"] == str(two.uid)
    where = f"{base}clusters/{group['uid']}"
    assert client.post(where, {"action": "keep_one"}, content_type="application/json").status_code == 400
    for action, approved in (
        ("keep_one", 1),
        ("take_back", 2),
        ("merge", 1),
        ("take_back", 2),
        ("keep_all", 2),
    ):
        sent = {"action": action, "keep": str(two.uid)}
        assert client.post(where, sent, content_type="application/json").status_code == 200
        assert Prompt.objects.approved().count() == approved
    assert client.get(f"{base}clusters", {"decided": "true"}).json()["count"] == 1


def test_the_first_of_each_exact_group(client: Client, base: str, project: Project) -> None:
    ask(project, "May I?"), ask(project, "may i")
    look(project)
    assert client.post(f"{base}clusters/exact").json() == {"decided": 1}
    assert PromptCluster.objects.filter(settled_at=None).count() == 0


def test_jobs_are_asked_for_and_followed(client: Client, base: str) -> None:
    answer = client.post(f"{base}jobs", {"kind": "languages"}, content_type="application/json")
    assert answer.status_code == 202
    assert [job["kind"] for job in client.get(f"{base}jobs").json()] == ["languages"]
