"""Thin groups rise in the queue; what a person set stays where it is."""

import pytest
from django.test import TestCase

from apps.accounts.models import User
from apps.projects.models import Project, QueueOrder
from apps.prompts.coverage import set_target
from apps.prompts.coverage_groups import Dimension
from apps.prompts.models import Prompt
from apps.rating.coverage import count_all_answers
from apps.rating.curation.priority import set_priority
from apps.rating.models import Item
from apps.rating.raising import order_by_thinness, raise_thin_groups
from tests.rating.factories import make_items
from tests.rating.moves import add_items, choose_order, finish, join, walk

pytestmark = pytest.mark.django_db


def put_in(item: Item, category: str) -> None:
    prompt = Prompt.objects.get(pk=item.prompt_id)
    prompt.metadata = {"category": category}
    prompt.save(update_fields=["metadata"])


def aim(project: Project, user: User, value: str, prompts: int) -> None:
    set_target(project=project, dimension=Dimension("category"), value=value, prompts=prompts, user=user)


def follow(project: Project) -> int:
    with TestCase.captureOnCommitCallbacks(execute=True):
        count_all_answers()
        return order_by_thinness(project=project)


@pytest.mark.parametrize("order", QueueOrder.values)
def test_items_of_a_thin_group_come_first(project: Project, curator: User, order: str) -> None:
    project.overlap = 2
    project.save(update_fields=["overlap"])
    choose_order(project, order)
    items = make_items(project, 5)
    put_in(items[3], "law")
    put_in(items[4], "law")
    aim(project, curator, "law", 2)
    assert follow(project) == 2
    assert set(walk(project, join(project))[:2]) == {items[3].pk, items[4].pk}


def test_the_thinner_group_comes_before_the_thin_one(project: Project, curator: User) -> None:
    items = make_items(project, 5)
    for item, category in zip(items, ["", "", "law", "law", "maths"], strict=True):
        put_in(item, category)
    Item.objects.filter(pk=items[2].pk).update(priority=9)
    assert finish(project, join(project)) == items[2].pk
    aim(project, curator, "law", 2)
    aim(project, curator, "maths", 1)
    follow(project)
    assert walk(project, join(project)) == [items[4].pk, items[3].pk, items[0].pk, items[1].pk]


def test_who_has_passed_them_comes_back(project: Project, curator: User, rater: User) -> None:
    project.overlap = 2
    project.save(update_fields=["overlap"])
    items = make_items(project, 4)
    finish(project, rater)
    finish(project, rater)
    put_in(items[3], "law")
    aim(project, curator, "law", 1)
    follow(project)
    assert finish(project, rater) == items[3].pk


def test_they_fall_back_when_the_target_is_reached(project: Project, curator: User, rater: User) -> None:
    items = make_items(project, 4)
    for item in items[2:]:
        put_in(item, "law")
    aim(project, curator, "law", 1)
    follow(project)
    assert finish(project, rater) == items[2].pk
    assert follow(project) == 1
    assert walk(project, rater) == [items[0].pk, items[1].pk, items[3].pk]


def test_they_fall_back_when_the_target_is_taken_away(project: Project, curator: User) -> None:
    (item,) = make_items(project)
    put_in(item, "law")
    aim(project, curator, "law", 1)
    follow(project)
    aim(project, curator, "law", 0)
    raise_thin_groups()
    item.refresh_from_db()
    assert (item.priority, item.raised) == (0, 0)
    assert follow(project) == 0


def test_a_priority_that_somebody_set_stays(project: Project, curator: User) -> None:
    items = make_items(project, 3)
    for item in items:
        put_in(item, "law")
    set_priority(project=project, items=[items[0].pk], priority=-3, by=curator)
    set_priority(project=project, items=[items[1].pk], priority=5, by=curator)
    aim(project, curator, "law", 9)
    follow(project)
    assert list(Item.objects.order_by("pk").values_list("priority", "raised")) == [(-3, 0), (5, 0), (2, 2)]
    set_priority(project=project, items=[items[2].pk], priority=2, by=curator)
    aim(project, curator, "law", 0)
    follow(project)
    assert list(Item.objects.order_by("pk").values_list("priority", "raised")) == [(-3, 0), (5, 0), (2, 0)]


def test_nothing_is_done_again_while_nothing_changed(
    project: Project, curator: User, django_assert_max_num_queries: object
) -> None:
    (item,) = make_items(project)
    put_in(item, "law")
    aim(project, curator, "law", 1)
    follow(project)
    with django_assert_max_num_queries(4):  # type: ignore[operator]
        order_by_thinness(project=project)


def test_new_items_of_a_thin_group_rise_too(project: Project, curator: User, rater: User) -> None:
    items = make_items(project, 2)
    put_in(items[1], "law")
    aim(project, curator, "law", 5)
    follow(project)
    (new,) = add_items(project, 1)
    put_in(new, "law")
    follow(project)
    assert walk(project, rater) == [items[1].pk, new.pk, items[0].pk]
