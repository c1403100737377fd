"""The ideal response, written by a person: what a model is shown to learn from."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from apps.projects.questions.base import Answer, Form, Level, Question, Shown
from apps.projects.questions.results import Remark, Subject, TextResult
from apps.projects.questions.written import add_pasted, check_length, clean_text, read_first, say_pasted


class DemonstrationQuestion(Question):
    """Stored as `{"text": "…"}`, in Markdown, with `pasted` where some of it came from the clipboard."""

    kind: Literal["demonstration"] = "demonstration"
    minimum: int = Field(1, ge=1, le=5000)
    maximum: int = Field(20_000, ge=1, le=20_000)
    placeholder: str = Field("", max_length=120)

    template: ClassVar[str] = "questions/demonstration.html"
    level: ClassVar[Level] = "text"
    writes: ClassVar[bool] = True

    @model_validator(mode="after")
    def _has_room(self) -> Self:
        if self.minimum > self.maximum:
            raise ValueError("the shortest text must not be longer than the longest")
        return self

    def present(self, letters: str, form: Form) -> dict[str, Any]:
        return {"text": read_first(form, self.key), "pasted": read_first(form, f"{self.key}.pasted")}

    def list_keys(self, letters: str) -> list[tuple[str, list[str]]]:
        return [("Write the response", ["W"])]

    def read_form(self, form: Form, shown: Sequence[Shown]) -> Any:
        if self.key not in form:
            return None
        return {
            "text": read_first(form, self.key),
            "pasted": read_first(form, f"{self.key}.pasted") or 0,
        }

    def fill_form(self, answer: Answer, shown: Sequence[Shown]) -> dict[str, list[str]]:
        filled = {self.key: [str(answer["text"])]}
        return filled | {f"{self.key}.pasted": [str(answer["pasted"])]} if "pasted" in answer else filled

    def validate_answer(self, raw: Any, subject: Subject) -> Answer | None:
        if raw is None:
            return None
        text = clean_text(raw.get("text") if isinstance(raw, dict) else None, self.title)
        if not text:
            return None
        check_length(text, self.title, self.minimum, self.maximum)
        return add_pasted({"text": text}, raw, self.title)

    def derive_texts(self, answer: Answer) -> Iterator[TextResult]:
        yield TextResult("demonstration", answer["text"])

    def describe(self, answer: Answer, letters: Mapping[str, str], subject: Subject) -> Iterator[Remark]:
        yield Remark(text=answer["text"], aside=say_pasted(answer))
