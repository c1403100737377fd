import re
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.contrib.sessions.models import Session
from django.core import mail
from django.test import Client
from kombu.exceptions import OperationalError
from pytest_django.fixtures import Settings

from apps.accounts import tasks
from apps.accounts.models import User
from apps.accounts.passwords import mail_reset_link
from apps.core.mail import TO_FILES
from apps.core.models import AuditEvent
from tests.conftest import SignIn
from tests.factories import UserFactory

SITE = "https://touchstone.example.org/"
NEW = "correct horse battery"
pytestmark = pytest.mark.django_db


@pytest.fixture
def rita(db: None) -> User:
    return UserFactory(email="rita@example.org", name="Rita")


def ask_for_link(email: str = "rita@example.org") -> str:
    """The path and query of the link in the mail."""
    assert mail_reset_link(email=email, site=SITE)
    link = re.search(r"https://\S+", mail.outbox[-1].body).group()
    parts = urlsplit(link)
    return f"{parts.path}?{parts.query}"


class TestAsking:
    @pytest.fixture
    def sent(self, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str]]:
        calls: list[tuple[str, str]] = []
        monkeypatch.setattr(tasks.send_reset_mail, "delay", lambda *args: calls.append(args))
        return calls

    @pytest.mark.parametrize("email", ["rita@example.org", "nobody@example.org"])
    def test_answer_and_work_are_the_same_for_every_address(
        self, client: Client, rita: User, sent: list[tuple[str, str]], email: str
    ) -> None:
        response = client.post("/accounts/reset", {"email": email})

        assert response.url == "/accounts/reset/sent"
        assert sent == [(email, "http://testserver/")]
        assert "If there is an account" in client.get(response.url).content.decode()

    def test_without_a_mail_server_nothing_is_said_to_be_sent(
        self, client: Client, settings: Settings, tmp_path: Path
    ) -> None:
        settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = TO_FILES, tmp_path
        page = client.get("/accounts/reset/sent").content.decode()

        assert "No mail server is set." in page
        assert "on its way" not in page
        assert str(tmp_path) not in page  # anybody may open it

    def test_nonsense_is_refused_beside_the_field(self, client: Client, sent: list[object]) -> None:
        response = client.post("/accounts/reset", {"email": "nonsense"})

        assert response.status_code == 422
        assert not sent

    def test_broker_that_is_away_is_said(self, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
        def fail(*args: object) -> None:
            raise OperationalError("no broker")

        monkeypatch.setattr(tasks.send_reset_mail, "delay", fail)

        response = client.post("/accounts/reset", {"email": "rita@example.org"})

        assert response.status_code == 503
        assert "Try again in a minute" in response.content.decode()


class TestMailing:
    def test_mail_goes_to_the_stored_address(self, rita: User) -> None:
        assert mail_reset_link(email="RITA@example.org", site=SITE)

        assert mail.outbox[0].to == ["rita@example.org"]
        assert "https://touchstone.example.org/accounts/reset/" in mail.outbox[0].body

    def test_nobody_gets_none(self, rita: User) -> None:
        assert not mail_reset_link(email="nobody@example.org", site=SITE)
        assert not mail.outbox

    def test_closed_account_gets_none(self, rita: User) -> None:
        User.objects.update(is_active=False)

        assert not mail_reset_link(email=rita.email, site=SITE)

    def test_a_mailbox_is_not_flooded(self, rita: User) -> None:
        assert mail_reset_link(email=rita.email, site=SITE)
        assert not mail_reset_link(email=rita.email, site=SITE)

        event = AuditEvent.objects.get(action="account.reset_mailed")
        AuditEvent.objects.update(at=event.at - timedelta(minutes=3))
        assert mail_reset_link(email=rita.email, site=SITE)
        assert len(mail.outbox) == 2


class TestLink:
    def test_link_sets_the_password_and_signs_in(self, client: Client, rita: User) -> None:
        bare = client.get(ask_for_link()).url
        assert "token" not in bare
        assert "rita@example.org" in client.get(bare).content.decode()

        response = client.post(bare, {"password": NEW})

        assert response.url == "/"
        assert client.session["_auth_user_id"] == str(rita.pk)
        rita.refresh_from_db()
        assert rita.check_password(NEW)

    def test_link_works_once(self, client: Client, rita: User) -> None:
        link = ask_for_link()
        client.post(client.get(link).url, {"password": NEW})

        again = Client().get(link, follow=True)

        assert again.status_code == 410
        assert "This link no longer works" in again.content.decode()

    def test_link_ends_with_time(self, client: Client, rita: User, settings: pytest.FixtureRequest) -> None:
        link = ask_for_link()
        settings.PASSWORD_RESET_TIMEOUT = -1

        assert client.get(link, follow=True).status_code == 410

    @pytest.mark.parametrize(
        "path", ["MQ?token=x", "MQ", "%20?token=x", "nonsense?token=a-b", "OTk5OTk5OTk5OTk5OTk5OTk5OTk5"]
    )
    def test_invented_links_are_dead(self, client: Client, rita: User, path: str) -> None:
        assert client.get(f"/accounts/reset/{path}", follow=True).status_code == 410

    def test_link_of_one_person_does_not_serve_another(self, client: Client, rita: User) -> None:
        UserFactory(email="tom@example.org")
        token = ask_for_link().partition("?")[2]
        others_path = ask_for_link("tom@example.org").partition("?")[0]

        assert client.get(f"{others_path}?{token}", follow=True).status_code == 410

    def test_weak_password_is_refused(self, client: Client, rita: User) -> None:
        bare = client.get(ask_for_link()).url

        response = client.post(bare, {"password": "12345678"})

        assert response.status_code == 422
        rita.refresh_from_db()
        assert not rita.check_password("12345678")

    def test_new_password_ends_other_sessions(self, client: Client, rita: User, sign_in: SignIn) -> None:
        elsewhere = sign_in(rita)
        client.post(client.get(ask_for_link()).url, {"password": NEW})

        assert elsewhere.get("/accounts/profile").status_code == 302

    def test_token_is_not_in_the_session_in_clear(self, client: Client, rita: User) -> None:
        link = ask_for_link()
        client.get(link)

        token = link.partition("token=")[2]
        assert token not in str(Session.objects.get().get_decoded())
