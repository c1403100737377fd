from datetime import timedelta

import pytest
from django.db.models import F
from django.test import Client
from django.utils import timezone

from apps.accounts.models import ApiToken, User
from apps.accounts.tokens import create_token, revoke_token
from apps.projects.models import Project

PROJECTS = "/api/v1/projects/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def key(trainer: User) -> str:
    return create_token(user=trainer, name="export", scopes=["view_project", "export"], days=30).key


def ask(key: str, scheme: str = "Bearer", path: str = PROJECTS) -> object:
    return Client().get(path, headers={"Authorization": f"{scheme} {key}"})


@pytest.mark.parametrize("scheme", ["Bearer", "bearer"])
def test_token_lets_its_person_in(key: str, project: Project, scheme: str) -> None:
    response = ask(key, scheme)

    assert response.status_code == 200
    assert ApiToken.objects.get().last_used_at is not None


def test_without_anything_the_answer_says_how_to_come_in(client: Client) -> None:
    response = client.get(PROJECTS)

    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer realm="Touchstone"'
    assert response.json()["code"] == "not_authenticated"


@pytest.mark.parametrize("key", ["tst_unknown", "", "tst_é", "two words"])
def test_unknown_token_is_refused(key: str) -> None:
    response = ask(key)

    assert response.status_code == 401
    assert "This token is unknown" in response.json()["message"]
    assert "WWW-Authenticate" in response


def test_revoked_token_is_refused_with_the_reason(key: str, trainer: User) -> None:
    revoke_token(user=trainer, token_id=ApiToken.objects.get().pk)

    assert "was revoked on" in _refusal(key)


def test_expired_token_is_refused_with_the_reason(key: str) -> None:
    ApiToken.objects.update(created_at=F("created_at") - timedelta(days=60), expires_at=timezone.now())

    assert "expired on" in _refusal(key)


def test_token_of_a_closed_account_is_refused(key: str) -> None:
    User.objects.update(is_active=False)

    assert "account of this token is closed" in _refusal(key)


def test_token_is_no_key_to_pages(key: str) -> None:
    assert ask(key, path="/accounts/profile").status_code == 302


def test_other_schemes_are_left_to_others(key: str) -> None:
    assert ask(key, "Basic").json()["code"] == "not_authenticated"


def _refusal(key: str) -> str:
    response = ask(key)
    assert response.status_code == 401
    assert response.json()["code"] == "authentication_failed"
    return str(response.json()["message"])
