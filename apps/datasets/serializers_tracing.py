"""What the API tells of a row's origin."""

from typing import Any

from rest_framework import serializers


class TracedMessageSerializer(serializers.Serializer[Any]):
    role = serializers.CharField()
    content = serializers.CharField()


class TracedResponseSerializer(serializers.Serializer[Any]):
    uid = serializers.CharField()
    name = serializers.CharField()
    model = serializers.CharField()
    revision = serializers.CharField()
    sampling = serializers.CharField(help_text="as JSON")
    system_prompt = serializers.CharField()
    finish_reason = serializers.CharField()
    tokens_in = serializers.IntegerField(allow_null=True)
    tokens_out = serializers.IntegerField(allow_null=True)
    length = serializers.IntegerField(help_text="characters")
    generated_at = serializers.CharField(allow_null=True)
    text = serializers.CharField()


class TracedVoteSerializer(serializers.Serializer[Any]):
    a = serializers.CharField(help_text="uid of a response")
    b = serializers.CharField()
    relation = serializers.CharField()
    winner = serializers.CharField(allow_null=True)
    strength = serializers.IntegerField()
    steps = serializers.IntegerField(help_text="of the scale, a side")


class TracedPointsSerializer(serializers.Serializer[Any]):
    question = serializers.CharField()
    response = serializers.CharField(allow_null=True)
    points = serializers.IntegerField()


class TracedTextSerializer(serializers.Serializer[Any]):
    use = serializers.CharField()
    about = serializers.CharField(allow_null=True)
    text = serializers.CharField()


class TracedAnnotationSerializer(serializers.Serializer[Any]):
    uid = serializers.CharField()
    origin = serializers.CharField()
    rater = serializers.CharField(help_text="the pseudonym that the recipe's rows have")
    guideline_version = serializers.IntegerField(allow_null=True)
    answered_at = serializers.CharField()
    is_read = serializers.BooleanField(help_text="whether the recipe reads it")
    shown = serializers.ListField(child=serializers.CharField(), help_text="responses from left to right")
    votes = TracedVoteSerializer(many=True)
    points = TracedPointsSerializer(many=True)
    written = TracedTextSerializer(many=True)
    reasons = serializers.DictField(child=serializers.ListField(child=serializers.CharField()))
    comment = serializers.CharField(allow_blank=True)


class TracedRowSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=["pair", "lesson", "label"])
    chosen = serializers.CharField(allow_null=True)
    rejected = serializers.CharField(allow_null=True)
    is_good = serializers.BooleanField(allow_null=True)
    source = serializers.CharField(allow_null=True)  # type: ignore[assignment]
    strength = serializers.FloatField(allow_null=True)
    steps = serializers.IntegerField(allow_null=True)
    agreement = serializers.FloatField(allow_null=True)
    margin = serializers.FloatField(allow_null=True)
    points = serializers.FloatField(allow_null=True)
    annotations = serializers.ListField(child=serializers.CharField())
    decided_by = serializers.ListField(child=serializers.CharField())


class TraceSerializer(serializers.Serializer[Any]):
    item = serializers.CharField()
    item_kind = serializers.CharField()
    rubric_version = serializers.IntegerField()
    overlap = serializers.IntegerField()
    counted = serializers.IntegerField()
    prompt = serializers.CharField()
    messages = TracedMessageSerializer(many=True)
    cluster = serializers.CharField()
    category = serializers.CharField(allow_null=True)
    language = serializers.CharField()
    split = serializers.CharField(allow_null=True)
    left_out = serializers.CharField(allow_null=True, help_text="why it makes no pair")
    responses = TracedResponseSerializer(many=True)
    annotations = TracedAnnotationSerializer(many=True)
    rows = TracedRowSerializer(many=True)
