"""What raters are asked and told: the versions of a rubric and of its guideline."""

from functools import lru_cache

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone

from apps.projects.models.projects import Project
from apps.projects.rubrics import RubricDocument


class RubricQuerySet(models.QuerySet["Rubric"]):
    def published(self) -> "RubricQuerySet":
        return self.exclude(published_at=None)

    def drafts(self) -> "RubricQuerySet":
        return self.filter(published_at=None)


class Rubric(models.Model):
    """A version of the questions; see `apps.projects.rubrics`.

    Without `published_at` it is the draft that is being edited. A published version never changes: a
    trigger of the database refuses it.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="rubrics")
    version = models.PositiveIntegerField()
    document = models.JSONField()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(
        default=timezone.now, help_text="or, of a draft, when it was last saved"
    )
    published_at = models.DateTimeField(null=True, default=timezone.now)

    objects = RubricQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["project", "version"], name="rubric_version_once"),
            models.UniqueConstraint(
                fields=["project"], condition=Q(published_at=None), name="rubric_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"version {self.version}"

    @property
    def questions(self) -> RubricDocument:
        return RubricDocument.model_validate(self.document)

    @property
    def digest(self) -> str:
        """Names what the document says, so that a change of it shows."""
        return self.questions.digest


@lru_cache(maxsize=256)
def get_rubric(rubric_id: int) -> RubricDocument:
    """The questions of a published version; read once per process, since it never changes."""
    return Rubric.objects.published().get(pk=rubric_id).questions


@lru_cache(maxsize=256)
def get_rubric_version(rubric_id: int) -> int:
    return Rubric.objects.values_list("version", flat=True).get(pk=rubric_id)


class Guideline(models.Model):
    """A version of what raters are asked to do, in Markdown. An edit makes the next version."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="guidelines")
    version = models.PositiveIntegerField()
    text = models.TextField(max_length=50_000)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["project", "version"], name="guideline_version_once")]

    def __str__(self) -> str:
        return f"version {self.version}"
