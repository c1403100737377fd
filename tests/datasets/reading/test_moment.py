"""A database that stands still for several queries."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction

from apps.datasets.evidence import Evidence
from apps.datasets.keys import Pseudonyms
from apps.datasets.reading.moment import one_moment
from apps.datasets.reading.reader import Reader
from apps.projects.models import Project
from tests.datasets.factories import make_judged

pytestmark = pytest.mark.django_db(transaction=True)


def read(project: Project) -> list[Evidence]:
    return [one for part in Reader(project, Pseudonyms(b"key")).iterate() for one in part]


def test_what_comes_in_meanwhile_is_not_seen(project: Project) -> None:
    make_judged(project, "a1")
    with one_moment():
        before = read(project)
        _change_elsewhere(project)
        assert read(project) == before
    assert read(project) != before


def test_it_needs_no_moment_of_its_own_within_another_transaction(project: Project) -> None:
    with transaction.atomic():
        assert Project.objects.count() == 1
        with one_moment():
            assert read(project) == []


def _change_elsewhere(project: Project) -> None:
    def change() -> None:
        make_judged(project, "b1")
        connection.close()

    with ThreadPoolExecutor(1) as pool:
        pool.submit(change).result()
