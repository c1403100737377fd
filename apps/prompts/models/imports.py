"""Files that brought prompts."""

from typing import NamedTuple

from django.conf import settings
from django.db import models

from apps.projects.models import Project


class Subject(NamedTuple):
    noun: str
    added: int
    known: int


class PromptImport(models.Model):
    """One file that brought prompts: how many lines went in, and why the others did not.

    It is saved with each part that goes in, so what it says of an import that was cut off is true.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="prompt_imports")
    file_name = models.CharField(max_length=255)
    added = models.PositiveIntegerField(default=0)
    known = models.PositiveIntegerField(default=0, help_text="lines whose conversation was there already")
    repeated = models.PositiveIntegerField(
        default=0, help_text="lines whose conversation an earlier line of the file had brought"
    )
    metadata_fields = models.JSONField(
        default=dict, help_text="how many usable lines put something under each name into the metadata"
    )
    rejected = models.PositiveIntegerField(default=0)
    reasons = models.JSONField(
        default=dict, help_text='exact counts: {"not_json": {"lines": 15, "first": {…}}, …}'
    )
    rejections = models.JSONField(
        default=list,
        help_text='the first 1,000: [{"line": 3, "last": 3, "code": …, "detail": …, "excerpt": …}]',
    )
    responses_added = models.PositiveIntegerField(null=True, help_text="None: a file of prompts alone")
    responses_known = models.PositiveIntegerField(null=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, help_text="None: under way, or cut off")

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def subject(self) -> Subject:
        """What the file was about: responses where it brought any kind of them, else prompts."""
        if self.responses_added is None:
            return Subject("prompt", self.added, self.known)
        return Subject("response", self.responses_added, self.responses_known or 0)
