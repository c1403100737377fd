"""A few words in the rater's own voice: a justification, a note."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field

from apps.projects.questions.base import Answer, Question, Remark, Shown


class TextQuestion(Question):
    """Stored as `{"text": "…"}`, as written, without the blanks around it."""

    kind: Literal["text"] = "text"
    required: bool = False
    minimum: int = Field(0, ge=0, le=5000)
    maximum: int = Field(2000, ge=1, le=20_000)
    placeholder: str = Field("", max_length=120)

    template: ClassVar[str] = "questions/text.html"
    level: ClassVar[Literal["text"]] = "text"

    def present(self, letters: str, values: Sequence[str]) -> dict[str, Any]:
        return {"text": values[0] if values else ""}

    def read_form(self, values: Sequence[str], shown: Sequence[Shown]) -> Any:
        return {"text": values[0]} if values else None

    def fill_form(self, answer: Answer, shown: Sequence[Shown]) -> list[str]:
        return [str(answer["text"])]

    def validate_answer(self, raw: Any, responses: list[str]) -> Answer | None:
        if raw is None:
            return None
        text = raw.get("text") if isinstance(raw, dict) else None
        if not isinstance(text, str) or "\x00" in text:
            raise ValueError(f"“{self.title}” must be text.")
        text = text.strip()
        if not text:
            return None
        if not self.minimum <= len(text) <= self.maximum:
            raise ValueError(
                f"“{self.title}” must have {self.minimum} to {self.maximum} characters; it has {len(text)}."
            )
        return {"text": text}

    def derive_remarks(self, answer: Answer) -> Iterator[Remark]:
        yield Remark(text=answer["text"])
