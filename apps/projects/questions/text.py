"""A few words in the rater's own voice: a justification, a note."""

from collections.abc import Iterator
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from apps.projects.questions.base import Answer, Form, Level
from apps.projects.questions.repeated import About, RepeatedQuestion
from apps.projects.questions.results import Remark, Subject
from apps.projects.questions.written import add_pasted, clean_text, read_first, say_pasted


class TextQuestion(RepeatedQuestion):
    """Stored as `{"text": "…"}`, with newlines as Unix has them, without the blanks around it.

    `pasted` beside it counts the characters that came from the clipboard, where any did.
    """

    kind: Literal["text"] = "text"
    about: About = "comparison"
    required: bool = False
    minimum: int = Field(0, ge=0, le=5000)
    maximum: int = Field(2000, ge=1, le=20_000)
    placeholder: str = Field("", max_length=120)

    template: ClassVar[str] = "questions/text.html"
    level: ClassVar[Level] = "text"
    writes: ClassVar[bool] = True
    fits_bar: ClassVar[bool] = True

    @model_validator(mode="after")
    def _has_room(self) -> Self:
        if self.minimum > self.maximum:
            raise ValueError("the shortest text must not be longer than the longest")
        return self

    def present_one(self, name: str, form: Form) -> dict[str, Any]:
        return {"text": read_first(form, name), "pasted": read_first(form, f"{name}.pasted")}

    def list_keys(self, letters: str) -> list[tuple[str, list[str]]]:
        return [("Write a sentence", ["W"])]

    def read_one(self, name: str, form: Form) -> Any:
        if name not in form:
            return None
        return {"text": read_first(form, name), "pasted": read_first(form, f"{name}.pasted") or 0}

    def fill_one(self, name: str, answer: Answer) -> dict[str, list[str]]:
        filled = {name: [str(answer["text"])]}
        return filled | {f"{name}.pasted": [str(answer["pasted"])]} if "pasted" in answer else filled

    def validate_one(self, raw: Any, subject: Subject, uid: str) -> Answer | None:
        text = clean_text(raw.get("text") if isinstance(raw, dict) else None, self.title).strip()
        if not text:
            return None
        if not self.minimum <= len(text) <= self.maximum:
            raise ValueError(
                f"“{self.title}” must have {self.minimum} to {self.maximum} characters; it has {len(text)}."
            )
        return add_pasted({"text": text}, raw, self.title)

    def derive_remarks_one(self, answer: Answer) -> Iterator[Remark]:
        yield Remark(text=answer["text"])

    def describe_one(self, answer: Answer, subject: Subject, uid: str) -> Iterator[Remark]:
        yield Remark(text=answer["text"], aside=say_pasted(answer))
