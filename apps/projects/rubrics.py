"""A rubric as data: a list of questions, valid by construction."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, SerializeAsAny, field_validator, model_validator

from apps.projects.questions import KINDS
from apps.projects.questions.base import LETTERS, Answer, Form, PageText, Question, Shown
from apps.projects.questions.results import PairResult, Remark, Subject, TextResult, ValueResult

MOST_QUESTIONS = 40


def _build_question(document: dict[str, Any]) -> Question:
    kind = document.get("kind")
    if kind not in KINDS:
        raise ValueError(f"there is no question kind {kind!r}; there are {', '.join(KINDS)}")
    return KINDS[kind].model_validate(document)


def check_responses(question: Question, count: int) -> None:
    """
    Raises:
        ValueError: the question cannot be asked about so many responses.
    """
    fewest, most = question.responses
    if question.is_repeated:
        fewest = max(1, fewest)
    if not fewest <= count <= most:
        allowed = f"{fewest}" if fewest == most else f"{fewest} to {most}"
        raise ValueError(f"{question.key!r} is asked about {allowed} responses, and an item has {count}")


class RubricDocument(BaseModel):
    """The questions asked about one item, in order. Their kinds are in `apps.projects.questions`.

    `responses` says how many one item has: 0 for the prompt alone, 1 for each response by itself, 2 for all
    pairs, more for groups of up to so many.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    responses: int = Field(2, ge=0, le=len(LETTERS))
    questions: Annotated[tuple[SerializeAsAny[Question], ...], Field(min_length=1, max_length=MOST_QUESTIONS)]

    @field_validator("questions", mode="before")
    @classmethod
    def _build(cls, value: Any) -> Any:
        if not isinstance(value, list | tuple):
            raise ValueError("questions must be a list")
        return tuple(_build_question(q) if isinstance(q, dict) else q for q in value)

    @field_validator("questions")
    @classmethod
    def _keys_differ(cls, value: tuple[Question, ...]) -> tuple[Question, ...]:
        if len({q.key for q in value}) != len(value):
            raise ValueError("two questions have the same key")
        return value

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if sum(question.compares for question in self.questions) > 1:
            raise ValueError("one question may compare the responses; ask another in a project of its own")
        for number, question in enumerate(self.questions):
            check_responses(question, self.responses)
            question.check_place(self.questions[:number])
        return self

    @cached_property
    def layout(self) -> Literal["bar", "panel"]:
        """Where the page asks: in a bar under the responses, or, where that is too little, beside them."""
        kinds = [question.kind for question in self.questions]
        is_short = len(set(kinds)) == len(kinds) and self.questions[0].compares
        plain = all(q.fits_bar and q.show_if is None and not q.is_repeated for q in self.questions)
        return "bar" if is_short and plain else "panel"

    @cached_property
    def page_texts(self) -> frozenset[PageText]:
        """The texts that a page with these questions carries for their fields."""
        return frozenset[PageText]().union(*(question.page_texts for question in self.questions))

    @cached_property
    def measure(self) -> str:
        """What responses are compared by, where the comparing question says so in a sentence."""
        return next((question.measure for question in self.questions if question.compares), "")

    @cached_property
    def digest(self) -> str:
        """Two documents that ask the same have the same digest."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]

    def read_form(self, form: Form, shown: Sequence[Shown]) -> dict[str, Any]:
        """The raw answers in a posted form; fields that are no question's are left alone."""
        return {q.key: q.read_form(form, shown) for q in self.questions}

    def fill_form(self, answers: Mapping[str, Answer], shown: Sequence[Shown]) -> dict[str, list[str]]:
        """Stored answers as a form's values: the inverse of `read_form`."""
        filled: dict[str, list[str]] = {}
        for question in self.iterate_answered(answers):
            filled |= question.fill_form(answers[question.key], shown)
        return filled

    def derive_pairs(self, answers: Mapping[str, Answer], uids: Sequence[str]) -> Iterator[PairResult]:
        """The pair outcomes of stored answers."""
        for question in self.iterate_answered(answers):
            yield from question.derive_pairs(answers[question.key], uids)

    def derive_values(self, answers: Mapping[str, Answer]) -> Iterator[tuple[str, ValueResult]]:
        """The value outcomes of stored answers, with the key of their question."""
        for question in self.iterate_answered(answers):
            for value in question.derive_values(answers[question.key]):
                yield question.key, value

    def derive_texts(self, answers: Mapping[str, Answer]) -> Iterator[tuple[str, TextResult]]:
        """The texts to learn from in stored answers, with the key of their question."""
        for question in self.iterate_answered(answers):
            for text in question.derive_texts(answers[question.key]):
                yield question.key, text

    def derive_remarks(self, answers: Mapping[str, Answer]) -> Iterator[Remark]:
        """The reasons and the words in stored answers, question by question."""
        for question in self.iterate_answered(answers):
            yield from question.derive_remarks(answers[question.key])

    def describe(
        self, answers: Mapping[str, Answer], letters: Mapping[str, str], subject: Subject
    ) -> Iterator[Remark]:
        """All that stored answers say beside their pairs, for a reader, question by question."""
        for question in self.iterate_answered(answers):
            yield from question.describe(answers[question.key], letters, subject)

    def iterate_answered(self, answers: Mapping[str, Answer]) -> Iterator[Question]:
        """The questions that have an answer, in order."""
        return (question for question in self.questions if question.key in answers)
