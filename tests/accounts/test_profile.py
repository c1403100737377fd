import re

import pytest
from django.contrib.sessions.models import Session

from apps.accounts.models import ApiToken, Theme, User
from apps.accounts.tokens import create_token
from tests.conftest import SignIn

PROFILE = "/accounts/profile"
OLD, NEW = "a long enough secret", "correct horse battery"
pytestmark = pytest.mark.django_db


def test_profile_is_saved(rater: User, sign_in: SignIn) -> None:
    client = sign_in(rater)

    response = client.post(PROFILE, {"name": "Rita R.", "theme": "dark"}, follow=True)

    rater.refresh_from_db()
    assert (rater.name, rater.theme, rater.single_keys) == ("Rita R.", Theme.DARK, False)
    page = response.content.decode()
    assert 'data-theme="dark"' in page
    assert "Your profile is saved." in page


def test_unknown_theme_is_refused_and_not_shown(rater: User, sign_in: SignIn) -> None:
    response = sign_in(rater).post(PROFILE, {"name": "Rita", "theme": "<script>"})

    assert response.status_code == 422
    assert "data-theme" not in response.content.decode()


def test_address_and_rights_cannot_be_posted(rater: User, sign_in: SignIn) -> None:
    sign_in(rater).post(
        PROFILE, {"name": "R", "theme": "light", "email": "x@example.org", "is_superuser": "on"}
    )

    rater.refresh_from_db()
    assert rater.email != "x@example.org"
    assert not rater.is_superuser


class TestPassword:
    def test_change_keeps_this_session_and_ends_others(self, rater: User, sign_in: SignIn) -> None:
        here, elsewhere = sign_in(rater), sign_in(rater)

        here.post(f"{PROFILE}/password", {"current": OLD, "password": NEW})

        assert here.get(PROFILE).status_code == 200
        assert elsewhere.get(PROFILE).status_code == 302
        rater.refresh_from_db()
        assert rater.check_password(NEW)

    def test_needs_the_current_one(self, rater: User, sign_in: SignIn) -> None:
        response = sign_in(rater).post(f"{PROFILE}/password", {"current": "wrong", "password": NEW})

        assert response.status_code == 422
        assert "This is not your password" in response.content.decode()

    @pytest.mark.parametrize("password", ["seven77", "password123", "9182736450", "rita rater"])
    def test_weak_ones_are_refused(self, rater: User, sign_in: SignIn, password: str) -> None:
        response = sign_in(rater).post(f"{PROFILE}/password", {"current": OLD, "password": password})

        assert response.status_code == 422
        rater.refresh_from_db()
        assert rater.check_password(OLD)


class TestTokens:
    WISH = {"name": "nightly export", "scopes": ["export"], "days": "30"}

    def test_key_is_shown_once_and_never_again(self, trainer: User, sign_in: SignIn) -> None:
        client = sign_in(trainer)
        response = client.post(f"{PROFILE}/tokens", self.WISH)
        assert response.url == f"{PROFILE}#tokens"

        first = client.get(PROFILE).content.decode()
        assert re.search(r"tst_[\w-]{43}", first)
        assert "Download datasets" in first
        second = client.get(PROFILE).content.decode()
        assert not re.search(r"tst_[\w-]{43}", second)
        assert "nightly export" in second

    def test_key_waits_encrypted_in_the_session(self, trainer: User, sign_in: SignIn) -> None:
        client = sign_in(trainer)
        client.post(f"{PROFILE}/tokens", self.WISH)

        assert "tst_" not in str(Session.objects.get().get_decoded())

    @pytest.mark.parametrize("wrong", [{"scopes": []}, {"scopes": ["fly"]}, {"days": "9999"}, {"name": ""}])
    def test_wrong_wish_is_explained(self, trainer: User, sign_in: SignIn, wrong: dict[str, object]) -> None:
        response = sign_in(trainer).post(f"{PROFILE}/tokens", {**self.WISH, **wrong})

        assert response.status_code == 422
        assert not ApiToken.objects.exists()

    def test_taken_name_is_explained_beside_it(self, trainer: User, sign_in: SignIn) -> None:
        client = sign_in(trainer)
        client.post(f"{PROFILE}/tokens", self.WISH)

        assert "You have a token called" in client.post(f"{PROFILE}/tokens", self.WISH).content.decode()

    def test_revoked_token_leaves_the_list(self, trainer: User, sign_in: SignIn) -> None:
        token = create_token(user=trainer, name="old one", scopes=["export"], days=1).token
        client = sign_in(trainer)

        page = client.post(f"{PROFILE}/tokens/{token.pk}/revoke", follow=True).content.decode()

        assert "“old one” is revoked" in page
        assert "No token of yours may be used" in page

    def test_token_of_another_is_not_found(self, trainer: User, owner: User, sign_in: SignIn) -> None:
        token = create_token(user=trainer, name="mine", scopes=["export"], days=1).token

        assert sign_in(owner).post(f"{PROFILE}/tokens/{token.pk}/revoke").status_code == 404
        assert ApiToken.objects.usable().exists()
