"""Which prompts programs mean: the parameters of lists and of what is done to many."""

from dataclasses import fields
from typing import Any

from rest_framework import serializers

from apps.prompts.filtering import BY_HAND, COVERAGES, PromptFilter
from apps.prompts.models import PromptStatus


def _text(help_text: str, longest: int = 300) -> serializers.CharField:
    return serializers.CharField(max_length=longest, default="", allow_blank=True, help_text=help_text)


class PromptFilterSerializer(serializers.Serializer[dict[str, Any]]):
    """What is empty is not asked for."""

    q = _text('words that they say, all of them; `"in quotes"`, `or`, `-not`', 200)
    category = _text("`(none)`: without one")
    language = _text("ISO 639-1, or `(unknown)`", 9)
    tag = _text("one of their tags", 60)
    words = _text("how long, such as `10-49`, `10-` or `-49`", 15)
    turns = _text("a number; 6 means that or more", 3)
    # Fields have something else of this name.
    source = _text(f"the number of an import, or `{BY_HAND}`", 17)  # type: ignore[assignment]
    key = _text("of the metadata, compared with `value`")
    value = _text("empty: those that have the key")
    coverage = serializers.ChoiceField(
        choices=sorted(COVERAGES), default="", allow_blank=True, help_text="of the answers that people gave"
    )

    def validate(self, values: dict[str, Any]) -> dict[str, Any]:
        """A page shows everything for nonsense; a program would not notice."""
        read = PromptFilter.read(values).dump()
        if wrong := [f.name for f in fields(PromptFilter) if values.get(f.name) and f.name not in read]:
            raise serializers.ValidationError(dict.fromkeys(wrong, "This is nothing to look for."))
        return values


class PromptListSerializer(PromptFilterSerializer):
    status = serializers.ChoiceField(choices=PromptStatus.choices, default="", allow_blank=True)
