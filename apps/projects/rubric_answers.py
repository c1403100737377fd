"""Answers held against their rubric: each is checked by its question, beside those that came before it."""

from collections.abc import Mapping, Sequence
from typing import Any

from apps.core.errors import InvalidInputError
from apps.projects.questions.base import Answer, Question
from apps.projects.questions.results import Subject
from apps.projects.rubrics import RubricDocument


class InvalidAnswersError(InvalidInputError):
    """The answers do not fit the rubric. `fields` maps a question's key to what is wrong with it."""

    code = "invalid_answers"

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(" ".join(fields.values()) + " What you wrote is kept.")
        self.fields = fields


def validate_answers(rubric: RubricDocument, raw: dict[str, Any], subject: Subject) -> dict[str, Answer]:
    """Answers as they are stored, by question key; unanswered optional questions are left out.

    What is said to a question that is not asked, after the answers before it, is left out, too.

    Args:
        raw: what came in, by question key.

    Raises:
        InvalidAnswersError: with one sentence per question that is wrong.
    """
    answers: dict[str, Answer] = {}
    wrong = {key: f"There is no question {key!r}." for key in raw.keys() - {q.key for q in rubric.questions}}
    for question in rubric.questions:
        try:
            answer = _validate(rubric, question, raw.get(question.key), answers, subject)
        except ValueError as error:
            wrong[question.key] = str(error)
            continue
        if answer is not None:
            answers[question.key] = answer
    if wrong:
        raise InvalidAnswersError(wrong)
    return answers


def _validate(
    rubric: RubricDocument, question: Question, raw: Any, answers: Mapping[str, Answer], subject: Subject
) -> Answer | None:
    if question.show_if is not None:
        uids = _list_asked(rubric, question, answers, subject.uids)
        if not uids:
            return None
        if question.is_repeated and uids != [*subject.uids]:
            raw = {uid: raw[uid] for uid in uids if uid in raw} if isinstance(raw, dict) else raw
            subject = subject.narrow(uids)
    answer = question.validate_answer(raw, subject)
    if answer is None and question.required:
        raise ValueError(f"“{question.title}” needs an answer.")
    if answer is not None:
        said = [(earlier, answers[earlier.key]) for earlier in rubric.iterate_answered(answers)]
        question.check_beside(answer, said, subject.uids)
    return answer


def _list_asked(
    rubric: RubricDocument, question: Question, answers: Mapping[str, Answer], uids: Sequence[str]
) -> list[str]:
    """The responses that a conditional question is asked about; `[""]` for the whole item."""
    condition = question.show_if
    if condition is None or condition.question not in answers:
        return []
    earlier = next(q for q in rubric.questions if q.key == condition.question)
    return [
        uid
        for uid in (uids if question.is_repeated else [""])
        if earlier.find_tokens(answers[earlier.key], uid if earlier.is_repeated else "")
        & set(condition.any_of)
    ]
