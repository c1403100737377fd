"""Roles changed and people removed."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from apps.accounts.models import User
from apps.core.errors import InvalidInputError, NotFoundError
from apps.core.models import AuditEvent
from apps.projects.models import Membership, Project
from apps.projects.people import (
    LastOwnerError,
    change_role,
    change_skills,
    describe_people,
    describe_raters,
    pause_member,
    remove_member,
    resume_member,
)
from apps.projects.permissions import Role
from apps.rating.allocation import claim_next
from apps.rating.models import Annotation, Item
from apps.rating.submission import submit_annotation
from tests.factories import MembershipFactory, ProjectFactory
from tests.rating.factories import given, make_items, say

pytestmark = pytest.mark.django_db


def of(project: Project, user: User) -> int:
    return project.memberships.get(user=user).pk


def test_role_is_changed_and_recorded(project: Project, owner: User, rater: User) -> None:
    change_role(project=project, membership_id=of(project, rater), role=Role.CURATOR, by=owner)

    assert project.memberships.get(user=rater).role == Role.CURATOR
    event = AuditEvent.objects.get(action="people.role_changed")
    assert (event.actor, event.subject) == (owner, "project:helpful")
    assert event.data == {"person": str(rater.uid), "before": "rater", "role": "curator"}


def test_same_role_records_nothing(project: Project, owner: User, rater: User) -> None:
    change_role(project=project, membership_id=of(project, rater), role=Role.RATER, by=owner)

    assert not AuditEvent.objects.exists()


def test_last_owner_keeps_the_role(project: Project, owner: User, rater: User) -> None:
    with pytest.raises(LastOwnerError, match="Olga Owner is still owner: a project needs an owner"):
        change_role(project=project, membership_id=of(project, owner), role=Role.RATER, by=owner)
    assert project.memberships.get(user=owner).role == Role.OWNER


def test_last_owner_stays(project: Project, owner: User, site_admin: User) -> None:
    with pytest.raises(LastOwnerError, match="Olga Owner was not removed"):
        remove_member(project=project, membership_id=of(project, owner), by=site_admin)
    assert project.memberships.filter(user=owner).exists()


def test_owner_of_another_project_does_not_help(project: Project, owner: User) -> None:
    MembershipFactory(role=Role.OWNER)

    with pytest.raises(LastOwnerError):
        remove_member(project=project, membership_id=of(project, owner), by=owner)


def test_one_of_two_owners_may_go(project: Project, owner: User) -> None:
    second = MembershipFactory(project=project, role=Role.OWNER)

    remove_member(project=project, membership_id=second.pk, by=owner)

    assert not project.memberships.filter(pk=second.pk).exists()


def test_removed_raters_annotations_stay(project: Project, owner: User, rater: User) -> None:
    make_items(project)
    lease = claim_next(project=project, rater=rater)
    submit_annotation(project=project, rater=rater, lease_uid=str(lease.uid), answers=given(say("tie")))

    remove_member(project=project, membership_id=of(project, rater), by=owner)

    assert Annotation.objects.counted().get().rater == rater
    assert AuditEvent.objects.get(action="people.removed").data["role"] == "rater"


def test_skills_are_noted_and_recorded(project: Project, owner: User, rater: User) -> None:
    change_skills(project=project, membership_id=of(project, rater), skills=["law", "sv"], by=owner)

    assert project.memberships.get(user=rater).skills == ["law", "sv"]
    event = AuditEvent.objects.get(action="people.skills_changed")
    assert event.actor == owner
    assert event.data == {"person": str(rater.uid), "before": [], "skills": ["law", "sv"]}


def test_same_skills_record_nothing(project: Project, owner: User, rater: User) -> None:
    change_skills(project=project, membership_id=of(project, rater), skills=[], by=owner)

    assert not AuditEvent.objects.exists()


def test_who_gains_a_skill_gets_the_items_that_they_had_passed(
    project: Project, owner: User, rater: User
) -> None:
    (item,) = make_items(project)
    Item.objects.update(skills=["sv"])
    assert claim_next(project=project, rater=rater) is None

    change_skills(project=project, membership_id=of(project, rater), skills=["sv"], by=owner)

    assert claim_next(project=project, rater=rater).item_id == item.pk


def test_pause_has_a_reason_and_is_recorded(project: Project, owner: User, rater: User) -> None:
    pause_member(project=project, membership_id=of(project, rater), reason=" Read page 2. ", by=owner)

    member = project.memberships.get(user=rater)
    assert member.paused_at is not None
    assert member.pause_reason == "Read page 2."
    event = AuditEvent.objects.get(action="people.paused")
    assert event.data == {"person": str(rater.uid), "reason": "Read page 2."}


@pytest.mark.parametrize("reason", ["", "  ", "\x00", "x" * 501])
def test_pause_without_a_reason_to_read_is_refused(
    project: Project, owner: User, rater: User, reason: str
) -> None:
    with pytest.raises(InvalidInputError, match="the person reads it"):
        pause_member(project=project, membership_id=of(project, rater), reason=reason, by=owner)
    assert project.memberships.get(user=rater).paused_at is None


def test_pausing_again_changes_the_reason_and_keeps_the_time(
    project: Project, owner: User, rater: User
) -> None:
    first = pause_member(project=project, membership_id=of(project, rater), reason="One", by=owner)
    second = pause_member(project=project, membership_id=of(project, rater), reason="Two", by=owner)

    assert (second.paused_at, second.pause_reason) == (first.paused_at, "Two")


def test_resumed_rater_gets_items_again(project: Project, owner: User, rater: User) -> None:
    make_items(project)
    pause_member(project=project, membership_id=of(project, rater), reason="A break", by=owner)
    assert claim_next(project=project, rater=rater) is None

    resume_member(project=project, membership_id=of(project, rater), by=owner)

    assert claim_next(project=project, rater=rater) is not None
    assert AuditEvent.objects.filter(action="people.resumed").count() == 1


def test_resuming_twice_is_recorded_once(project: Project, owner: User, rater: User) -> None:
    pause_member(project=project, membership_id=of(project, rater), reason="A break", by=owner)
    for _ in range(2):
        resume_member(project=project, membership_id=of(project, rater), by=owner)

    assert AuditEvent.objects.filter(action="people.resumed").count() == 1


def test_member_of_another_project_is_not_found(project: Project, owner: User) -> None:
    elsewhere = MembershipFactory(project=ProjectFactory())
    for change in (
        lambda: change_skills(project=project, membership_id=elsewhere.pk, skills=["sv"], by=owner),
        lambda: pause_member(project=project, membership_id=elsewhere.pk, reason="No", by=owner),
        lambda: resume_member(project=project, membership_id=elsewhere.pk, by=owner),
    ):
        with pytest.raises(NotFoundError):
            change()

    with pytest.raises(NotFoundError):
        change_role(project=project, membership_id=elsewhere.pk, role=Role.OWNER, by=owner)
    with pytest.raises(NotFoundError):
        remove_member(project=project, membership_id=elsewhere.pk, by=owner)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("way", ["remove", "change"])
def test_two_owners_who_oust_each_other_at_once_leave_one(project: Project, way: str) -> None:
    owners = [MembershipFactory(project=project, role=Role.OWNER) for _ in range(4)]

    def oust(victim: Membership) -> bool:
        try:
            if way == "remove":
                remove_member(project=project, membership_id=victim.pk, by=victim.user)
            else:
                change_role(project=project, membership_id=victim.pk, role=Role.RATER, by=victim.user)
        except LastOwnerError:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(4) as pool:
        ousted = list(pool.map(oust, owners))

    assert sorted(ousted) == [False, True, True, True]
    assert project.memberships.filter(role=Role.OWNER).count() == 1


@pytest.mark.parametrize(
    ("members", "invitations", "finding"),
    [
        (0, 0, "Nobody works here yet"),
        (1, 0, "One person works here"),
        (4, 1, "Four people work here; one invitation is open"),
        (13, 2, "13 people work here; two invitations are open"),
    ],
)
def test_finding(members: int, invitations: int, finding: str) -> None:
    assert describe_people(members=members, invitations=invitations) == finding


@pytest.mark.parametrize(
    ("roles", "overlap", "said"),
    [
        (
            ["owner", "rater", "rater", "trainer"],
            3,
            "Three of them may rate; each item needs three different people.",
        ),
        (["owner", "trainer"], 1, "One of them may rate; each item needs one person."),
        (["owner"], 3, "Each item needs three different people, and one may rate: invite at least two more."),
    ],
)
def test_whether_there_are_enough_raters(roles: list[str], overlap: int, said: str) -> None:
    assert describe_raters(roles=roles, overlap=overlap) == said


def test_who_is_paused_does_not_count_as_a_rater() -> None:
    said = describe_raters(roles=["owner", "rater"], overlap=3, paused=1)
    assert said == (
        "Each item needs three different people, and two may rate (one more is paused): "
        "invite at least one more."
    )
