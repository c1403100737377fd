"""Items for programs."""

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client, TestCase

from apps.accounts.models import User
from apps.core.models import AuditEvent
from apps.projects.models import Project
from apps.rating.models import Item, ItemStatus
from tests.conftest import SignIn
from tests.factories import ProjectFactory
from tests.rating.factories import make_items
from tests.rating.moves import claim, finish, join

ITEMS = "/api/v1/projects/helpful/rating/items"
pytestmark = pytest.mark.django_db


@pytest.fixture
def api(sign_in: SignIn, curator: User) -> Client:
    return sign_in(curator)


def change(api: Client, item: Item, **said: Any) -> Any:
    with TestCase.captureOnCommitCallbacks(execute=True):
        return api.patch(f"{ITEMS}/{item.uid}", said, content_type="application/json")


def test_an_item_says_where_it_stands(api: Client, project: Project, rater: User) -> None:
    Project.objects.update(overlap=3)
    (item,) = make_items(project)
    finish(project, rater)
    claim(project, join(project))
    (row,) = api.get(ITEMS).json()["results"]
    assert row.pop("created_at")
    assert row == {
        "uid": str(item.uid),
        "prompt": str(item.prompt.uid),
        "status": "open",
        "state": "begun",
        "overlap": 3,
        "annotations": 1,
        "held": 1,
        "priority": 0,
        "skills": [],
        "skips": 0,
    }
    assert api.get(f"{ITEMS}/{item.uid}").json()["uid"] == str(item.uid)


def test_pages_follow_each_other_to_the_end(api: Client, project: Project) -> None:
    items = make_items(project, 5)
    Item.objects.filter(pk=items[4].pk).update(priority=1)
    met, address = [], f"{ITEMS}?state=queue&page_size=2"
    while address:
        page = api.get(address).json()
        met += [row["uid"] for row in page["results"]]
        address = page["next"]
    assert met == [str(item.uid) for item in (items[4], *items[:4])]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"priority": 3}, 1),
        ({"skill": "law"}, 1),
        ({"state": "withdrawn"}, 1),
        ({"state": "queue"}, 2),
        ({"q": "QUESTION"}, 3),
        ({"category": "none such"}, 0),
    ],
)
def test_the_list_is_narrowed(api: Client, project: Project, asked: dict[str, Any], found: int) -> None:
    first, second, _ = make_items(project, 3)
    Item.objects.filter(pk=first.pk).update(priority=3, skills=["law"])
    Item.objects.filter(pk=second.pk).update(status=ItemStatus.WITHDRAWN)
    assert len(api.get(ITEMS, asked).json()["results"]) == found


@pytest.mark.parametrize("asked", [{"state": "lost"}, {"priority": "high"}, {"priority": 10}])
def test_a_filter_that_means_nothing_is_refused(api: Client, asked: dict[str, Any]) -> None:
    response = api.get(ITEMS, asked)
    assert response.status_code == 400
    assert response.json()["code"] == "invalid_input"


def test_an_item_is_changed_in_every_way_at_once(api: Client, project: Project, curator: User) -> None:
    (item,) = make_items(project)
    response = change(api, item, overlap=3, priority=-2, skills=["SV", "law"], status="withdrawn")
    assert response.status_code == 200
    told = response.json()
    assert (told["overlap"], told["priority"], told["skills"]) == (3, -2, ["law", "sv"])
    assert (told["status"], told["state"]) == ("withdrawn", "withdrawn")
    assert AuditEvent.objects.filter(actor=curator, action__startswith="items.").count() == 4


def test_an_overlap_too_small_becomes_the_nearest(api: Client, project: Project) -> None:
    Project.objects.update(overlap=3)
    (item,) = make_items(project)
    for _ in range(2):
        finish(project, join(project))
    assert change(api, item, overlap=1).json()["overlap"] == 2


def test_opening_an_item_forgives_its_skips(api: Client, project: Project) -> None:
    (item,) = make_items(project)
    Item.objects.update(status=ItemStatus.REVIEW, skips=3)
    told = change(api, item, status="open").json()
    assert (told["status"], told["skips"]) == ("open", 0)


@pytest.mark.parametrize(
    "said",
    [
        {"overlap": 0},
        {"overlap": 100},
        {"priority": 10},
        {"status": "review"},
        {"skills": "law"},
        {"skills": ["'"]},
    ],
)
def test_what_cannot_be_changes_nothing(api: Client, project: Project, said: dict[str, Any]) -> None:
    (item,) = make_items(project)
    response = change(api, item, **{"priority": 5, **said})
    assert response.status_code in {400, 422}
    assert response.json()["code"] == "invalid_input"
    item.refresh_from_db()
    assert (item.priority, item.overlap) == (0, 1)


def test_an_empty_change_changes_nothing(api: Client, project: Project) -> None:
    (item,) = make_items(project)
    assert change(api, item).status_code == 200
    assert not AuditEvent.objects.filter(action__startswith="items.").exists()


def test_an_item_of_another_project_is_not_found(api: Client, project: Project) -> None:
    (foreign,) = make_items(ProjectFactory())
    assert change(api, foreign, priority=3).status_code == 404
    assert api.get(f"{ITEMS}/{uuid4()}").status_code == 404
    assert api.get(ITEMS).json()["results"] == []


def test_a_rater_without_the_skill_does_not_get_it_either(
    api: Client, project: Project, rater: User, sign_in: SignIn
) -> None:
    (item,) = make_items(project)
    change(api, item, skills=["law"])
    told = sign_in(rater).post("/api/v1/projects/helpful/rating/next").json()
    assert told["lease"] is None
    assert told["reason"]["code"] == "lacking_skill"
