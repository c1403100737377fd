"""The whole form, and what its buttons do to it. It needs no script: each button posts everything."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from apps.projects.questions import KINDS
from apps.projects.rubric_check import Fault, check_document
from apps.projects.rubric_form.bound import EditedQuestion, Posted
from apps.projects.rubrics import RubricDocument

KIND_FIELD = re.compile(r"q\.(\d{1,3})\.kind")


@dataclass
class EditedRubric:
    """`responses` and the questions as they were typed."""

    responses: str
    questions: list[EditedQuestion]
    errors: list[str] = field(default_factory=list)
    responses_errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._number()

    @classmethod
    def from_document(cls, document: RubricDocument) -> "EditedRubric":
        raw = document.model_dump(mode="json")
        return cls(str(raw["responses"]), [EditedQuestion.from_document(one) for one in raw["questions"]])

    @classmethod
    def from_post(cls, post: Posted) -> "EditedRubric":
        numbers = sorted(int(match[1]) for name in post if (match := KIND_FIELD.fullmatch(name)))
        kinds = [(number, post[f"q.{number}.kind"][0]) for number in numbers if post[f"q.{number}.kind"]]
        questions = [
            EditedQuestion.from_post(kind, f"q.{number}", post) for number, kind in kinds if kind in KINDS
        ]
        return cls("".join(post.get("responses", ("",))[:1]), questions)

    def as_document(self) -> dict[str, Any]:
        """Raw, for the validators."""
        size = self.responses.strip()
        return {
            "responses": int(size) if size.isascii() and size.isdigit() and len(size) < 4 else size,
            "questions": [question.as_document() for question in self.questions],
        }

    def check(self) -> RubricDocument | None:
        """The rubric, or None with every fault noted beside its field."""
        document, faults = check_document(self.as_document())
        self._note(faults)
        return document

    def act(self, do: str) -> bool:
        """Add, remove or move a question, as `add:text` or `up:2`; False where `do` is none of these."""
        verb, _, what = do.partition(":")
        if verb == "add" and what in KINDS:
            self.questions.append(EditedQuestion.make(what, {one.key for one in self.questions}))
        elif verb in {"remove", "up", "down"} and what.isascii() and what.isdigit():
            self._move(verb, int(what[:4]))
        else:
            return False
        self._number()
        return True

    def list_valid(self) -> list[Mapping[str, Any]]:
        """Those questions that could be asked as they stand, for a preview of what is half written."""
        return [one.as_document() for one in self.questions if not one.errors]

    @property
    def is_wrong(self) -> bool:
        return bool(self.errors or self.responses_errors or any(one.errors for one in self.questions))

    def _move(self, verb: str, place: int) -> None:
        questions = self.questions
        if not place < len(questions):
            return
        if verb == "remove":
            del questions[place]
            return
        other = place - 1 if verb == "up" else place + 1
        if 0 <= other < len(questions):
            questions[place], questions[other] = questions[other], questions[place]

    def _note(self, faults: Iterable[Fault]) -> None:
        for fault in faults:
            if fault.question is not None:
                self.questions[fault.question].errors.setdefault(fault.field, []).append(fault.message)
            elif fault.field == "responses":
                self.responses_errors.append(fault.message)
            else:
                self.errors.append(fault.message)

    def _number(self) -> None:
        for number, question in enumerate(self.questions):
            question.number, question.earlier = number, self.questions[:number]
