import pytest

from apps.accounts.models import User
from apps.core.models import AuditEvent
from apps.core.secrets import decrypt, encrypt
from apps.generation.models import ModelConfig
from apps.projects.cloning import NOT_CLONED, clone_project
from apps.projects.models import Project, Stage
from apps.projects.rubric_versions import publish_rubric, save_rubric_draft
from apps.projects.services import publish_guideline
from apps.prompts.models import Prompt
from tests.conftest import SignIn
from tests.factories import ModelConfigFactory
from tests.projects.test_rubric_versions import ask
from tests.rating.factories import make_items

pytestmark = pytest.mark.django_db
CLONE = "/p/helpful/setup/clone/"


@pytest.fixture
def source(project: Project, owner: User) -> Project:
    """With something in every column that a clone takes along."""
    Project.objects.filter(pk=project.pk).update(
        description="Kind answers", overlap=4, lease_minutes=9, queue_order="random", queued_as="random",
        review_after_skips=7, daily_cap=11, rater_cap=12, stage=Stage.CLOSED,
    )  # fmt: skip
    publish_rubric(project=project, user=owner, based_on=1, document=ask("New?"))
    save_rubric_draft(project=project, user=owner, based_on=2, document=ask("Not yet?"))
    publish_guideline(project=project, user=owner, text="Be kind.", based_on=1)
    return Project.objects.get(pk=project.pk)


def test_settings_go_along_and_nothing_that_is_a_projects_own(source: Project, site_admin: User) -> None:
    clone = clone_project(project=source, user=site_admin, name="Round two")
    for field in Project._meta.concrete_fields:
        if field.name not in NOT_CLONED:
            assert getattr(clone, field.attname) == getattr(source, field.attname), field.name
    assert (clone.name, clone.slug, clone.stage) == ("Round two", "round-two", "production")
    assert clone.secret != source.secret
    assert not clone.is_reordering


def test_the_newest_rubric_and_guideline_are_its_first(source: Project, site_admin: User) -> None:
    clone = clone_project(project=source, user=site_admin, name="Round two")
    assert (clone.rubric.version, clone.rubric.questions) == (1, ask("New?"))
    assert (clone.guideline.version, clone.guideline.text) == (1, "Be kind.\n")
    assert clone.rubric_draft is None


def test_people_and_data_stay(source: Project, site_admin: User) -> None:
    make_items(source)
    clone = clone_project(project=source, user=site_admin, name="Round two")
    assert [member.user for member in clone.memberships.all()] == [site_admin]
    assert not Prompt.objects.filter(project=clone).exists()
    assert not clone.items.exists()


def test_models_go_along_with_their_keys(source: Project, site_admin: User) -> None:
    ModelConfigFactory(project=source, name="kept", api_key=encrypt("sk-1"), sampling={"temperature": 1})
    ModelConfigFactory(project=source, name="gone", archived_at=source.created_at)
    clone = clone_project(project=source, user=site_admin, name="Round two")
    config = ModelConfig.objects.get(project=clone)
    assert (config.name, decrypt(config.api_key), config.sampling) == ("kept", "sk-1", {"temperature": 1})


def test_the_audit_trail_says_where_it_came_from(source: Project, site_admin: User) -> None:
    clone_project(project=source, user=site_admin, name="Round two")
    event = AuditEvent.objects.get(action="project.cloned")
    assert (event.actor, event.subject, event.data) == (
        site_admin, "project:round-two", {"source": "helpful"},
    )  # fmt: skip


def test_a_site_admin_clones_on_the_setup_page(source: Project, site_admin: User, sign_in: SignIn) -> None:
    client = sign_in(site_admin)
    assert "Clone the project" in client.get("/p/helpful/setup/").content.decode()
    response = client.post(CLONE, {"name": "Round two"}, follow=True)
    assert response.redirect_chain == [("/p/round-two/setup/", 302)]
    assert "This is Round two, with the settings of Helpful assistant." in response.content.decode()


def test_a_clone_needs_a_name(source: Project, site_admin: User, sign_in: SignIn) -> None:
    assert sign_in(site_admin).post(CLONE, {"name": " "}).status_code == 422
    assert Project.objects.count() == 1


def test_an_owner_does_not_create_projects(source: Project, owner: User, sign_in: SignIn) -> None:
    client = sign_in(owner)
    assert "Clone the project" not in client.get("/p/helpful/setup/").content.decode()
    assert client.post(CLONE, {"name": "Round two"}).status_code == 403


def test_a_program_clones(source: Project, site_admin: User, sign_in: SignIn) -> None:
    sent = {"name": "Round two", "clone_of": "helpful"}
    response = sign_in(site_admin).post("/api/v1/projects/", sent, content_type="application/json")
    assert (response.status_code, response.json()["slug"]) == (201, "round-two")
    assert Project.objects.get(slug="round-two").rubric.questions == ask("New?")


def test_nothing_can_be_cloned_that_is_not_there(db: None, site_admin: User, sign_in: SignIn) -> None:
    sent = {"name": "Round two", "clone_of": "nowhere"}
    response = sign_in(site_admin).post("/api/v1/projects/", sent, content_type="application/json")
    assert response.status_code == 404
    assert not Project.objects.exists()
