"""Projects: what is asked, of whom, and under which settings."""

import uuid
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from apps.accounts.models import User

if TYPE_CHECKING:
    from apps.projects.models.rubrics import Guideline, Rubric


class Stage(models.TextChoices):
    DRAFT = "draft", "draft"
    PILOT = "pilot", "pilot"
    PRODUCTION = "production", "production"
    CLOSED = "closed", "closed"


class QueueOrder(models.TextChoices):
    """In what order raters meet items of the same priority."""

    OLDEST = "oldest", "Oldest first"
    RANDOM = "random", "Random"
    LEAST_ANNOTATED = "least_annotated", "Least annotated first"
    FINISH_BEGUN = "finish_begun", "Finish what was begun"


class Pairing(models.TextChoices):
    """Which of a prompt's responses meet, where a rubric compares two."""

    ALL = "all", "All pairs"
    RANDOM = "random", "Random pairs"
    BASELINE = "baseline", "Each against a baseline"


class ProjectQuerySet(models.QuerySet["Project"]):
    def visible_to(self, user: User) -> "ProjectQuerySet":
        return self if user.is_superuser else self.filter(memberships__user=user)


class Project(models.Model):
    """One collection effort: its prompts, models, rubric, guideline, people and overlap `k`."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    description = models.TextField(blank=True, max_length=2000)
    stage = models.CharField(max_length=10, choices=Stage, default=Stage.PRODUCTION)
    overlap = models.PositiveSmallIntegerField(
        "Raters per item",
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(9)],
        help_text="How many people judge each item. An odd number decides more items.",
    )
    lease_minutes = models.PositiveSmallIntegerField(
        "Minutes an item is held",
        default=30,
        validators=[MinValueValidator(2), MaxValueValidator(480)],
        help_text="After that, without a sign of life, the item goes to somebody else.",
    )
    queue_order = models.CharField(
        "Order of items", max_length=16, choices=QueueOrder, default=QueueOrder.OLDEST
    )
    queued_as = models.CharField(
        max_length=16,
        choices=QueueOrder,
        default=QueueOrder.OLDEST,
        help_text="the order that items stand in",
    )
    review_after_skips = models.PositiveSmallIntegerField(
        "Skips that send an item to review",
        default=3,
        validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text="When so many people have skipped an item, it waits for a curator.",
    )
    daily_cap = models.PositiveIntegerField(
        "Items per rater and day", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    rater_cap = models.PositiveIntegerField(
        "Items per rater in all", null=True, blank=True, validators=[MinValueValidator(1)]
    )
    is_sensitive = models.BooleanField(
        "What raters read here may disturb them",
        default=False,
        help_text="Every text is covered until its rater uncovers it, and an item can be left at any moment.",
    )
    pairing = models.CharField(max_length=10, choices=Pairing, default=Pairing.ALL)
    pairs_per_prompt = models.PositiveSmallIntegerField(
        default=3, validators=[MinValueValidator(1), MaxValueValidator(1000)]
    )
    baseline = models.CharField(
        max_length=300, blank=True, help_text="the configuration, or the model of an import, that others meet"
    )
    rubric_followed = models.PositiveIntegerField(
        default=1, help_text="the version of the rubric that items which nobody has begun stand under"
    )
    secret = models.UUIDField(default=uuid.uuid4, editable=False, help_text="keys pseudonyms and splits")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ProjectQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(condition=Q(overlap__range=(1, 9)), name="project_overlap_1_to_9"),
            models.CheckConstraint(condition=Q(lease_minutes__range=(2, 480)), name="project_lease_2_to_480"),
            models.CheckConstraint(condition=Q(stage__in=Stage.values), name="project_stage_known"),
            models.CheckConstraint(
                condition=Q(queue_order__in=QueueOrder.values), name="project_queue_order_known"
            ),
            models.CheckConstraint(condition=Q(pairing__in=Pairing.values), name="project_pairing_known"),
            models.CheckConstraint(
                condition=~Q(pairing=Pairing.BASELINE) | ~Q(baseline=""), name="project_pairing_has_baseline"
            ),
            models.CheckConstraint(
                condition=Q(pairs_per_prompt__range=(1, 1000)), name="project_pairs_1_to_1000"
            ),
            models.CheckConstraint(
                condition=Q(review_after_skips__gte=1), name="project_review_after_a_skip"
            ),
            models.CheckConstraint(
                condition=Q(is_sensitive=False) | Q(daily_cap__isnull=False),
                name="project_sensitive_has_daily_cap",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_reordering(self) -> bool:
        """Another order was chosen, and a sweep has not moved all items into it yet."""
        return self.queued_as != self.queue_order

    @property
    def rubric(self) -> "Rubric":
        """The published version that new items are judged under."""
        return self.rubrics.published().latest("version")

    @property
    def rubric_draft(self) -> "Rubric | None":
        """The next version, while it is being edited."""
        return self.rubrics.drafts().select_related("created_by").first()

    @property
    def guideline(self) -> "Guideline":
        return self.guidelines.latest("version")
