"""How much of something: one of 2 to 10 points, each with words of its own."""

from collections.abc import Iterator
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from apps.projects.questions.base import Answer, Form, Level
from apps.projects.questions.repeated import RepeatedQuestion
from apps.projects.questions.results import Remark, Subject, ValueResult

NOT_APPLICABLE = "not_applicable"
Anchor = Annotated[str, Field(min_length=1, max_length=160)]


class ScaleQuestion(RepeatedQuestion):
    """Stored as `{"value": 3}`, or `{"value": null}` where it does not apply.

    `anchors` say what each point means, the lowest first; there are as many points as anchors.
    """

    kind: Literal["scale"] = "scale"
    about: Literal["response", "conversation", "comparison"] = "response"
    low: Literal[0, 1] = 0
    anchors: tuple[Anchor, ...] = Field(min_length=2, max_length=10)
    not_applicable: bool = False

    template: ClassVar[str] = "questions/scale.html"
    level: ClassVar[Level] = "interval"

    @property
    def points(self) -> range:
        """From the lowest to the highest."""
        return range(self.low, self.low + len(self.anchors))

    @property
    def meanings(self) -> list[tuple[int, str]]:
        """Each point with its anchor, in the order of the buttons."""
        return [*zip(self.points, self.anchors, strict=True)]

    def present_one(self, name: str, form: Form) -> dict[str, Any]:
        chosen = form.get(name, ())
        points = [
            {"value": point, "anchor": anchor, "key": point % 10, "is_on": str(point) in chosen}
            for point, anchor in zip(self.points, self.anchors, strict=True)
        ]
        return {"points": points, "is_not_applicable": NOT_APPLICABLE in chosen}

    def list_keys(self, letters: str) -> list[tuple[str, list[str]]]:
        first, last = self.points[0], self.points[-1]
        lines = [(f"A point from {first} to {last}", [str(first), "…", str(last % 10)])]
        return [*lines, ("Not applicable", ["N"])] if self.not_applicable else lines

    def read_one(self, name: str, form: Form) -> Any:
        values = form.get(name, ())
        if not values or not values[0]:
            return None
        return {"value": None if values[0] == NOT_APPLICABLE else values[0]}

    def fill_one(self, name: str, answer: Answer) -> dict[str, list[str]]:
        return {name: [NOT_APPLICABLE if answer["value"] is None else str(answer["value"])]}

    def validate_one(self, raw: Any, subject: Subject, uid: str) -> Answer | None:
        if raw is None:
            return None
        if not isinstance(raw, dict) or "value" not in raw:
            raise ValueError(f"“{self.title}” must be an object with a value.")
        value = raw["value"]
        if value is None:
            if not self.not_applicable:
                raise ValueError(f"“{self.title}” always applies; choose a point.")
            return {"value": None}
        return {"value": self._check_point(value)}

    def list_tokens(self) -> list[str]:
        tokens = [str(point) for point in self.points]
        return [*tokens, NOT_APPLICABLE] if self.not_applicable else tokens

    def find_tokens_one(self, answer: Answer) -> set[str]:
        return {NOT_APPLICABLE if answer["value"] is None else str(answer["value"])}

    def derive_values_one(self, answer: Answer) -> Iterator[ValueResult]:
        if answer["value"] is None:
            yield ValueResult(label="not applicable")
        else:
            yield ValueResult(number=answer["value"])

    def describe_one(self, answer: Answer, subject: Subject, uid: str) -> Iterator[Remark]:
        value = "not applicable" if answer["value"] is None else answer["value"]
        yield Remark(reasons=(f"{self.title} {value}",))

    def _check_point(self, value: Any) -> int:
        text = str(value)
        is_number = text.isascii() and text.isdecimal() and len(text) <= 2 and not isinstance(value, bool)
        if not is_number or int(text) not in self.points:
            raise ValueError(
                f"“{self.title}” must be a whole number from {self.points[0]} to {self.points[-1]}."
            )
        return int(text)
