"""Texts that nobody may train on, such as a benchmark's questions."""

import uuid

from django.db import models

from apps.projects.models import Project
from apps.prompts.models import Prompt


class HeldOutList(models.Model):
    """`texts` never change; `checked_to` is the last prompt that was compared with them.

    A recipe may ask for more than `words` in a row, not for fewer.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="held_out_lists")
    name = models.CharField(max_length=120)
    texts = models.JSONField(default=list)
    words = models.PositiveSmallIntegerField(default=13, help_text="so many in a row are looked for")
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
    """A prompt with words in a row in common with a text of the list: the most that were found."""

    list = models.ForeignKey(HeldOutList, on_delete=models.CASCADE, related_name="matches", db_index=False)
    prompt = models.ForeignKey(Prompt, on_delete=models.CASCADE, related_name="held_out_matches")
    text = models.PositiveIntegerField(help_text="which text, counted from 0")
    run = models.PositiveIntegerField(default=0, help_text="so many words in a row")
    is_whole = models.BooleanField(default=False, help_text="they are all of the text, however few")
    shared = models.TextField(help_text="the words in common, as the prompt has them")

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["list", "prompt"], name="held_out_match_once"),
        ]

    def __str__(self) -> str:
        return f"prompt {self.prompt_id} is like text {self.text}"
