"""What the curator's desk reads and keeps beside the prompts themselves."""

import uuid

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import Q

from apps.projects.models import Project


class PromptCoverage(models.Model):
    """How many answers by people a prompt's items want, and how many count. The rating room writes this.

    A prompt without a row has no items. Apart from the prompts, so that counting rewrites no long texts.
    """

    prompt = models.OneToOneField(
        "prompts.Prompt", on_delete=models.CASCADE, primary_key=True, related_name="coverage"
    )
    asked = models.PositiveIntegerField()
    answered = models.PositiveIntegerField()

    def __str__(self) -> str:
        return f"{self.answered} of {self.asked}"


class PromptSearch(models.Model):
    """The words of a prompt's turns, for the search. Written a moment after the prompt is in."""

    prompt = models.OneToOneField(
        "prompts.Prompt", on_delete=models.CASCADE, primary_key=True, related_name="search"
    )
    words = SearchVectorField()

    class Meta:
        indexes = [GinIndex(fields=["words"], name="prompt_search_words")]

    def __str__(self) -> str:
        return f"words of prompt {self.prompt_id}"


class PromptsVersion(models.Model):
    """Counts the changes to a project's prompts, for what is remembered of them: see remembering."""

    project = models.OneToOneField(Project, on_delete=models.CASCADE, primary_key=True, related_name="+")
    number = models.BigIntegerField()

    def __str__(self) -> str:
        return f"version {self.number}"


class PromptChange(models.Model):
    """What a curator did to many prompts at once, with what it takes to take it back."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="prompt_changes")
    action = models.CharField(max_length=10)
    tag = models.CharField(max_length=60, blank=True)
    before = models.JSONField(help_text="ids of what changed, by what it was: a status, or empty for tags")
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    undone_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.action} {self.pk}"


class TargetField(models.TextChoices):
    CATEGORY = "category", "category"
    LANGUAGE = "language", "language"
    METADATA = "metadata", "metadata"


class CoverageTarget(models.Model):
    """How many answered prompts of a group a project wants: of a category, a language or a metadata value."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="coverage_targets")
    field = models.CharField(max_length=10, choices=TargetField)
    key = models.CharField(max_length=100, blank=True, help_text="of the metadata; else empty")
    value = models.CharField(max_length=200, help_text="as the prompts have it; a language as ISO 639-1")
    prompts = models.PositiveIntegerField(help_text="wanted, with all their answers")

    class Meta:
        ordering = ["field", "key", "value"]
        constraints = [
            models.UniqueConstraint(fields=["project", "field", "key", "value"], name="coverage_target_once"),
            models.CheckConstraint(condition=Q(field__in=TargetField.values), name="target_field_known"),
            models.CheckConstraint(
                condition=Q(field="metadata") ^ Q(key=""), name="target_key_of_metadata_alone"
            ),
            models.CheckConstraint(condition=Q(prompts__gte=1), name="coverage_target_wants_some"),
        ]

    def __str__(self) -> str:
        return f"{self.value}: {self.prompts}"
