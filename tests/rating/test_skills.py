"""An item that asks for a skill reaches nobody without it, through no page and no call."""

import pytest
from django.test import Client
from django.urls import reverse

from apps.accounts.models import User
from apps.projects.models import Project
from apps.rating.allocation import claim_next
from apps.rating.holding import save_draft
from apps.rating.models import Item, Lease, LeaseState
from tests.conftest import SignIn
from tests.rating.factories import make_items, say
from tests.rating.moves import change_item, claim, finish, join, submit, teach, walk

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def client(rater: User, sign_in: SignIn) -> Client:
    return sign_in(rater)


@pytest.fixture
def items(project: Project) -> list[Item]:
    """The first is for everybody, the second for those who know the law."""
    items = make_items(project, 2)
    change_item(items[1], skills=["law"])
    return items


def see(client: Client, project: Project) -> str:
    return client.get(reverse("rating:page", args=[project.slug])).content.decode()


def send(client: Client, project: Project, action: str, data: dict[str, str]) -> str:
    lease = Lease.objects.open().get()
    path = reverse(f"rating:{action}", args=[project.slug, lease.uid])
    return client.post(path, data, headers=HTMX).content.decode()


def call(client: Client, project: Project, action: str, data: object = None) -> str:
    lease = Lease.objects.open().first()
    uid = {} if action == "next" or lease is None else {"lease_uid": lease.uid}
    path = reverse(f"rating-api:{action}", kwargs={"slug": project.slug, **uid})
    return client.post(path, data, content_type="application/json").content.decode()


def question(item: Item) -> str:
    return str(item.prompt.last_message)


@pytest.mark.parametrize(
    ("action", "data"), [("submit", {"preference": "tie"}), ("skip", {"reason": "other"})]
)
def test_no_page_shows_it_to_who_lacks_the_skill(
    client: Client, project: Project, items: list[Item], action: str, data: dict[str, str]
) -> None:
    assert question(items[0]) in see(client, project)
    after = send(client, project, action, data)
    assert question(items[1]) not in after + see(client, project)
    assert not Lease.objects.filter(item=items[1]).exists()


@pytest.mark.parametrize(
    ("action", "data"), [("submit", {"answers": say("tie")}), ("skip", {"reason": "other"})]
)
def test_no_call_gives_it_to_who_lacks_the_skill(
    client: Client, project: Project, items: list[Item], action: str, data: object
) -> None:
    told = [call(client, project, "next"), call(client, project, action, data), call(client, project, "next")]
    assert question(items[0]) in told[0]
    assert all(question(items[1]) not in answer for answer in told)
    assert not Lease.objects.filter(item=items[1]).exists()


def test_who_has_the_skill_gets_it(project: Project, items: list[Item]) -> None:
    assert walk(project, join(project, "law", "sv")) == [item.pk for item in items]


def test_who_learns_the_skill_gets_what_they_had_passed(
    client: Client, project: Project, rater: User, items: list[Item]
) -> None:
    change_item(items[1], priority=1)
    assert finish(project, rater) == items[0].pk
    later = make_items(project)[-1]
    teach(project, rater, "law")
    assert question(items[1]) in see(client, project)
    assert question(later) in send(client, project, "submit", {"preference": "tie"})


def test_an_item_may_ask_for_two_skills(project: Project, rater: User, items: list[Item]) -> None:
    change_item(items[1], skills=["law", "sv"])
    assert walk(project, rater) == [items[0].pk]
    for known, met in ((["law"], []), (["sv"], []), (["sv", "law"], [items[1].pk])):
        teach(project, rater, *known)
        assert walk(project, rater) == met


def test_a_site_admin_who_is_no_member_has_no_skills(
    client: Client, project: Project, site_admin: User, items: list[Item], sign_in: SignIn
) -> None:
    assert walk(project, site_admin) == [items[0].pk]
    assert question(items[1]) not in see(sign_in(site_admin), project)


def test_a_skill_that_an_item_comes_to_ask_for_takes_it_away(
    client: Client, project: Project, items: list[Item]
) -> None:
    assert question(items[0]) in see(client, project)
    change_item(items[0], skills=["sv"])
    assert question(items[0]) not in see(client, project)


def test_a_revoked_skill_takes_a_held_item_away_and_keeps_the_draft(
    client: Client, project: Project, rater: User, items: list[Item]
) -> None:
    teach(project, rater, "law")
    finish(project, rater)
    held = claim(project, rater)
    save_draft(project=project, rater=rater, lease_uid=str(held.uid), draft={"justification": ["So far"]})
    teach(project, rater)
    assert question(items[1]) not in see(client, project)
    assert Lease.objects.get(pk=held.pk).state == LeaseState.RELEASED
    assert claim(project, join(project, "law")).item_id == items[1].pk


def test_who_has_the_skill_again_finds_the_draft(
    client: Client, project: Project, rater: User, items: list[Item]
) -> None:
    teach(project, rater, "law")
    submit(claim(project, rater))
    held = claim(project, rater)
    save_draft(project=project, rater=rater, lease_uid=str(held.uid), draft={"justification": ["So far"]})
    teach(project, rater)
    assert claim_next(project=project, rater=rater) is None
    teach(project, rater, "law")
    assert "So far</textarea>" in see(client, project)
