"""Raters go on while items move to a new version of the rubric."""

import threading
from collections.abc import Callable
from time import sleep
from typing import Any

import pytest
from django.db import connection, transaction

from apps.accounts.models import User
from apps.projects.models import Project
from apps.rating import following
from apps.rating.allocation import claim_next, lock_rater, pick_item
from apps.rating.following import follow_rubrics
from apps.rating.items import build_items
from apps.rating.models import Annotation, Item, Lease
from apps.rating.submission import submit_annotation
from tests.rating.factories import given, make_items, say
from tests.rating.moves import claim, join, run_out
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


# --- an answer between the versions -------------------------------------------------------------------
def follow_elsewhere(waiting: int) -> Callable[[], None]:
    """Move the items in a connection of its own, up to where that waits for the rater's state.

    Args:
        waiting: how many connections wait for a lock then, this one included.

    Returns:
        what is to be called once nobody holds that state: it waits for the end.
    """
    errors: list[BaseException] = []
    thread = begin(follow_rubrics, errors)
    wait_for_waiting(waiting)

    def end() -> None:
        thread.join(30)
        assert (thread.is_alive(), errors) == (False, [])

    return end


def begin(act: Callable[[], Any], errors: list[BaseException]) -> threading.Thread:
    def run() -> None:
        try:
            act()
        except BaseException as error:
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    thread.start()
    return thread


def wait_for_waiting(count: int = 1) -> None:
    """Until so many other connections wait for a lock."""
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0] == count:
                return
        sleep(0.02)
    raise AssertionError("nobody waits")


@pytest.fixture
def late(project: Project) -> Lease:
    """A lease that ran out, of an item that is about to move."""
    make_items(project)
    lease = claim(project, join(project))
    run_out(lease)
    publish(project, title="Newer?")
    return lease


def check_stored(lease: Lease, asked: list[str]) -> None:
    annotation, item = Annotation.objects.get(), Item.objects.get()
    assert (annotation.rubric.version, item.rubric.version) == (2, 2)
    assert (item.taken, item.counted, annotation.is_counted) == (1, 1, True)
    assert annotation.pair_outcomes.count() == 1
    assert asked == ["Which response is better?", "Newer?"]


def test_a_late_answer_is_read_again_where_its_item_moves_meanwhile(late: Lease) -> None:
    asked: list[str] = []
    ends: list[Callable[[], None]] = []

    def answer(rubric: Any, shown: Any) -> dict[str, Any]:
        asked.append(rubric.questions[0].title)
        if len(asked) == 1:
            ends.append(follow_elsewhere(waiting=1))
        return say("tie")

    submit_annotation(project=late.project, rater=late.rater, lease_uid=str(late.uid), answers=answer)
    ends[0]()
    check_stored(late, asked)


def test_an_answer_that_waited_for_its_item_to_be_claimed_anew_is_read_again(late: Lease) -> None:
    asked: list[str] = []
    errors: list[BaseException] = []

    def answer(rubric: Any, shown: Any) -> dict[str, Any]:
        asked.append(rubric.questions[0].title)
        return say("tie")

    def send() -> None:
        submit_annotation(project=late.project, rater=late.rater, lease_uid=str(late.uid), answers=answer)

    with transaction.atomic():
        state = lock_rater(project=late.project, rater=late.rater)
        sending = begin(send, errors)
        wait_for_waiting()
        end = follow_elsewhere(waiting=2)
        again = pick_item(project=late.project, rater=state)
    sending.join(30)
    end()
    assert errors == []
    assert again is not None
    assert again.uid == late.uid
    check_stored(late, asked)
