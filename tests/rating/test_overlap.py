"""How many people an item wants may be said for each item, and changed."""

import pytest

from apps.projects.models import Project
from apps.rating.allocation import claim_next
from apps.rating.models import Item
from tests.rating.factories import make_items
from tests.rating.moves import change_item, claim, finish, join, run_out, walk

pytestmark = pytest.mark.django_db


def test_each_item_goes_to_as_many_people_as_it_wants(project: Project) -> None:
    items = make_items(project, 3)
    change_item(items[1], overlap=3)
    met = [walk(project, join(project)) for _ in range(4)]
    everything = [item.pk for item in items]
    assert met == [everything, [items[1].pk], [items[1].pk], []]
    assert list(Item.objects.values_list("counted", flat=True)) == [1, 3, 1]


def test_a_finished_item_that_wants_more_people_goes_to_others_only(project: Project) -> None:
    (item,) = make_items(project)
    first, second = join(project), join(project)
    walk(project, first)
    assert walk(project, second) == []
    change_item(item, overlap=2)
    assert walk(project, first) == []
    assert walk(project, second) == [item.pk]


def test_who_let_it_run_out_may_take_it_when_it_wants_more_people(project: Project) -> None:
    (item,) = make_items(project)
    late = join(project)
    run_out(claim(project, late))
    finish(project, join(project))
    assert claim_next(project=project, rater=late) is None
    change_item(item, overlap=2)
    assert walk(project, late) == [item.pk]


def test_an_item_that_wants_fewer_people_is_done(project: Project) -> None:
    project.overlap = 3
    project.save()
    (item,) = make_items(project)
    finish(project, join(project))
    change_item(item, overlap=1)
    assert claim_next(project=project, rater=join(project)) is None
