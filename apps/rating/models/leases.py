"""Who holds what, and where each rater stands."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.core.conditions import both_or_neither
from apps.projects.models import Guideline, Project
from apps.rating.models.items import Item


class RaterState(models.Model):
    """Where a rater stands in a project.

    They look for their next item from `cursor` on, a place: what lies before it was full, theirs already or
    not for them. `leases_given` counts their leases; with `seed` it makes the balanced shuffle of sides.
    `done`, `seconds_each` and `active_that_day` are what the page's bar shows, kept here so that it costs
    no counting.
    `guideline` is the version that they have acknowledged and work under.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="rater_states")
    rater = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="rater_states")
    cursor = models.BigIntegerField(default=0)
    leases_given = models.PositiveIntegerField(default=0)
    guideline = models.ForeignKey(Guideline, on_delete=models.PROTECT, related_name="+")
    done = models.PositiveIntegerField(default=0, help_text="annotations, counted or not")
    day = models.DateField(null=True, help_text="of the latest annotation")
    done_that_day = models.PositiveIntegerField(default=0)
    active_that_day = models.PositiveIntegerField(default=0, help_text="seconds of work on what was sent")
    seconds_each = models.FloatField(null=True, help_text="moving mean of the time from lease to submission")
    seed = models.UUIDField(default=uuid.uuid4, editable=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "rater"], name="rater_state_once")]

    def __str__(self) -> str:
        return f"{self.rater_id} in {self.project_id}"


class ReturnedItem(models.Model):
    """An item that got room again after raters may have passed it; read before the cursor's scan.

    It leaves this table when it is full.
    """

    item = models.OneToOneField(Item, primary_key=True, on_delete=models.CASCADE, related_name="returned")
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="returned_items")

    class Meta:
        indexes = [models.Index(fields=["project"])]

    def __str__(self) -> str:
        return f"item {self.item_id} again"


class LeaseState(models.TextChoices):
    OPEN = "open", "open"
    SUBMITTED = "submitted", "submitted"
    SKIPPED = "skipped", "skipped"
    RELEASED = "released", "released"
    EXPIRED = "expired", "expired"
    TOLD = "told", "told what others said"


class SkipReason(models.TextChoices):
    EXPERTISE = "expertise", "I do not know the field"
    LANGUAGE = "language", "I do not know the language"
    BROKEN = "broken", "Something is broken or cut off"
    UNCOMFORTABLE = "uncomfortable", "I would rather not read this"
    OTHER = "other", "Another reason"


class LeaseQuerySet(models.QuerySet["Lease"]):
    def open(self) -> "LeaseQuerySet":
        return self.filter(state=LeaseState.OPEN)


class Lease(models.Model):
    """An item held by one rater. One row per rater and item: who comes back finds the draft again.

    Who has been told what others said of an item neither gets it nor revises an answer to it: see
    `apps.rating.telling`.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # Without indexes of their own: a lease is looked for by item and rater, or among the open ones, and the
    # planner, before it knows the table, would rather walk all that a rater ever held.
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="leases", db_index=False)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="leases", db_index=False)
    rater = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="leases", db_index=False
    )
    state = models.CharField(max_length=10, choices=LeaseState, default=LeaseState.OPEN)
    shown_order = models.JSONField(help_text="positions of the item's responses, as shown from left to right")
    started_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    skip_reason = models.CharField(max_length=20, choices=SkipReason, blank=True)
    skip_note = models.CharField(max_length=500, blank=True)
    draft = models.JSONField(default=dict, help_text="the raw form as it was last saved")
    draft_saved_at = models.DateTimeField(null=True)

    told_at = models.DateTimeField(null=True, help_text="when this person could read what others said")

    content: dict[str, Any] | None = None  # what the page shows, where the claim brought it along

    objects = LeaseQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["expires_at"], condition=Q(state="open"), name="lease_open_by_end")]
        constraints = [
            models.UniqueConstraint(fields=["item", "rater"], name="lease_once_per_rater"),
            models.UniqueConstraint(
                fields=["project", "rater"], condition=Q(state="open"), name="lease_one_open_per_rater"
            ),
            models.CheckConstraint(condition=Q(state__in=LeaseState.values), name="lease_state_known"),
            models.CheckConstraint(
                condition=both_or_neither(Q(state="open"), Q(ended_at=None)),
                name="lease_end_fits_state",
            ),
            models.CheckConstraint(
                condition=Q(told_at=None) & ~Q(state="told")
                | Q(told_at__isnull=False, ended_at__isnull=False),
                name="lease_told_is_over",
            ),
            models.CheckConstraint(
                condition=both_or_neither(Q(state="skipped"), ~Q(skip_reason="")),
                name="lease_skip_has_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"lease {self.pk}"
