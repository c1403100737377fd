"""Another project like this one: its settings, its questions, its guideline. No people, no data."""

from collections.abc import Callable

from django.db import transaction

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.projects.models import Project
from apps.projects.services import create_project

# What is a project's own; its clone begins anew, with a secret of its own.
NOT_CLONED = frozenset(
    {"id", "name", "slug", "secret", "stage", "queued_as", "rubric_followed", "created_by", "created_at"}
)
Copy = Callable[[Project, Project], None]
_copies: list[Copy] = []


def clone_along(copy: Copy) -> None:
    """Let a room that lies above this one copy what it has: `copy(source, clone)`."""
    _copies.append(copy)


@transaction.atomic
def clone_project(*, project: Project, user: User | None, name: str) -> Project:
    """A project with the same settings, rubric, guideline and models; `user` becomes its owner."""
    columns = [field.attname for field in Project._meta.concrete_fields if field.attname not in _own()]
    clone = create_project(
        user=user,
        name=name,
        guideline=project.guideline.text,
        rubric=project.rubric.questions,
        queued_as=project.queue_order,
        **{column: getattr(project, column) for column in columns},
    )
    for copy in _copies:
        copy(project, clone)
    record_event(actor=user, action="project.cloned", subject=f"project:{clone.slug}", source=project.slug)
    return clone


def _own() -> set[str]:
    return {Project._meta.get_field(name).attname for name in NOT_CLONED}  # type: ignore[union-attr]
