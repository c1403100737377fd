"""A rubric as data: a list of questions, valid by construction."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SerializeAsAny, field_validator

from apps.core.errors import InvalidInputError
from apps.projects.questions import KINDS
from apps.projects.questions.base import Answer, PairResult, Question, Remark, Shown


class InvalidAnswersError(InvalidInputError):
    """The answers do not fit the rubric. `fields` maps a question's key to what is wrong with it."""

    code = "invalid_answers"

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(" ".join(fields.values()) + " What you wrote is kept.")
        self.fields = fields


def _build_question(document: dict[str, Any]) -> Question:
    kind = document.get("kind")
    if kind not in KINDS:
        raise ValueError(f"there is no question kind {kind!r}; there are {', '.join(KINDS)}")
    return KINDS[kind].model_validate(document)


class RubricDocument(BaseModel):
    """The questions asked about one item, in order. Their kinds are in `apps.projects.questions`."""

    model_config = ConfigDict(frozen=True)
    questions: Annotated[tuple[SerializeAsAny[Question], ...], Field(min_length=1)]

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

    def read_form(self, form: Mapping[str, Sequence[str]], shown: Sequence[Shown]) -> dict[str, Any]:
        """The raw answers in a posted form; fields that are no question's are left alone."""
        return {q.key: q.read_form(form.get(q.key, ()), shown) for q in self.questions}

    def fill_form(self, answers: Mapping[str, Answer], shown: Sequence[Shown]) -> dict[str, list[str]]:
        """Stored answers as a form's values: the inverse of `read_form`."""
        return {q.key: q.fill_form(answers[q.key], shown) for q in self._answered(answers)}

    def validate_answers(self, raw: dict[str, Any], responses: list[str]) -> dict[str, Answer]:
        """Answers as they are stored, by question key; unanswered optional questions are left out.

        Args:
            raw: what came in, by question key.
            responses: the uids of the item's responses.

        Raises:
            InvalidAnswersError: with one sentence per question that is wrong.
        """
        answers: dict[str, Answer] = {}
        wrong = {
            key: f"There is no question {key!r}." for key in raw.keys() - {q.key for q in self.questions}
        }
        for question in self.questions:
            try:
                answer = question.validate_answer(raw.get(question.key), responses)
            except ValueError as error:
                wrong[question.key] = str(error)
                continue
            if answer is not None:
                answers[question.key] = answer
            elif question.required:
                wrong[question.key] = f"“{question.title}” needs an answer."
        if wrong:
            raise InvalidAnswersError(wrong)
        return answers

    def derive_pairs(self, answers: Mapping[str, Answer], responses: list[str]) -> Iterator[PairResult]:
        """The pair outcomes of stored answers, question by question."""
        for question in self._answered(answers):
            yield from question.derive_pairs(answers[question.key], responses)

    def derive_remarks(self, answers: Mapping[str, Answer]) -> Iterator[Remark]:
        """The reasons and the words in stored answers, question by question."""
        for question in self._answered(answers):
            yield from question.derive_remarks(answers[question.key])

    def _answered(self, answers: Mapping[str, Answer]) -> Iterator[Question]:
        return (question for question in self.questions if question.key in answers)
