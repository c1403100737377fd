"""Setting a project up. Each function is one change, written to the audit trail in its transaction."""

from itertools import count
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.text import slugify

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.core.errors import ConflictError, InvalidInputError
from apps.projects.models import Guideline, Membership, Project, Rubric
from apps.projects.permissions import Role
from apps.projects.presets import USUAL, get_preset
from apps.projects.rubrics import RubricDocument

SLUG_LENGTH = 50  # leaves room in the column for a number that makes it unique


class GuidelineMovedError(ConflictError):
    """Somebody published another version while this one was being written."""

    code = "guideline_moved"


@transaction.atomic
def create_project(
    *,
    user: User | None,
    name: str,
    description: str = "",
    overlap: int = 3,
    lease_minutes: int = 30,
    slug: str = "",
    guideline: str = "",
    preset: str = USUAL,
    rubric: RubricDocument | None = None,
    **settings: Any,
) -> Project:
    """A project with a rubric and a guideline, both at version 1; `user` becomes its owner.

    Args:
        slug: its place in addresses; made from the name when empty, with a number when taken.
        preset: names the rubric and the guideline to begin with, where none is given.
        settings: the other columns of `Project`.
    """
    project = _insert_project(
        slug or slugify(name)[:SLUG_LENGTH].strip("-") or "project",
        Project(
            name=name,
            description=description,
            overlap=overlap,
            lease_minutes=lease_minutes,
            created_by=user,
            **settings,
        ),
    )
    begun = get_preset(preset)
    document = (rubric or begun.rubric).model_dump(mode="json")
    Rubric.objects.create(project=project, version=1, document=document, created_by=user)
    Guideline.objects.create(project=project, version=1, text=guideline or begun.guideline, created_by=user)
    if user is not None:
        Membership.objects.create(project=project, user=user, role=Role.OWNER)
    record_event(actor=user, action="project.created", subject=f"project:{project.slug}", name=name)
    return project


def _insert_project(slug: str, project: Project) -> Project:
    """Save under the first free slug; the unique constraint settles who of two at once has it."""
    for number in count(1):
        project.slug = slug if number == 1 else f"{slug}-{number}"
        if Project.objects.filter(slug=project.slug).exists():
            continue
        try:
            with transaction.atomic():
                project.save(force_insert=True)
        except IntegrityError:
            if not Project.objects.filter(slug=project.slug).exists():
                raise
            project.pk = None
        else:
            break
    return project


@transaction.atomic
def update_settings(
    *,
    project: Project,
    user: User,
    name: str,
    description: str,
    stage: str,
    overlap: int,
    queue_order: str,
    lease_minutes: int,
    review_after_skips: int,
    daily_cap: int | None,
    rater_cap: int | None,
    is_sensitive: bool,
) -> Project:
    """Change what is not versioned.

    Another overlap holds for items built from then on. A sweep of the rating room moves the items that are
    there into another order.
    """
    current = Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    wanted = {
        "name": name,
        "description": description,
        "stage": stage,
        "overlap": overlap,
        "queue_order": queue_order,
        "lease_minutes": lease_minutes,
        "review_after_skips": review_after_skips,
        "daily_cap": daily_cap,
        "rater_cap": rater_cap,
        "is_sensitive": is_sensitive,
    }
    changes = {
        field: [getattr(current, field), value]
        for field, value in wanted.items()
        if getattr(current, field) != value
    }
    if not changes:
        return current
    for field, (_, value) in changes.items():
        setattr(current, field, value)
    current.save(update_fields=[*changes])
    record_event(actor=user, action="project.changed", subject=f"project:{current.slug}", changes=changes)
    return current


@transaction.atomic
def publish_guideline(*, project: Project, user: User, text: str, based_on: int) -> Guideline:
    """Store `text` as the next version; the same text as now makes none.

    Args:
        based_on: the version that the writer had before them.

    Raises:
        InvalidInputError: there is no text.
        GuidelineMovedError: there is a newer version than `based_on`.
    """
    project = Project.objects.select_for_update().get(pk=project.pk)
    latest = project.guideline
    text = text.replace("\r\n", "\n").strip() + "\n"
    if not text.strip():
        raise InvalidInputError("A guideline needs a text. The version before is still in force.")
    if text == latest.text.strip() + "\n":
        return latest
    if latest.version != based_on:
        raise GuidelineMovedError(
            f"Version {latest.version} was published while you wrote, so yours was not saved yet. "
            "Your text is kept below. Compare the two, then publish again."
        )
    guideline = Guideline.objects.create(
        project=project, version=latest.version + 1, text=text, created_by=user
    )
    record_event(
        actor=user,
        action="guideline.published",
        subject=f"project:{project.slug}",
        version=guideline.version,
    )
    return guideline
