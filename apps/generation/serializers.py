"""Runs as JSON."""

from typing import Any

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from apps.generation.models import (
    PRIORITIES,
    Run,
    RunStatus,
)
from apps.generation.providers.errors import REASONS
from apps.generation.services.runs import MOST_SAMPLES, SEEDS
from apps.generation.services.steering import LONGEST_REASON
from apps.prompts.api_filter import PromptFilterSerializer


class NewRunSerializer(PromptFilterSerializer):
    """Which prompts, as lists of prompts are filtered, who answers them, and how often."""

    configs = serializers.ListField(child=serializers.IntegerField(), allow_empty=False, max_length=100)
    samples = serializers.IntegerField(min_value=1, max_value=MOST_SAMPLES, default=1)
    seed = serializers.IntegerField(min_value=0, max_value=SEEDS - 1, allow_null=True, default=None)
    priority = serializers.IntegerField(
        min_value=PRIORITIES[0], max_value=PRIORITIES[1], default=0, help_text="higher is worked at first"
    )
    only_unanswered = serializers.BooleanField(default=False, help_text="leave out prompts with any response")


class ShareSerializer(serializers.Serializer[Any]):
    config = serializers.IntegerField(source="config.pk")
    name = serializers.CharField(source="config.name")
    responses = serializers.IntegerField()
    tokens_in = serializers.IntegerField(allow_null=True)
    tokens_out = serializers.IntegerField(allow_null=True)
    most_tokens = serializers.IntegerField(help_text="that it may write")
    seconds = serializers.FloatField(allow_null=True, help_text="of work, by one worker")
    answered = serializers.IntegerField(
        source="pace.answered", help_text="earlier responses that this rests on; of 0, nothing is known"
    )


class ForecastSerializer(serializers.Serializer[Any]):
    """What a run would be. What earlier runs do not tell is null."""

    prompts = serializers.IntegerField()
    responses = serializers.IntegerField()
    tokens_out = serializers.IntegerField(allow_null=True)
    most_tokens = serializers.IntegerField()
    seconds = serializers.FloatField(
        allow_null=True, help_text="one configuration after the other; side by side it takes less"
    )
    configs = ShareSerializer(source="shares", many=True)


class PauseSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(max_length=LONGEST_REASON, default="", allow_blank=True)


class ResumeSerializer(serializers.Serializer[Any]):
    retry = serializers.BooleanField(default=False, help_text="let what failed be tried again, too")


class PrioritySerializer(serializers.Serializer[Any]):
    priority = serializers.IntegerField(min_value=PRIORITIES[0], max_value=PRIORITIES[1])


class PausedSerializer(serializers.Serializer[Any]):
    """Why a run rests."""

    at = serializers.DateTimeField(source="paused_at")
    by = serializers.CharField(
        source="paused_by.name", default=None, allow_null=True, help_text="null: the run itself"
    )
    code = serializers.CharField(source="pause_code", help_text="of the fault; empty: a person paused it")
    reason = serializers.CharField(source="pause_reason")
    advice = serializers.SerializerMethodField()

    def get_advice(self, run: Run) -> str:
        reason = REASONS.get(run.pause_code)
        return reason.advice if reason else ""


class WaitSerializer(serializers.Serializer[Any]):
    """A configuration whose server asked for patience; nothing is sent to it until then."""

    config = serializers.IntegerField(source="config.pk")
    name = serializers.CharField(source="config.name")
    until = serializers.DateTimeField(source="config.waits_until")


class RunSerializer(serializers.Serializer[Any]):
    """A run and its progress."""

    id = serializers.IntegerField(source="run.pk")
    number = serializers.IntegerField(source="run.number", help_text="in its project, as pages call it")
    status = serializers.ChoiceField(source="run.status", choices=RunStatus.choices)
    priority = serializers.IntegerField(source="run.priority")
    choice = serializers.JSONField(source="run.choice", help_text="how its prompts were chosen")
    paused = serializers.SerializerMethodField(help_text="null unless it rests")
    configs = serializers.ListField(source="config_ids", child=serializers.IntegerField())
    samples = serializers.IntegerField(source="run.samples")
    seed = serializers.IntegerField(source="run.seed")
    created_at = serializers.DateTimeField(source="run.created_at")
    ended_at = serializers.DateTimeField(source="run.ended_at", allow_null=True)
    total = serializers.IntegerField(source="progress.total", help_text="responses asked for")
    done = serializers.IntegerField(source="progress.done")
    failed = serializers.IntegerField(source="progress.failed")
    waiting = serializers.IntegerField(source="progress.waiting")
    prepared = serializers.IntegerField(
        allow_null=True, help_text="responses of a large run that a model can begin; null: all of them"
    )
    taking_back = serializers.IntegerField(
        source="run.taking_back",
        allow_null=True,
        help_text="waiting responses of a large run that cancelling takes back; null: none are left",
    )
    taken_back = serializers.IntegerField(source="run.taken_back", help_text="how many of these are gone")
    stuck = serializers.BooleanField(
        source="run.stuck", help_text="whether that has failed; cancel it once more to try again"
    )
    rate = serializers.FloatField(source="progress.rate", allow_null=True, help_text="responses a minute")
    seconds_left = serializers.FloatField(source="progress.seconds_left", allow_null=True)
    waits = WaitSerializer(many=True)

    @extend_schema_field(PausedSerializer(allow_null=True))
    def get_paused(self, row: Any) -> Any:
        return PausedSerializer(row.run).data if row.run.status == RunStatus.PAUSED else None


class FailureSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(source="first.error_code")
    why = serializers.CharField(source="title")
    advice = serializers.CharField()
    responses = serializers.IntegerField(source="number")


class RunDetailSerializer(RunSerializer):
    """A run, its progress, and why responses failed."""

    failures = FailureSerializer(many=True)
