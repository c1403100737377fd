"""What raters said, and what it comes to."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, When

from apps.projects.models import Guideline, Rubric
from apps.rating.models.items import Item
from apps.rating.models.leases import Lease


class AnnotationQuerySet(models.QuerySet["Annotation"]):
    def current(self) -> "AnnotationQuerySet":
        """Without those that their rater has revised since."""
        return self.filter(superseded_at=None)

    def counted(self) -> "AnnotationQuerySet":
        """The ones that statistics and exports read."""
        return self.filter(is_counted=True)

    def timed(self) -> "models.QuerySet[Any]":
        """With `answered_at`: when its rater first answered. A revision is no work of its own day."""
        first = Annotation.objects.filter(item=OuterRef("item"), rater=OuterRef("rater"), revision=1)
        return self.annotate(
            answered_at=Case(
                When(revision=1, then=F("created_at")), default=Subquery(first.values("created_at"))
            )
        )


class Annotation(models.Model):
    """The answers of one rater to one item, as submitted; immutable. A revision is another one.

    `is_counted` is false for an answer that came after its slot had gone to somebody else, and for one that
    a later revision took the place of.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # No index of their own: annotation_revision_once begins with the item, annotation_latest with the rater.
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="annotations", db_index=False)
    rater = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="annotations", db_index=False
    )
    lease = models.ForeignKey(Lease, on_delete=models.PROTECT, related_name="annotations")
    revision = models.PositiveSmallIntegerField(default=1)
    superseded_at = models.DateTimeField(null=True)
    # A project has few versions of each, and none is ever deleted.
    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="annotations", db_index=False)
    guideline = models.ForeignKey(
        Guideline, on_delete=models.PROTECT, related_name="annotations", db_index=False
    )
    answers = models.JSONField()
    is_counted = models.BooleanField(default=True)
    active_seconds = models.PositiveIntegerField(
        null=True, help_text="with the page in front and a hand on it; unknown for programs and for revisions"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    is_what_was_sent = True  # of a submission: false where the item had been answered, and otherwise

    objects = AnnotationQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["rater", "-created_at"], name="annotation_latest")]
        constraints = [
            models.UniqueConstraint(
                fields=["item", "rater"],
                condition=Q(superseded_at=None),
                name="annotation_current_once_per_rater",
            ),
            models.UniqueConstraint(fields=["item", "rater", "revision"], name="annotation_revision_once"),
            models.CheckConstraint(
                condition=Q(superseded_at=None) | Q(is_counted=False), name="annotation_counted_is_current"
            ),
        ]

    def __str__(self) -> str:
        return f"annotation {self.pk}"
