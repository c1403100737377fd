"""The page behind an invitation's link."""

from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from apps.accounts.models import User
from apps.projects.accepting import accept_invitation
from apps.projects.invitations import invite_person, revoke_invitation
from apps.projects.models import Invitation, Membership, Project
from apps.projects.permissions import Role
from tests.conftest import SignIn
from tests.factories import UserFactory

JOIN = "/p/helpful/people/join"
NORA = {"name": "Nora New", "email": "nora@example.org", "password": "correct horse battery"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def link(project: Project, owner: User) -> str:
    made = invite_person(project=project, role=Role.RATER, email="", by=owner, site="http://testserver/")
    parts = urlsplit(made.link)
    return f"{parts.path}?{parts.query}"


def page(client: Client, link: str) -> str:
    return client.get(link, follow=True).content.decode()


def test_key_leaves_the_address_at_once_and_is_not_in_the_session(client: Client, link: str) -> None:
    response = client.get(link)

    assert response.url == JOIN
    assert link.partition("link=")[2] not in str(Session.objects.get().get_decoded())


def test_opening_the_link_changes_nothing(client: Client, link: str, stranger: User, sign_in: SignIn) -> None:
    page(client, link)
    page(sign_in(stranger), link)

    assert Invitation.objects.open().count() == 1


def test_newcomer_joins_and_is_signed_in(client: Client, link: str) -> None:
    assert "Join “Helpful assistant” as rater" in page(client, link)

    response = client.post(JOIN, NORA)

    assert response.url == "/p/helpful/rate/"
    nora = User.objects.get(email="nora@example.org")
    assert client.session["_auth_user_id"] == str(nora.pk)
    assert Membership.objects.get(user=nora).role == Role.RATER


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"email": "nonsense"},
        {"password": "seven77"},
        {"password": "password123"},
        {"password": "nora@example.org"},
        {"password": "Nora New"},
    ],
)
def test_wrong_entry_is_explained_and_makes_nothing(client: Client, link: str, wrong: dict[str, str]) -> None:
    client.get(link)

    response = client.post(JOIN, {**NORA, **wrong})

    assert response.status_code == 422
    assert 'class="error"' in response.content.decode()
    assert not User.objects.filter(email__startswith="nora").exists()


def test_taken_address_is_told_to_sign_in_and_the_invitation_waits(
    client: Client, link: str, stranger: User
) -> None:
    client.get(link)
    assert "Sign in with it" in client.post(JOIN, {**NORA, "email": stranger.email}).content.decode()

    signed_in = client.post(
        "/accounts/sign-in",
        {"username": stranger.email, "password": "a long enough secret", "next": JOIN},
    )
    assert signed_in.url == JOIN
    assert f"Join as {stranger}" in page(client, JOIN)
    client.post(JOIN)
    assert Membership.objects.filter(user=stranger).exists()


def test_someone_signed_in_joins_with_a_click(link: str, stranger: User, sign_in: SignIn) -> None:
    client = sign_in(stranger)
    assert "Join as Sam Stranger" in page(client, link)

    assert client.post(JOIN).url == "/p/helpful/rate/"
    assert Membership.objects.get(user=stranger).role == Role.RATER


def test_own_used_link_leads_in_again(link: str, stranger: User, sign_in: SignIn) -> None:
    client = sign_in(stranger)
    client.get(link)
    client.post(JOIN)

    client.get(link)
    assert client.get(JOIN).url == "/"


def test_second_person_with_one_link_is_told(client: Client, link: str) -> None:
    client.get(link)
    accept_invitation(invitation_id=Invitation.objects.get().pk, user=UserFactory())

    response = client.post(JOIN, NORA)

    assert response.status_code == 410
    assert "was used on" in response.content.decode()
    assert not User.objects.filter(email="nora@example.org").exists()


def test_revoked_link_says_so(client: Client, link: str, project: Project, owner: User) -> None:
    revoke_invitation(project=project, invitation_id=Invitation.objects.get().pk, by=owner)

    assert "was taken back on" in page(client, link)


@pytest.mark.parametrize("path", [JOIN, f"{JOIN}?link=unknown", "/p/no-such-project/people/join?link=x"])
def test_without_a_known_link_nothing_is_told(client: Client, project: Project, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 404
    assert "Helpful assistant" not in response.content.decode()


def test_session_of_one_invitation_opens_no_other_project(client: Client, link: str) -> None:
    client.get(link)

    assert client.get(JOIN.replace("helpful", "other")).status_code == 404


def test_name_of_a_newcomer_is_text(client: Client, link: str, owner: User, sign_in: SignIn) -> None:
    client.get(link)
    client.post(JOIN, {**NORA, "name": "<script>alert(1)</script>"})

    shown = sign_in(owner).get("/p/helpful/people/").content.decode()
    assert "<script>alert" not in shown
    assert "&lt;script&gt;alert" in shown
