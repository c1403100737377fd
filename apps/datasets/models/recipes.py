"""What a dataset is to be: versions of a document that never change once written."""

import uuid

from django.conf import settings
from django.db import models

from apps.projects.models import Project


class Recipe(models.Model):
    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="recipes")
    name = models.CharField(max_length=120)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "name"], name="recipe_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class RecipeVersion(models.Model):
    """Immutable: snapshots say which version they were made by."""

    recipe = models.ForeignKey(
        Recipe, on_delete=models.CASCADE, related_name="versions", db_index=False
    )  # recipe_version_once begins with it
    number = models.PositiveIntegerField()
    document = models.JSONField(help_text="see apps.datasets.recipes.document.RecipeDocument")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the document")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["recipe", "number"]
        constraints = [
            models.UniqueConstraint(fields=["recipe", "number"], name="recipe_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.recipe} {self.number}"
