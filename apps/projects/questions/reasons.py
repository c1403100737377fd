"""Why one response is better: chips about the better and the worse one."""

from collections.abc import Iterator, Sequence
from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field, StringConstraints

from apps.projects.questions.base import Answer, Form, Level, Question, Shown, find_letter, find_uid
from apps.projects.questions.results import Remark, Subject, ValueResult

Chip = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=80)]


class ReasonsQuestion(Question):
    """Chips for the better response and for the worse one.

    Stored as `{uid: ["complete", …], other_uid: ["superficial", …]}` with the chips' names; which list
    a chip comes from says whether it praises or blames.
    """

    kind: Literal["reasons"] = "reasons"
    required: bool = False
    praise: tuple[Chip, ...] = ("useful", "complete", "correct", "clear", "creative")
    blame: tuple[Chip, ...] = Field(
        ("incorrect", "superficial", "ignores instructions", "badly formatted", "unsafe"), min_length=1
    )

    template: ClassVar[str] = "questions/reasons.html"
    level: ClassVar[Level] = "nominal"
    responses: ClassVar[tuple[int, int]] = (2, 2)
    fits_bar: ClassVar[bool] = True

    def present(self, letters: str, form: Form) -> dict[str, Any]:
        values = form.get(self.key, ())
        return {"columns": [self._column(letter, values) for letter in letters]}

    def _column(self, letter: str, values: Sequence[str]) -> dict[str, Any]:
        chips = {
            side: [(f"{letter}:{chip}", chip, f"{letter}:{chip}" in values) for chip in names]
            for side, names in (("praise", self.praise), ("blame", self.blame))
        }
        return {"letter": letter, "sides": chips}

    def list_keys(self, letters: str) -> list[tuple[str, list[str]]]:
        return [("Reasons", ["R"])]

    def read_form(self, form: Form, shown: Sequence[Shown]) -> Any:
        """Read repeated `letter:chip`."""
        answer: dict[str, list[str]] = {}
        for value in form.get(self.key, ()):
            letter, _, chip = value.partition(":")
            answer.setdefault(find_uid(letter, shown), []).append(chip)
        return answer or None

    def fill_form(self, answer: Answer, shown: Sequence[Shown]) -> dict[str, list[str]]:
        return {
            self.key: [f"{find_letter(uid, shown)}:{chip}" for uid, chips in answer.items() for chip in chips]
        }

    def validate_answer(self, raw: Any, subject: Subject) -> Answer | None:
        if not raw:
            return None
        known = {*self.praise, *self.blame}
        if not isinstance(raw, dict) or not raw.keys() <= set(subject.uids):
            raise ValueError("Reasons must name responses of this item.")
        answer: Answer = {}
        for uid, chips in raw.items():
            if not isinstance(chips, list) or not all(isinstance(c, str) and c in known for c in chips):
                raise ValueError("A reason is not one of the offered ones.")
            if chips:
                answer[uid] = sorted(set(chips))
        return answer or None

    def derive_values(self, answer: Answer) -> Iterator[ValueResult]:
        return (ValueResult(response=uid, label=chip) for uid, chips in answer.items() for chip in chips)

    def derive_remarks(self, answer: Answer) -> Iterator[Remark]:
        return (Remark(response=uid, reasons=tuple(chips)) for uid, chips in answer.items())
