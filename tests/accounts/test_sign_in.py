from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.throttling import get_client_address
from apps.projects.models import Project
from tests.conftest import SignIn
from tests.factories import UserFactory

PASSWORD = "a long enough secret"
SIGN_IN = "/accounts/sign-in"
pytestmark = pytest.mark.django_db


@pytest.fixture
def rita(db: None) -> User:
    return UserFactory(email="rita@example.org", password=PASSWORD)


def sign_in(client: Client, email: str, password: str = PASSWORD, **more: str) -> object:
    return client.post(SIGN_IN, {"username": email, "password": password, **more})


def is_signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_right_password_signs_in_and_leads_to_the_start(client: Client, rita: User) -> None:
    response = sign_in(client, "rita@example.org")

    assert (response.status_code, response.url) == (302, "/")
    assert is_signed_in(client)


@pytest.mark.parametrize("email", ["Rita@Example.org", " rita@example.org "])
def test_capitals_and_spaces_of_an_address_make_no_difference(client: Client, rita: User, email: str) -> None:
    sign_in(client, email)

    assert is_signed_in(client)


@pytest.mark.parametrize("email", ["rita@example.org", "nobody@example.org"])
def test_wrong_password_and_unknown_address_get_the_same_answer(
    client: Client, rita: User, email: str
) -> None:
    response = sign_in(client, email, "wrong")

    assert "do not belong together" in response.content.decode()
    assert not is_signed_in(client)


def test_closed_account_stays_out(client: Client, rita: User) -> None:
    User.objects.update(is_active=False)

    sign_in(client, "rita@example.org")

    assert not is_signed_in(client)


def test_next_leads_to_the_page_that_was_wanted(client: Client, project: Project, rater: User) -> None:
    rater.set_password(PASSWORD)
    rater.save()
    wanted = reverse("rating:page", args=[project.slug])

    response = client.get(wanted + "?a=1")
    assert response.url == f"{SIGN_IN}?next={wanted}%3Fa%3D1"
    page = client.get(response.url).content.decode()
    assert f'name="next" value="{wanted}?a=1"' in page

    assert sign_in(client, rater.email, next=wanted + "?a=1").url == wanted + "?a=1"


@pytest.mark.parametrize(
    "elsewhere",
    [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "javascript:alert(1)",
        "\t//evil.example",
    ],
)
def test_next_never_leads_to_another_site(client: Client, rita: User, elsewhere: str) -> None:
    assert elsewhere not in client.get(SIGN_IN, {"next": elsewhere}).content.decode()
    assert sign_in(client, rita.email, next=elsewhere).url == "/"


def test_someone_signed_in_is_sent_on(rita: User, sign_in: SignIn) -> None:
    assert sign_in(rita).get(SIGN_IN).url == "/"


def test_form_sent_after_the_session_ended_leads_back_to_its_page(client: Client, project: Project) -> None:
    page = reverse("people:index", args=[project.slug])
    sent_to = reverse("people:invite", args=[project.slug])

    response = client.post(sent_to, headers={"Referer": f"http://testserver{page}?page=2"})

    assert response.url == f"{SIGN_IN}?next={page}%3Fpage%3D2"


@pytest.mark.parametrize("referer", ["", "https://evil.example/p/", "http://testserver.evil.example/"])
def test_form_from_nowhere_leads_to_the_start(client: Client, project: Project, referer: str) -> None:
    response = client.post(reverse("people:invite", args=[project.slug]), headers={"Referer": referer})

    assert response.url == f"{SIGN_IN}?next=/"


@pytest.mark.parametrize("header", [{"HX-Request": "true"}, {"X-Requested-With": "fetch"}])
def test_script_of_someone_signed_out_gets_401_and_no_page(
    client: Client, project: Project, header: dict[str, str]
) -> None:
    response = client.get(reverse("people:index", args=[project.slug]), headers=header)

    assert response.status_code == 401


def test_sign_out_takes_a_post(rita: User, sign_in: SignIn) -> None:
    client = sign_in(rita)

    assert client.get("/accounts/sign-out").status_code == 405
    assert is_signed_in(client)
    assert client.post("/accounts/sign-out").url == SIGN_IN
    assert not is_signed_in(client)


class TestThrottle:
    def test_six_wrong_passwords_shut_the_door_for_a_quarter_of_an_hour(
        self, client: Client, rita: User
    ) -> None:
        for _ in range(5):
            assert sign_in(client, rita.email, "wrong").status_code == 200

        response = sign_in(client, rita.email, "wrong")

        assert response.status_code == 429
        assert 890 <= int(response["Retry-After"]) <= 900
        page = response.content.decode()
        assert "Too many wrong passwords" in page
        assert "15 min from now" in page

    def test_right_password_stays_out_while_it_is_shut(self, client: Client, rita: User) -> None:
        self._shut(client, rita)

        assert sign_in(client, rita.email).status_code == 429
        assert not is_signed_in(client)

    def test_promised_time_is_not_pushed_away_by_trying(self, client: Client, rita: User) -> None:
        self._shut(client, rita)
        self._pass_minutes(10)

        assert int(sign_in(client, rita.email, "wrong")["Retry-After"]) <= 300
        self._pass_minutes(6)
        assert sign_in(client, rita.email).url == "/"

    def test_every_spelling_of_an_address_counts(self, client: Client, rita: User) -> None:
        spellings = ["rita@example.org", "RITA@example.org", "Rita@Example.Org"] * 2

        answers = [sign_in(client, spelling, "wrong").status_code for spelling in spellings]

        assert answers == [200] * 5 + [429]

    def test_other_people_go_on_signing_in(self, client: Client, rita: User) -> None:
        self._shut(client, rita)

        assert sign_in(client, UserFactory(password=PASSWORD).email).url == "/"

    def test_success_forgets_the_failures(self, client: Client, rita: User) -> None:
        for _ in range(5):
            sign_in(client, rita.email, "wrong")
        sign_in(client, rita.email)

        assert AccessAttempt.objects.count() == 0

    @staticmethod
    def _shut(client: Client, user: User) -> None:
        for _ in range(6):
            sign_in(client, user.email, "wrong")

    @staticmethod
    def _pass_minutes(minutes: int) -> None:
        for attempt in AccessAttempt.objects.all():
            earlier = attempt.attempt_time - timedelta(minutes=minutes)
            AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=earlier)
        assert timezone.now() > earlier


class TestClientAddress:
    FORWARDED = "6.6.6.6, 203.0.113.9"

    def test_without_a_proxy_the_header_is_not_believed(self, rf: pytest.FixtureRequest) -> None:
        request = rf.get("/", headers={"X-Forwarded-For": self.FORWARDED})

        assert get_client_address(request) == "127.0.0.1"

    def test_behind_a_proxy_only_its_own_entry_is(
        self, rf: pytest.FixtureRequest, settings: pytest.FixtureRequest
    ) -> None:
        settings.ENV = settings.ENV.model_copy(update={"behind_proxy": True})
        request = rf.get("/", headers={"X-Forwarded-For": self.FORWARDED})

        assert get_client_address(request) == "203.0.113.9"
