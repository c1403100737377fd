"""Whether a response holds against the reference passages that came with its prompt."""

from collections.abc import Iterator
from typing import Any, ClassVar, Literal

from pydantic import Field

from apps.projects.questions.base import Answer, Form, Level, PageText
from apps.projects.questions.repeated import RepeatedQuestion
from apps.projects.questions.results import Remark, Subject, TextResult, ValueResult
from apps.projects.questions.written import clean_text, read_first

VERDICTS = {
    "correct": "Correct",
    "incorrect": "Incorrect",
    "incomplete": "Incomplete",
    "cannot_tell": "Cannot tell",
}
FAULTS = ("incorrect", "incomplete")
NONE = "none"  # as a form says that no passage has it
BY_ID = "id:"  # as a form begins a passage's id


class VerdictQuestion(RepeatedQuestion):
    """Stored as `{"verdict": "incorrect", "passage": "7", "note": "…"}`.

    Incorrect and incomplete demand a note, the correction or the reason, and, where the prompt has passages,
    the id of the one that shows it; an empty id says that none does.
    """

    kind: Literal["verdict"] = "verdict"
    about: Literal["response", "conversation"] = "response"
    maximum: int = Field(5000, ge=1, le=20_000)

    template: ClassVar[str] = "questions/verdict.html"
    level: ClassVar[Level] = "nominal"
    writes: ClassVar[bool] = True

    @property
    def page_texts(self) -> frozenset[PageText]:
        return frozenset({"passages"})

    def present_one(self, name: str, form: Form) -> dict[str, Any]:
        said = read_first(form, name)
        return {
            "choices": [(value, label, value == said) for value, label in VERDICTS.items()],
            "passage": read_first(form, f"{name}.passage"),
            "note": read_first(form, f"{name}.note"),
        }

    def list_keys(self, letters: str) -> list[tuple[str, list[str]]]:
        lines = [(f"{VERDICTS['correct']} … {VERDICTS['cannot_tell'].lower()}", ["1", "…", "4"])]
        return [*lines, ("Choose the passage", ["P"]), ("Write what would be right", ["W"])]

    def read_one(self, name: str, form: Form) -> Any:
        """Read a verdict, its note, and a passage as `none` or `id:` and its id."""
        said, passage = read_first(form, name), read_first(form, f"{name}.passage")
        note = read_first(form, f"{name}.note")
        if not (said or note.strip()):
            return None
        raw = {"verdict": said, "note": note}
        return raw | {"passage": passage.removeprefix(BY_ID) if passage != NONE else ""} if passage else raw

    def fill_one(self, name: str, answer: Answer) -> dict[str, list[str]]:
        filled = {name: [answer["verdict"]]}
        if "passage" in answer:
            filled[f"{name}.passage"] = [f"{BY_ID}{answer['passage']}" if answer["passage"] else NONE]
        return filled | {f"{name}.note": [answer["note"]]} if "note" in answer else filled

    def validate_one(self, raw: Any, subject: Subject, uid: str) -> Answer | None:
        if raw is None:
            return None
        verdict = raw.get("verdict") if isinstance(raw, dict) else None
        if not isinstance(verdict, str) or verdict not in VERDICTS:
            raise ValueError(f"“{self.title}” must be {', '.join(VERDICTS.values()).lower()}.")
        answer: Answer = {"verdict": verdict}
        passages = [passage["id"] for passage in subject.texts.passages]
        if (passage := raw.get("passage")) is not None:
            if passage not in ["", *passages]:
                raise ValueError(f"“{self.title}” points at a passage that this prompt does not have.")
            answer["passage"] = passage
        if note := self._check_note(raw.get("note", "")):
            answer["note"] = note
        if verdict in FAULTS:
            self._check_proof(answer, bool(passages))
        return answer

    def _check_note(self, raw: Any) -> str:
        note = clean_text(raw, self.title)
        if len(note) > self.maximum:
            raise ValueError(
                f"The note of “{self.title}” may have {self.maximum:,} characters; it has {len(note):,}."
            )
        return note

    def _check_proof(self, answer: Answer, has_passages: bool) -> None:
        said = VERDICTS[answer["verdict"]]
        if "note" not in answer:
            raise ValueError(f"“{said}” needs a correction or a reason beside it.")
        if has_passages and "passage" not in answer:
            raise ValueError(f"“{said}” needs the passage that shows it, or that none does.")

    def list_tokens(self) -> list[str]:
        return list(VERDICTS)

    def find_tokens_one(self, answer: Answer) -> set[str]:
        return {answer["verdict"]}

    def label_token(self, token: str) -> str:
        return VERDICTS.get(token, token)

    def derive_values_one(self, answer: Answer) -> Iterator[ValueResult]:
        yield ValueResult(label=answer["verdict"])

    def derive_texts_one(self, answer: Answer) -> Iterator[TextResult]:
        if answer["verdict"] in FAULTS:
            yield TextResult("correction", answer["note"])

    def describe_one(self, answer: Answer, subject: Subject, uid: str) -> Iterator[Remark]:
        verdict, passage = VERDICTS[answer["verdict"]].lower(), answer.get("passage")
        shown = "" if passage is None else f", passage {passage}" if passage else ", no passage says it"
        yield Remark(reasons=(f"{verdict}{shown}",))
        if "note" in answer:
            yield Remark(text=answer["note"])
