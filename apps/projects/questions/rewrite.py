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
    Said,
    Shown,
    find_letter,
    find_uid,
    number_keys,
)
from apps.projects.questions.results import Remark, Subject, TextResult
from apps.projects.questions.written import add_pasted, check_length, clean_text, read_first, say_pasted


class RewriteQuestion(Question):
    """Stored as `{"response": uid, "text": "…"}`, with `pasted` where some of it came from the clipboard.

    With the setting `as_is` a rater may say that nothing can be improved: `"as_is": true` beside the text,
    which then is the response's own. Without it, an unchanged text is refused.
    """

    kind: Literal["rewrite"] = "rewrite"
    as_is: bool = False
    maximum: int = Field(20_000, ge=1, le=20_000)

    template: ClassVar[str] = "questions/rewrite.html"
    level: ClassVar[Level] = "text"
    writes: ClassVar[bool] = True
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
            "is_as_is": bool(read_first(form, f"{self.key}.as-is")),
        }

    def list_keys(self, letters: str) -> list[tuple[str, list[str]]]:
        lines = [("Rewrite the response", ["W"])]
        if len(letters) > 1:
            lines.insert(0, ("Start from a response, 1 for A", number_keys(len(letters))))
        return [*lines, ("Nothing to improve", ["N"])] if self.as_is else lines

    def read_form(self, form: Form, shown: Sequence[Shown]) -> Any:
        letter, text = read_first(form, self.key), read_first(form, f"{self.key}.text")
        is_as_is = bool(read_first(form, f"{self.key}.as-is"))
        if not (letter or text or is_as_is):
            return None
        return {
            "response": find_uid(letter, shown) if letter else "",
            "text": text,
            "pasted": read_first(form, f"{self.key}.pasted") or 0,
            "as_is": is_as_is,
        }

    def fill_form(self, answer: Answer, shown: Sequence[Shown]) -> dict[str, list[str]]:
        filled = {
            self.key: [find_letter(answer["response"], shown)],
            f"{self.key}.text": [str(answer["text"])],
        }
        if answer.get("as_is"):
            filled[f"{self.key}.as-is"] = ["on"]
        return filled | {f"{self.key}.pasted": [str(answer["pasted"])]} if "pasted" in answer else filled

    def validate_answer(self, raw: Any, subject: Subject) -> Answer | None:
        if raw is None:
            return None
        text = clean_text(raw.get("text", "") if isinstance(raw, dict) else None, self.title)
        uid = self._find_response(raw.get("response"), subject.uids)
        is_as_is = self._check_as_is(raw.get("as_is", False))
        if not (text or is_as_is) and (not uid or len(subject.uids) == 1):
            return None
        if uid not in subject.uids:
            raise ValueError(f"“{self.title}” needs the response that it starts from or replaces: choose it.")
        old = clean_text(subject.texts.responses.get(uid, ""), self.title)
        if is_as_is:
            return self._keep_as_is(uid, text, old)
        if not text:
            raise ValueError(
                f"“{self.title}” is empty. Write the better text, or start from the response again."
            )
        check_length(text, self.title, 1, self.maximum)
        if text == old:
            otherwise = ", or tick “Nothing to improve” if you would send it just so" if self.as_is else ""
            raise ValueError(
                f"“{self.title}” is still as the response has it. Change what can be better{otherwise}."
            )
        return add_pasted({"response": uid, "text": text}, raw, self.title)

    def _check_as_is(self, raw: Any) -> bool:
        if not isinstance(raw, bool) or (raw and not self.as_is):
            raise ValueError(f"“{self.title}” does not offer that: change the text.")
        return raw

    def _keep_as_is(self, uid: str, text: str, old: str) -> Answer:
        if text not in ("", old):
            raise ValueError(
                f"“{self.title}”: you ticked “Nothing to improve”, and the text is changed. Take the tick "
                "away, or start again from the response."
            )
        if not old:
            raise ValueError(f"“{self.title}”: that response is empty. Write the better text.")
        return {"response": uid, "text": old, "as_is": True}

    def check_beside(self, answer: Answer, earlier: Sequence[Said], uids: Sequence[str]) -> None:
        if not answer.get("as_is"):
            return
        pairs = (pair for question, said in earlier for pair in question.derive_pairs(said, uids))
        if any(pair.relation == "both_bad" and answer["response"] in (pair.a, pair.b) for pair in pairs):
            raise ValueError(
                f"“{self.title}”: you called this response bad, so something can be improved. Rewrite it, or "
                "change your answer above."
            )

    @staticmethod
    def _find_response(uid: Any, uids: Sequence[str]) -> str:
        """The only one needs no naming."""
        if uid in ("", None):
            return uids[0] if len(uids) == 1 else ""
        return uid if isinstance(uid, str) else str(uid)

    def derive_texts(self, answer: Answer) -> Iterator[TextResult]:
        yield TextResult("rewrite", answer["text"], answer["response"])

    def describe(self, answer: Answer, letters: Mapping[str, str], subject: Subject) -> Iterator[Remark]:
        aside = "nothing to improve" if answer.get("as_is") else say_pasted(answer)
        yield Remark(response=answer["response"], text=answer["text"], aside=aside)
