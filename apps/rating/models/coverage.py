"""How far the counting of answers and the raising of thin groups have come."""

from django.db import models
from django.db.models import Q

from apps.projects.models import Project


class CountedUntil(models.Model):
    """One row: the newest annotation that was looked at, and how often since with nothing newer there."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    annotation = models.BigIntegerField(default=0)
    quiet = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="counted_until_is_one_row")]

    def __str__(self) -> str:
        return f"annotation {self.annotation}"


class ThinGroups(models.Model):
    """What a project's items were last raised by, so that nothing is done while that is so."""

    project = models.OneToOneField(
        Project, on_delete=models.CASCADE, primary_key=True, related_name="thin_groups"
    )
    known = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"thin groups of project {self.project_id}"
