from django.db import models
from django.db.models import Q

from apps.prompts.models import Prompt, PromptCluster


class Split(models.TextChoices):
    TRAIN = "train", "train"
    VALIDATION = "validation", "validation"
    TEST = "test", "test"


class FrozenSplit(models.Model):
    """Where a prompt was when it first left in a snapshot; it stays there. See deciding.splitting.

    `cluster` is the one that it left with. Where prompts had left before they were found to be alike, that
    tells which of them the others go with.
    """

    prompt = models.OneToOneField(
        Prompt, primary_key=True, on_delete=models.CASCADE, related_name="frozen_split"
    )
    split = models.CharField(max_length=10, choices=Split)
    cluster = models.ForeignKey(
        PromptCluster, null=True, on_delete=models.SET_NULL, related_name="+", db_index=False
    )  # most prompts have none
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [
            models.Index(fields=["cluster"], condition=Q(cluster__isnull=False), name="frozen_with_cluster"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(split__in=Split.values), name="frozen_split_known"),
        ]

    def __str__(self) -> str:
        return f"prompt {self.prompt_id} in {self.split}"
