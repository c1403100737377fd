import pytest
from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.core.errors import InvalidInputError
from apps.core.models import AuditEvent
from apps.projects.models import Membership, Project, Stage
from apps.projects.permissions import Role
from apps.projects.presets import get_preset
from apps.projects.rubric_versions import publish_rubric, save_rubric_draft
from apps.projects.services import GuidelineMovedError, create_project, publish_guideline, update_settings


def _change(project: Project, user: User, **values: object) -> Project:
    fields = (
        "name", "description", "stage", "overlap", "queue_order", "lease_minutes",
        "review_after_skips", "daily_cap", "rater_cap", "is_sensitive",
    )  # fmt: skip
    current = {field: getattr(project, field) for field in fields}
    return update_settings(project=project, user=user, **{**current, **values})  # type: ignore[arg-type]


def test_a_new_project_can_be_rated_in(site_admin: User) -> None:
    project = create_project(user=site_admin, name="Kind answers", overlap=5, lease_minutes=20)
    assert (project.slug, project.overlap, project.lease_minutes) == ("kind-answers", 5, 20)
    assert (project.rubric.version, project.guideline.version) == (1, 1)
    assert Membership.objects.get(project=project).role == Role.OWNER


def test_a_new_project_has_the_guideline_of_its_preset_and_keeps_it(site_admin: User) -> None:
    project = create_project(user=site_admin, name="Is it safe", preset="safety")
    assert project.guideline.text == get_preset("safety").guideline
    save_rubric_draft(project=project, user=site_admin, document=get_preset().rubric, based_on=1)
    publish_rubric(project=project, user=site_admin, based_on=1)
    assert project.guidelines.count() == 1


def test_a_new_project_is_in_the_audit_trail(site_admin: User) -> None:
    create_project(user=site_admin, name="Kind answers")
    event = AuditEvent.objects.get(action="project.created")
    assert (event.actor, event.subject) == (site_admin, "project:kind-answers")


def test_a_taken_address_gets_a_number(site_admin: User) -> None:
    slugs = [create_project(user=site_admin, name="Kind answers").slug for _ in range(3)]
    assert slugs == ["kind-answers", "kind-answers-2", "kind-answers-3"]


@pytest.mark.parametrize("name", ["日本語", "???", " "])
def test_a_name_without_letters_for_an_address_still_has_one(site_admin: User, name: str) -> None:
    assert create_project(user=site_admin, name=name).slug == "project"


def test_a_long_name_fits_its_address(site_admin: User) -> None:
    slugs = {create_project(user=site_admin, name="long name " * 12).slug for _ in range(2)}
    assert len(slugs) == 2
    assert all(len(slug) <= 60 and not slug.startswith("-") for slug in slugs)


def test_what_the_database_refuses_is_no_reason_to_try_other_addresses(site_admin: User) -> None:
    with pytest.raises(IntegrityError, match="project_overlap"), transaction.atomic():
        create_project(user=site_admin, name="Too many", overlap=12)
    assert not Project.objects.filter(slug__startswith="too-many").exists()


def test_settings_change_and_say_what_changed(project: Project, owner: User) -> None:
    _change(project, owner, name="Round two", overlap=4, stage=Stage.PILOT)
    project.refresh_from_db()
    assert (project.name, project.overlap, project.stage) == ("Round two", 4, "pilot")
    event = AuditEvent.objects.get(action="project.changed")
    assert event.data["changes"] == {
        "name": ["Helpful assistant", "Round two"],
        "overlap": [1, 4],
        "stage": ["production", "pilot"],
    }


def test_another_order_waits_for_the_items_to_move(project: Project, owner: User) -> None:
    assert not project.is_reordering
    assert _change(project, owner, queue_order="random").is_reordering


def test_settings_left_alone_leave_no_trace(project: Project, owner: User) -> None:
    _change(project, owner)
    assert not AuditEvent.objects.exists()


def test_an_edit_makes_the_next_version_and_keeps_the_one_before(project: Project, owner: User) -> None:
    before = project.guideline
    after = publish_guideline(project=project, user=owner, text="# New\r\n\r\nBe kind.  ", based_on=1)
    assert (after.version, after.text, after.created_by) == (2, "# New\n\nBe kind.\n", owner)
    before.refresh_from_db()
    assert before.text == "# What we ask\n\nBe fair."


def test_the_same_text_makes_no_version(project: Project, owner: User) -> None:
    text = project.guideline.text + "\r\n"
    assert publish_guideline(project=project, user=owner, text=text, based_on=1).version == 1


def test_a_version_that_came_in_between_is_not_run_over(project: Project, owner: User, curator: User) -> None:
    publish_guideline(project=project, user=curator, text="Theirs", based_on=1)
    with pytest.raises(GuidelineMovedError, match="Version 2"):
        publish_guideline(project=project, user=owner, text="Mine", based_on=1)
    assert project.guideline.text == "Theirs\n"


@pytest.mark.parametrize("text", ["", " \r\n "])
def test_a_guideline_needs_a_text(project: Project, owner: User, text: str) -> None:
    with pytest.raises(InvalidInputError, match="needs a text"):
        publish_guideline(project=project, user=owner, text=text, based_on=1)
    assert project.guideline.version == 1
