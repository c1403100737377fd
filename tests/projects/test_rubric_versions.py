"""Versions of a rubric: one draft, published ones that never change."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.models import User
from apps.core.errors import InvalidInputError
from apps.core.models import AuditEvent
from apps.projects.models import Project, Rubric, get_rubric
from apps.projects.rubric_versions import (
    RubricMovedError,
    discard_rubric_draft,
    publish_rubric,
    save_rubric_draft,
)
from apps.projects.rubrics import RubricDocument
from tests.factories import PAIRWISE

pytestmark = pytest.mark.django_db


def ask(title: str, **more: Any) -> RubricDocument:
    first = {"kind": "preference", "key": "preference", "title": title}
    return RubricDocument.model_validate({**more, "questions": [first]})


def test_a_draft_is_in_force_for_nobody(project: Project, owner: User) -> None:
    draft = save_rubric_draft(project=project, user=owner, document=ask("New?"), based_on=1)
    assert (draft.version, draft.published_at, draft.created_by) == (2, None, owner)
    assert (project.rubric.version, project.rubric_draft) == (1, draft)
    with pytest.raises(Rubric.DoesNotExist):
        get_rubric(draft.pk)


def test_saving_again_writes_over_the_draft(project: Project, owner: User) -> None:
    for title in ("New?", "Newer?"):
        save_rubric_draft(project=project, user=owner, document=ask(title), based_on=1)
    assert [one.questions.questions[0].title for one in project.rubrics.drafts()] == ["Newer?"]


def test_a_colleagues_draft_is_not_run_over(project: Project, owner: User, curator: User) -> None:
    seen = project.rubric.digest
    save_rubric_draft(project=project, user=curator, document=ask("Theirs?"), based_on=1, seen=seen)
    with pytest.raises(RubricMovedError, match="Cyril Curator saved a draft"):
        save_rubric_draft(project=project, user=owner, document=ask("Mine?"), based_on=1, seen=seen)
    assert project.rubric_draft is not None
    assert project.rubric_draft.questions == ask("Theirs?")


def test_publishing_puts_the_draft_in_force(project: Project, owner: User) -> None:
    before = project.rubric
    save_rubric_draft(project=project, user=owner, document=ask("New?"), based_on=1)
    after = publish_rubric(project=project, user=owner, based_on=1)
    assert (after.version, project.rubric, project.rubric_draft) == (2, after, None)
    assert get_rubric(after.pk) == ask("New?")
    before.refresh_from_db()
    assert before.document == PAIRWISE
    said = AuditEvent.objects.get(action="rubric.published")
    assert (said.actor, said.subject, said.data) == (owner, "project:helpful", {"version": 2})


def test_a_document_is_published_in_one_go(project: Project, owner: User) -> None:
    assert publish_rubric(project=project, user=owner, based_on=1, document=ask("New?")).version == 2


@pytest.mark.parametrize("has_draft", [True, False])
def test_what_changes_nothing_is_not_published(project: Project, owner: User, has_draft: bool) -> None:
    same = RubricDocument.model_validate(PAIRWISE)
    if has_draft:
        save_rubric_draft(project=project, user=owner, document=same, based_on=1)
    with pytest.raises(InvalidInputError):
        publish_rubric(project=project, user=owner, based_on=1)
    with pytest.raises(InvalidInputError, match="Nothing was changed"):
        publish_rubric(project=project, user=owner, based_on=1, document=same)
    assert project.rubric.version == 1


def test_a_version_that_came_in_between_is_not_run_over(project: Project, owner: User, curator: User) -> None:
    publish_rubric(project=project, user=curator, based_on=1, document=ask("Theirs?"))
    for act in (save_rubric_draft, publish_rubric):
        with pytest.raises(RubricMovedError, match="Version 2 was published"):
            act(project=project, user=owner, based_on=1, document=ask("Mine?"))
    with pytest.raises(RubricMovedError):
        publish_rubric(project=project, user=owner, based_on=1)
    assert project.rubric.questions == ask("Theirs?")


def test_a_draft_that_changed_since_it_was_read_is_not_published(
    project: Project, owner: User, curator: User
) -> None:
    read = save_rubric_draft(project=project, user=owner, document=ask("Mine?"), based_on=1)
    save_rubric_draft(project=project, user=curator, document=ask("Theirs?"), based_on=1)
    with pytest.raises(RubricMovedError):
        publish_rubric(project=project, user=owner, based_on=1, document=read.questions, seen=read.digest)
    with pytest.raises(RubricMovedError, match="saved another draft since you read it"):
        publish_rubric(project=project, user=owner, based_on=1, seen=read.digest)
    assert project.rubric.version == 1


def test_a_draft_can_be_discarded(project: Project, owner: User) -> None:
    assert not discard_rubric_draft(project=project, user=owner)
    save_rubric_draft(project=project, user=owner, document=ask("New?"), based_on=1)
    assert discard_rubric_draft(project=project, user=owner)
    assert (project.rubric_draft, project.rubric.version) == (None, 1)
    assert AuditEvent.objects.filter(action="rubric.draft_discarded").count() == 1


@pytest.mark.parametrize("change", [{"document": {"questions": []}}, {"version": 9}, {"published_at": None}])
def test_the_database_refuses_to_change_what_is_published(project: Project, change: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        Rubric.objects.filter(project=project).update(**change)
    assert project.rubric.document == PAIRWISE


def test_the_database_lets_a_project_have_one_draft(project: Project) -> None:
    for version in (2, 3):
        draft = Rubric(project=project, version=version, document=PAIRWISE, published_at=None)
        if version == 2:
            draft.save()
    with pytest.raises(IntegrityError, match="rubric_one_draft"), transaction.atomic():
        draft.save()


def test_a_project_with_published_versions_can_be_deleted(project: Project) -> None:
    project.delete()
    assert not Rubric.objects.exists()
