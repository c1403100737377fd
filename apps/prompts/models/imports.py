"""Files that brought prompts: what they are, how far they came, and which of their lines were left out."""

import uuid
from typing import Any, NamedTuple

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from apps.projects.models import Project


class Subject(NamedTuple):
    noun: str
    added: int
    known: int

    @property
    def nouns(self) -> str:
        """As it stands under a number, where there is little room."""
        noun = self.noun.removeprefix("imported ")
        return noun if self.added == 1 else f"{noun}s"


class ImportStatus(models.TextChoices):
    UPLOADED = "uploaded", "uploaded"
    RUNNING = "running", "running"
    FINISHED = "finished", "finished"
    CANCELLED = "cancelled", "cancelled"
    FAILED = "failed", "failed"


ENDED = (ImportStatus.FINISHED, ImportStatus.CANCELLED, ImportStatus.FAILED)
MOST_ATTEMPTS = 5  # an import that took its worker down so often, on the same part, will do it again


class PromptImportQuerySet(models.QuerySet["PromptImport"]):
    def running(self) -> "PromptImportQuerySet":
        return self.filter(status=ImportStatus.RUNNING)

    def free(self) -> "PromptImportQuerySet":
        """Nobody has it, or who had it has gone silent by the database's clock."""
        return self.running().filter(Q(claim=None) | Q(claimed_until__lt=Now()))

    def claimable(self) -> "PromptImportQuerySet":
        """The one that was worked on least lately first, so that a small file need not wait for a big one."""
        return self.free().filter(attempts__lt=MOST_ATTEMPTS).order_by("worked_at", "id")

    def unread(self) -> "PromptImportQuerySet":
        """Uploaded, and nobody has looked at the first rows yet."""
        return self.filter(status=ImportStatus.UPLOADED, sample__isnull=True)

    def hopeless(self) -> "PromptImportQuerySet":
        return self.free().filter(attempts__gte=MOST_ATTEMPTS)

    def held(self, claim: uuid.UUID | None) -> "PromptImportQuerySet":
        """Those that this claim still owns."""
        return self.running().filter(claim=claim, claim__isnull=False)


class PromptImport(models.Model):
    """One file that brought prompts: how many lines went in, and why the others did not.

    `position` and the counts are written in the transaction of each part, so what it says is true at every
    moment, and a worker that takes over goes on behind the last part that was committed. A worker owns it
    while `claim` is its own and `claimed_until` lies ahead.
    """

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="prompt_imports")
    file_name = models.CharField(max_length=255)
    status = models.CharField(max_length=10, choices=ImportStatus, default=ImportStatus.UPLOADED)
    stored = models.CharField(
        max_length=200, blank=True, help_text="its place in the storage; empty once it is not needed any more"
    )
    size = models.BigIntegerField(default=0, help_text="bytes of the stored file")
    options = models.JSONField(default=dict, help_text="see apps.prompts.imports.options.ImportOptions")
    sample = models.JSONField(
        null=True,
        help_text="its first rows, while the columns are being chosen; see apps.prompts.imports.sampling",
    )
    looks = models.PositiveSmallIntegerField(
        default=0, help_text="how often somebody set out to read the sample"
    )
    position = models.JSONField(
        default=list, help_text="offset, line, skip: see apps.prompts.parsing.Position"
    )
    records = models.BigIntegerField(default=0, help_text="lines that are done, however they ended")
    consumed = models.BigIntegerField(default=0, help_text="bytes of the stored file, or rows of a table")
    total = models.BigIntegerField(default=0, help_text="of the same; 0: not known")
    in_rows = models.BooleanField(default=False, help_text="whether those two count rows")
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    worked_at = models.DateTimeField(default=timezone.now, help_text="when a worker last took it")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="claims since the last part went in")
    paced_at = models.DateTimeField(null=True, help_text="where the rate counts from; None: not begun")
    paced_records = models.BigIntegerField(default=0)
    paced_consumed = models.BigIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    held = models.PositiveIntegerField(default=0, help_text="of those added: held over personal data")
    masked = models.PositiveIntegerField(default=0, help_text="of those added: with masked personal data")
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
    responses_added = models.PositiveIntegerField(null=True, help_text="None: a file of prompts alone")
    responses_known = models.PositiveIntegerField(null=True)
    annotations_added = models.PositiveIntegerField(null=True, help_text="None: a file without judgements")
    annotations_known = models.PositiveIntegerField(null=True)
    unfit = models.PositiveIntegerField(
        default=0, db_default=0, help_text="judgements that the project's rubric has no answer for"
    )
    error_code = models.CharField(max_length=40, blank=True)
    error = models.TextField(blank=True, help_text="what happened, what was kept, what to do")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True, help_text="or cancelled, or failed")

    objects = PromptImportQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(
                fields=["status", "worked_at"],
                condition=Q(status__in=["uploaded", "running"]),
                name="import_open",
            ),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(status__in=ImportStatus.values), name="import_status_known"),
            models.CheckConstraint(
                condition=Q(status__in=ENDED, finished_at__isnull=False)
                | ~Q(status__in=ENDED) & Q(finished_at=None),
                name="import_ended_has_time",
            ),
            models.CheckConstraint(
                condition=Q(claim=None, claimed_until=None)
                | Q(claim__isnull=False, claimed_until__isnull=False, status=ImportStatus.RUNNING),
                name="import_claim_whole",
            ),
            models.CheckConstraint(
                condition=Q(status=ImportStatus.FAILED) & ~Q(error="") & ~Q(error_code="")
                | ~Q(status=ImportStatus.FAILED) & Q(error="", error_code=""),
                name="import_failed_has_error",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def subject(self) -> Subject:
        """What the file was about: the annotations that it brought, else the responses, else prompts."""
        if self.annotations_added or self.annotations_known:
            return Subject("imported annotation", self.annotations_added or 0, self.annotations_known or 0)
        if self.responses_added is None:
            return Subject("prompt", self.added, self.known)
        return Subject("response", self.responses_added, self.responses_known or 0)

    @property
    def has_ended(self) -> bool:
        return self.status in ENDED

    @property
    def can_resume(self) -> bool:
        """Cut short, and what it read from is still there."""
        cut = self.status in {ImportStatus.CANCELLED, ImportStatus.FAILED}
        return cut and bool(self.stored or self.options.get("dataset"))

    @property
    def first_rejections(self) -> list[dict[str, Any]]:
        """The first 1,000, as the API tells them."""
        return [dict(row) for row in self.left_out.values(*LeftOutLine.TOLD)[:1000]]


class LeftOutLine(models.Model):
    """A line, or a record of several, that an import could not use."""

    TOLD = ("line", "last", "code", "detail", "excerpt")

    source = models.ForeignKey(
        PromptImport, on_delete=models.CASCADE, related_name="left_out", db_index=False
    )
    line = models.BigIntegerField()
    last = models.BigIntegerField()
    code = models.CharField(max_length=40)
    detail = models.TextField(blank=True)
    excerpt = models.TextField(blank=True)

    class Meta:
        ordering = ["source", "line", "id"]
        indexes = [models.Index(fields=["source", "line"], name="left_out_in_order")]

    def __str__(self) -> str:
        return f"line {self.line}: {self.code}"
