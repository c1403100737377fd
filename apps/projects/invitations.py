"""Links that let one person in, once: made, taken back, accepted."""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import NamedTuple
from urllib.parse import urlencode, urljoin

from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.registration import create_account
from apps.core.audit import record_event
from apps.core.errors import ConflictError, NotFoundError, TouchstoneError
from apps.core.secrets import hash_key, make_key
from apps.projects.models import Invitation, Membership, Project
from apps.projects.permissions import ROLE_PERMISSIONS, Role

OPEN_FOR = timedelta(days=14)
logger = logging.getLogger(__name__)


class InvitationClosedError(TouchstoneError):
    code = "invitation_closed"
    status = 410


class AlreadyMemberError(ConflictError):
    code = "already_member"


class NewInvitation(NamedTuple):
    """`link` exists here and nowhere else: only its hash was stored. `mailed`: whether it left by mail."""

    invitation: Invitation
    link: str
    mailed: bool


def invite_person(*, project: Project, role: Role, email: str, by: User, site: str) -> NewInvitation:
    """Make a link that lets one person in as `role`, and mail it when there is an address.

    An open invitation to the same address is taken back: the newest link is the one that works.

    Args:
        site: where Touchstone is, such as https://touchstone.example.org/.

    Raises:
        AlreadyMemberError: somebody with this address is in the project.
    """
    key = make_key()
    path = f"{reverse('people:join', args=[project.slug])}?{urlencode({'link': key})}"
    with transaction.atomic(durable=True):  # the mail must not leave before the link exists
        invitation = _store(project, role, email.lower(), by, hash_key(key))
    link = urljoin(site, path)
    return NewInvitation(invitation, link, mailed=bool(email) and _mail(invitation, link))


def _store(project: Project, role: Role, email: str, by: User, digest: bytes) -> Invitation:
    if email:
        member = project.memberships.filter(user__email=email).first()
        if member is not None:
            raise AlreadyMemberError(
                f"{member.user} is in this project already, as {member.role}. Nobody was invited. "
                "To give another role, change it in the list."
            )
        for earlier in project.invitations.open().filter(email=email):
            revoke_invitation(project=project, invitation_id=earlier.pk, by=by)
    invitation = Invitation.objects.create(
        project=project,
        role=role,
        email=email,
        digest=digest,
        created_by=by,
        expires_at=timezone.now() + OPEN_FOR,
    )
    _record(invitation, by, "people.invited", role=role, email=email)
    return invitation


def _mail(invitation: Invitation, link: str) -> bool:
    project = " ".join(invitation.project.name.split())  # a header has one line
    text = render_to_string("people/mail/invitation.txt", {"invitation": invitation, "link": link})
    try:
        send_mail(f"Join “{project}” on Touchstone", text, None, [invitation.email])
    except (SMTPException, OSError):
        logger.exception("The mail for invitation %s was not sent", invitation.pk)
        return False
    return True


@transaction.atomic
def revoke_invitation(*, project: Project, invitation_id: int, by: User) -> Invitation:
    """Make an open link useless; one that is closed already stays as it is.

    Raises:
        NotFoundError: the project has no such invitation.
    """
    invitation = project.invitations.select_for_update().filter(pk=invitation_id).first()
    if invitation is None:
        raise NotFoundError("There is no such invitation in this project. Nothing was changed.")
    if invitation.accepted_at is None and invitation.revoked_at is None:
        invitation.revoked_at = timezone.now()
        invitation.save(update_fields=["revoked_at"])
        _record(invitation, by, "people.invitation_revoked")
    return invitation


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
        what = f"was used on {_date(invitation.accepted_at)}; it lets one person in, once"
    elif invitation.revoked_at is not None:
        what = f"was taken back on {_date(invitation.revoked_at)}"
    elif invitation.expires_at <= timezone.now():
        what = f"was open until {_date(invitation.expires_at)}"
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
    _record(invitation, user, "people.joined", role=invitation.role)
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


def _date(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def _record(invitation: Invitation, by: User, action: str, **data: str) -> None:
    subject = f"project:{invitation.project.slug}"
    record_event(actor=by, action=action, subject=subject, invitation=invitation.pk, **data)
