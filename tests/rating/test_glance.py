"""The queue in numbers."""

import pytest
from django.core.cache import cache

from apps.projects.models import Project
from apps.rating.glance import forget_glance, take_glance
from apps.rating.models import Item, ItemStatus
from apps.rating.models.item_states import ItemState
from tests.factories import MembershipFactory
from tests.rating.factories import make_items

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nothing_kept() -> None:
    cache.clear()


@pytest.fixture
def items(project: Project) -> list[Item]:
    """One done, one begun, two waiting, one in review, one withdrawn; three people each."""
    Project.objects.update(overlap=3)
    made = make_items(project, 6)
    for item, values in zip(
        made,
        (
            {"taken": 3, "counted": 3},
            {"taken": 2, "counted": 1},
            {},
            {},
            {"status": ItemStatus.REVIEW},
            {"status": ItemStatus.WITHDRAWN, "taken": 1, "counted": 1},
        ),
        strict=True,
    ):
        Item.objects.filter(pk=item.pk).update(**values)
    return made


def test_every_item_is_counted_in_its_state(project: Project, items: list[Item]) -> None:
    glance = take_glance(project=project)
    assert [(entry.state, entry.items) for entry in glance.states] == [
        (ItemState.WAITING, 2),
        (ItemState.BEGUN, 1),
        (ItemState.DONE, 1),
        (ItemState.REVIEW, 1),
        (ItemState.WITHDRAWN, 1),
    ]
    assert (glance.total, glance.in_queue) == (6, 3)


def test_the_picture_has_a_row_for_each_number_of_annotations(project: Project, items: list[Item]) -> None:
    rows = take_glance(project=project).rows
    assert [row.summary for row in rows] == [
        "No annotations: 2 waiting, 1 in review",
        "One annotation: 1 begun, 1 withdrawn",
        "Two annotations: no items",
        "Three annotations: 1 done",
    ]
    assert [(part.x, part.width) for part in rows[0].parts] == [(0, 66.67), (66.67, 33.33)]
    assert [part.width for part in rows[3].parts] == [33.33]


def test_many_annotations_share_the_last_row(project: Project) -> None:
    make_items(project, 2)
    Item.objects.update(overlap=40, taken=30, counted=30)
    rows = take_glance(project=project).rows
    assert len(rows) == 11
    assert rows[-1].summary == "Ten annotations or more: 2 begun"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ([], "Two items are in the queue"),
        ([{"status": "review"}], "One item is in the queue, and one waits for you"),
        ([{"taken": 1, "counted": 1}] * 2, "Every item is done"),
        ([{"status": "review"}] * 2, "No item is in the queue, and two wait for you"),
    ],
)
def test_it_says_what_is_in_the_queue_and_what_waits_for_the_curator(
    project: Project, changes: list[dict[str, object]], said: str
) -> None:
    for item, values in zip(make_items(project, 2), changes, strict=False):
        Item.objects.filter(pk=item.pk).update(**values)
    assert take_glance(project=project).finding == said


def test_a_project_without_items_says_so(project: Project) -> None:
    assert take_glance(project=project).finding == "Nothing to rate yet"


def test_skills_that_too_few_people_have_are_marked(project: Project) -> None:
    Project.objects.update(overlap=2)
    first, second, done = make_items(project, 3)
    Item.objects.filter(pk=first.pk).update(skills=["law", "sv"])
    Item.objects.filter(pk=second.pk).update(skills=["sv"])
    Item.objects.filter(pk=done.pk).update(skills=["old"], taken=2, counted=2)
    MembershipFactory(project=project, skills=["sv"])
    MembershipFactory(project=project, skills=["sv", "law"])
    MembershipFactory(project=project, skills=["law"], role="trainer")
    asked = take_glance(project=project).skills
    assert [(skill.skill, skill.items, skill.raters, skill.lacking) for skill in asked] == [
        ("sv", 2, 2, False),
        ("law", 1, 1, True),
    ]


def test_what_took_long_to_count_is_kept_until_something_changes(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.rating.glance.QUICK", 0)
    monkeypatch.setattr("apps.rating.glance.KEPT", 10_000)
    make_items(project)
    assert take_glance(project=project).total == 1
    make_items(project)
    assert take_glance(project=project).total == 1
    forget_glance(project=project)
    assert take_glance(project=project).total == 2


def test_what_is_counted_quickly_is_counted_anew(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.rating.glance.QUICK", 60)
    make_items(project)
    assert take_glance(project=project).total == 1
    make_items(project)
    assert take_glance(project=project).total == 2
