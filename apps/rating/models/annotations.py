"""What raters said, and what it comes to."""

import uuid
from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Case, F, OuterRef, Q, Subquery, When

from apps.projects.models import Guideline, Rubric
from apps.prompts.models import PromptImport
from apps.rating.models.items import Item
from apps.rating.models.leases import Lease


class Origin(models.TextChoices):
    """Who judged: a rater of ours, a person elsewhere, or a program, wherever it ran."""

    RATER = "rater", "rater"
    IMPORTED = "imported", "imported"
    MACHINE = "machine", "machine"


FOREIGN = ~Q(origin="rater")


class AnnotationQuerySet(models.QuerySet["Annotation"]):
    def current(self) -> "AnnotationQuerySet":
        """Without those that their rater has revised since."""
        return self.filter(superseded_at=None)

    def by_raters(self) -> "AnnotationQuerySet":
        return self.filter(origin=Origin.RATER)

    def foreign(self) -> "AnnotationQuerySet":
        """Imported, or a machine's: they count for nothing unless somebody asks for them."""
        return self.filter(FOREIGN)

    def counted(self) -> "AnnotationQuerySet":
        """The ones that statistics and exports read; all of them by raters."""
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
    a later revision took the place of; and always for what no rater of ours said. Such an annotation has no
    lease, rater or guideline, but an annotator's name, and the import that brought it with its id there.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    # No index of their own: annotation_revision_once begins with the item, annotation_latest with the rater.
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="annotations", db_index=False)
    origin = models.CharField(max_length=8, choices=Origin, default=Origin.RATER, db_default=Origin.RATER)
    rater = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.PROTECT,
        related_name="annotations",
        db_index=False,
    )
    lease = models.ForeignKey(Lease, null=True, on_delete=models.PROTECT, related_name="annotations")
    annotator = models.CharField(
        max_length=120, blank=True, db_default="", help_text="a pseudonym, or a judge's name; not of raters"
    )
    # Its index is annotation_imported_once: rows of raters are in none.
    source = models.ForeignKey(
        PromptImport, null=True, on_delete=models.PROTECT, related_name="annotations", db_index=False
    )
    foreign_id = models.CharField(
        max_length=300, blank=True, db_default="", help_text="what it is known by where it comes from"
    )
    revision = models.PositiveSmallIntegerField(default=1)
    superseded_at = models.DateTimeField(null=True)
    # A project has few versions of each, and none is ever deleted.
    rubric = models.ForeignKey(Rubric, on_delete=models.PROTECT, related_name="annotations", db_index=False)
    guideline = models.ForeignKey(
        Guideline, null=True, on_delete=models.PROTECT, related_name="annotations", db_index=False
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
        indexes = [
            models.Index(fields=["rater", "-created_at"], name="annotation_latest"),
            models.Index(fields=["item"], condition=FOREIGN, name="annotation_foreign"),
        ]
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
            models.UniqueConstraint(
                fields=["item", "annotator", "foreign_id"],
                condition=Q(source__isnull=False),
                name="annotation_imported_once",
            ),
            models.CheckConstraint(condition=Q(origin__in=Origin.values), name="annotation_origin_known"),
            models.CheckConstraint(
                condition=Q(
                    origin="rater",
                    rater__isnull=False,
                    lease__isnull=False,
                    guideline__isnull=False,
                    annotator="",
                    source=None,
                    foreign_id="",
                )
                | Q(FOREIGN, ~Q(annotator=""), rater=None, lease=None, guideline=None, is_counted=False),
                name="annotation_is_of_one_origin",
            ),
            models.CheckConstraint(
                condition=~Q(origin="imported") | Q(source__isnull=False),
                name="annotation_imported_has_source",
            ),
            models.CheckConstraint(
                condition=Q(source=None) | ~Q(foreign_id=""), name="annotation_of_import_has_id"
            ),
        ]

    def __str__(self) -> str:
        return f"annotation {self.pk}"

    def get_lease(self) -> Lease:
        """The lease on which a rater of ours gave it."""
        if self.lease is None:
            raise ValueError(f"{self} came from elsewhere: nobody here held its item")
        return self.lease

    @property
    def has_outcomes(self) -> bool:
        """Counted, or from elsewhere: those never count, and are read by who asks for them."""
        return self.is_counted or (self.origin != Origin.RATER and self.superseded_at is None)

    @property
    def given_by(self) -> str:
        """Who said it, for those who may know."""
        return str(self.rater) if self.rater else self.annotator
