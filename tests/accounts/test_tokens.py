from datetime import timedelta

import pytest
from django.utils import timezone

from apps.accounts.models import ApiToken, User
from apps.accounts.scopes import label_scopes, list_scopes
from apps.accounts.tokens import create_token, find_token, note_use, revoke_token
from apps.core.errors import InvalidInputError, NotFoundError
from apps.core.models import AuditEvent
from apps.projects.permissions import Permission

pytestmark = pytest.mark.django_db


def make(user: User, **wishes: object) -> object:
    return create_token(**{"user": user, "name": "export", "scopes": ["export"], "days": 30, **wishes})


def test_key_is_long_and_found_by_its_hash(trainer: User) -> None:
    token, key = make(trainer)

    assert key.startswith("tst_")
    assert len(key) >= 4 + 43  # 32 bytes in base64
    assert find_token(key) == token
    assert find_token(key[:-1]) is None


def test_only_a_hash_and_the_first_characters_are_stored(trainer: User) -> None:
    _, key = make(trainer)

    row = ApiToken.objects.values().get()
    assert len(bytes(row["digest"])) == 32
    assert key.startswith(row["prefix"])
    assert not any(key in str(value) or key.encode() in bytes(str(value), "utf8") for value in row.values())


def test_scopes_are_the_permissions_of_projects() -> None:
    assert list_scopes() == list(Permission.choices)
    assert label_scopes(["export", "gone"]) == ["Download datasets", "gone"]


@pytest.mark.parametrize(
    "wish",
    [{"scopes": []}, {"scopes": ["export", "fly"]}, {"days": 0}, {"days": 366}],
    ids=["no scope", "unknown scope", "no time", "too long"],
)
def test_impossible_wish_makes_nothing(trainer: User, wish: dict[str, object]) -> None:
    with pytest.raises(InvalidInputError, match="Nothing was made"):
        make(trainer, **wish)
    assert not ApiToken.objects.exists()


def test_name_of_a_usable_token_is_taken_until_it_is_revoked(trainer: User) -> None:
    token, _ = make(trainer)
    with pytest.raises(InvalidInputError, match="called “export”"):
        make(trainer)

    revoke_token(user=trainer, token_id=token.pk)
    make(trainer)


def test_two_people_may_use_one_name(trainer: User, curator: User) -> None:
    make(trainer)
    make(curator)
    assert {token.user for token in ApiToken.objects.filter(name="export")} == {trainer, curator}


def test_revoked_token_keeps_the_time_it_was_revoked(trainer: User) -> None:
    token, _ = make(trainer)
    first = revoke_token(user=trainer, token_id=token.pk).revoked_at
    assert revoke_token(user=trainer, token_id=token.pk).revoked_at == first
    assert list(AuditEvent.objects.order_by("id").values_list("action", flat=True)) == [
        "token.created",
        "token.revoked",
    ]


def test_nobody_revokes_the_token_of_another(trainer: User, owner: User) -> None:
    token, _ = make(trainer)

    with pytest.raises(NotFoundError):
        revoke_token(user=owner, token_id=token.pk)


def test_use_is_noted_once_a_minute(trainer: User) -> None:
    token, _ = make(trainer)

    def noted() -> object:
        return ApiToken.objects.get().last_used_at

    note_use(token)
    first = noted()
    assert first is not None
    note_use(token)
    assert noted() == first

    ApiToken.objects.update(last_used_at=timezone.now() - timedelta(seconds=61))
    earlier = noted()
    note_use(token)
    assert noted() > earlier
