"""What people may do in a project. Permissions are an enum, roles are data, `get_permissions` decides."""

from django.contrib.auth.models import AnonymousUser
from django.db import models

from apps.accounts.models import User


class Permission(models.TextChoices):
    VIEW_PROJECT = "view_project", "See the project and its progress"
    MANAGE_PROJECT = "manage_project", "Change overlap, rubric and guideline"
    MANAGE_PEOPLE = "manage_people", "Invite people and change their roles"
    MANAGE_PROMPTS = "manage_prompts", "Import and curate prompts"
    MANAGE_GENERATION = "manage_generation", "Configure models and run them"
    RATE = "rate", "Rate items"
    EXPORT = "export", "Download datasets"


class Role(models.TextChoices):
    OWNER = "owner", "Owner"
    CURATOR = "curator", "Curator"
    RATER = "rater", "Rater"
    TRAINER = "trainer", "Trainer"


P = Permission
ROLE_PERMISSIONS: dict[str, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.CURATOR: frozenset(
        {P.VIEW_PROJECT, P.MANAGE_PROJECT, P.MANAGE_PROMPTS, P.MANAGE_GENERATION, P.RATE}
    ),
    Role.RATER: frozenset({P.RATE}),
    Role.TRAINER: frozenset({P.VIEW_PROJECT, P.EXPORT}),
}


def get_permissions(user: User | AnonymousUser, role: str | None) -> frozenset[Permission]:
    """Decide: everything that `user` may do in a project where they have `role`; site admins may do all."""
    if isinstance(user, AnonymousUser) or not user.is_active:
        return frozenset()
    if user.is_superuser:
        return frozenset(Permission)
    return ROLE_PERMISSIONS[role] if role else frozenset()
