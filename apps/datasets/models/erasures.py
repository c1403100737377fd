"""What was erased: the one thing that is remembered of it, so that earlier snapshots can say so."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.projects.models import Project


class ErasureQuerySet(models.QuerySet["Erasure"]):
    def of_raters(self) -> "ErasureQuerySet":
        return self.filter(rater__isnull=False)

    def of_prompts(self) -> "ErasureQuerySet":
        return self.filter(prompt__isnull=False)


class Erasure(models.Model):
    """A prompt, by the number that it had, or a rater, by the uid of the person."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="erasures", db_index=False)
    prompt = models.BigIntegerField(null=True, help_text="not a foreign key: the row is gone")
    rater = models.UUIDField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(prompt=None, rater__isnull=False) | Q(prompt__isnull=False, rater=None),
                name="erasure_of_one_thing",
            ),
            models.UniqueConstraint(
                fields=["project", "prompt", "rater"], nulls_distinct=False, name="erasure_once"
            ),
        ]

    def __str__(self) -> str:
        return f"erasure of {self.prompt or self.rater}"
