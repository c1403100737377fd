"""What people and curators do to a queue, as rules that may follow each other in any order."""

from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import TestCase
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from apps.accounts.models import User
from apps.core.errors import ConflictError
from apps.projects.models import Guideline, Membership, Project, QueueOrder
from apps.rating.curation.one_item import change_item
from apps.rating.holding import save_draft, skip_item
from apps.rating.leases import expire_overdue
from apps.rating.models import Annotation, Item, ItemStatus, Lease, LeaseState, RaterState
from apps.rating.revision import revise_annotation
from tests.factories import ProjectFactory
from tests.rating.factories import given, make_items, say
from tests.rating.moves import add_items, choose_order, join, submit, teach

RATERS = 4
people = st.integers(0, RATERS - 1)
any_of = st.integers(0, 15)
some_skills = st.sampled_from([[], ["law"], ["law", "sv"]])
caps = st.sampled_from([None, None, None, 2, 5])
seeds = st.integers(0, 9999)
counts = st.sampled_from([5, 10, 1])
changes = st.one_of(
    st.fixed_dictionaries({"priority": st.integers(-1, 1)}),
    st.fixed_dictionaries({"skills": some_skills}),
    st.fixed_dictionaries({"overlap": st.integers(1, RATERS)}),
    st.fixed_dictionaries({"status": st.sampled_from([ItemStatus.OPEN, ItemStatus.WITHDRAWN])}),
)
orders = st.sampled_from(QueueOrder.values)


class QueueMachine(RuleBasedStateMachine):
    """Each example lives in a transaction that is rolled back."""

    def __init__(self) -> None:
        super().__init__()
        self.example = transaction.atomic()
        self.example.__enter__()
        with connection.cursor() as cursor:
            cursor.execute("SELECT setseed(0)")  # a random order is the same when an example is run again

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.example.__exit__(None, None, None)

    def set_up(self, overlap: int, order: str, skips: int, count: int) -> None:
        self.project: Project = ProjectFactory(overlap=overlap, review_after_skips=skips)
        self.raters: list[User] = [join(self.project) for _ in range(RATERS)]
        choose_order(self.project, order)
        make_items(self.project, count)

    def pick_lease(self, which: int) -> Lease:
        leases = list(Lease.objects.select_related("item", "rater").order_by("started_at", "id"))
        return leases[which % len(leases)]

    def has_items(self) -> bool:
        return Item.objects.exists()

    def pick_item(self, which: int) -> Item:
        items = list(Item.objects.all())
        return items[which % len(items)]

    def has_leases(self) -> bool:
        return Lease.objects.exists()

    # --- raters, with any lease they ever had ---
    @precondition(has_leases)
    @rule(which=any_of)
    def submit(self, which: int) -> None:
        lease = self.pick_lease(which)
        item, before = lease.item, Annotation.objects.count()
        submit(lease)
        is_first = lease.state != LeaseState.SUBMITTED
        assert Annotation.objects.count() == before + is_first
        has_room = item.taken < item.overlap and item.status != ItemStatus.WITHDRAWN
        if is_first:
            assert Annotation.objects.latest("id").is_counted is (lease.state == LeaseState.OPEN or has_room)

    @precondition(has_leases)
    @rule(which=any_of)
    def skip(self, which: int) -> None:
        lease = self.pick_lease(which)
        sent: dict[str, Any] = {"project": self.project, "rater": lease.rater, "lease_uid": str(lease.uid)}
        if lease.state == LeaseState.SUBMITTED:
            with pytest.raises(ConflictError):
                skip_item(**sent, reason="other")
            return
        skip_item(**sent, reason="other")
        item, was_open = Item.objects.get(pk=lease.item_id), lease.state == LeaseState.OPEN
        assert item.skips == lease.item.skips + was_open
        assert not was_open or item.status != ItemStatus.OPEN or item.skips < self.project.review_after_skips

    @precondition(has_leases)
    @rule(which=any_of)
    def write(self, which: int) -> None:
        lease, draft = self.pick_lease(which), {"justification": [f"So far {which}"]}
        sent: dict[str, Any] = {"project": self.project, "rater": lease.rater, "lease_uid": str(lease.uid)}
        if lease.state == LeaseState.SUBMITTED:
            with pytest.raises(ConflictError):
                save_draft(**sent, draft=draft)
            return
        assert save_draft(**sent, draft=draft).state == lease.state
        assert Lease.objects.get(pk=lease.pk).draft == draft

    @precondition(has_leases)
    @rule(which=any_of, relation=st.sampled_from(["tie", "both_bad"]))
    def revise(self, which: int, relation: str) -> None:
        """Go back to one of the last answers, if it may still become another."""
        annotation = Annotation.objects.current().filter(lease=self.pick_lease(which)).first()
        if annotation is not None:
            with suppress(ConflictError):
                revise_annotation(
                    project=self.project,
                    rater=annotation.rater,
                    annotation_uid=str(annotation.uid),
                    answers=given(say(relation)),
                )

    # --- time ---
    @rule(person=people, is_noticed=st.booleans())
    def run_out(self, person: int, is_noticed: bool) -> None:
        held = Lease.objects.open().filter(rater=self.raters[person])
        held.update(expires_at=timezone.now() - timedelta(seconds=1))
        if is_noticed:
            expire_overdue()
            assert not held.exists()

    @rule(rater_cap=caps, daily_cap=caps, is_tomorrow=st.booleans())
    def limit(self, rater_cap: int | None, daily_cap: int | None, is_tomorrow: bool) -> None:
        self.project.rater_cap, self.project.daily_cap = rater_cap, daily_cap
        self.project.save(update_fields=["rater_cap", "daily_cap"])
        if is_tomorrow:
            RaterState.objects.update(day=timezone.localdate() - timedelta(days=1))

    # --- people ---
    @rule(person=people)
    def pause(self, person: int) -> None:
        """Or resume."""
        member = Membership.objects.filter(user=self.raters[person])
        if not member.filter(paused_at=None).update(paused_at=timezone.now(), pause_reason="A break"):
            member.update(paused_at=None, pause_reason="")

    @rule(person=people, skills=some_skills)
    def teach(self, person: int, skills: list[str]) -> None:
        teach(self.project, self.raters[person], *skills)

    @rule(person=people, is_new=st.booleans())
    def let_read(self, person: int, is_new: bool) -> None:
        """All read the guideline; a new one, all but one."""
        readers = RaterState.objects.all()
        if is_new:
            version = self.project.guideline.version + 1
            Guideline.objects.create(project=self.project, version=version, text="Be fairer.")
            readers = readers.exclude(rater=self.raters[person])
        readers.update(guideline=self.project.guideline)

    # --- curators ---
    @precondition(has_items)
    @rule(which=any_of, change=changes)
    def change(self, which: int, change: dict[str, Any]) -> None:
        item = self.pick_item(which)
        with TestCase.captureOnCommitCallbacks(execute=True):
            change_item(project=self.project, uid=item.uid, by=None, **change)

    @rule(order=orders)
    def change_order(self, order: str) -> None:
        choose_order(self.project, order)

    @rule(count=counts)
    def build(self, count: int) -> None:
        add_items(self.project, count)
