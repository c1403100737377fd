"""What a recipe would give, counted in the background where a project is too large for a request."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from apps.projects.models import Project

MOST_ATTEMPTS = 5
PATIENCE = timedelta(seconds=25)  # two sweeps; a worker that is there has taken it up by then


class RecipeCountQuerySet(models.QuerySet["RecipeCount"]):
    def counted(self) -> "RecipeCountQuerySet":
        return self.exclude(counted_at=None)

    def wanted(self) -> "RecipeCountQuerySet":
        return self.exclude(wanted_at=None)

    def free(self) -> "RecipeCountQuerySet":
        """Nobody counts it, or who did has gone silent by the database's clock."""
        return self.wanted().filter(Q(claim=None) | Q(claimed_until__lt=Now()))


class RecipeCount(models.Model):
    """The figures of one document over one project; a new count takes the old one's place when it is through.

    `wanted_at` says that one is asked for or under way. A worker owns it while `claim` is its own and
    `claimed_until` lies ahead.
    """

    project = models.ForeignKey(
        Project, on_delete=models.CASCADE, related_name="recipe_counts", db_index=False
    )  # recipe_count_once begins with it
    digest = models.CharField(max_length=64, help_text="of the document")
    document = models.JSONField(help_text="see apps.datasets.recipes.document.RecipeDocument")
    figures = models.JSONField(null=True, help_text="see apps.datasets.figures.Figures")
    counted_at = models.DateTimeField(null=True)
    seconds = models.FloatField(default=0)
    wanted_at = models.DateTimeField(null=True)
    wanted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="+"
    )
    done = models.PositiveIntegerField(default=0, help_text="prompts of the count under way")
    total = models.PositiveIntegerField(default=0)
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.TextField(blank=True)

    objects = RecipeCountQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(
                fields=["wanted_at"], condition=Q(wanted_at__isnull=False), name="recipe_count_wanted"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["project", "digest"], name="recipe_count_once"),
            models.CheckConstraint(
                condition=Q(figures=None, counted_at=None)
                | Q(figures__isnull=False, counted_at__isnull=False),
                name="recipe_count_has_time",
            ),
            models.CheckConstraint(
                condition=Q(claim=None) | Q(wanted_at__isnull=False), name="recipe_count_claimed_is_wanted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.digest[:12]} in {self.project_id}"

    @property
    def is_under_way(self) -> bool:
        return self.wanted_at is not None

    @property
    def waits(self) -> bool:
        """Whether there is something to count and no worker has shown itself for a while."""
        until = self.claimed_until or (self.wanted_at and self.wanted_at + PATIENCE)
        return until is not None and until < timezone.now()

    @property
    def share(self) -> float:
        """How far the count under way has come."""
        return min(1.0, self.done / self.total) if self.total else 0.0
