"""The people page."""

import re
from pathlib import Path

import pytest
from django.core import mail
from pytest_django.fixtures import Settings

from apps.accounts.models import User
from apps.core.mail import TO_FILES
from apps.projects.invitations import invite_person
from apps.projects.models import Invitation, Membership, Project
from apps.projects.permissions import Role
from tests.conftest import SignIn
from tests.factories import MembershipFactory

PEOPLE = "/p/helpful/people/"
LINK = re.compile(r"http://testserver/p/helpful/people/join\?link=[\w-]{43}")
pytestmark = pytest.mark.django_db


def test_page_says_how_many_people_work_here(
    project: Project, owner: User, rater: User, trainer: User, sign_in: SignIn
) -> None:
    invite_person(project=project, role=Role.RATER, email="new@example.org", by=owner, site="http://x/")

    page = sign_in(owner).get(PEOPLE).content.decode()

    assert "Three people work here; one invitation is open" in page
    assert "Two of them may rate" in page
    assert rater.email in page
    assert "new@example.org" in page


def test_link_is_shown_once(owner: User, sign_in: SignIn) -> None:
    client = sign_in(owner)
    client.post(PEOPLE + "invite", {"role": "rater"})

    assert LINK.search(client.get(PEOPLE).content.decode())
    assert not LINK.search(client.get(PEOPLE).content.decode())
    assert Invitation.objects.open().count() == 1


def test_mailed_invitation_says_where_it_went(owner: User, sign_in: SignIn) -> None:
    response = sign_in(owner).post(
        PEOPLE + "invite", {"role": "trainer", "email": "t@example.org"}, follow=True
    )

    assert "on its way to t@example.org" in response.content.decode()
    assert LINK.search(mail.outbox[0].body)


def test_without_a_mail_server_it_says_where_the_mail_lies(
    owner: User, sign_in: SignIn, settings: Settings, tmp_path: Path
) -> None:
    settings.EMAIL_BACKEND, settings.EMAIL_FILE_PATH = TO_FILES, tmp_path
    page = (
        sign_in(owner)
        .post(PEOPLE + "invite", {"role": "trainer", "email": "t@example.org"}, follow=True)
        .content.decode()
    )

    assert "on its way" not in page
    assert f"the mail to t@example.org lies in {tmp_path}" in page
    assert LINK.search(page)
    assert len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("wrong", [{"role": "king"}, {"role": ""}, {"email": "nonsense"}])
def test_wrong_invitation_is_explained(owner: User, sign_in: SignIn, wrong: dict[str, str]) -> None:
    response = sign_in(owner).post(PEOPLE + "invite", {"role": "rater", **wrong})

    assert response.status_code == 422
    assert not Invitation.objects.exists()


def test_inviting_a_member_is_explained_beside_the_field(owner: User, rater: User, sign_in: SignIn) -> None:
    response = sign_in(owner).post(PEOPLE + "invite", {"role": "rater", "email": rater.email})

    assert response.status_code == 409
    assert "is in this project already" in response.content.decode()


def test_invitation_is_taken_back(project: Project, owner: User, sign_in: SignIn) -> None:
    made = invite_person(project=project, role=Role.RATER, email="", by=owner, site="http://x/")

    sign_in(owner).post(f"{PEOPLE}invitations/{made.invitation.pk}/revoke")

    assert not Invitation.objects.open().exists()


def test_role_is_changed(project: Project, owner: User, rater: User, sign_in: SignIn) -> None:
    member = project.memberships.get(user=rater)

    page = sign_in(owner).post(f"{PEOPLE}members/{member.pk}/role", {"role": "curator"}, follow=True)

    assert "Rita Rater is curator now." in page.content.decode()
    member.refresh_from_db()
    assert member.role == Role.CURATOR


def test_unknown_role_changes_nothing(project: Project, owner: User, rater: User, sign_in: SignIn) -> None:
    member = project.memberships.get(user=rater)

    assert sign_in(owner).post(f"{PEOPLE}members/{member.pk}/role", {"role": "king"}).status_code == 422


@pytest.mark.parametrize("action", [("role", {"role": "rater"}), ("remove", {})])
def test_last_owner_is_told_why_not(
    project: Project, owner: User, sign_in: SignIn, action: tuple[str, dict[str, str]]
) -> None:
    path, data = action
    member = project.memberships.get(user=owner)

    page = sign_in(owner).post(f"{PEOPLE}members/{member.pk}/{path}", data, follow=True)

    assert "Make somebody else an owner first." in page.content.decode()
    assert Membership.objects.get(pk=member.pk).role == Role.OWNER


def test_removed_member_is_out(project: Project, owner: User, rater: User, sign_in: SignIn) -> None:
    member = project.memberships.get(user=rater)

    page = sign_in(owner).post(f"{PEOPLE}members/{member.pk}/remove", follow=True)

    assert "What they did here stays." in page.content.decode()
    assert sign_in(rater).get("/p/helpful/rate/").status_code == 404


def test_owner_who_steps_down_lands_at_the_start(project: Project, owner: User, sign_in: SignIn) -> None:
    MembershipFactory(project=project, role=Role.OWNER)
    member = project.memberships.get(user=owner)

    response = sign_in(owner).post(f"{PEOPLE}members/{member.pk}/role", {"role": "rater"})

    assert response.url == "/"


@pytest.fixture
def member(project: Project, rater: User) -> Membership:
    return project.memberships.get(user=rater)


def test_skills_are_typed_with_commas(member: Membership, owner: User, sign_in: SignIn) -> None:
    page = sign_in(owner).post(f"{PEOPLE}members/{member.pk}/skills", {"skills": "SV, law"}, follow=True)

    assert "Rita Rater knows law, sv now." in page.content.decode()
    member.refresh_from_db()
    assert member.skills == ["law", "sv"]


def test_skill_that_cannot_be_one_stays_in_its_open_field(
    member: Membership, owner: User, sign_in: SignIn
) -> None:
    response = sign_in(owner).post(f"{PEOPLE}members/{member.pk}/skills", {"skills": "law, 'quoted'"})

    text = response.content.decode()
    assert response.status_code == 422
    assert 'value="law, &#x27;quoted&#x27;"' in text
    assert "cannot be a skill" in text
    assert len(re.findall(r'<details class="work" open>', text)) == 1


def test_paused_member_is_marked_with_the_reason(member: Membership, owner: User, sign_in: SignIn) -> None:
    page = sign_in(owner).post(f"{PEOPLE}members/{member.pk}/pause", {"reason": "Read page 2"}, follow=True)

    text = page.content.decode()
    assert "Rita Rater is paused, and reads why." in text
    assert re.search(r"Since \d+ \w+: Read page 2", text)
    assert "one more is paused" in text


def test_pause_without_a_reason_says_what_it_needs(member: Membership, owner: User, sign_in: SignIn) -> None:
    response = sign_in(owner).post(f"{PEOPLE}members/{member.pk}/pause", {"reason": " "})

    assert response.status_code == 422
    assert "A pause needs a reason" in response.content.decode()


def test_paused_rater_reads_why_on_the_rating_page(
    member: Membership, owner: User, rater: User, sign_in: SignIn
) -> None:
    sign_in(owner).post(f"{PEOPLE}members/{member.pk}/pause", {"reason": "Read page 2"})

    assert "Read page 2" in sign_in(rater).get("/p/helpful/rate/").content.decode()


def test_resuming_takes_the_mark_away(member: Membership, owner: User, sign_in: SignIn) -> None:
    client = sign_in(owner)
    client.post(f"{PEOPLE}members/{member.pk}/pause", {"reason": "Read page 2"})

    text = client.post(f"{PEOPLE}members/{member.pk}/resume", follow=True).content.decode()

    assert "Rita Rater gets items again." in text
    assert "Read page 2" not in text


def test_skills_and_pauses_are_only_for_who_may_rate(
    project: Project, owner: User, trainer: User, sign_in: SignIn
) -> None:
    text = sign_in(owner).get(PEOPLE).content.decode()

    assert text.count("/skills") == 1  # the owner's own
    assert "does not rate" in text
