from django.db import models
from django.db.models import Q

from apps.prompts.models import Prompt


class Split(models.TextChoices):
    TRAIN = "train", "train"
    VALIDATION = "validation", "validation"
    TEST = "test", "test"


class FrozenSplit(models.Model):
    """Where a prompt was when it first left in a snapshot; it stays there. See apps.datasets.deciding.splitting."""

    prompt = models.OneToOneField(
        Prompt, primary_key=True, on_delete=models.CASCADE, related_name="frozen_split"
    )
    split = models.CharField(max_length=10, choices=Split)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(split__in=Split.values), name="frozen_split_known"),
        ]

    def __str__(self) -> str:
        return f"prompt {self.prompt_id} in {self.split}"
