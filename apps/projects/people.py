"""Who works in a project: roles, skills and pauses changed, people removed, never the last owner."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.core.errors import ConflictError, InvalidInputError, NotFoundError
from apps.core.words import count, spell, start_sentence
from apps.projects.models import Membership, Project
from apps.projects.permissions import ROLE_PERMISSIONS, Permission, Role

PAUSE_REASON_LENGTH = 500


class LastOwnerError(ConflictError):
    code = "last_owner"


@transaction.atomic
def change_role(*, project: Project, membership_id: int, role: Role, by: User) -> Membership:
    """Give a member another role; the role they have changes nothing.

    Raises:
        NotFoundError: there is no such member any more.
        LastOwnerError: the project would be without an owner.
    """
    membership = _lock_member(project, membership_id)
    if membership.role == role:
        return membership
    if membership.role == Role.OWNER:
        _keep_an_owner(membership, "is still owner")
    before, membership.role = membership.role, role
    membership.save(update_fields=["role"])
    _record(membership, by, "people.role_changed", before=before, role=role)
    return membership


@transaction.atomic
def remove_member(*, project: Project, membership_id: int, by: User) -> Membership:
    """End a membership. What the person did in the project stays, their annotations included.

    Raises:
        NotFoundError: there is no such member any more.
        LastOwnerError: the project would be without an owner.
    """
    membership = _lock_member(project, membership_id)
    if membership.role == Role.OWNER:
        _keep_an_owner(membership, "was not removed")
    _record(membership, by, "people.removed", role=membership.role)
    Membership.objects.filter(pk=membership.pk).delete()
    return membership


@transaction.atomic
def change_skills(*, project: Project, membership_id: int, skills: Sequence[str], by: User) -> Membership:
    """Note what a member knows; `skills` as `parse_skills` gives them. From then on they get such items.

    Raises:
        NotFoundError: there is no such member any more.
    """
    membership = _lock_member(project, membership_id)
    before, membership.skills = membership.skills, list(skills)
    if before != membership.skills:
        membership.save(update_fields=["skills"])
        _record(membership, by, "people.skills_changed", before=before, skills=membership.skills)
    return membership


@transaction.atomic
def pause_member(*, project: Project, membership_id: int, reason: str, by: User) -> Membership:
    """Give a member nothing more to rate until they are resumed; pausing again changes the reason.

    Raises:
        NotFoundError: there is no such member any more.
        InvalidInputError: there is no reason, or it is too long; the person reads it.
    """
    reason = reason.replace("\x00", "").strip()
    if not reason or len(reason) > PAUSE_REASON_LENGTH:
        raise InvalidInputError(
            f"A pause needs a reason of at most {PAUSE_REASON_LENGTH} characters: the person reads it. "
            "Nothing was changed."
        )
    membership = _lock_member(project, membership_id)
    if membership.pause_reason != reason:
        membership.paused_at, membership.pause_reason = membership.paused_at or timezone.now(), reason
        membership.save(update_fields=["paused_at", "pause_reason"])
        _record(membership, by, "people.paused", reason=reason)
    return membership


@transaction.atomic
def resume_member(*, project: Project, membership_id: int, by: User) -> Membership:
    """Let a paused member rate again; resuming twice is resuming once.

    Raises:
        NotFoundError: there is no such member any more.
    """
    membership = _lock_member(project, membership_id)
    if membership.paused_at:
        membership.paused_at, membership.pause_reason = None, ""
        membership.save(update_fields=["paused_at", "pause_reason"])
        _record(membership, by, "people.resumed")
    return membership


def _lock_member(project: Project, membership_id: int) -> Membership:
    """The project's row is the lock: of two owners who remove each other at once, one is told no."""
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    members = project.memberships.select_related("user", "project")
    membership = members.filter(pk=membership_id).first()
    if membership is None:
        raise NotFoundError("This person is not in the project any more. Nothing was changed.")
    return membership


def _keep_an_owner(membership: Membership, kept: str) -> None:
    if not membership.project.memberships.filter(role=Role.OWNER).exclude(pk=membership.pk).exists():
        raise LastOwnerError(
            f"{membership.user} {kept}: a project needs an owner, and there is no other. "
            "Make somebody else an owner first."
        )


def _record(membership: Membership, by: User, action: str, **data: Any) -> None:
    subject = f"project:{membership.project.slug}"
    record_event(actor=by, action=action, subject=subject, person=str(membership.user.uid), **data)


def describe_people(*, members: int, invitations: int) -> str:
    """The page's finding: “Four people work here; one invitation is open”."""
    text = f"{count(members, 'person', 'people')} {'works' if members == 1 else 'work'} here"
    if not members:
        text = "nobody works here yet"
    if invitations:
        text += f"; {count(invitations, 'invitation')} {'is' if invitations == 1 else 'are'} open"
    return start_sentence(text)


def describe_raters(*, roles: list[str], overlap: int, paused: int = 0) -> str:
    """Whether enough of them may rate for every item to be finished; `paused` are not among the roles."""
    raters = sum(Permission.RATE in ROLE_PERMISSIONS[role] for role in roles)
    needed = f"each item needs {spell(overlap)} {'person' if overlap == 1 else 'different people'}"
    but = f" ({spell(paused)} more {'is' if paused == 1 else 'are'} paused)" if paused else ""
    if raters >= overlap:
        return start_sentence(f"{spell(raters)} of them may rate{but}; {needed}.")
    missing = overlap - raters
    return start_sentence(
        f"{needed}, and {spell(raters)} may rate{but}: invite at least {spell(missing)} more."
    )
