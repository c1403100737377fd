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
from apps.core.audit import record_event
from apps.core.errors import ConflictError, NotFoundError
from apps.core.secrets import hash_key, make_key
from apps.projects.models import Invitation, Project
from apps.projects.permissions import Role

OPEN_FOR = timedelta(days=14)
logger = logging.getLogger(__name__)


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
    record_invitation(invitation, by, "people.invited", role=role, email=email)
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
        record_invitation(invitation, by, "people.invitation_revoked")
    return invitation


def format_day(moment: datetime) -> str:
    return f"{moment.day} {moment:%B %Y}"


def record_invitation(invitation: Invitation, by: User, action: str, **data: str) -> None:
    subject = f"project:{invitation.project.slug}"
    record_event(actor=by, action=action, subject=subject, invitation=invitation.pk, **data)
