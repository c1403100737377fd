"""What is to be judged, and where it stands in the queue."""

import uuid

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from apps.generation.models import Response
from apps.projects.models import Project, Rubric
from apps.projects.skills import SKILL_LENGTH
from apps.prompts.models import Prompt
from apps.rating.models.item_places import PLACE, PLACE_BITS, PRIORITIES
from apps.rating.models.item_queries import ItemQuerySet
from apps.rating.models.item_states import DONE, HAS_ROOM, UNFINISHED, ItemKind, ItemState, ItemStatus

MOST_RATERS = 99  # of one item
FEW = 9  # raters, whose places can be drawn


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
        expression=PLACE,
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
