"""In what order items come: by priority, then as the project wants."""

import pytest

from apps.projects.models import Project, QueueOrder
from apps.rating.models import Item
from tests.rating.factories import make_items
from tests.rating.moves import add_items, change_item, choose_order, claim, finish, join, run_out, walk

pytestmark = pytest.mark.django_db


def make_queue(project: Project, order: str, count: int, *, overlap: int = 2) -> list[Item]:
    project.overlap = overlap
    project.save(update_fields=["overlap"])
    choose_order(project, order)
    return make_items(project, count)


def begin(project: Project, item: Item) -> None:
    """Let somebody answer this item out of its turn."""
    change_item(item, priority=9)
    assert finish(project, join(project)) == item.pk
    change_item(item, priority=0)


@pytest.mark.parametrize("order", QueueOrder.values)
def test_priority_comes_before_everything(project: Project, order: str) -> None:
    items = make_queue(project, order, 6)
    change_item(items[0], priority=-1)
    change_item(items[4], priority=9)
    change_item(items[5], priority=1)
    met = walk(project, join(project))
    assert (met[0], met[1], met[-1]) == (items[4].pk, items[5].pk, items[0].pk)


@pytest.mark.parametrize("order", QueueOrder.values)
def test_priority_comes_before_what_was_begun(project: Project, order: str) -> None:
    plain, urgent = make_queue(project, order, 2)
    begin(project, plain)
    change_item(urgent, priority=1)
    assert walk(project, join(project)) == [urgent.pk, plain.pk]


@pytest.mark.parametrize("order", QueueOrder.values)
def test_priority_comes_before_what_was_given_back(project: Project, order: str) -> None:
    plain, urgent = make_queue(project, order, 2)
    change_item(plain, priority=1)
    run_out(claim(project, join(project)))
    change_item(plain, priority=0)
    change_item(urgent, priority=1)
    assert walk(project, join(project)) == [urgent.pk, plain.pk]


def test_a_raised_priority_reaches_who_has_passed_the_item(project: Project) -> None:
    items = make_queue(project, QueueOrder.OLDEST, 3, overlap=1)
    ahead, behind = join(project), join(project)
    held = claim(project, behind)
    finish(project, ahead)
    run_out(held)
    change_item(items[2], priority=5)
    assert walk(project, ahead) == [items[2].pk, items[0].pk]


def test_the_oldest_come_first(project: Project) -> None:
    items = make_queue(project, QueueOrder.OLDEST, 5)
    newer = add_items(project, 2)
    assert walk(project, join(project)) == [item.pk for item in items + newer]


def test_what_is_given_back_comes_in_its_old_place(project: Project) -> None:
    items = make_queue(project, QueueOrder.OLDEST, 4, overlap=1)
    ahead = join(project)
    held = [claim(project, join(project)) for _ in range(2)]
    assert finish(project, ahead) == items[2].pk
    for lease in reversed(held):
        run_out(lease)
    assert walk(project, ahead) == [items[0].pk, items[1].pk, items[3].pk]


def test_a_random_order_is_no_order_of_creation_and_the_same_for_all(project: Project) -> None:
    items = make_queue(project, QueueOrder.RANDOM, 12)
    met = walk(project, join(project))
    assert met != [item.pk for item in items]
    assert sorted(met) == [item.pk for item in items]
    assert walk(project, join(project)) == met


def test_new_items_come_in_anywhere_in_a_random_order(project: Project) -> None:
    old = {item.pk for item in make_queue(project, QueueOrder.RANDOM, 15)}
    rater = join(project)
    for _ in range(8):  # half the way, and what comes in behind them is met as well
        finish(project, rater)
    add_items(project, 15)
    is_old = [item in old for item in walk(project, join(project))]
    assert is_old != sorted(is_old, reverse=True)
    assert is_old != sorted(is_old)
    assert len(walk(project, rater)) == 22


def test_every_item_has_its_first_annotation_before_any_has_its_second(project: Project) -> None:
    make_queue(project, QueueOrder.LEAST_ANNOTATED, 4, overlap=3)
    raters = [join(project) for _ in range(3)]
    met = [finish(project, raters[turn % 3]) for turn in range(12)]
    assert [len(set(met[start : start + 4])) for start in (0, 4, 8)] == [4, 4, 4]


def test_items_that_come_later_are_annotated_first_too(project: Project) -> None:
    items = make_queue(project, QueueOrder.LEAST_ANNOTATED, 3)
    first, second = join(project), join(project)
    assert [finish(project, first) for _ in range(3)] == [item.pk for item in items]
    assert finish(project, second) == items[0].pk
    newer = add_items(project, 2)
    assert [finish(project, rater) for rater in (first, second)] == [item.pk for item in newer]


def test_what_was_given_back_is_annotated_first_but_not_twice(project: Project) -> None:
    items = make_queue(project, QueueOrder.LEAST_ANNOTATED, 3)
    run_out(claim(project, join(project)))
    met = [finish(project, join(project)) for _ in range(4)]
    assert met == [item.pk for item in [*items, items[0]]]


def test_what_was_begun_is_finished_first(project: Project) -> None:
    items = make_queue(project, QueueOrder.FINISH_BEGUN, 5)
    begin(project, items[3])
    expected = [items[n].pk for n in (3, 0, 1, 2, 4)]
    assert walk(project, join(project)) == expected
