"""Runs: which configurations answer which prompts, and where that stands."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone

from apps.generation.models.batches import Batch
from apps.generation.models.configs import ModelConfig
from apps.generation.models.statuses import OPEN, RunStatus
from apps.projects.models import Project
from apps.prompts.models import Prompt

PRIORITIES = (-100, 100)


class RunQuerySet(models.QuerySet["Run"]):
    def running(self) -> "RunQuerySet":
        return self.filter(status=RunStatus.RUNNING)

    def open(self) -> "RunQuerySet":
        """Running or paused: what is missing is still wanted."""
        return self.filter(status__in=OPEN)

    def preparing(self) -> "RunQuerySet":
        """Running, though not all of their responses are in batches yet."""
        return self.running().filter(prepared_through__isnull=False)

    def stepping(self) -> "RunQuerySet":
        """Being prepared, or being taken back after a cancellation; see apps.generation.steps."""
        return self.preparing() | self.filter(taking_back__isnull=False, stuck=False)

    def unclaimed(self) -> "RunQuerySet":
        """Nobody is at their next part, or who was has gone silent by the database's clock."""
        return self.filter(Q(claim=None) | Q(claimed_until__lt=Now()))

    def worked_off(self) -> "RunQuerySet":
        """Open, though nothing of them is left to do."""
        prepared = self.open().filter(prepared_through=None)
        return prepared.exclude(models.Exists(Batch.objects.filter(run=models.OuterRef("pk")).to_do()))


class Run(models.Model):
    """`samples` responses per prompt from each chosen configuration, done in batches."""

    project = models.ForeignKey(Project, on_delete=models.CASCADE, related_name="runs")
    number = models.PositiveIntegerField(help_text="counts the runs of the project, from 1")
    configs = models.ManyToManyField(ModelConfig, related_name="runs")
    # What was asked for outlives a cancellation, which takes the waiting responses away.
    prompts = models.ManyToManyField(Prompt, related_name="runs")
    samples = models.PositiveSmallIntegerField(default=1)
    asked = models.PositiveIntegerField(default=0, help_text="responses that it promised when it started")
    prepared = models.PositiveIntegerField(
        default=0, db_default=0, help_text="responses of these that were gone through; see preparing"
    )
    prepared_through = models.BigIntegerField(
        null=True, help_text="the prompt up to which its responses are in batches; null: all of them are"
    )
    retried_before = models.DateTimeField(
        null=True, help_text="what failed before is put into batches again while it is being prepared"
    )
    cut_anew = models.BooleanField(
        default=False, db_default=False, help_text="so are, while it is being prepared, batches not yet begun"
    )
    taking_back = models.PositiveIntegerField(
        null=True, help_text="waiting responses that its cancellation takes back; null: none are left"
    )
    taken_back = models.PositiveIntegerField(default=0, db_default=0, help_text="how many of these are gone")
    stuck = models.BooleanField(
        default=False, db_default=False, help_text="taking them back has failed; somebody has to look"
    )
    # Whose its next part is, while it is being prepared or taken back; see apps.generation.steps.
    claim = models.UUIDField(null=True)
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="claims since the last part went in"
    )
    seed = models.BigIntegerField()
    choice = models.JSONField(
        default=dict, help_text="how its prompts were chosen; see apps.generation.choosing"
    )
    priority = models.SmallIntegerField(default=0, help_text="the run with the higher one is worked at first")
    status = models.CharField(max_length=10, choices=RunStatus, default=RunStatus.RUNNING)
    paused_at = models.DateTimeField(null=True)
    paused_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    pause_code = models.CharField(
        max_length=40, blank=True, help_text="the fault over which it paused by itself; empty: a person did"
    )
    pause_reason = models.TextField(blank=True)
    fault_streaks = models.JSONField(
        default=dict, help_text="faults of a provider in a row, by configuration; see apps.generation.pausing"
    )
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(default=timezone.now, help_text="or resumed; rates count from here")
    ended_at = models.DateTimeField(null=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["project", "number"], name="run_number_once"),
            models.CheckConstraint(condition=Q(samples__range=(1, 64)), name="run_samples_1_to_64"),
            models.CheckConstraint(condition=Q(status__in=RunStatus.values), name="run_status_known"),
            models.CheckConstraint(
                condition=Q(status__in=OPEN, ended_at=None)
                | (~Q(status__in=OPEN) & Q(ended_at__isnull=False)),
                name="run_open_has_no_end",
            ),
            models.CheckConstraint(
                condition=Q(status=RunStatus.PAUSED, paused_at__isnull=False) & ~Q(pause_reason="")
                | ~Q(status=RunStatus.PAUSED)
                & Q(paused_at=None, paused_by=None, pause_code="", pause_reason=""),
                name="run_paused_has_reason",
            ),
            models.CheckConstraint(condition=Q(priority__range=PRIORITIES), name="run_priority_100"),
            models.CheckConstraint(
                condition=Q(prepared_through=None, retried_before=None, cut_anew=False)
                | Q(prepared_through__isnull=False, status__in=OPEN),
                name="run_prepared_while_open",
            ),
            models.CheckConstraint(
                condition=Q(taking_back=None, taken_back=0, stuck=False)
                | Q(taking_back__isnull=False, status=RunStatus.CANCELLED),
                name="run_taken_back_once_cancelled",
            ),
        ]

    def __str__(self) -> str:
        return f"run {self.number}"

    @property
    def is_preparing(self) -> bool:
        return self.prepared_through is not None

    @property
    def is_withdrawing(self) -> bool:
        return self.taking_back is not None
