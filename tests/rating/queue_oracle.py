"""What the queue ought to do, worked out in plain Python over all rows, slowly and without cursors."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from apps.accounts.models import User
from apps.projects.models import Membership, Project, QueueOrder, Stage
from apps.rating.models import (
    Annotation,
    Item,
    ItemStatus,
    Lease,
    LeaseState,
    RaterState,
    ReturnedItem,
)

AGAIN = (LeaseState.EXPIRED, LeaseState.RELEASED)


class Oracle:
    """The rows of a project as of now, as one rater meets them."""

    def __init__(self, project: Project, rater: User) -> None:
        self.project = Project.objects.get(pk=project.pk)
        self.member = Membership.objects.get(project=project, user=rater)
        self.state = RaterState.objects.filter(project=project, rater=rater).first()
        self.items = list(Item.objects.filter(project=project).order_by("id"))
        self.counted = Counter(Annotation.objects.counted().values_list("item_id", flat=True))
        self.returned = set(ReturnedItem.objects.values_list("item_id", flat=True))
        self.open: dict[int, list[Lease]] = defaultdict(list)
        for lease in Lease.objects.open().filter(project=project):
            self.open[lease.item_id].append(lease)
        self.mine = {lease.item_id: lease for lease in Lease.objects.filter(project=project, rater=rater)}
        self.today = timezone.localdate()

    # --- the person ---
    def held(self) -> Lease | None:
        return next((lease for lease in self.mine.values() if lease.state == LeaseState.OPEN), None)

    def is_stopped(self) -> bool:
        return self.project.stage == Stage.CLOSED or self.member.paused_at is not None

    def explain_person(self) -> str | None:
        project, state = self.project, self.state
        if project.stage == Stage.CLOSED:
            return "closed"
        if self.member.paused_at:
            return "paused"
        if state is None:
            return None
        if state.guideline != project.guideline:
            return "guideline"
        if project.rater_cap is not None and state.done >= project.rater_cap:
            return "rater_cap"
        today = state.done_that_day if state.day == self.today else 0
        return "daily_cap" if project.daily_cap is not None and today >= project.daily_cap else None

    # --- the items ---
    def taken(self, item: Item) -> int:
        return self.counted[item.pk] + len(self.open[item.pk])

    def has_room(self, item: Item) -> bool:
        return item.status == ItemStatus.OPEN and self.taken(item) < item.overlap

    def knows(self, item: Item) -> bool:
        return set(item.skills) <= set(self.member.skills)

    def is_new(self, item: Item) -> bool:
        return item.pk not in self.mine or self.mine[item.pk].state in AGAIN

    def find_for_them(self) -> list[Item]:
        if self.explain_person():
            return []
        return [item for item in self.items if self.has_room(item) and self.knows(item) and self.is_new(item)]

    def expire(self) -> None:
        """What the rows would be, had all overdue leases been ended."""
        now = timezone.now()
        for item, leases in self.open.items():
            self.open[item] = [lease for lease in leases if lease.expires_at >= now]
            if len(self.open[item]) < len(leases):
                self.returned.add(item)

    # --- the claim ---
    def expect(self) -> set[int]:
        """The items of which a claim must bring one; none when it must bring nothing."""
        held = self.held()
        if held is not None:
            item = next(item for item in self.items if item.pk == held.item_id)
            if self.is_stopped():
                return set()
            if item.status != ItemStatus.WITHDRAWN and self.knows(item):
                return {item.pk}
            self.open[item.pk].remove(held)
            self.mine[item.pk] = Lease(state=LeaseState.RELEASED)
        found = self.find_for_them()
        if not found:
            self.expire()
            found = self.find_for_them()
        return self.choose(found) if found else set()

    def choose(self, found: Sequence[Item]) -> set[int]:
        """The first of these in the project's order. Before what was begun may come what was given back."""
        urgent = max(item.priority for item in found)
        found = [item for item in found if item.priority == urgent]
        order = self.project.queue_order
        begun = [item for item in found if self.taken(item)]
        if order == QueueOrder.FINISH_BEGUN and begun:
            return {begun[0].pk, *(item.pk for item in found if item.pk in self.returned)}
        keys: dict[str, Any] = {
            QueueOrder.RANDOM: lambda item: item.shuffled,
            QueueOrder.LEAST_ANNOTATED: lambda item: (self.taken(item), item.pk),
        }
        return {min(found, key=keys.get(order, lambda item: item.pk)).pk}

    def explain(self) -> str:
        """Why there is nothing, to be asked when there is nothing."""
        if reason := self.explain_person():
            return reason
        unfinished = [
            item
            for item in self.items
            if item.status == ItemStatus.OPEN and self.counted[item.pk] < item.overlap
        ]
        if all(item.status == ItemStatus.WITHDRAWN for item in self.items):
            return "no_items"
        if not unfinished:
            return "all_done"
        lacking = [i for i in unfinished if self.has_room(i) and self.is_new(i) and not self.knows(i)]
        return "lacking_skill" if lacking else "waiting_for_others"
