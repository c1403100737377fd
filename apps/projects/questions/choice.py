"""Which of some answers fits: one of them, or all that do."""

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from apps.projects.questions.base import Answer, Form, Level
from apps.projects.questions.repeated import About, RepeatedQuestion
from apps.projects.questions.results import Remark, Subject, ValueResult

NONE = "none"


class Option(BaseModel):
    """One answer: `value` is what is stored, `label` what is read, `help` when to choose it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    value: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    label: str = Field(min_length=1, max_length=80)
    help: str = Field("", max_length=200)


class ChoiceQuestion(RepeatedQuestion):
    """Stored as `{"values": ["refund", …]}` in the order of the options; no values say “none of these”."""

    kind: Literal["choice"] = "choice"
    about: About = "response"
    options: tuple[Option, ...] = Field(min_length=2, max_length=30)
    multiple: bool = False
    none: bool = False

    template: ClassVar[str] = "questions/choice.html"
    level: ClassVar[Level] = "nominal"

    @field_validator("options")
    @classmethod
    def _values_differ(cls, options: tuple[Option, ...]) -> tuple[Option, ...]:
        values = [option.value for option in options]
        if NONE in values:
            raise ValueError("“none” is not an option's value: ask for it with `none`")
        if len(set(values)) != len(values):
            raise ValueError("two options have the same value")
        return options

    @property
    def labels(self) -> dict[str, str]:
        """What is read for each value; of “none of these”, too, where that is offered."""
        labels = {option.value: option.label for option in self.options}
        return labels | {NONE: "None of these"} if self.none else labels

    @property
    def has_help(self) -> bool:
        return any(option.help for option in self.options)

    def present_one(self, name: str, form: Form) -> dict[str, Any]:
        chosen = form.get(name, ())
        choices = [
            {
                "value": value,
                "label": label,
                "key": number % 10 if number <= 10 else "",
                "is_on": value in chosen,
            }
            for number, (value, label) in enumerate(self.labels.items(), start=1)
        ]
        return {"choices": choices}

    def list_keys(self, letters: str) -> list[tuple[str, list[str]]]:
        return [("An answer by its number", ["1", "2", "…"])]

    def read_one(self, name: str, form: Form) -> Any:
        values = [value for value in form.get(name, ()) if value]
        if not values:
            return None
        return {"values": [] if values == [NONE] else values}

    def fill_one(self, name: str, answer: Answer) -> dict[str, list[str]]:
        return {name: answer["values"] or [NONE]}

    def validate_one(self, raw: Any, subject: Subject, uid: str) -> Answer | None:
        if raw is None:
            return None
        values = raw.get("values") if isinstance(raw, dict) else None
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise ValueError(f"“{self.title}” must be an object with a list of values.")
        if not values and not self.none:
            raise ValueError(f"“{self.title}” does not offer “none of these”.")
        if NONE in values:
            raise ValueError(f"“{self.title}”: “none of these” goes with no other answer.")
        if not set(values) <= {option.value for option in self.options}:
            raise ValueError(f"An answer to “{self.title}” is not one of the offered ones.")
        if len(set(values)) > 1 and not self.multiple:
            raise ValueError(f"“{self.title}” takes one answer.")
        return {"values": [option.value for option in self.options if option.value in values]}

    def list_tokens(self) -> list[str]:
        return list(self.labels)

    def label_token(self, token: str) -> str:
        return self.labels[token]

    def find_tokens_one(self, answer: Answer) -> set[str]:
        return set(answer["values"]) or {NONE}

    def derive_values_one(self, answer: Answer) -> Iterator[ValueResult]:
        return (ValueResult(label=value) for value in answer["values"] or [NONE])

    def describe_one(self, answer: Answer, subject: Subject, uid: str) -> Iterator[Remark]:
        said = [self.labels[value].lower() for value in answer["values"] or [NONE]]
        yield Remark(reasons=(f"{self.title} {', '.join(said)}",))
