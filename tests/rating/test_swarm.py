"""Fifty people at once over HTTP: every item ends with exactly `k` of them, whatever they do."""

import os
import threading
from collections import Counter
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from apps.projects.models import Project
from apps.rating.models import Annotation, Item, ItemStatus, Lease
from benchmarks.rating_data import count_misallocated, sign_in
from benchmarks.server import run_server
from tests.rating.browsers import TEXT, Clock
from tests.rating.factories import make_items
from tests.rating.moves import join
from tests.rating.swarm import Person

pytestmark = pytest.mark.django_db(transaction=True)
PEOPLE = 50
ITEMS = 24
SECONDS = 120


@pytest.fixture(scope="module")
def port(django_db_setup: None) -> Iterator[int]:
    """A server with two processes, as in production, on the test's database."""
    name = connection.settings_dict["NAME"]
    database = urlsplit(settings.ENV.database_url)._replace(path=f"/{name}").geturl()
    with run_server(env={**os.environ, "DATABASE_URL": database, "TOUCHSTONE_PROFILE": "local"}) as port:
        yield port


def gather(project: Project, port: int, *, picky: int = 0) -> list[Person]:
    """Let fifty people rate until each of them is told that all is done. `picky` of them skip a lot."""
    clock = Clock()
    raters = [join(project) for _ in range(PEOPLE)]
    people = [
        Person(port, [sign_in(rater), sign_in(rater)], project.slug, clock, seed)
        for seed, rater in enumerate(raters)
    ]
    for person in people[:picky]:
        person.is_picky = True
    threads = [threading.Thread(target=person.rate, args=(SECONDS,)) for person in people]
    for thread in threads:
        thread.start()
    clock.keep(threads)
    return people


def check(people: list[Person], project: Project) -> None:
    """Everybody was told that all is done; the rows agree, however one counts."""
    assert [seen for person in people for seen in person.strange + person.other.strange] == []
    assert all(person.is_done for person in people)
    assert not Lease.objects.open().exists()
    assert count_misallocated() == (0, 0)
    answers = list(Annotation.objects.counted().values_list("item_id", "rater_id"))
    assert len(answers) == len(set(answers))
    raters = Counter(item for item, _ in answers)
    texts = Annotation.objects.values_list("answers__justification__text", flat=True).distinct()
    assert set(texts) == {TEXT}
    for item in Item.objects.all():
        assert raters[item.pk] == item.counted == item.taken
        assert item.counted == item.overlap or item.status == ItemStatus.REVIEW


def set_up(project: Project, *, overlap: int, review_after_skips: int) -> None:
    project.overlap, project.review_after_skips = overlap, review_after_skips
    project.save()
    make_items(project, ITEMS)


@pytest.mark.parametrize("overlap", [1, 3, 5])
def test_every_item_ends_with_exactly_k_people(project: Project, port: int, overlap: int) -> None:
    set_up(project, overlap=overlap, review_after_skips=PEOPLE)
    people = gather(project, port)
    check(people, project)

    assert set(Item.objects.values_list("status", "counted")) == {("open", overlap)}


def test_what_many_skip_goes_to_review_and_the_rest_is_exact(project: Project, port: int) -> None:
    set_up(project, overlap=3, review_after_skips=2)
    people = gather(project, port, picky=PEOPLE // 4)
    check(people, project)
    review = Item.objects.filter(status=ItemStatus.REVIEW)
    assert review
    assert all(item.skips >= 2 for item in review)
    assert not Item.objects.filter(status=ItemStatus.OPEN, skips__gte=2).exists()
