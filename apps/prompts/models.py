import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q

from apps.projects.models import Project


class PromptStatus(models.TextChoices):
    DRAFT = "draft", "draft"
    APPROVED = "approved", "approved"
    RETIRED = "retired", "retired"


class PromptQuerySet(models.QuerySet["Prompt"]):
    def approved(self) -> "PromptQuerySet":
        return self.filter(status=PromptStatus.APPROVED)


class Prompt(models.Model):
    """A conversation that wants an answer: chat messages that end on a user (or tool) turn.

    The messages never change; an edit will make a successor. `digest` is the SHA-256 of the messages in
    canonical JSON, so that importing the same conversation again adds nothing.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="prompts")
    messages = models.JSONField(help_text='[{"role": …, "content": …}, …]')
    metadata = models.JSONField(default=dict)
    digest = models.BinaryField(max_length=32)
    status = models.CharField(max_length=10, choices=PromptStatus, default=PromptStatus.APPROVED)
    source = models.ForeignKey("PromptImport", null=True, on_delete=models.SET_NULL, related_name="prompts")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = PromptQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "digest"], name="prompt_once_per_project"),
            models.CheckConstraint(condition=Q(status__in=PromptStatus.values), name="prompt_status_known"),
        ]

    def __str__(self) -> str:
        return self.last_message[:80]

    @property
    def last_message(self) -> str:
        return str(self.messages[-1]["content"])

    @property
    def system(self) -> str | None:
        """The system turn, where there is one."""
        first = self.messages[0]
        return str(first["content"]) if first["role"] == "system" else None

    @property
    def earlier(self) -> list[dict[str, str]]:
        """The turns before the last message."""
        return list(self.messages[:-1])


class PromptImport(models.Model):
    """One file that brought prompts: how many lines went in, and why the others did not."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="prompt_imports")
    file_name = models.CharField(max_length=255)
    added = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0, help_text="lines whose conversation was there already")
    rejected = models.PositiveIntegerField(default=0)
    rejections = models.JSONField(default=list, help_text='[{"line": 3, "reason": …, "excerpt": …}, …]')
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name
