"""The shapes of the rating API."""

from typing import Any

from rest_framework import serializers

from apps.projects.models import get_rubric_version
from apps.rating.desk import Task
from apps.rating.models import SkipReason
from apps.rating.nothing import Nothing


class MessageSerializer(serializers.Serializer[dict[str, str]]):
    role = serializers.CharField()
    content = serializers.CharField()


class ConversationSerializer(serializers.Serializer[Any]):
    messages = MessageSerializer(many=True)


class LeaseSerializer(serializers.Serializer[Any]):
    uid = serializers.UUIDField()
    expires_at = serializers.DateTimeField()


class ShownResponseSerializer(serializers.Serializer[Any]):
    uid = serializers.UUIDField()
    letter = serializers.CharField()
    text = serializers.CharField()
    html = serializers.CharField(help_text="sanitised")


class WhySerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    message = serializers.CharField()
    version = serializers.IntegerField(
        allow_null=True, help_text="of the guideline, where that must be read first: code `guideline`"
    )


class TaskSerializer(serializers.Serializer[Any]):
    """An item to rate, or why there is none: then `lease` is null and `reason` says why."""

    lease = LeaseSerializer(allow_null=True)
    prompt = ConversationSerializer(allow_null=True)
    responses = ShownResponseSerializer(many=True)
    rubric = serializers.JSONField(help_text="the questions, by which `answers` are checked")
    rubric_version = serializers.IntegerField(allow_null=True)
    asked_as = serializers.CharField(
        allow_null=True, help_text="names what the rubric asks: send it with the answers"
    )
    draft = serializers.JSONField(help_text="what was last saved as a draft")
    reason = WhySerializer(allow_null=True)


class AnswersSerializer(serializers.Serializer[Any]):
    answers = serializers.DictField(help_text="by question key; see the rubric")


class SubmissionSerializer(AnswersSerializer):
    active_seconds = serializers.IntegerField(
        min_value=0,
        max_value=10_000_000,
        required=False,
        allow_null=True,
        default=None,
        help_text="how long the person worked on it; never counted for more than they held it",
    )
    asked_as = serializers.CharField(
        max_length=64,
        required=False,
        allow_blank=True,
        default="",
        help_text="of the task that was answered. Where the item asks something else by now, nothing is "
        "stored, and the answer is 422 with the code `outdated_form`.",
    )


class SubmittedSerializer(serializers.Serializer[Any]):
    annotation = serializers.UUIDField()
    counted = serializers.BooleanField(help_text="false for an answer that came after its slot had gone")
    stored = serializers.BooleanField(
        help_text="false where the item had been answered, and otherwise: that answer is kept; revise it"
    )
    next = TaskSerializer()


class SkipSerializer(serializers.Serializer[Any]):
    reason = serializers.ChoiceField(choices=SkipReason.choices)
    note = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")


class DraftSerializer(serializers.Serializer[Any]):
    draft = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField(allow_blank=True, trim_whitespace=False))
    )


def describe_task(task: Task | Nothing) -> dict[str, Any]:
    """What `TaskSerializer` shows; nothing in it tells the model, another rater, or the item's kind."""
    if isinstance(task, Nothing):
        message = f"{task.finding}. {task.advice}"
        reason = {"code": task.code, "message": message, "version": task.version}
        nothing: dict[str, Any] = dict.fromkeys(("lease", "prompt", "rubric", "rubric_version", "asked_as"))
        return {**nothing, "responses": [], "draft": {}, "reason": reason}
    return {
        "lease": task.lease,
        "prompt": {"messages": task.messages},
        "responses": task.responses,
        "rubric": task.rubric.model_dump(mode="json"),
        "rubric_version": get_rubric_version(task.rubric_id),
        "asked_as": task.rubric.digest,
        "draft": task.lease.draft,
        "reason": None,
    }
