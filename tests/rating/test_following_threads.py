"""Raters go on while items move to a new version of the rubric."""

import threading

import pytest
from django.db import connection

from apps.accounts.models import User
from apps.projects.models import Project
from apps.rating import following
from apps.rating.allocation import claim_next
from apps.rating.following import follow_rubrics
from apps.rating.items import build_items
from apps.rating.models import Annotation, Item
from apps.rating.submission import submit_annotation
from tests.rating.factories import given, make_items, say
from tests.rating.moves import join
from tests.rating.test_following import publish

pytestmark = pytest.mark.django_db(transaction=True)
RATERS, PROMPTS = 4, 12


@pytest.mark.parametrize("size", [2, 1])
def test_no_answer_is_lost_or_doubled_while_items_move(
    project: Project, monkeypatch: pytest.MonkeyPatch, size: int
) -> None:
    monkeypatch.setattr(following, "CHUNK", 3)
    project.overlap = 2
    project.save(update_fields=["overlap"])
    make_items(project, PROMPTS)
    raters = [join(project) for _ in range(RATERS)]
    errors: list[BaseException] = []
    started = threading.Barrier(RATERS + 2)
    threads = [threading.Thread(target=_rate, args=(project, rater, started, errors)) for rater in raters]
    threads += [threading.Thread(target=_sweep, args=(started, errors)) for _ in range(2)]
    publish(project, size)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert errors == []
    project.refresh_from_db()
    build_items(project=project)
    for rater in raters:
        _walk(project, rater)
    assert all(item.taken == item.counted == 2 for item in Item.objects.all())
    for annotation in Annotation.objects.select_related("item"):
        assert annotation.rubric_id == annotation.item.rubric_id
    assert Annotation.objects.count() == 2 * Item.objects.count()


def _rate(project: Project, rater: User, started: threading.Barrier, errors: list[BaseException]) -> None:
    try:
        started.wait(10)
        _walk(project, rater)
    except BaseException as error:
        errors.append(error)
    finally:
        connection.close()


def _walk(project: Project, rater: User) -> None:
    while (lease := claim_next(project=project, rater=rater)) is not None:
        is_pair = lease.item.rubric.questions.responses == 2
        submit_annotation(
            project=project,
            rater=rater,
            lease_uid=str(lease.uid),
            answers=given(say("tie") if is_pair else {}),
        )


def _sweep(started: threading.Barrier, errors: list[BaseException]) -> None:
    try:
        started.wait(10)
        follow_rubrics()
    except BaseException as error:
        errors.append(error)
    finally:
        connection.close()
