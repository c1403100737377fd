"""Prompts and responses as HTML, made once when items are built, for the pages of all who judge them."""

from django.db import models

from apps.generation.models import Response
from apps.prompts.models import Prompt


class RenderedResponse(models.Model):
    """`version` is that of `apps.core.rendering`; another one's HTML is not shown any more."""

    response = models.OneToOneField(
        Response, primary_key=True, on_delete=models.CASCADE, related_name="rendered"
    )
    html = models.TextField()
    version = models.PositiveSmallIntegerField(db_index=True)

    def __str__(self) -> str:
        return f"response {self.response_id} as HTML"


class RenderedPrompt(models.Model):
    """Each turn's HTML, in order."""

    prompt = models.OneToOneField(Prompt, primary_key=True, on_delete=models.CASCADE, related_name="rendered")
    turns = models.JSONField()
    version = models.PositiveSmallIntegerField()

    def __str__(self) -> str:
        return f"prompt {self.prompt_id} as HTML"
