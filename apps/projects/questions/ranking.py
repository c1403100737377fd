"""Which of several responses are better than which: all places, or only the best and the worst."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import combinations, groupby
from typing import Any, ClassVar, Literal

from pydantic import Field

from apps.projects.questions.base import (
    LETTERS,
    Answer,
    Form,
    Level,
    Question,
    Shown,
    find_letter,
    find_uid,
    number_keys,
)
from apps.projects.questions.results import PairResult, Remark, Subject

ORDINALS = ("1st", "2nd", "3rd", "4th", "5th", "6th", "7th", "8th", "9th")
NONE = "none"  # a form's word for “no place”; an empty field is open
ENDS = ("best", "worst")
Places = dict[str, int]


class RankingQuestion(Question):
    """Places, 1 for the best; responses that tie share one, and the next place is then left free.

    Stored as `{"places": {uid: place, …}}`, without the responses that have no place since they are bad
    whatever the rank; with `ends_only` as `{"best": uid, "worst": uid}`.
    """

    kind: Literal["ranking"] = "ranking"
    ties: bool = True
    no_place: bool = True
    ends_only: bool = False
    what: str = Field("", max_length=300)  # to rank by, in a sentence

    template: ClassVar[str] = "questions/ranking.html"
    level: ClassVar[Level] = "ranking"
    responses: ClassVar[tuple[int, int]] = (2, len(LETTERS))
    compares: ClassVar[bool] = True
    fits_bar: ClassVar[bool] = True

    @property
    def measure(self) -> str:
        return self.what

    def present(self, letters: str, form: Form) -> dict[str, Any]:
        """`rows`: a field for each response; `slots`: what may be chosen in it, as (value, words)."""
        if self.ends_only:
            slots = [(end, end.capitalize()) for end in ENDS]
        else:
            slots = [(str(place), words) for place, words in enumerate(ORDINALS[: len(letters)], start=1)]
        rows = [(letter, self._name(letter), _first(form, self._name(letter))) for letter in letters]
        return {"rows": rows, "slots": slots, "count": len(letters), "last": letters[-1:]}

    def read_form(self, form: Form, shown: Sequence[Shown]) -> Any:
        # A letter that is not on the page is read, too, and refused later, like any other wrong answer.
        letters = {name.split(".")[1] for name in form if name.startswith(f"{self.key}.")}
        letters |= {response.letter for response in shown}
        said = {
            find_uid(letter, shown): _first(form, self._name(letter)).strip() for letter in sorted(letters)
        }
        if not any(said.values()):
            return None
        if self.ends_only:
            return {end: [uid for uid, value in said.items() if value == end] for end in ENDS}
        return {"places": {uid: None if value == NONE else value for uid, value in said.items()}}

    def fill_form(self, answer: Answer, shown: Sequence[Shown]) -> dict[str, list[str]]:
        if self.ends_only:
            return {self._name(find_letter(answer[end], shown)): [end] for end in ENDS}
        places: Places = answer["places"]
        return {self._name(one.letter): [str(places.get(one.uid, NONE))] for one in shown}

    def validate_answer(self, raw: Any, subject: Subject) -> Answer | None:
        if raw is None:
            return None
        if not isinstance(raw, dict):
            raise ValueError(f"“{self.title}” must be answered with the places of the responses.")
        if self.ends_only:
            best, worst = (self._check_end(raw, end, subject.uids) for end in ENDS)
            if best == worst:
                raise ValueError("The best response cannot be the worst one, too.")
            return {"best": best, "worst": worst}
        return {"places": self._check_places(raw.get("places"), subject.uids)}

    def read_places(self, places: Mapping[str, int]) -> Answer | None:
        ties = len({*places.values()}) < len(places)
        if not 2 <= len(places) <= len(LETTERS) or (ties and (self.ends_only or not self.ties)):
            return None
        if not self.ends_only:
            return {"places": normalise_places(dict(places))}
        if len(places) > 2:  # it would forget those in the middle
            return None
        worst, best = sorted(places, key=lambda uid: -places[uid])
        return {"best": best, "worst": worst}

    def list_keys(self, letters: str) -> list[tuple[str, list[str]]]:
        lines = [
            ("Lift a response, 1 for A", number_keys(len(letters))),
            ("Towards the better or the worse", ["←", "→"]),
            ("Put it down", ["Enter"]),
            ("Put it back", ["Esc"]),
        ]
        if self.ties and not self.ends_only:
            lines.insert(2, ("Share a place", ["="]))
        if self.no_place and not self.ends_only:
            lines.insert(-2, ("No place", ["−"]))
        return lines

    def derive_pairs(self, answer: Answer, uids: Sequence[str]) -> Iterator[PairResult]:
        """A ranking says which response is better, and not by how much: one step, always."""
        if self.ends_only:
            return _derive_from_ends(answer, uids)
        return (_compare(first, second, answer["places"]) for first, second in combinations(uids, 2))

    def describe(self, answer: Answer, letters: Mapping[str, str], subject: Subject) -> Iterator[Remark]:
        """In letters, the best first: `B = C > A; no place: D`."""
        if self.ends_only:
            best, worst = (letters[answer[end]] for end in ENDS)
            yield Remark(reasons=(f"best: {best}; worst: {worst}",))
            return
        places: Places = answer["places"]
        placed = sorted((place, letters[uid]) for uid, place in places.items())
        groups = [" = ".join(letter for _, letter in group) for _, group in groupby(placed, lambda p: p[0])]
        out = ", ".join(sorted(letter for uid, letter in letters.items() if uid not in places))
        said = [" > ".join(groups)] if groups else []
        yield Remark(reasons=("; ".join([*said, f"no place: {out}"] if out else said),))

    def _check_end(self, raw: dict[str, Any], end: str, uids: Sequence[str]) -> str:
        named = raw.get(end)
        if isinstance(named, list) and len(named) == 1:
            named = named[0]
        if named in (None, []):
            raise ValueError(f"“{self.title}” needs a best and a worst response.")
        if isinstance(named, list):
            raise ValueError(f"Only one response can be the {end}.")
        if named not in uids:
            raise ValueError(f"The {end} response is not one of this item.")
        return str(named)

    def _check_places(self, raw: Any, uids: Sequence[str]) -> Places:
        if not isinstance(raw, dict) or not raw.keys() <= set(uids):
            raise ValueError(f"“{self.title}” must give places to responses of this item.")
        if "" in raw.values():
            raise ValueError(f"“{self.title}” lacks a place{self._else} for {_count_open(raw)}.")
        places = {uid: self._check_place(raw[uid], len(uids)) for uid in uids if raw.get(uid) is not None}
        if not self.no_place and len(places) < len(uids):
            raise ValueError(f"“{self.title}” needs a place for every response.")
        if not self.ties and len({*places.values()}) < len(places):
            raise ValueError("Two responses have the same place; give each a place of its own.")
        return normalise_places(places)

    @property
    def _else(self) -> str:
        return " or “no place”" if self.no_place else ""

    @staticmethod
    def _check_place(value: Any, most: int) -> int:
        text = "" if isinstance(value, bool) else str(value)
        if not (text.isascii() and text.isdecimal()) or not 1 <= int(text[:9]) <= most:
            raise ValueError(f"A place must be a whole number from 1 to {most}.")
        return int(text)

    def _name(self, letter: str) -> str:
        return f"{self.key}.{letter}"


def normalise_places(places: Places) -> Places:
    """As competitions count: a place is one more than the number of better ones."""
    return {uid: 1 + sum(other < place for other in places.values()) for uid, place in places.items()}


def _compare(first: str, second: str, places: Places) -> PairResult:
    """Two responses of a ranking; one without a place is worse than any with one."""
    if first not in places and second not in places:
        return PairResult(first, second, "both_bad", 0, 1)
    a, b = (places.get(uid, len(LETTERS) + 1) for uid in (first, second))
    if a == b:
        return PairResult(first, second, "tie", 0, 1)
    better, worse = (first, second) if a < b else (second, first)
    return PairResult(better, worse, "prefers", 1, 1)


def _derive_from_ends(answer: Answer, uids: Sequence[str]) -> Iterator[PairResult]:
    """The best beats all, all beat the worst; of those between them nothing is known."""
    best, worst = (answer[end] for end in ENDS)
    middle = [uid for uid in uids if uid not in (best, worst)]
    yield from (PairResult(best, uid, "prefers", 1, 1) for uid in [*middle, worst])
    yield from (PairResult(uid, worst, "prefers", 1, 1) for uid in middle)


def _count_open(raw: dict[str, Any]) -> str:
    left = sum(value == "" for value in raw.values())
    return "one response" if left == 1 else f"{left} responses"


def _first(form: Form, name: str) -> str:
    values = form.get(name, ())
    return values[0] if values else ""
