"""Which of two responses is better, and by how much."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, Self

from pydantic import Field, model_validator

from apps.projects.questions.base import (
    Answer,
    Condition,
    Form,
    Level,
    Question,
    Said,
    Shown,
    find_letter,
    find_uid,
)
from apps.projects.questions.results import PairResult, Relation, Subject

STEP_WORDS = {
    1: ["better"],
    2: ["slightly", "much"],
    3: ["slightly", "better", "much"],
    4: ["barely", "slightly", "better", "much"],
}
RELATION_WORDS: dict[Relation, str] = {
    "tie": "Tie",
    "both_good": "Both good",
    "both_bad": "Both bad",
    "cannot_tell": "Cannot tell",
}


@dataclass(frozen=True)
class Choice:
    """One button: its form value, its word and its key; `place` and `strength` for those that prefer."""

    value: str
    word: str
    key: int
    letter: str = ""
    place: int | None = None
    strength: int = 0


class PreferenceQuestion(Question):
    """`steps` grades a side, with or without a tie; "both bad" and "cannot tell" stand apart from it.

    `loses_by` names an earlier question about each response, `loses_if` answers to it: a response with one
    of these is never preferred to one without, and never equal to it.

    Stored as `{"relation": "prefers", "response": uid, "strength": 2, "steps": 3}`, or with another
    relation and neither response nor strength. Answers name a response, never a side.
    """

    kind: Literal["preference"] = "preference"
    steps: int = Field(3, ge=1, le=4)
    tie: bool = True
    both_good: bool = False
    both_bad: bool = True
    cannot_tell: bool = True
    loses_by: str = Field("", pattern=r"^([a-z][a-z0-9_]{0,39})?$")
    loses_if: tuple[str, ...] = ()

    template: ClassVar[str] = "questions/preference.html"
    level: ClassVar[Level] = "ordinal"
    responses: ClassVar[tuple[int, int]] = (2, 2)
    compares: ClassVar[bool] = True
    fits_bar: ClassVar[bool] = True

    @model_validator(mode="after")
    def _loses_by_something(self) -> Self:
        if bool(self.loses_by) != bool(self.loses_if):
            raise ValueError("a response loses by the answers to a question: give both or neither")
        return self

    @property
    def words(self) -> list[str]:
        """The grades of one side, from the weakest to the strongest."""
        return STEP_WORDS[self.steps]

    @property
    def relations(self) -> list[Relation]:
        """What may be said besides preferring one."""
        options: list[tuple[bool, Relation]] = [
            (self.tie, "tie"),
            (self.both_good, "both_good"),
            (self.both_bad, "both_bad"),
            (self.cannot_tell, "cannot_tell"),
        ]
        return [relation for offered, relation in options if offered]

    def present(self, letters: str, form: Form) -> dict[str, Any]:
        """`scale`: the buttons from the left response's strongest to the right one's; `aside`: the rest."""
        left, right = tuple(letters)
        grades = [(left, 0, strength) for strength in range(self.steps, 0, -1)]
        grades += [(right, 1, strength) for strength in range(1, self.steps + 1)]
        scale = [
            Choice(f"{letter}:{strength}", self.words[strength - 1].capitalize(), 0, letter, place, strength)
            for letter, place, strength in grades
        ]
        if self.tie:
            scale.insert(self.steps, Choice("tie", "Tie", 0))
        scale = [replace(choice, key=number) for number, choice in enumerate(scale, start=1)]
        others = [relation for relation in self.relations if relation != "tie"]
        aside = [
            Choice(relation, RELATION_WORDS[relation], number)
            for number, relation in enumerate(others, start=len(scale) + 1)
        ]
        return {
            "scale": scale,
            "aside": aside,
            "left": left,
            "right": right,
            "values": form.get(self.key, ()),
        }

    def list_keys(self, letters: str) -> list[tuple[str, list[str]]]:
        scale, aside = (self.present("AB", {})[part] for part in ("scale", "aside"))
        grade = self.words[-1] if self.words[-1] == "better" else f"{self.words[-1]} better"
        lines = [(f"A {grade} … B {grade}", ["1", "…", str(len(scale))])]
        lines += [(choice.word, [str(choice.key)]) for choice in aside]
        return [*lines, ("One step towards A or B", ["←", "→"])]

    def read_form(self, form: Form, shown: Sequence[Shown]) -> Any:
        """Read `letter:strength` or a relation."""
        values = form.get(self.key, ())
        value = values[0] if values else ""
        letter, colon, strength = value.partition(":")
        if not colon:
            return {"relation": value} if value else None
        return {"relation": "prefers", "response": find_uid(letter, shown), "strength": strength}

    def fill_form(self, answer: Answer, shown: Sequence[Shown]) -> dict[str, list[str]]:
        if answer["relation"] != "prefers":
            return {self.key: [answer["relation"]]}
        return {self.key: [f"{find_letter(answer['response'], shown)}:{answer['strength']}"]}

    def validate_answer(self, raw: Any, subject: Subject) -> Answer | None:
        if raw is None:
            return None
        if not isinstance(raw, dict):
            raise ValueError("The preference must be an object with a relation.")
        relation = raw.get("relation")
        if relation != "prefers":
            if relation not in self.relations:
                raise ValueError("This preference is not one of the offered answers.")
            return {"relation": relation, "steps": self.steps}
        return {
            "relation": "prefers",
            "response": self._check_response(raw.get("response"), subject.uids),
            "strength": self._check_strength(raw.get("strength")),
            "steps": self.steps,
        }

    def read_places(self, places: Mapping[str, int]) -> Answer | None:
        """One step of one: how far the better one is ahead was not asked."""
        if len(places) != 2:
            return None
        (first, one), (second, other) = places.items()
        if one == other:
            return {"relation": "tie", "steps": 1} if self.tie else None
        return {
            "relation": "prefers",
            "response": first if one < other else second,
            "strength": 1,
            "steps": 1,
        }

    def check_place(self, earlier: Sequence[Question]) -> None:
        super().check_place(earlier)
        if not self.loses_by:
            return
        condition = Condition(question=self.loses_by, any_of=self.loses_if)
        if not self._find_earlier(condition, earlier).is_repeated:
            raise ValueError(f"{self.key!r} loses by {self.loses_by!r}, which is not about each response")

    def check_beside(self, answer: Answer, earlier: Sequence[Said], uids: Sequence[str]) -> None:
        said = next((one for one in earlier if one[0].key == self.loses_by), None)
        if said is None or answer["relation"] not in {"prefers", "tie", "both_good"}:
            return
        question, told = said
        tokens = {uid: question.find_tokens(told, uid) & {*self.loses_if} for uid in uids}
        lost = [uid for uid in uids if tokens[uid]]
        if len(lost) == 1 and answer.get("response") in (None, *lost):
            label = question.label_token(min(tokens[lost[0]]))
            raise ValueError(
                f"You said “{label}” of one response and not of the other, so the other is the better one. "
                f"Prefer that one, or change your answer to “{question.title}”."
            )

    def list_tokens(self) -> list[str]:
        return ["prefers", *self.relations]

    def find_tokens(self, answer: Answer, uid: str) -> set[str]:
        return {answer["relation"]}

    def derive_pairs(self, answer: Answer, uids: Sequence[str]) -> Iterator[PairResult]:
        first, second = uids
        if answer["relation"] != "prefers":
            yield PairResult(first, second, answer["relation"], 0, answer["steps"])
            return
        chosen = answer["response"]
        rejected = second if chosen == first else first
        yield PairResult(chosen, rejected, "prefers", answer["strength"], answer["steps"])

    @staticmethod
    def _check_response(uid: Any, uids: Sequence[str]) -> str:
        if uid not in uids:
            raise ValueError("The preferred response is not one of this item.")
        return str(uid)

    def _check_strength(self, value: Any) -> int:
        if not str(value).isdecimal() or isinstance(value, bool) or not 1 <= int(value) <= self.steps:
            raise ValueError(f"The strength must be a whole number from 1 to {self.steps}.")
        return int(value)
