"""The queue against a plain reading of its rows, after any sequence of what people and curators do."""

import random
from collections import Counter
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule, run_state_machine_as_test

from apps.accounts.models import User
from apps.projects.models import Project, Stage
from apps.rating.allocation import claim_next, count_reachable
from apps.rating.models import Annotation, Item, Lease, LeaseState, RaterState
from apps.rating.nothing import explain_nothing
from apps.rating.submission import submit_and_pick
from tests.rating.factories import given, say
from tests.rating.moves import submit
from tests.rating.queue_machine import RATERS, QueueMachine, counts, orders, people, seeds
from tests.rating.queue_oracle import Oracle


class CheckedQueue(QueueMachine):
    @rule(person=people)
    def open_page(self, person: int) -> None:
        self.claim(self.raters[person])

    def claim(self, rater: User) -> Lease | None:
        oracle = Oracle(self.project, rater)
        if oracle.state is not None:
            left = count_reachable(project=self.project, rater=rater, limit=1000)
            assert left == len(oracle.find_for_them())
        expected = oracle.expect()
        lease = claim_next(project=self.project, rater=rater)
        if lease is not None:
            assert lease.item_id in expected
            return lease
        assert not expected
        reason = explain_nothing(project=self.project, rater=rater)
        assert reason is not None
        assert reason.code == Oracle(self.project, rater).explain()
        return None

    @rule(person=people, times=st.integers(1, 3))
    def work(self, person: int, times: int) -> None:
        """Submit what a claim brings, and lease the next in the same request."""
        rater, lease = self.raters[person], None
        for _ in range(times):
            lease = lease or self.claim(rater)
            if lease is None:
                return
            expected = self.foresee(rater, lease)
            sent: dict[str, Any] = {"project": self.project, "rater": rater, "lease_uid": str(lease.uid)}
            _, lease = submit_and_pick(**sent, answers=given(say("tie")))
            assert lease is None or lease.item_id in expected

    @initialize(overlap=st.integers(1, 3), order=orders, skips=st.integers(1, 3), count=counts, seed=seeds)
    def begin(self, overlap: int, order: str, skips: int, count: int, seed: int) -> None:
        self.set_up(overlap, order, skips, count)
        self.bustle(seed)

    @rule(seed=seeds)
    def bustle(self, seed: int) -> None:
        """A busy while without curators, so that the raters' cursors get somewhere."""
        rng = random.Random(seed)
        for _ in range(15):
            self.stir(rng.randrange(RATERS), rng.randrange(30), rng.random())
            self.rows_agree()

    def stir(self, person: int, which: int, luck: float) -> None:
        """One of the moves of raters, at random."""
        if luck < 0.35:
            self.open_page(person)
        elif luck < 0.7 or not self.has_leases():
            self.work(person, 1)
        elif luck < 0.85:
            self.run_out(person, is_noticed=which < 15)
        elif luck < 0.93:
            self.submit(which)
        else:
            self.skip(which)

    @rule(person=people, times=st.sampled_from([0, 0, 0, 30]))
    def finish(self, person: int, times: int) -> None:
        """Answer all that there is, or find the project closed for a moment."""
        self.work(person, times)
        Project.objects.update(stage=Stage.CLOSED)
        assert self.claim(self.raters[person]) is None
        Project.objects.update(stage=Stage.PRODUCTION)

    def foresee(self, rater: User, lease: Lease) -> set[int]:
        """What a claim should bring after this submission, which is undone."""
        before = transaction.savepoint()
        submit(lease)
        expected = Oracle(self.project, rater).expect()
        transaction.savepoint_rollback(before)
        return expected

    @invariant()
    def rows_agree(self) -> None:
        self.items_are_taken_exactly()
        self.nobody_is_anywhere_twice()
        self.what_was_answered_is_kept()

    def items_are_taken_exactly(self) -> None:
        held = Counter(Lease.objects.open().values_list("item_id", flat=True))
        counted = Counter(Annotation.objects.counted().values_list("item_id", flat=True))
        for item in Item.objects.all():
            assert item.counted == counted[item.pk]
            assert item.taken == counted[item.pk] + held[item.pk]
            assert item.counted <= item.taken <= item.overlap

    def nobody_is_anywhere_twice(self) -> None:
        holders = list(Lease.objects.open().values_list("rater_id", flat=True))
        assert len(holders) == len(set(holders))
        answers = list(Annotation.objects.current().values_list("item_id", "rater_id"))
        assert len(answers) == len(set(answers))

    def what_was_answered_is_kept(self) -> None:
        done = Counter(Annotation.objects.current().values_list("rater_id", flat=True))
        assert {rater: done[rater] for rater in done} == {
            state.rater_id: state.done for state in RaterState.objects.exclude(done=0)
        }
        assert Lease.objects.filter(state=LeaseState.SUBMITTED).count() == sum(done.values())


@pytest.mark.django_db
def test_the_queue_does_what_its_rows_say() -> None:
    run_state_machine_as_test(
        CheckedQueue,
        settings=settings(
            max_examples=10,
            stateful_step_count=12,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
