"""What is to be judged, and where it stands in the queue."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.functions import Coalesce, Left

from apps.generation.models import Response
from apps.projects.models import Project, Rubric
from apps.projects.skills import SKILL_LENGTH
from apps.prompts.models import Prompt


class ItemKind(models.TextChoices):
    ORDINARY = "ordinary", "ordinary"
    IMPORTED = "imported", "imported"  # there for what was said of it elsewhere; nobody here is asked


class ItemStatus(models.TextChoices):
    OPEN = "open", "open"
    REVIEW = "review", "in review"
    WITHDRAWN = "withdrawn", "withdrawn"


class ItemState(models.TextChoices):
    """Where an item stands, as a curator sees it: each is in exactly one of them."""

    WAITING = "waiting", "waiting"
    BEGUN = "begun", "begun"
    DONE = "done", "done"
    REVIEW = "review", "in review"
    WITHDRAWN = "withdrawn", "withdrawn"


HAS_ROOM = Q(status=ItemStatus.OPEN, taken__lt=F("overlap"))
UNFINISHED = Q(status=ItemStatus.OPEN, counted__lt=F("overlap"))
DONE = Q(status=ItemStatus.OPEN, counted=F("overlap"))
IN_STATE = {
    ItemState.WAITING: UNFINISHED & Q(taken=0),
    ItemState.BEGUN: UNFINISHED & Q(taken__gt=0),
    ItemState.DONE: DONE,
    ItemState.REVIEW: Q(status=ItemStatus.REVIEW),
    ItemState.WITHDRAWN: Q(status=ItemStatus.WITHDRAWN),
}
WANTED = Case(When(status=ItemStatus.WITHDRAWN, then=F("counted")), default=F("overlap"))
PRIORITIES = (-9, 9)
MOST_RATERS = 99  # of one item
OF_TWO = r"^[0-9]+,[0-9]+$"  # the key of an item with exactly two responses
FEW = 9  # raters, whose places can be drawn
PLACE_BITS = 50  # of an id; above them a pass of 7 bits, above that the priority
PRIORITY_BIT = PLACE_BITS + 7


class ItemQuerySet(models.QuerySet["Item"]):
    def asked(self) -> "ItemQuerySet":
        """Those that raters here get, have got or may get."""
        return self.exclude(kind=ItemKind.IMPORTED)

    def with_room(self) -> "ItemQuerySet":
        """In the queue, with fewer live slots (open leases and counted annotations) than wanted."""
        return self.filter(HAS_ROOM)

    def unfinished(self) -> "ItemQuerySet":
        """In the queue, with fewer counted annotations than wanted."""
        return self.filter(UNFINISHED)

    def complete(self) -> "ItemQuerySet":
        """As many counted annotations as wanted."""
        return self.filter(counted=F("overlap"))

    def wanting(self) -> "ItemQuerySet":
        """Unfinished, in the queue or in review: `WANTED` says how many annotations each asks for."""
        return self.exclude(status=ItemStatus.WITHDRAWN).filter(counted__lt=F("overlap"))

    def left_to_order(self) -> "ItemQuerySet":
        """Those whose priority no person has set, nor their prompt's file."""
        return self.filter(Q(raised__gt=0) | Q(priority=0))

    def not_begun(self) -> "ItemQuerySet":
        """Nobody has it in hand, and no answer to it counts."""
        return self.filter(taken=0)

    def of_two(self) -> "ItemQuerySet":
        """Those with exactly two responses: what votes on a pair, and datasets, are made of."""
        return self.filter(responses_key__regex=OF_TWO)

    def in_state(self, state: str) -> "ItemQuerySet":
        return self.filter(IN_STATE[ItemState(state)])

    def in_review(self) -> "ItemQuerySet":
        """Skipped by so many that a curator decides about them."""
        return self.in_state(ItemState.REVIEW)

    def with_priority(self, priority: int) -> "ItemQuerySet":
        """Said twice, so that a list in the order of the queue begins where these begin."""
        first = (PRIORITIES[1] - priority) << PRIORITY_BIT
        return self.filter(priority=priority, place__gte=first, place__lt=first + (1 << PRIORITY_BIT))

    def asking(self, skill: str) -> "ItemQuerySet":
        """Those that only a rater with this skill gets."""
        return self.filter(skills__contains=[skill]).exclude(skills=[])

    def with_summary(self) -> "ItemQuerySet":
        """What a list shows of each: `opening` and `category` of its prompt, and not the whole of it."""
        last = KeyTextTransform("content", KeyTransform("-1", "prompt__messages"))
        return (
            self.select_related("prompt")
            .defer("prompt__messages", "prompt__metadata")
            .annotate(opening=Left(last, 240), category=KeyTextTransform("category", "prompt__metadata"))
        )

    def lock(self) -> list[int]:
        """Lock these rows, in an order in which no two such locks wait for each other; returns their ids."""
        return list(self.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))


class Item(models.Model):
    """A prompt with its responses, to be judged by `overlap` different people under one rubric version.

    `taken` counts open leases and counted annotations, `counted` the latter alone; both change in the
    transaction of the lease or annotation, with this row locked, and the database refuses what does not fit.

    `place` is where it stands in the queue: by priority, then by age or at random. Where the project wants
    the least annotated first, the queue goes in passes: all items once, then all twice.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="items", db_index=False
    )  # the index item_by_age begins with it
    prompt = models.ForeignKey(Prompt, on_delete=models.PROTECT, related_name="items")
    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="items", db_index=False)
    kind = models.CharField(max_length=12, choices=ItemKind, default=ItemKind.ORDINARY)
    responses = models.ManyToManyField(Response, through="ItemResponse", related_name="items")
    responses_key = models.CharField(
        max_length=400, help_text="ids of the responses, in order: an item exists once"
    )
    overlap = models.PositiveSmallIntegerField()
    taken = models.PositiveSmallIntegerField(default=0)
    counted = models.PositiveSmallIntegerField(default=0)
    status = models.CharField(max_length=10, choices=ItemStatus, default=ItemStatus.OPEN)
    is_outgrown = models.BooleanField(
        default=False, help_text="withdrawn since the rubric came to want items of another size"
    )
    is_let_go = models.BooleanField(
        default=False, db_default=False, help_text="withdrawn since its prompt was retired"
    )
    skips = models.PositiveSmallIntegerField(default=0, help_text="since a curator last looked at it")
    skills = ArrayField(
        models.CharField(max_length=SKILL_LENGTH), default=list, help_text="a rater needs all of them"
    )
    priority = models.SmallIntegerField(default=0, help_text="-9 to 9; higher comes first")
    raised = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="the priority, where a thin group gave it and no person did"
    )
    shuffled = models.BigIntegerField(null=True, help_text="stands for the id where the order is random")
    in_passes = models.BooleanField(default=False, help_text="the less often taken, the sooner")
    place = models.GeneratedField(
        expression=(Value(PRIORITIES[1]) - F("priority")) * Value(1 << PRIORITY_BIT)
        + Case(When(in_passes=True, then=F("taken") * Value(1 << PLACE_BITS)), default=Value(0))
        + Coalesce(F("shuffled"), F("id")),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    settled_at = models.DateTimeField(
        null=True, help_text="adjudicated, or in a snapshot: its annotations are not revised any more"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["project", "place"], condition=HAS_ROOM, name="item_with_room"),
            models.Index(
                fields=["project", "place"], condition=HAS_ROOM & Q(taken__gt=0), name="item_begun_with_room"
            ),
            models.Index(
                fields=["project", "id"], condition=Q(status=ItemStatus.REVIEW), name="item_in_review"
            ),
            # What a curator's list reads, each in its order. No claim's conditions imply these, so that a
            # claim stays on its own index.
            models.Index(fields=["project", "id"], name="item_by_age"),
            models.Index(fields=["project", "place"], condition=UNFINISHED, name="item_unfinished"),
            models.Index(fields=["project", "id"], condition=DONE, name="item_done"),
            models.Index(
                fields=["project", "id"], condition=Q(status=ItemStatus.WITHDRAWN), name="item_withdrawn"
            ),
            models.Index(fields=["project", "id"], condition=~Q(skills=[]), name="item_with_skills"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["project", "responses_key"], name="item_once"),
            models.CheckConstraint(condition=Q(taken__lte=F("overlap")), name="item_never_over_taken"),
            models.CheckConstraint(condition=Q(counted__lte=F("taken")), name="item_counted_is_taken"),
            models.CheckConstraint(condition=Q(overlap__range=(1, MOST_RATERS)), name="item_overlap_1_to_99"),
            models.CheckConstraint(condition=Q(status__in=ItemStatus.values), name="item_status_known"),
            models.CheckConstraint(condition=Q(priority__range=PRIORITIES), name="item_priority_9_to_9"),
            models.CheckConstraint(
                condition=Q(raised=0) | Q(raised=F("priority")), name="item_raised_is_its_priority"
            ),
            models.CheckConstraint(
                condition=Q(is_let_go=False) | Q(status=ItemStatus.WITHDRAWN), name="item_let_go_is_withdrawn"
            ),
            models.CheckConstraint(
                condition=~Q(kind="imported") | Q(status="withdrawn", taken=0),
                name="item_imported_is_not_asked",
            ),
            models.CheckConstraint(
                condition=Q(shuffled=None) | Q(shuffled__range=(0, (1 << PLACE_BITS) - 1)),
                name="item_shuffled_fits_place",
            ),
        ]

    def __str__(self) -> str:
        return f"item {self.pk}"

    @property
    def state(self) -> ItemState:
        if self.status != ItemStatus.OPEN:
            return ItemState(self.status)
        if self.counted == self.overlap:
            return ItemState.DONE
        return ItemState.BEGUN if self.taken else ItemState.WAITING

    @property
    def held(self) -> int:
        """How many people have it in hand."""
        return self.taken - self.counted

    @property
    def drawn_slots(self) -> list[str]:
        """What has become of each place, for a picture of a few."""
        if self.overlap > FEW:
            return []
        return ["given"] * self.counted + ["held"] * self.held + ["free"] * (self.overlap - self.taken)


class ItemResponse(models.Model):
    """A response of an item. `position` is its place in the item, never its place on a page."""

    # item_response_place_once begins with the item
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="slots", db_index=False)
    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="slots")
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["item", "position"], name="item_response_place_once"),
            models.UniqueConstraint(fields=["item", "response"], name="item_response_once"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id}/{self.position}"
