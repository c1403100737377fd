"""Curators change everything at once while eight people rate: no two wait for each other, nothing is lost."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Event

import pytest
from django.db import connection
from django.db.models import F

from apps.accounts.models import User
from apps.projects.models import Project, QueueOrder
from apps.rating.allocation import claim_next
from apps.rating.curation.skills import set_skills
from apps.rating.curation.withdrawing import return_items
from apps.rating.edits import edit_items
from apps.rating.listing import QUEUE, ItemFilter
from apps.rating.models import Annotation, Item, Lease
from apps.rating.models.edits import EditAction
from apps.rating.placing import reorder_items
from tests.rating.factories import make_items
from tests.rating.moves import join, submit

pytestmark = pytest.mark.django_db(transaction=True)
RATERS = 8
ITEMS = 40
ROUNDS = 12

EDITS: list[tuple[EditAction, list[object]]] = [
    (EditAction.OVERLAP, [1, 2, 3, 4]),
    (EditAction.PRIORITY, [-3, 0, 5]),
    (EditAction.ADD_SKILLS, [["law"], ["sv"]]),
    (EditAction.REMOVE_SKILLS, [["law"], ["law", "sv"]]),
    (EditAction.WITHDRAW, [None]),
    (EditAction.RETURN, [None]),
]


def rate(project: Project, rater: User, over: Event) -> None:
    """Rate what there is; while curators are at work there may be more in a moment."""
    try:
        while True:
            last_look = over.is_set()
            while lease := claim_next(project=project, rater=rater):
                submit(lease)
            if last_look:
                return
    finally:
        connection.close()


def curate(project: Project, seed: int) -> None:
    luck = random.Random(seed)
    try:
        for _ in range(ROUNDS):
            action, values = luck.choice(EDITS)
            uids = [str(uid) for uid in Item.objects.values_list("uid", flat=True)]
            some = tuple(luck.sample(uids, ITEMS // 2))
            wanted = luck.choice([ItemFilter(), ItemFilter(uids=some)])
            edit_items(project=project, wanted=wanted, action=action, value=luck.choice(values), by=None)  # type: ignore[arg-type]
    finally:
        connection.close()


def reorder(project: Project, seed: int) -> None:
    luck = random.Random(seed)
    try:
        for _ in range(ROUNDS):
            reorder_items(project=project, order=luck.choice(QueueOrder.values))
    finally:
        connection.close()


def open_everything(project: Project) -> None:
    everything = list(Item.objects.values_list("pk", flat=True))
    return_items(project=project, items=everything, by=None)
    set_skills(project=project, items=everything, skills=[], by=None)


@pytest.mark.parametrize("seed", range(3))
def test_edits_and_claims_at_once_lose_and_double_nothing(project: Project, seed: int) -> None:
    Project.objects.update(overlap=2)
    make_items(project, ITEMS)
    raters = [join(project, *skills) for skills in (["law"], ["sv"], ["law", "sv"], []) * (RATERS // 4)]
    over = Event()
    with ThreadPoolExecutor(RATERS + 4) as pool:
        rating = [pool.submit(rate, project, rater, over) for rater in raters]
        at_work = [pool.submit(curate, project, 10 * seed + n) for n in range(3)]
        at_work.append(pool.submit(reorder, project, seed))
        try:
            for work in at_work:
                work.result(timeout=60)
            open_everything(project)
        finally:
            over.set()
        for work in rating:
            work.result(timeout=60)

    people = Counter(Annotation.objects.counted().values_list("item", flat=True).order_by())
    distinct = Annotation.objects.counted().values_list("item", "rater").order_by().distinct()
    assert people == Counter(item for item, _ in distinct)
    assert not Lease.objects.open().exists()
    assert not Item.objects.exclude(taken=F("counted")).exists()
    assert {item.pk: item.counted for item in Item.objects.filter(counted__gt=0)} == dict(people)
    assert set(Item.objects.values_list("overlap", flat=True)) <= {1, 2, 3, 4, 5, 6, 7, 8}
    assert not project.items.unfinished().exists(), QUEUE
