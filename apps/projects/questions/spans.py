"""Words of the prompt or of a response, marked with what they are."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from apps.projects.questions.base import Answer, Form, Level, PageText, number_keys
from apps.projects.questions.repeated import RepeatedQuestion
from apps.projects.questions.results import Remark, Subject, ValueResult
from apps.projects.questions.written import read_first

MOST = 500  # marks in one text
QUOTED = 60  # characters of marked words for a reader


class SpanLabel(BaseModel):
    """What a mark says: stored as `value`, shown as `label`; `help` says when to take it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    value: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    label: str = Field(min_length=1, max_length=40)
    help: str = Field("", max_length=200)


class SpansQuestion(RepeatedQuestion):
    """Marks in the user's last message or in each response; they may overlap.

    Stored as `{"spans": [{"start": 3, "stop": 9, "label": "place"}, …]}`, by place in the text. Places count
    Unicode code points of the stored text, so that `text[start:stop]` is what was marked.
    """

    kind: Literal["spans"] = "spans"
    about: Literal["prompt", "response"] = "response"
    required: bool = False
    labels: tuple[SpanLabel, ...] = Field(min_length=1, max_length=9)

    template: ClassVar[str] = "questions/spans.html"
    level: ClassVar[Level] = "nominal"

    @field_validator("labels")
    @classmethod
    def _labels_differ(cls, labels: tuple[SpanLabel, ...]) -> tuple[SpanLabel, ...]:
        if len({label.value for label in labels}) != len(labels):
            raise ValueError("two labels have the same value")
        return labels

    @property
    def page_texts(self) -> frozenset[PageText]:
        return frozenset({"responses"} if self.is_repeated else {"prompt"})

    def present_one(self, name: str, form: Form) -> dict[str, Any]:
        return {"marks": read_first(form, name)}

    def list_keys(self, letters: str) -> list[tuple[str, list[str]]]:
        return [
            ("Mark the selected words", number_keys(len(self.labels))),
            ("Go into the text", ["Shift Tab"]),
            ("Select words, parts of them", ["Shift →", "Alt Shift →"]),
            ("Remove the mark at the caret", ["Del"]),
        ]

    def read_one(self, name: str, form: Form) -> Any:
        """Read a JSON list of `[start, stop, label]`."""
        marks = read_first(form, name)
        if not marks.strip():
            return None
        try:
            return {"spans": [{"start": a, "stop": b, "label": label} for a, b, label in json.loads(marks)]}
        except (ValueError, TypeError, RecursionError):
            return {"spans": None}

    def fill_one(self, name: str, answer: Answer) -> dict[str, list[str]]:
        marks = [[span["start"], span["stop"], span["label"]] for span in answer["spans"]]
        return {name: [json.dumps(marks)]}

    def validate_one(self, raw: Any, subject: Subject, uid: str) -> Answer | None:
        spans = raw.get("spans") if isinstance(raw, dict) else None
        if not isinstance(spans, list) or len(spans) > MOST:
            raise ValueError(f"“{self.title}” must be a list of at most {MOST} marks.")
        if not spans:
            return None
        length = len(self._find_text(subject, uid))
        marks = {self._check_span(span, length) for span in spans}
        return {"spans": [{"start": a, "stop": b, "label": label} for a, b, label in sorted(marks)]}

    def _check_span(self, span: Any, length: int) -> tuple[int, int, str]:
        known = span if isinstance(span, dict) else {}
        start, stop, label = known.get("start"), known.get("stop"), known.get("label")
        if label not in self.list_tokens():
            raise ValueError(f"A mark of “{self.title}” has a label that is not offered.")
        if type(start) is not int or type(stop) is not int or not 0 <= start < stop <= length:
            raise ValueError(
                f"A mark of “{self.title}” is not inside the text, which has {length:,} characters."
            )
        return start, stop, str(label)

    def list_tokens(self) -> list[str]:
        return [label.value for label in self.labels]

    def find_tokens_one(self, answer: Answer) -> set[str]:
        return {span["label"] for span in answer["spans"]}

    def label_token(self, token: str) -> str:
        return next((label.label for label in self.labels if label.value == token), token)

    def derive_values_one(self, answer: Answer) -> Iterator[ValueResult]:
        return (ValueResult(label=s["label"], start=s["start"], stop=s["stop"]) for s in answer["spans"])

    def describe_one(self, answer: Answer, subject: Subject, uid: str) -> Iterator[Remark]:
        """Each label with the words that it marks, in the order of the text."""
        text = self._find_text(subject, uid)
        words: dict[str, list[str]] = {}
        for span in answer["spans"]:
            words.setdefault(self.label_token(span["label"]), []).append(_quote(span, text))
        yield Remark(reasons=tuple(f"{label} {' and '.join(marked)}" for label, marked in words.items()))

    def _find_text(self, subject: Subject, uid: str) -> str:
        return subject.texts.responses.get(uid, "") if uid else subject.texts.prompt


def _quote(span: Mapping[str, int], text: str) -> str:
    """What a mark marks; its place as a reader counts, from 1, where the reader may not see the text."""
    words = " ".join(text[span["start"] : span["stop"]].split())
    if not words:
        return f"at {span['start'] + 1}–{span['stop']}"
    return f"“{words}”" if len(words) <= QUOTED else f"“{words[:QUOTED].rstrip()} …”"
