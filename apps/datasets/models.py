from django.db import models
from django.db.models import Q

from apps.prompts.models import Prompt


class Split(models.TextChoices):
    TRAIN = "train", "train"
    TEST = "test", "test"


class PinnedSplit(models.Model):
    """A prompt that left in another split than its hash says, and stays there; see apps.datasets.splits."""

    prompt = models.OneToOneField(Prompt, on_delete=models.CASCADE, related_name="pinned_split")
    split = models.CharField(max_length=10, choices=Split)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(split__in=Split.values), name="pinned_split_known"),
        ]

    def __str__(self) -> str:
        return f"prompt {self.prompt_id} in {self.split}"
