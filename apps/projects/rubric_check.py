"""What is wrong with a rubric that somebody wrote, said where it is wrong."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from apps.core.errors import InvalidInputError
from apps.core.words import start_sentence
from apps.projects.questions import KINDS
from apps.projects.questions.base import Question
from apps.projects.rubrics import MOST_QUESTIONS, RubricDocument, check_responses

KEY_WORDS = "A key has small letters, digits and _, and begins with a letter."


@dataclass(frozen=True)
class Fault:
    """`question` counts from 0 and is None for the rubric as a whole; `field` is empty for all of them."""

    question: int | None
    field: str
    message: str

    def __str__(self) -> str:
        place = "" if self.question is None else f"Question {self.question + 1}"
        place += f", {self.field}" if place and self.field else self.field
        return f"{place}: {self.message}" if place else self.message


class InvalidRubricError(InvalidInputError):
    """A document is no rubric."""

    code = "invalid_rubric"

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__(" ".join(str(fault) for fault in faults) + " Nothing was saved.")
        self.faults = faults


def read_document(raw: Any) -> RubricDocument:
    """The rubric that a JSON document says.

    Raises:
        InvalidRubricError: with a sentence for each thing that is wrong.
    """
    document, faults = check_document(raw)
    if document is None:
        raise InvalidRubricError(faults)
    return document


def check_document(raw: Any) -> tuple[RubricDocument | None, list[Fault]]:
    """The rubric, or all that keeps a document from being one."""
    if not isinstance(raw, dict):
        return None, [Fault(None, "", "A rubric is a JSON object with “responses” and “questions”.")]
    asked = raw.get("questions")
    if not isinstance(asked, list) or not asked:
        return None, [Fault(None, "", "A rubric needs a list of questions with at least one in it.")]
    if len(asked) > MOST_QUESTIONS:
        words = f"A rubric has {MOST_QUESTIONS} questions at most, not {len(asked):,}."
        return None, [Fault(None, "", words)]
    faults: list[Fault] = []
    built = [_build(number, question, faults) for number, question in enumerate(asked)]
    questions = [question for question in built if question is not None]
    whole = _validate({**raw, "questions": questions})
    if isinstance(whole, RubricDocument) and not faults:
        return whole, []
    size = raw.get("responses", RubricDocument.model_fields["responses"].default)
    faults += _relate(built, size if isinstance(size, int) else None)
    if isinstance(whole, list):
        # What two questions do to each other is said beside one of them, where it can be.
        faults += [fault for fault in whole if fault.field or not faults]
    return None, sorted(faults, key=lambda fault: -1 if fault.question is None else fault.question)


def _build(number: int, raw: Any, faults: list[Fault]) -> Question | None:
    if not isinstance(raw, dict):
        faults.append(Fault(number, "", "A question is an object with a kind, a key and a title."))
        return None
    kind = raw.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        faults.append(Fault(number, "kind", f"There is no such kind; there are {', '.join(KINDS)}."))
        return None
    try:
        return KINDS[kind].model_validate(raw)
    except ValidationError as error:
        faults += [
            Fault(number, str(one["loc"][0]) if one["loc"] else "", _say(one)) for one in error.errors()
        ]
    return None


def _relate(questions: Sequence[Question | None], size: int | None) -> Iterator[Fault]:
    """What is wrong with questions among the others."""
    seen: list[Question] = []
    for number, question in enumerate(questions):
        if question is None:
            continue
        if question.key in {other.key for other in seen}:
            yield Fault(number, "key", "Another question has this key.")
        try:
            question.check_place(seen)
        except ValueError as error:
            yield Fault(number, "show_if" if question.show_if else "", _end(str(error)))
        try:
            check_responses(question, question.responses[0] if size is None else size)
        except ValueError as error:
            if size is not None:
                yield Fault(number, "", _end(str(error)))
        if question.compares and any(other.compares for other in seen):
            yield Fault(number, "", "Another question compares the responses already.")
        seen.append(question)


def _validate(raw: Mapping[str, Any]) -> RubricDocument | list[Fault]:
    try:
        return RubricDocument.model_validate(raw)
    except ValidationError as error:
        return [
            Fault(None, str(one["loc"][0]) if one["loc"] and one["loc"][0] != "questions" else "", _say(one))
            for one in error.errors()
        ]


def _say(error: ErrorDetails) -> str:
    """A validator's words as a sentence, with the place inside of a field where there is one."""
    if error["type"] == "string_pattern_mismatch" and error["loc"][-1:] == ("key",):
        return KEY_WORDS
    words = str(error["ctx"]["error"]) if error["type"] == "value_error" else error["msg"]
    inner = [f"{one + 1}" if isinstance(one, int) else str(one) for one in error["loc"][1:]]
    return f"{', '.join(inner)}: {_end(words)}" if inner else _end(words)


def _end(words: str) -> str:
    return start_sentence(words if words.endswith((".", "?")) else f"{words}.")
