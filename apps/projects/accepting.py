"""Coming in by an invitation: found, looked at, accepted."""

from django.db import transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.registration import create_account
from apps.core.errors import NotFoundError, TouchstoneError
from apps.core.secrets import hash_key
from apps.projects.invitations import AlreadyMemberError, format_day, record_invitation
from apps.projects.models import Invitation, Membership
from apps.projects.permissions import ROLE_PERMISSIONS


class InvitationClosedError(TouchstoneError):
    code = "invitation_closed"
    status = 410


def find_invitation(*, slug: str, key: str) -> Invitation:
    """The invitation behind a link, open or not.

    Raises:
        NotFoundError: there is none.
    """
    invitation = Invitation.objects.filter(digest=hash_key(key), project__slug=slug).first()
    if invitation is None:
        raise NotFoundError(
            "This link leads to no invitation. Check that all of it was copied, or ask for another."
        )
    return invitation


def check_open(invitation: Invitation) -> None:
    """
    Raises:
        InvitationClosedError: it was used, taken back, or is too old.
    """
    if invitation.accepted_at is not None:
        what = f"was used on {format_day(invitation.accepted_at)}; it lets one person in, once"
    elif invitation.revoked_at is not None:
        what = f"was taken back on {format_day(invitation.revoked_at)}"
    elif invitation.expires_at <= timezone.now():
        what = f"was open until {format_day(invitation.expires_at)}"
    else:
        return
    raise InvitationClosedError(
        f"This invitation {what}. Nothing was changed. Ask the person who sent it for another."
    )


@transaction.atomic
def accept_invitation(*, invitation_id: int, user: User) -> Membership:
    """Let `user` in, and close the link.

    Somebody who is in the project already gets the invited role if it may do all that theirs may and more.
    Otherwise nothing changes, and the link stays open for somebody else: an invitation never takes away.

    Raises:
        InvitationClosedError: somebody was quicker, or the link is closed otherwise.
        AlreadyMemberError: the invitation would give this person nothing.
    """
    # The row is the lock: of two people with one link, the second finds it used.
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation_id)
    check_open(invitation)
    membership, is_new = Membership.objects.select_for_update(of=("self",)).get_or_create(
        project=invitation.project, user=user, defaults={"role": invitation.role}
    )
    if not is_new:
        _raise_role(membership, invitation.role)
    invitation.accepted_at, invitation.accepted_by = timezone.now(), user
    invitation.save(update_fields=["accepted_at", "accepted_by"])
    record_invitation(invitation, user, "people.joined", role=invitation.role)
    return membership


def _raise_role(membership: Membership, role: str) -> None:
    if not ROLE_PERMISSIONS[role] > ROLE_PERMISSIONS[membership.role]:
        raise AlreadyMemberError(
            f"You are in this project already, as {membership.role}. The invitation as {role} was not used: "
            "pass it on to whom it was meant for, or ask an owner to change your role."
        )
    membership.role = role
    membership.save(update_fields=["role"])


@transaction.atomic
def accept_as_newcomer(*, invitation_id: int, name: str, email: str, password: str) -> Membership:
    """Make an account and let it in: both, or neither.

    Raises:
        EmailTakenError: this address has an account; its owner signs in and accepts.
        InvitationClosedError: as for `accept_invitation`.
    """
    user = create_account(name=name, email=email, password=password)
    return accept_invitation(invitation_id=invitation_id, user=user)
