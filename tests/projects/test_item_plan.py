"""The plan by which responses become items: its rules, its part of the setup page, and its API."""

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.core.errors import InvalidInputError
from apps.core.models import AuditEvent
from apps.projects.item_plan import change_item_plan, describe_item_plan, list_makers
from apps.projects.models import Pairing, Project
from tests.conftest import SignIn
from tests.factories import ModelConfigFactory, PromptFactory, ResponseFactory

SETUP = "/p/helpful/setup/"
PLAN = f"{SETUP}items/"
API = "/api/v1/projects/helpful/item-plan/"


@pytest.fixture
def client(sign_in: SignIn, owner: User) -> Client:
    return sign_in(owner)


@pytest.fixture
def baseline(project: Project) -> str:
    return ModelConfigFactory(project=project, name="old").name


def test_configurations_and_models_of_imports_can_be_the_baseline(project: Project, baseline: str) -> None:
    ResponseFactory.create_batch(2, prompt=PromptFactory(project=project), model="gpt-4")
    ResponseFactory(model="elsewhere")
    PromptFactory(project=project)  # one without any response
    assert list_makers(project=project) == ["old", "gpt-4"]


def test_a_change_is_audited(project: Project, owner: User, baseline: str) -> None:
    change_item_plan(project=project, user=owner, pairing="baseline", baseline=baseline)
    project.refresh_from_db()
    assert (project.pairing, project.baseline) == (Pairing.BASELINE, "old")
    event = AuditEvent.objects.get(action="project.item_plan_changed")
    assert event.data["changes"] == {"pairing": ["all", "baseline"], "baseline": ["", "old"]}
    change_item_plan(project=project, user=owner, pairing="baseline", baseline=baseline)
    assert AuditEvent.objects.filter(action="project.item_plan_changed").count() == 1


@pytest.mark.parametrize(
    "plan",
    [
        {"pairing": "best"},
        {"pairing": "baseline"},
        {"pairing": "baseline", "baseline": "nobody"},
        {"pairing": "random", "pairs_per_prompt": 0},
        {"pairing": "random", "pairs_per_prompt": 1001},
    ],
)
def test_plans_that_cannot_be(project: Project, owner: User, baseline: str, plan: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError):
        change_item_plan(project=project, user=owner, **plan)  # type: ignore[arg-type]


def test_the_page_says_which_plan_holds(client: Client, project: Project, baseline: str) -> None:
    assert "Each response meets every other one" in client.get(SETUP).content.decode()
    response = client.post(PLAN, {"pairing": "random", "pairs_per_prompt": "4", "baseline": ""}, follow=True)
    html = response.content.decode()
    assert "4 random pairs of each prompt’s responses" in html
    assert "It holds for responses that finish from now on" in html
    client.post(PLAN, {"pairing": "baseline", "pairs_per_prompt": "", "baseline": "old"})
    project.refresh_from_db()
    assert describe_item_plan(project=project) == "Each response meets one by old"
    assert project.pairs_per_prompt == 4


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"pairing": "baseline", "baseline": ""}, "Choose the model that the others are measured by."),
        ({"pairing": "random", "pairs_per_prompt": ""}, "Say how many pairs each prompt gets."),
        ({"pairing": "random", "pairs_per_prompt": "0"}, "greater than or equal to 1"),
        ({"pairing": ""}, "This field is required"),
    ],
)
def test_what_is_missing_is_said_where_it_is(
    client: Client, project: Project, form: dict[str, str], said: str
) -> None:
    response = client.post(PLAN, form)
    assert response.status_code == 422
    assert said in response.content.decode()
    project.refresh_from_db()
    assert project.pairing == Pairing.ALL


@pytest.mark.parametrize(
    ("size", "said"),
    [(0, "Each prompt is an item"), (1, "Each response is an item"), (4, "judged in groups of 4")],
)
def test_the_rubric_says_how_many(client: Client, project: Project, size: int, said: str) -> None:
    rubric = project.rubric
    document = {"responses": size, "questions": [{"kind": "text", "key": "why", "title": "Why?"}]}
    project.rubrics.create(version=rubric.version + 1, document=document)
    html = client.get(SETUP).content.decode()
    assert said in html
    assert "the plan below rests" in html


def test_programs_read_and_change_it(client: Client, baseline: str) -> None:
    assert client.get(API).json() == {
        "pairing": "all",
        "pairs_per_prompt": 3,
        "baseline": "",
        "responses_per_item": 2,
        "baselines": ["old"],
    }
    sent = {"pairing": "baseline", "baseline": "old"}
    assert client.put(API, sent, content_type="application/json").json()["baseline"] == "old"
    refused = client.put(API, {"pairing": "baseline"}, content_type="application/json")
    assert refused.status_code == 422
    assert "Choose a baseline" in str(refused.json())
