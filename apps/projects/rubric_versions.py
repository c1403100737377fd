"""The versions of a rubric. Each function is one change, written to the audit trail in its transaction."""

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.core.errors import ConflictError, InvalidInputError
from apps.projects.models import Project, Rubric
from apps.projects.rubrics import RubricDocument


class RubricMovedError(ConflictError):
    """Somebody saved or published another version while this one was being written."""

    code = "rubric_moved"


@transaction.atomic
def save_rubric_draft(
    *, project: Project, user: User | None, document: RubricDocument, based_on: int, seen: str | None = None
) -> Rubric:
    """Store what is to become the next version. Nobody is asked by it until it is published.

    Args:
        based_on: the published version that the writer had before them.
        seen: the digest of what they began from; None to write over whatever draft there is.

    Raises:
        RubricMovedError: a newer version was published, or the draft is not what they began from.
    """
    project = Project.objects.select_for_update().get(pk=project.pk)
    return _save(project, user, document, based_on, seen)


@transaction.atomic
def publish_rubric(
    *,
    project: Project,
    user: User | None,
    based_on: int,
    document: RubricDocument | None = None,
    seen: str | None = None,
) -> Rubric:
    """Let the draft, or `document` in its place, be the next version, which never changes any more.

    A sweep of the rating room moves the items that nobody has begun; begun ones finish under theirs.

    Args:
        based_on: the published version that the writer had before them.
        seen: the digest of the draft that they read or began from; None for whatever it is.

    Raises:
        RubricMovedError: a newer version was published, or another draft saved.
        InvalidInputError: it asks what the version in force asks, or there is nothing to publish.
    """
    project = Project.objects.select_for_update().get(pk=project.pk)
    draft = project.rubric_draft
    if document is None and draft is None:
        _check_base(project, based_on)
        raise InvalidInputError("There is no draft of the rubric. Save one, then publish it.")
    if document is None and draft is not None and seen not in {None, draft.digest}:
        raise RubricMovedError(
            f"{draft.created_by or 'Somebody'} saved another draft since you read it, so nothing was "
            "published. Read it, then publish it."
        )
    draft = _save(project, user, document or draft.questions, based_on, seen)  # type: ignore[union-attr]
    if draft.digest == project.rubric.digest:
        raise InvalidInputError(
            f"Nothing was changed: this asks what version {based_on} asks, which stays in force."
        )
    draft.published_at = timezone.now()
    draft.save(update_fields=["published_at"])
    _record(user, "rubric.published", project, draft)
    return draft


@transaction.atomic
def discard_rubric_draft(*, project: Project, user: User | None) -> bool:
    """Forget the draft; False where there was none. What is published stays."""
    project = Project.objects.select_for_update().get(pk=project.pk)
    draft = project.rubric_draft
    if draft is None:
        return False
    _record(user, "rubric.draft_discarded", project, draft)
    draft.delete()
    return True


def _save(
    project: Project, user: User | None, document: RubricDocument, based_on: int, seen: str | None
) -> Rubric:
    _check_base(project, based_on)
    draft, digest = project.rubric_draft, document.digest
    if draft is not None and draft.digest == digest:
        return draft
    if draft is not None and seen is not None and draft.digest != seen:
        raise RubricMovedError(
            f"{draft.created_by or 'Somebody'} saved a draft while you wrote, so yours was not saved yet. "
            "What you wrote is kept below. Save again to put it in the place of theirs."
        )
    draft = draft or Rubric(project=project, version=project.rubric.version + 1, published_at=None)
    draft.document = document.model_dump(mode="json")
    draft.created_by, draft.created_at = user, timezone.now()
    draft.save()
    _record(user, "rubric.draft_saved", project, draft)
    return draft


def _check_base(project: Project, based_on: int) -> None:
    latest = project.rubric.version
    if latest != based_on:
        raise RubricMovedError(
            f"Version {latest} was published while you wrote, so yours was not saved yet. "
            "What you wrote is kept below. Compare the two, then save again."
        )


def _record(user: User | None, action: str, project: Project, rubric: Rubric) -> None:
    record_event(actor=user, action=action, subject=f"project:{project.slug}", version=rubric.version)
