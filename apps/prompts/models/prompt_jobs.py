"""Long work over all prompts of a project: telling their languages, finding those that are alike."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from apps.projects.models import Project


class JobKind(models.TextChoices):
    DUPLICATES = "duplicates", "looking for near-duplicates"
    LANGUAGES = "languages", "telling languages"


class JobStatus(models.TextChoices):
    RUNNING = "running", "running"
    FINISHED = "finished", "finished"
    CANCELLED = "cancelled", "cancelled"
    FAILED = "failed", "failed"


MOST_ATTEMPTS = 5


class PromptJobQuerySet(models.QuerySet["PromptJob"]):
    def running(self) -> "PromptJobQuerySet":
        return self.filter(status=JobStatus.RUNNING)

    def free(self) -> "PromptJobQuerySet":
        """Nobody has it, or who had it has gone silent by the database's clock."""
        return self.running().filter(Q(claim=None) | Q(claimed_until__lt=Now()))


class PromptJob(models.Model):
    """One such work. A worker owns it while `claim` is its own and `claimed_until` lies ahead.

    What was done is in the rows it was done to, so whoever takes over looks for what is left. `again` asks
    for another round, because prompts came in after it had begun.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="prompt_jobs")
    kind = models.CharField(max_length=12, choices=JobKind)
    status = models.CharField(max_length=10, choices=JobStatus, default=JobStatus.RUNNING)
    again = models.BooleanField(default=False)
    step = models.CharField(max_length=60, blank=True, help_text="what is being done, for people")
    done = models.PositiveIntegerField(default=0, help_text="prompts, in this step")
    total = models.PositiveIntegerField(default=0)
    step_began_at = models.DateTimeField(null=True)
    result = models.JSONField(default=dict, help_text="what came of it, in numbers")
    error = models.TextField(blank=True)
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)

    objects = PromptJobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=JobKind.values), name="prompt_job_kind_known"),
            models.CheckConstraint(condition=Q(status__in=JobStatus.values), name="prompt_job_status_known"),
            models.UniqueConstraint(
                fields=["project", "kind"], condition=Q(status="running"), name="prompt_job_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(status="running", finished_at=None)
                | ~Q(status="running") & Q(finished_at__isnull=False, claim=None),
                name="prompt_job_ended_has_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} in {self.project_id}"
