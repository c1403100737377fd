"""Prompts that say nearly the same, and what it takes to find them."""

import uuid

from django.db import models
from django.db.models import Q

from apps.projects.models import Project


class PromptCluster(models.Model):
    """Prompts of a project that are near-duplicates of each other; splits never part them.

    A prompt without a cluster stands for itself. Clusters never grow together by themselves: what belongs to
    two of them is in one, and a `ClusterBridge` names the other, for whoever has to keep both in one split.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="prompt_clusters")
    created_at = models.DateTimeField(auto_now_add=True)
    settled_at = models.DateTimeField(
        null=True, help_text="when a curator decided about its prompts; a prompt that joins clears this"
    )

    decision = models.JSONField(default=dict, help_text="what was decided, and what it takes to take it back")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"cluster {self.pk}"


class PromptSketch(models.Model):
    """What tells which others a prompt may be like, without its text: see clustering.sketching."""

    prompt = models.OneToOneField(
        "prompts.Prompt", on_delete=models.CASCADE, primary_key=True, related_name="sketch"
    )
    version = models.PositiveSmallIntegerField()
    exact = models.BigIntegerField(help_text="hash of the text without case, spaces and punctuation")
    bands = models.BinaryField()
    marks = models.BinaryField(db_default=b"")
    compared = models.BooleanField(default=False, db_default=False)
    nearest = models.ForeignKey(
        "prompts.Prompt", null=True, on_delete=models.SET_NULL, related_name="+", help_text="of its cluster"
    )
    likeness = models.FloatField(null=True, help_text="Jaccard's, of the two; 1: the same but for its form")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(likeness=None) | Q(likeness__gte=0, likeness__lte=1), name="likeness_is_a_share"
            ),
        ]

    def __str__(self) -> str:
        return f"sketch of prompt {self.prompt_id}"


class ClusterBridge(models.Model):
    """A prompt that is as like to a prompt of another cluster as its own cluster's are to each other."""

    prompt = models.ForeignKey("prompts.Prompt", on_delete=models.CASCADE, related_name="bridges")
    cluster = models.ForeignKey(PromptCluster, on_delete=models.CASCADE, related_name="bridges")
    likeness = models.FloatField()
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["prompt", "cluster"], name="bridge_once"),
        ]

    def __str__(self) -> str:
        return f"prompt {self.prompt_id} to cluster {self.cluster_id}"
