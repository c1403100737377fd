"""A response made better by a person, who edits its text."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal

from pydantic import Field

from apps.projects.questions.base import (
    Answer,
    Form,
    Level,
    PageText,
    Question,
    Remark,
    Shown,
    Subject,
    TextResult,
    find_letter,
    find_uid,
)
from apps.projects.questions.written import add_pasted, check_length, clean_text, read_first, say_pasted


class RewriteQuestion(Question):
    """Stored as `{"response": uid, "text": "…"}`, with `pasted` where some of it came from the clipboard."""

    kind: Literal["rewrite"] = "rewrite"
    maximum: int = Field(20_000, ge=1, le=20_000)

    template: ClassVar[str] = "questions/rewrite.html"
    level: ClassVar[Level] = "text"
    responses: ClassVar[tuple[int, int]] = (1, 9)

    @property
    def page_texts(self) -> frozenset[PageText]:
        return frozenset({"responses"})

    def present(self, letters: str, form: Form) -> dict[str, Any]:
        """The `letters` to choose from, none where there is one response; what was `chosen`, and the text."""
        return {
            "letters": letters if len(letters) > 1 else "",
            "only": letters if len(letters) == 1 else "",
            "chosen": read_first(form, self.key),
            "text": read_first(form, f"{self.key}.text"),
            "pasted": read_first(form, f"{self.key}.pasted"),
        }

    def list_keys(self) -> list[tuple[str, list[str]]]:
        return [("Rewrite the response", ["W"])]

    def read_form(self, form: Form, shown: Sequence[Shown]) -> Any:
        letter, text = read_first(form, self.key), read_first(form, f"{self.key}.text")
        if not letter and not text:
            return None
        return {
            "response": find_uid(letter, shown) if letter else "",
            "text": text,
            "pasted": read_first(form, f"{self.key}.pasted") or 0,
        }

    def fill_form(self, answer: Answer, shown: Sequence[Shown]) -> dict[str, list[str]]:
        filled = {
            self.key: [find_letter(answer["response"], shown)],
            f"{self.key}.text": [str(answer["text"])],
        }
        return filled | {f"{self.key}.pasted": [str(answer["pasted"])]} if "pasted" in answer else filled

    def validate_answer(self, raw: Any, subject: Subject) -> Answer | None:
        if raw is None:
            return None
        text = clean_text(raw.get("text", "") if isinstance(raw, dict) else None, self.title)
        uid = self._find_response(raw.get("response"), subject.uids)
        if not text and (not uid or len(subject.uids) == 1):
            return None
        if uid not in subject.uids:
            raise ValueError(f"“{self.title}” needs the response that is rewritten: choose it.")
        if not text:
            raise ValueError(
                f"“{self.title}” is empty. Write the better text, or start from the response again."
            )
        check_length(text, self.title, 1, self.maximum)
        if text == clean_text(subject.texts.responses.get(uid, ""), self.title):
            raise ValueError(f"“{self.title}” is still as the response has it. Change what can be better.")
        return add_pasted({"response": uid, "text": text}, raw, self.title)

    @staticmethod
    def _find_response(uid: Any, uids: Sequence[str]) -> str:
        """The only one needs no naming."""
        if uid in ("", None):
            return uids[0] if len(uids) == 1 else ""
        return uid if isinstance(uid, str) else str(uid)

    def derive_texts(self, answer: Answer) -> Iterator[TextResult]:
        yield TextResult("rewrite", answer["text"], answer["response"])

    def describe(self, answer: Answer, letters: Mapping[str, str]) -> Iterator[Remark]:
        yield Remark(response=answer["response"], text=answer["text"], aside=say_pasted(answer))
