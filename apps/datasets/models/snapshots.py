"""Datasets that were made: immutable files, and how far one has come that is being made."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now

from apps.datasets.models.recipes import Recipe, RecipeVersion
from apps.projects.models import Project


class SnapshotStatus(models.TextChoices):
    RUNNING = "running", "running"
    FINISHED = "finished", "finished"
    CANCELLED = "cancelled", "cancelled"
    FAILED = "failed", "failed"


MOST_ATTEMPTS = 5


class SnapshotQuerySet(models.QuerySet["Snapshot"]):
    def running(self) -> "SnapshotQuerySet":
        return self.filter(status=SnapshotStatus.RUNNING)

    def finished(self) -> "SnapshotQuerySet":
        return self.filter(status=SnapshotStatus.FINISHED)

    def ended(self) -> "SnapshotQuerySet":
        return self.exclude(status=SnapshotStatus.RUNNING)

    def free(self) -> "SnapshotQuerySet":
        """Nobody makes it, or who made it has gone silent by the database's clock."""
        return self.running().filter(Q(claim=None) | Q(claimed_until__lt=Now()))

    def claimable(self) -> "SnapshotQuerySet":
        """Free, and no other one of its project is begun: the next one reads the splits that it freezes."""
        begun = Snapshot.objects.running().filter(project=OuterRef("project"), claim__isnull=False)
        others = begun.exclude(pk=OuterRef("pk"))
        return self.free().filter(~Exists(others), attempts__lt=MOST_ATTEMPTS).order_by("id")

    def hopeless(self) -> "SnapshotQuerySet":
        return self.free().filter(attempts__gte=MOST_ATTEMPTS)

    def held(self, claim: uuid.UUID | None) -> "SnapshotQuerySet":
        """Those that this claim still owns."""
        return self.running().filter(claim=claim, claim__isnull=False)

    def unsettled(self) -> "SnapshotQuerySet":
        """Finished, with items whose answers may still be revised."""
        return self.finished().filter(is_settled=False)


class Snapshot(models.Model):
    """The rows of one recipe version at one moment, as a folder of files in the storage.

    A worker owns it while `claim` is its own and `claimed_until` lies ahead. Only a finished one has files;
    they and everything about them never change afterwards, but for `erased` and `is_settled`.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="snapshots")
    recipe = models.ForeignKey(
        Recipe, on_delete=models.PROTECT, related_name="snapshots", db_index=False
    )  # snapshot_number_once begins with it
    version = models.ForeignKey(RecipeVersion, on_delete=models.PROTECT, related_name="snapshots")
    number = models.PositiveIntegerField(help_text="counts the recipe's snapshots, from 1")
    status = models.CharField(max_length=10, choices=SnapshotStatus, default=SnapshotStatus.RUNNING)
    step = models.CharField(max_length=40, blank=True)
    done = models.BigIntegerField(default=0, help_text="prompts of this step")
    total = models.BigIntegerField(default=0)
    step_began_at = models.DateTimeField(null=True)
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    read_at = models.DateTimeField(null=True, help_text="the moment whose answers are in it")
    manifest = models.JSONField(default=dict, help_text="as it lies among the files")
    files = models.JSONField(default=list, help_text="of each file its path, bytes, rows, sha256 and crc32")
    stored = models.CharField(max_length=200, blank=True, help_text="its folder in the storage")
    size = models.BigIntegerField(default=0, help_text="bytes of all files")
    pairs = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0, help_text="in all its formats")
    digest = models.CharField(max_length=64, blank=True, help_text="SHA-256 of the whole; see the manifest")
    erased = models.PositiveIntegerField(default=0, help_text="rows whose prompt or rater was erased since")
    is_settled = models.BooleanField(default=False, help_text="the answers in it are not revised any more")
    error_code = models.CharField(max_length=40, blank=True)
    error = models.TextField(blank=True, help_text="what happened, what was kept, what to do")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, help_text="or cancelled, or failed")

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["status"], condition=Q(status="running"), name="snapshot_running"),
            models.Index(
                fields=["id"], condition=Q(status="finished", is_settled=False), name="snapshot_unsettled"
            ),
        ]
        constraints = [
            models.UniqueConstraint(fields=["recipe", "number"], name="snapshot_number_once"),
            models.UniqueConstraint(
                fields=["recipe"], condition=Q(status="running"), name="snapshot_one_running_per_recipe"
            ),
            models.UniqueConstraint(
                fields=["project"], condition=Q(claim__isnull=False), name="snapshot_one_at_work_per_project"
            ),
            models.CheckConstraint(
                condition=Q(status__in=SnapshotStatus.values), name="snapshot_status_known"
            ),
            models.CheckConstraint(
                condition=Q(status="running", finished_at=None)
                | ~Q(status="running") & Q(finished_at__isnull=False, claim=None),
                name="snapshot_ended_has_time",
            ),
            models.CheckConstraint(
                condition=Q(status="finished") & ~Q(stored="") & ~Q(digest="")
                | ~Q(status="finished") & Q(digest=""),
                name="snapshot_finished_has_file",
            ),
            models.CheckConstraint(
                condition=Q(status="failed") & ~Q(error="") & ~Q(error_code="")
                | ~Q(status="failed") & Q(error="", error_code=""),
                name="snapshot_failed_has_error",
            ),
        ]

    def __str__(self) -> str:
        return f"v{self.number} of {self.recipe}"

    @property
    def has_ended(self) -> bool:
        return self.status != SnapshotStatus.RUNNING

    @property
    def is_finished(self) -> bool:
        return self.status == SnapshotStatus.FINISHED
