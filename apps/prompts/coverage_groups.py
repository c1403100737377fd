"""What coverage is counted by, and the groups that come of it."""

from dataclasses import dataclass

from django.db.models.fields.json import KeyTextTransform

from apps.core.words import start_sentence
from apps.prompts.filtering import UNKNOWN, PromptFilter
from apps.prompts.forms import NO_CATEGORY
from apps.prompts.languages import name_language
from apps.prompts.models import PromptQuerySet, TargetField

VERY_THIN = 0.5  # of the target; below it a group rises further


@dataclass(frozen=True)
class Dimension:
    """What prompts are grouped by: category, language, or a key of the metadata."""

    field: str
    key: str = ""

    @property
    def label(self) -> str:
        return self.key or str(self.field)

    @property
    def title(self) -> str:
        """A key stands as its file wrote it."""
        return self.key or start_sentence(str(self.field))

    @property
    def address(self) -> str:
        return f"metadata:{self.key}" if self.key else self.field

    @classmethod
    def read(cls, text: str) -> "Dimension":
        field, _, key = text.replace("\0", "").partition(":")
        if field == TargetField.METADATA and key:
            return cls(field, key[:100])
        return cls(field) if field in {TargetField.CATEGORY, TargetField.LANGUAGE} else cls("category")

    def narrow(self, prompts: PromptQuerySet, value: str) -> PromptQuerySet:
        if self.field == TargetField.CATEGORY:
            return prompts.filter(category=value)
        if self.field == TargetField.LANGUAGE:
            return prompts.filter(language=value)
        return prompts.alias(said=KeyTextTransform(self.key, "metadata")).filter(said=value)


@dataclass(frozen=True)
class Group:
    """`prompts` are approved; of those, `answered` have all their answers. `target` is of answered ones."""

    dimension: Dimension
    value: str
    prompts: int
    answered: int
    target: int | None
    scale: int

    @property
    def label(self) -> str:
        if not self.value:
            return {"category": "Without a category", "language": "Unknown"}.get(
                self.dimension.field, "Without it"
            )
        return name_language(self.value) if self.dimension.field == "language" else self.value

    @property
    def lacks_prompts(self) -> int:
        return max(0, (self.target or 0) - self.prompts)

    @property
    def lacks_answers(self) -> int:
        return max(0, (self.target or 0) - self.answered)

    @property
    def is_thin(self) -> bool:
        return self.lacks_answers > 0

    @property
    def width_prompts(self) -> float:
        return round(100 * min(self.prompts, self.scale) / self.scale, 2)

    @property
    def width_answered(self) -> float:
        return round(100 * min(self.answered, self.scale) / self.scale, 2)

    @property
    def at_target(self) -> float | None:
        return min(99.6, round(100 * self.target / self.scale, 2)) if self.target else None

    @property
    def address(self) -> str:
        """The desk with these prompts."""
        wanted = {"status": "approved"}
        if self.dimension.field == "category":
            wanted["category"] = self.value or NO_CATEGORY
        elif self.dimension.field == "language":
            wanted["language"] = self.value or UNKNOWN
        elif self.value:
            wanted |= {"key": self.dimension.key, "value": self.value}
        return PromptFilter(**wanted).address
