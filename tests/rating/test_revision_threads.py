"""Going back while something else happens to the same answer."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.models import User
from apps.projects.models import Project
from apps.rating.models import Annotation, Item, PairOutcome
from apps.rating.outcomes import rebuild_outcomes
from apps.rating.revision import RevisionRefusedError, revise_annotation
from tests.rating.factories import given, make_items, say
from tests.rating.moves import claim, submit

pytestmark = pytest.mark.django_db(transaction=True)
TABS = 6
RELATIONS = ("both_bad", "cannot_tell")


@pytest.fixture
def sent(project: Project, rater: User) -> Annotation:
    """A tie."""
    make_items(project)
    submit(claim(project, rater))
    return Annotation.objects.get()


def revise(annotation: Annotation, relation: str) -> str:
    """What the answer has become, or why it stays."""
    try:
        revise_annotation(
            project=annotation.item.project,
            rater=annotation.rater,
            annotation_uid=str(annotation.uid),
            answers=given(say(relation)),
        )
    except RevisionRefusedError as refused:
        return refused.code
    return relation


def elsewhere(act: Callable[..., Any], *given: Any) -> Any:
    try:
        return act(*given)
    finally:
        connection.close()


def begin(pool: ThreadPoolExecutor, act: Callable[..., Any], *given: Any) -> Future[Any]:
    """Let somebody begin, and wait until a lock stops them."""
    begun = pool.submit(elsewhere, act, *given)
    for _ in range(200):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # of this transaction
            cursor.execute(
                "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
                " AND wait_event_type = 'Lock'"
            )
            if cursor.fetchone()[0]:
                return begun
        threading.Event().wait(0.02)
    raise AssertionError("nobody waits for anybody")


def said() -> list[str]:
    return list(PairOutcome.objects.values_list("relation", flat=True))


def test_of_many_tabs_one_revises(sent: Annotation) -> None:
    start = threading.Barrier(TABS)

    def revise_together(number: int) -> str:
        start.wait()
        return revise(sent, RELATIONS[number % 2])

    with ThreadPoolExecutor(TABS) as pool:
        told = list(pool.map(lambda number: elsewhere(revise_together, number), range(TABS)))
    now = Annotation.objects.current().get()
    relation = now.answers["preference"]["relation"]
    assert sorted(told) == sorted([relation] * (TABS // 2) + ["superseded"] * (TABS // 2))
    assert list(Annotation.objects.values_list("revision", "is_counted")) == [(1, False), (2, True)]
    assert said() == [relation]
    assert Item.objects.values_list("taken", "counted").get() == (1, 1)


def test_what_is_settled_first_is_not_revised(sent: Annotation) -> None:
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Item.objects.update(settled_at=timezone.now())
            revising = begin(pool, revise, sent, "both_bad")
        assert revising.result() == "settled"
    assert said() == ["tie"]


def test_who_settles_after_a_revision_reads_it(sent: Annotation) -> None:
    def settle() -> list[str]:
        with transaction.atomic():
            Item.objects.select_for_update(no_key=True).get()
            return said()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            revise(sent, "both_bad")
            settling = begin(pool, settle)
        assert settling.result() == ["both_bad"]


def test_outcomes_are_rebuilt_while_an_answer_is_revised(sent: Annotation) -> None:
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            revise(sent, "both_bad")
            rebuilding = begin(pool, rebuild_outcomes)
        rebuilding.result()
    assert said() == ["both_bad"]


def test_an_answer_is_revised_while_its_outcomes_are_rebuilt(sent: Annotation) -> None:
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            rebuild_outcomes()
            revising = begin(pool, revise, sent, "both_bad")
        assert revising.result() == "both_bad"
    assert said() == ["both_bad"]
