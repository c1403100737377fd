"""Who claims while items get room behind them looks again afterwards."""

from concurrent.futures import Future, ThreadPoolExecutor, wait
from threading import Event

import pytest
from django.db import connection, transaction

from apps.accounts.models import User
from apps.projects.models import Project
from apps.rating.allocation import claim_next, rewind_cursors
from apps.rating.models import Item, RaterState
from tests.rating.factories import make_items
from tests.rating.moves import claim, finish, join

pytestmark = pytest.mark.django_db(transaction=True)


class SlowClaim:
    """A claim whose transaction stays open until `end()`."""

    def __init__(self, project: Project, rater: User) -> None:
        self.has_claimed, self.may_end = Event(), Event()
        self.pool = ThreadPoolExecutor(2)
        self.claiming = self.pool.submit(self._claim, project, rater)
        assert self.has_claimed.wait(10)

    def _claim(self, project: Project, rater: User) -> None:
        try:
            with transaction.atomic():
                claim_next(project=project, rater=rater)
                self.has_claimed.set()
                assert self.may_end.wait(10)
        finally:
            connection.close()

    def meanwhile_rewind(self, project: Project, place: int) -> Future[bool]:
        def rewind() -> bool:
            try:
                return rewind_cursors(project=project, place=place)
            finally:
                connection.close()

        return self.pool.submit(rewind)

    def end(self) -> None:
        self.may_end.set()
        self.pool.shutdown()
        self.claiming.result()


def test_who_is_claiming_is_rewound_when_they_are_done(project: Project, rater: User) -> None:
    items = make_items(project, 3)
    Item.objects.filter(pk=items[1].pk).update(status="review")
    finish(project, rater)
    slow = SlowClaim(project, rater)  # of the third, past the second
    Item.objects.filter(pk=items[1].pk).update(status="open")
    rewinding = slow.meanwhile_rewind(project, items[1].place)
    _, waiting = wait([rewinding], timeout=0.3)
    slow.end()
    assert waiting == {rewinding}
    assert rewinding.result()
    assert RaterState.objects.get(rater=rater).cursor < items[1].place


def test_who_is_before_it_stays_where_they_are(project: Project, rater: User) -> None:
    items = make_items(project, 3)
    claim(project, rater)
    finish(project, join(project))
    assert not rewind_cursors(project=project, place=items[2].place)
    assert RaterState.objects.get(rater=rater).cursor == items[0].place
