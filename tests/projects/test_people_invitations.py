"""Links that let one person in, once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from smtplib import SMTPServerDisconnected
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core import mail
from django.db import connection
from django.utils import timezone

from apps.accounts.models import User
from apps.accounts.registration import EmailTakenError
from apps.core.errors import NotFoundError
from apps.core.models import AuditEvent
from apps.projects import invitations
from apps.projects.accepting import (
    InvitationClosedError,
    accept_as_newcomer,
    accept_invitation,
    check_open,
    find_invitation,
)
from apps.projects.invitations import AlreadyMemberError, NewInvitation, invite_person, revoke_invitation
from apps.projects.models import Invitation, Membership, Project
from apps.projects.permissions import Role
from tests.factories import MembershipFactory, ProjectFactory, UserFactory

SITE = "https://touchstone.example.org/"
PASSWORD = "correct horse battery"
pytestmark = pytest.mark.django_db


def invite(project: Project, by: User, role: Role = Role.RATER, email: str = "") -> NewInvitation:
    return invite_person(project=project, role=role, email=email, by=by, site=SITE)


def key_of(link: str) -> str:
    return parse_qs(urlsplit(link).query)["link"][0]


class TestInviting:
    def test_link_is_found_again_by_its_key_alone(self, project: Project, owner: User) -> None:
        invitation, link, mailed = invite(project, owner)

        assert link.startswith("https://touchstone.example.org/p/helpful/people/join?link=")
        assert len(key_of(link)) >= 43  # 32 bytes in base64
        assert find_invitation(slug="helpful", key=key_of(link)) == invitation
        assert not mailed
        assert not mail.outbox

    def test_key_is_stored_as_a_hash_only(self, project: Project, owner: User) -> None:
        key = key_of(invite(project, owner, email="new@example.org").link)

        stored = [*Invitation.objects.values_list(), *AuditEvent.objects.values_list()]
        assert key not in str(stored)

    def test_it_is_open_for_two_weeks(self, project: Project, owner: User) -> None:
        left = invite(project, owner).invitation.expires_at - timezone.now()

        assert timedelta(days=13, hours=23) < left <= timedelta(days=14)

    def test_address_gets_the_link_by_mail(self, project: Project, owner: User) -> None:
        _, link, mailed = invite(project, owner, email="New@Example.org")

        assert mailed
        assert mail.outbox[0].to == ["new@example.org"]
        assert mail.outbox[0].subject == "Join “Helpful assistant” on Touchstone"
        assert link in mail.outbox[0].body
        assert "Olga Owner invites you" in mail.outbox[0].body

    def test_name_of_a_project_cannot_write_mail_headers(self, project: Project, owner: User) -> None:
        project.name = "Sly\r\nBcc: victim@example.org"

        invite(project, owner, email="new@example.org")

        assert mail.outbox[0].subject == "Join “Sly Bcc: victim@example.org” on Touchstone"

    def test_mail_server_that_is_away_costs_no_link(
        self, project: Project, owner: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*args: object, **kwargs: object) -> None:
            raise SMTPServerDisconnected

        monkeypatch.setattr(invitations, "send_mail", fail)

        invitation, _, mailed = invite(project, owner, email="new@example.org")

        assert not mailed
        check_open(invitation)

    def test_second_link_to_an_address_takes_the_first_back(self, project: Project, owner: User) -> None:
        first = invite(project, owner, email="new@example.org").invitation
        invite(project, owner, role=Role.TRAINER, email="NEW@example.org")

        assert [i.role for i in project.invitations.open()] == [Role.TRAINER]
        first.refresh_from_db()
        assert first.revoked_at is not None

    def test_member_is_not_invited(self, project: Project, owner: User, rater: User) -> None:
        with pytest.raises(AlreadyMemberError, match="Rita Rater is in this project already, as rater"):
            invite(project, owner, email=rater.email.upper())
        assert not Invitation.objects.exists()


class TestClosedLinks:
    def test_unknown_key_is_not_found(self, project: Project, owner: User) -> None:
        invite(project, owner)

        with pytest.raises(NotFoundError):
            find_invitation(slug=project.slug, key="unknown")

    def test_key_of_another_project_is_not_found(self, project: Project, owner: User) -> None:
        key = key_of(invite(project, owner).link)

        with pytest.raises(NotFoundError):
            find_invitation(slug=ProjectFactory().slug, key=key)

    def test_revoked_link_lets_nobody_in(self, project: Project, owner: User, stranger: User) -> None:
        invitation = invite(project, owner).invitation
        revoke_invitation(project=project, invitation_id=invitation.pk, by=owner)

        _refused(invitation, stranger, "was taken back on")

    def test_expired_link_lets_nobody_in(self, project: Project, owner: User, stranger: User) -> None:
        invitation = invite(project, owner).invitation
        Invitation.objects.update(expires_at=timezone.now())

        _refused(invitation, stranger, "was open until")

    def test_used_link_lets_nobody_else_in(self, project: Project, owner: User, stranger: User) -> None:
        invitation = invite(project, owner).invitation
        accept_invitation(invitation_id=invitation.pk, user=UserFactory())

        _refused(invitation, stranger, "was used on")

    def test_used_link_cannot_be_revoked_later(self, project: Project, owner: User, stranger: User) -> None:
        invitation = invite(project, owner).invitation
        accept_invitation(invitation_id=invitation.pk, user=stranger)

        assert revoke_invitation(project=project, invitation_id=invitation.pk, by=owner).revoked_at is None

    def test_invitation_of_another_project_cannot_be_revoked(self, project: Project, owner: User) -> None:
        invitation = invite(project, owner).invitation

        with pytest.raises(NotFoundError):
            revoke_invitation(project=ProjectFactory(), invitation_id=invitation.pk, by=owner)


class TestAccepting:
    def test_person_is_in_and_the_link_closed(self, project: Project, owner: User, stranger: User) -> None:
        invitation = invite(project, owner, Role.TRAINER).invitation

        membership = accept_invitation(invitation_id=invitation.pk, user=stranger)

        assert (membership.user, membership.role) == (stranger, Role.TRAINER)
        invitation.refresh_from_db()
        assert invitation.accepted_by == stranger
        assert AuditEvent.objects.get(action="people.joined").actor == stranger

    def test_newcomer_gets_an_account(self, project: Project, owner: User) -> None:
        invitation = invite(project, owner).invitation

        membership = accept_as_newcomer(
            invitation_id=invitation.pk, name="Nora", email="Nora@Example.org", password=PASSWORD
        )

        assert membership.user.email == "nora@example.org"
        assert membership.user.check_password(PASSWORD)
        assert not membership.user.is_superuser

    def test_taken_address_leaves_the_link_open(self, project: Project, owner: User, stranger: User) -> None:
        invitation = invite(project, owner).invitation

        with pytest.raises(EmailTakenError):
            accept_as_newcomer(
                invitation_id=invitation.pk, name="S", email=stranger.email.upper(), password=PASSWORD
            )
        assert project.invitations.open().exists()

    def test_closed_link_makes_no_account(self, project: Project, owner: User) -> None:
        invitation = invite(project, owner).invitation
        revoke_invitation(project=project, invitation_id=invitation.pk, by=owner)
        before = User.objects.count()

        with pytest.raises(InvitationClosedError):
            accept_as_newcomer(
                invitation_id=invitation.pk, name="Nora", email="nora@example.org", password=PASSWORD
            )
        assert User.objects.count() == before

    @pytest.mark.parametrize(
        ("has", "invited"),
        [
            (Role.RATER, Role.CURATOR),
            (Role.RATER, Role.OWNER),
            (Role.TRAINER, Role.OWNER),
            (Role.CURATOR, Role.OWNER),
        ],
    )
    def test_stronger_role_is_taken(self, project: Project, owner: User, has: Role, invited: Role) -> None:
        member = MembershipFactory(project=project, role=has)
        invitation = invite(project, owner, invited).invitation

        accept_invitation(invitation_id=invitation.pk, user=member.user)

        member.refresh_from_db()
        assert member.role == invited

    @pytest.mark.parametrize(
        ("has", "invited"),
        [
            (Role.OWNER, Role.RATER),
            (Role.CURATOR, Role.RATER),
            (Role.CURATOR, Role.TRAINER),
            (Role.RATER, Role.TRAINER),
            (Role.RATER, Role.RATER),
        ],
    )
    def test_nothing_is_taken_away_and_the_link_stays_open(
        self, project: Project, owner: User, has: Role, invited: Role
    ) -> None:
        member = MembershipFactory(project=project, role=has)
        invitation = invite(project, owner, invited).invitation

        with pytest.raises(AlreadyMemberError, match=f"already, as {has.value}"):
            accept_invitation(invitation_id=invitation.pk, user=member.user)

        member.refresh_from_db()
        assert member.role == has
        assert project.invitations.open().exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("newcomers", [False, True], ids=["with accounts", "newcomers"])
def test_one_link_lets_one_of_many_in_at_once(project: Project, owner: User, newcomers: bool) -> None:
    invitation = invite(project, owner).invitation
    people = [UserFactory() for _ in range(6)]

    def accept(number: int) -> str:
        try:
            if newcomers:
                accept_as_newcomer(
                    invitation_id=invitation.pk, name="N", email=f"n{number}@example.org", password=PASSWORD
                )
            else:
                accept_invitation(invitation_id=invitation.pk, user=people[number])
        except InvitationClosedError as error:
            return error.message
        finally:
            connection.close()
        return "in"

    with ThreadPoolExecutor(6) as pool:
        answers = sorted(pool.map(accept, range(6)))

    assert answers.count("in") == 1
    assert all("was used on" in answer for answer in answers if answer != "in")
    assert Membership.objects.filter(project=project, role=Role.RATER).count() == 1
    assert User.objects.filter(email__startswith="n").count() == int(newcomers)


def _refused(invitation: Invitation, user: User, why: str) -> None:
    with pytest.raises(InvitationClosedError, match=why):
        accept_invitation(invitation_id=invitation.pk, user=user)
    assert not Membership.objects.filter(user=user).exists()
