"""Texts that nobody may train on, such as a benchmark's questions."""

import uuid

from django.db import models

from apps.projects.models import Project
from apps.prompts.models import Prompt


class HeldOutList(models.Model):
    """`texts` are what came in; `checked_to` is the last prompt that was compared with them."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="held_out_lists")
    name = models.CharField(max_length=120)
    texts = models.JSONField(default=list)
    words = models.PositiveSmallIntegerField(default=13, help_text="so many in a row are too much in common")
    checked_to = models.BigIntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="held_out_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class HeldOutMatch(models.Model):
    """A prompt that shares too many words in a row with a text of the list."""

    list = models.ForeignKey(HeldOutList, on_delete=models.CASCADE, related_name="matches", db_index=False)
    prompt = models.ForeignKey(Prompt, on_delete=models.CASCADE, related_name="held_out_matches")
    text = models.PositiveIntegerField(help_text="which text, counted from 0")
    shared = models.TextField(help_text="the words in common, as the prompt has them")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["list", "prompt"], name="held_out_match_once"),
        ]

    def __str__(self) -> str:
        return f"prompt {self.prompt_id} is like text {self.text}"
