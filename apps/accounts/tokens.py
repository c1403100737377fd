"""Keys for programs: made, found by their hash, revoked."""

from collections.abc import Collection
from datetime import timedelta
from typing import NamedTuple

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from apps.accounts.models import ApiToken, User
from apps.accounts.scopes import list_scopes
from apps.core.audit import record_event
from apps.core.errors import InvalidInputError, NotFoundError
from apps.core.secrets import hash_key, make_key

PREFIX = "tst_"
LONGEST_DAYS = 365
SHOWN_CHARACTERS = 10
USE_NOTED_EVERY = timedelta(minutes=1)


class NewToken(NamedTuple):
    """`key` exists here and nowhere else: only its hash was stored."""

    token: ApiToken
    key: str


@transaction.atomic
def create_token(*, user: User, name: str, scopes: Collection[str], days: int) -> NewToken:
    """Make a token that does what `user` may do, within `scopes`, for `days` days.

    Raises:
        InvalidInputError: no or unknown scopes, a time that is too long, or the name of a token in use.
    """
    _check_wish(scopes, days)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)  # two at once must not both have the name
    if user.api_tokens.usable().filter(name=name).exists():
        raise InvalidInputError(
            f"You have a token called “{name}”. Nothing was made. Choose another name, or revoke that one."
        )
    key = make_key(PREFIX)
    token = ApiToken.objects.create(
        user=user,
        name=name,
        digest=hash_key(key),
        prefix=key[:SHOWN_CHARACTERS],
        scopes=sorted(set(scopes)),
        expires_at=timezone.now() + timedelta(days=days),
    )
    record_event(actor=user, action="token.created", subject=f"token:{token.pk}", scopes=token.scopes)
    return NewToken(token, key)


def _check_wish(scopes: Collection[str], days: int) -> None:
    unknown = set(scopes) - {name for name, _ in list_scopes()}
    if unknown:
        raise InvalidInputError(f"There is no scope {min(unknown)}. Nothing was made.")
    if not scopes:
        raise InvalidInputError("A token must be allowed something. Nothing was made. Choose its scopes.")
    if not 1 <= days <= LONGEST_DAYS:
        raise InvalidInputError(f"A token lives 1 to {LONGEST_DAYS} days. Nothing was made.")


@transaction.atomic
def revoke_token(*, user: User, token_id: int) -> ApiToken:
    """Make a token of this person useless from now on; revoking it again changes nothing.

    Raises:
        NotFoundError: this person has no such token.
    """
    token = user.api_tokens.select_for_update().filter(pk=token_id).first()
    if token is None:
        raise NotFoundError("You have no such token. Perhaps it belongs to another account of yours.")
    if token.revoked_at is None:
        token.revoked_at = timezone.now()
        token.save(update_fields=["revoked_at"])
        record_event(actor=user, action="token.revoked", subject=f"token:{token.pk}")
    return token


def find_token(key: str) -> ApiToken | None:
    """The token of `key` with its person, whether or not it may still be used."""
    return ApiToken.objects.select_related("user").filter(digest=hash_key(key)).first()


def note_use(token: ApiToken) -> None:
    """Remember the time, at most once a minute, so that a busy program does not write with every read."""
    now = timezone.now()
    long_ago = Q(last_used_at=None) | Q(last_used_at__lt=now - USE_NOTED_EVERY)
    ApiToken.objects.filter(long_ago, pk=token.pk).update(last_used_at=now)
