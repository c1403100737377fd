"""A new password by e-mail."""

from datetime import timedelta
from urllib.parse import urlencode, urljoin

from django.conf import settings
from django.contrib.auth.tokens import default_token_generator
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_decode, urlsafe_base64_encode

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.core.models import AuditEvent

PAUSE_BETWEEN_MAILS = timedelta(minutes=2)
MAILED = "account.reset_mailed"


def mail_reset_link(*, email: str, site: str) -> bool:
    """Mail a link for a new password to the person with this address, if there is one.

    Args:
        email: as it was typed; the mail goes to the address that is stored.
        site: where Touchstone is, such as https://touchstone.example.org/.

    Returns:
        Whether a mail was sent. Nobody has that address, or a mail went there just now, if not.
    """
    with transaction.atomic():
        user = User.objects.select_for_update(no_key=True).filter(email__iexact=email, is_active=True).first()
        if user is None or _was_mailed_just_now(user):
            return False
        record_event(actor=None, action=MAILED, subject=f"user:{user.uid}")
    context = {
        "person": user,
        "link": urljoin(site, _make_path(user)),
        "hours": settings.PASSWORD_RESET_TIMEOUT // 3600,
        "site": site,
    }
    text = render_to_string("accounts/mail/reset.txt", context)
    send_mail("A new password for Touchstone", text, None, [user.email])
    return True


def _was_mailed_just_now(user: User) -> bool:
    since = timezone.now() - PAUSE_BETWEEN_MAILS
    return AuditEvent.objects.filter(subject=f"user:{user.uid}", action=MAILED, at__gt=since).exists()


def _make_path(user: User) -> str:
    """The token is in the query, which no log keeps; paths are logged."""
    person = urlsafe_base64_encode(force_bytes(user.pk))
    query = urlencode({"token": default_token_generator.make_token(user)})
    return f"{reverse('accounts:reset_confirm', args=[person])}?{query}"


def find_person(*, person: str, token: str) -> User | None:
    """Whom a link for a new password lets in: None for a link that was used, is too old or is wrong."""
    try:
        pk = int(urlsafe_base64_decode(person))
    except ValueError:
        return None
    user = User.objects.filter(pk=pk, is_active=True).first()
    return user if user is not None and default_token_generator.check_token(user, token) else None


@transaction.atomic
def set_password(*, user: User, password: str, by_link: bool = False) -> None:
    """Store a password that passed the validators. It ends this person's sessions everywhere else."""
    user.set_password(password)
    user.save(update_fields=["password"])
    record_event(actor=user, action="account.password_set", subject=f"user:{user.uid}", by_link=by_link)
