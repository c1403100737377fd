"""Prompts that say nearly the same."""

import uuid

from django.db import models

from apps.projects.models import Project


class PromptCluster(models.Model):
    """Prompts of a project that are near-duplicates of each other; splits never part them.

    A prompt without a cluster stands for itself.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="prompt_clusters")
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"cluster {self.pk}"
