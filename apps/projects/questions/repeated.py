"""Questions that are asked once about the whole item, or once about each response."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any, Literal

from apps.projects.questions.base import Answer, Form, Question, Shown, find_letter, find_uid
from apps.projects.questions.results import Remark, Subject, TextResult, ValueResult

About = Literal["prompt", "conversation", "comparison", "response"]


class RepeatedQuestion(Question):
    """A kind says in the methods that end on `one` what one answer is; this asks as often as needed.

    About responses, `{uid: answer, …}` is stored, else the answer itself.
    """

    about: About = "response"

    @property
    def is_repeated(self) -> bool:
        return self.about == "response"

    @abstractmethod
    def present_one(self, name: str, form: Form) -> dict[str, Any]:
        """What the template needs for the field called `name`."""

    @abstractmethod
    def read_one(self, name: str, form: Form) -> Any:
        """The raw answer in the field called `name`; None where it was left open."""

    @abstractmethod
    def fill_one(self, name: str, answer: Answer) -> dict[str, list[str]]:
        """The inverse of `read_one`."""

    @abstractmethod
    def validate_one(self, raw: Any, subject: Subject, uid: str) -> Answer | None:
        """One answer as it is stored, or None when it was left open; `uid` is empty for the whole item.

        Raises:
            ValueError: with a sentence that a rater understands.
        """

    def find_tokens_one(self, answer: Answer) -> set[str]:
        return set()

    def derive_values_one(self, answer: Answer) -> Iterator[ValueResult]:
        return iter(())

    def derive_texts_one(self, answer: Answer) -> Iterator[TextResult]:
        return iter(())

    def derive_remarks_one(self, answer: Answer) -> Iterator[Remark]:
        return iter(())

    def describe_one(self, answer: Answer, subject: Subject, uid: str) -> Iterator[Remark]:
        return self.derive_remarks_one(answer)

    def present(self, letters: str, form: Form) -> dict[str, Any]:
        """`units`: for each answer its field's `name`, its response's `letter`, and what the kind adds."""
        names = [(letter, self._name(letter)) for letter in letters] if self.is_repeated else [("", self.key)]
        units = [{"name": name, "letter": letter, **self.present_one(name, form)} for letter, name in names]
        return {"units": units}

    def read_form(self, form: Form, shown: Sequence[Shown]) -> Any:
        if not self.is_repeated:
            return self.read_one(self.key, form)
        # A letter that is not on the page is read, too, and refused later, like any other wrong answer.
        letters = {name.split(".")[1] for name in form if name.startswith(f"{self.key}.")}
        read = {
            find_uid(letter, shown): self.read_one(self._name(letter), form) for letter in sorted(letters)
        }
        return {uid: raw for uid, raw in read.items() if raw is not None} or None

    def fill_form(self, answer: Answer, shown: Sequence[Shown]) -> dict[str, list[str]]:
        filled: dict[str, list[str]] = {}
        for uid, one in self._list_ones(answer):
            filled |= self.fill_one(self._name(find_letter(uid, shown)) if uid else self.key, one)
        return filled

    def validate_answer(self, raw: Any, subject: Subject) -> Answer | None:
        if raw is None:
            return None
        if not self.is_repeated:
            return self.validate_one(raw, subject, "")
        if not isinstance(raw, dict) or not raw.keys() <= set(subject.uids):
            raise ValueError(f"“{self.title}” must be answered for responses of this item.")
        ones = {uid: self.validate_one(raw[uid], subject, uid) for uid in subject.uids if uid in raw}
        answer = {uid: one for uid, one in ones.items() if one is not None}
        if answer and self.required and len(answer) < len(subject.uids):
            raise ValueError(f"“{self.title}” needs an answer for every response.")
        return answer or None

    def find_tokens(self, answer: Answer, uid: str) -> set[str]:
        return {
            token
            for one_uid, one in self._list_ones(answer)
            if uid in ("", one_uid)
            for token in self.find_tokens_one(one)
        }

    def derive_values(self, answer: Answer) -> Iterator[ValueResult]:
        return (
            replace(value, response=uid)
            for uid, one in self._list_ones(answer)
            for value in self.derive_values_one(one)
        )

    def derive_texts(self, answer: Answer) -> Iterator[TextResult]:
        return (
            replace(text, response=uid or text.response)
            for uid, one in self._list_ones(answer)
            for text in self.derive_texts_one(one)
        )

    def derive_remarks(self, answer: Answer) -> Iterator[Remark]:
        return (
            replace(remark, response=uid)
            for uid, one in self._list_ones(answer)
            for remark in self.derive_remarks_one(one)
        )

    def describe(self, answer: Answer, letters: Mapping[str, str], subject: Subject) -> Iterator[Remark]:
        return (
            replace(remark, response=uid)
            for uid, one in self._list_ones(answer)
            for remark in self.describe_one(one, subject, uid)
        )

    def _list_ones(self, answer: Answer) -> list[tuple[str, Answer]]:
        return list(answer.items()) if self.is_repeated else [("", answer)]

    def _name(self, letter: str) -> str:
        return f"{self.key}.{letter}"
