import pytest
from django.test import Client

from apps.accounts.models import User
from apps.projects.models import Project
from apps.projects.presets import list_presets
from tests.conftest import SignIn
from tests.factories import ProjectFactory

PROJECTS = "/api/v1/projects/"


@pytest.fixture
def admin(sign_in: SignIn, site_admin: User) -> Client:
    return sign_in(site_admin)


def test_people_list_their_own_projects(sign_in: SignIn, rater: User) -> None:
    ProjectFactory(name="Elsewhere")
    names = [project["name"] for project in sign_in(rater).get(PROJECTS).json()]
    assert names == ["Helpful assistant"]


def test_a_site_admin_lists_all(admin: Client, project: Project) -> None:
    ProjectFactory(name="Elsewhere")
    assert len(admin.get(PROJECTS).json()) == 2


def test_a_site_admin_creates(admin: Client) -> None:
    response = admin.post(PROJECTS, {"name": "From a program", "overlap": 2}, content_type="application/json")
    assert response.status_code == 201
    assert response["Location"] == "/api/v1/projects/from-a-program/"
    assert response.json()["overlap"] == 2
    assert Project.objects.get(slug="from-a-program").guideline.version == 1


@pytest.mark.parametrize("data", [{}, {"name": ""}, {"name": "x", "overlap": 10}])
def test_what_cannot_be_is_refused_with_its_fields(admin: Client, data: dict[str, object]) -> None:
    response = admin.post(PROJECTS, data, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (400, "invalid_input")
    assert not Project.objects.exists()


def test_nobody_else_creates(sign_in: SignIn, owner: User) -> None:
    response = sign_in(owner).post(PROJECTS, {"name": "Mine"}, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (403, "not_allowed")


def test_strangers_to_the_site_are_asked_to_sign_in(db: None) -> None:
    assert Client().get(PROJECTS).status_code in {401, 403}


def test_a_project_begins_with_a_preset(site_admin: User, sign_in: SignIn) -> None:
    client = sign_in(site_admin)
    for preset in list_presets():
        sent = {"name": preset.title, "preset": preset.name}
        made = client.post(PROJECTS, sent, content_type="application/json").json()
        project = Project.objects.get(slug=made["slug"])
        assert project.rubric.questions == preset.rubric
        assert (project.guideline.version, project.guideline.text) == (1, preset.guideline)
    response = client.post(PROJECTS, {"name": "No", "preset": "nonsense"}, content_type="application/json")
    assert (response.status_code, "preset" in response.json()["fields"]) == (400, True)
