"""The order of a queue may change while people work in it."""

import itertools

import pytest

from apps.accounts.models import User
from apps.projects.models import Project, QueueOrder
from apps.rating import placing
from apps.rating.models import Annotation, Item, Lease
from apps.rating.placing import follow_queue_orders
from tests.rating.factories import make_items
from tests.rating.moves import change_item, choose_order, claim, finish, join, run_out, submit, walk

pytestmark = pytest.mark.django_db


@pytest.fixture
def items(project: Project) -> list[Item]:
    project.overlap = 2
    project.save(update_fields=["overlap"])
    return make_items(project, 8)


def test_what_was_begun_in_a_random_order_is_finished_first(project: Project, items: list[Item]) -> None:
    choose_order(project, QueueOrder.RANDOM)
    first = join(project)
    begun = sorted(finish(project, first) for _ in range(3))
    choose_order(project, QueueOrder.FINISH_BEGUN)
    untouched = [item.pk for item in items if item.pk not in begun]
    assert walk(project, join(project)) == begun + untouched


def test_least_annotated_after_oldest_begins_with_the_untouched(project: Project, items: list[Item]) -> None:
    first = join(project)
    done = [finish(project, first) for _ in range(3)]
    choose_order(project, QueueOrder.LEAST_ANNOTATED)
    untouched = [item.pk for item in items if item.pk not in done]
    assert walk(project, join(project)) == untouched + done


def test_oldest_after_random_is_the_order_of_creation(project: Project, items: list[Item]) -> None:
    choose_order(project, QueueOrder.RANDOM)
    choose_order(project, QueueOrder.OLDEST)
    assert walk(project, join(project)) == [item.pk for item in items]


def test_what_somebody_holds_moves_too_and_comes_back_in_its_new_place(
    project: Project, items: list[Item]
) -> None:
    held = [claim(project, join(project)) for _ in range(2)]  # the first item is full of leases
    choose_order(project, QueueOrder.LEAST_ANNOTATED)
    submit(held[0])
    run_out(held[1])
    assert walk(project, join(project)) == [item.pk for item in [*items[1:], items[0]]]


def test_what_is_in_review_moves_too(project: Project, items: list[Item]) -> None:
    finish(project, join(project))
    change_item(items[0], status="review")
    choose_order(project, QueueOrder.LEAST_ANNOTATED)
    change_item(items[0], status="open")
    assert walk(project, join(project)) == [item.pk for item in [*items[1:], items[0]]]


def test_only_items_of_projects_whose_order_changed_are_moved(project: Project, items: list[Item]) -> None:
    choose_order(project, QueueOrder.RANDOM)
    before = dict(Item.objects.values_list("pk", "place"))
    follow_queue_orders()
    assert dict(Item.objects.values_list("pk", "place")) == before


def test_many_items_move_in_chunks(
    project: Project, items: list[Item], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(placing, "CHUNK", 3)
    choose_order(project, QueueOrder.RANDOM)
    assert Item.objects.exclude(shuffled=None).count() == len(items)


@pytest.mark.parametrize("pair", list(itertools.permutations(QueueOrder.values, 2)))
def test_nothing_is_lost_when_the_order_changes_in_the_middle(
    project: Project, items: list[Item], pair: tuple[str, str]
) -> None:
    raters = [join(project) for _ in range(2)]
    choose_order(project, pair[0])
    work_on(project, raters)
    choose_order(project, pair[1])
    for rater in raters * 2:  # whom the other kept from an item that was given back later comes again
        walk(project, rater)
    assert set(Item.objects.values_list("taken", "counted")) == {(2, 2)}
    assert Annotation.objects.counted().count() == 2 * len(items)


def work_on(project: Project, raters: list[User]) -> None:
    """Leave a queue in every state: done, begun, held, given back."""
    for turn in range(5):
        finish(project, raters[turn % 2])
    run_out(claim(project, raters[0]))
    claim(project, raters[1])
    assert Lease.objects.open().count() == 1
