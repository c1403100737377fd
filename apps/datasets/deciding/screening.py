"""Personal data in what raters wrote themselves: looked for before anything else reads it. Pure."""

from collections.abc import Collection, Mapping
from typing import Any, Literal, NamedTuple

from apps.datasets.evidence import Ballot, ItemFacts
from apps.prompts.personal_data import Rules, scan_text
from apps.prompts.personal_data.cleaning import mask_text

Policy = Literal["mask", "leave_out", "keep"]
Found = dict[str, tuple[str, ...]]  # kinds of what was found in an answer, by its annotation
Words = Mapping[int, Mapping[str, Collection[str]]]
_NONE: frozenset[str] = frozenset()


class Screened(NamedTuple):
    """An item as it may leave, and what was found in the answers to it."""

    item: ItemFacts
    found: Found


class Screen:
    """Asked about every item that the recipe reads. Most answers hold no words, and cost next to nothing.

    Args:
        policy: what becomes of what is found; an item that is to be left out comes back as it was.
        rules: what is looked for, as the project's imports do.
        words: by rubric version the keys of the questions that raters write words of their own in, each with
            the words of its own that an answer may hold.
    """

    def __init__(self, policy: Policy, rules: Rules, words: Words) -> None:
        self._rules = rules
        self._words = words
        self._keys = {version: frozenset(questions) for version, questions in words.items()}
        self._masks = policy == "mask"
        self.leaves_out = policy == "leave_out"

    @property
    def kinds(self) -> list[str]:
        """Names of all that is looked for."""
        return [*map(str, self._rules.kinds), *(pattern.name for pattern in self._rules.patterns)]

    def look(self, item: ItemFacts) -> Screened | None:
        """None where nothing was found."""
        for ballot in item.ballots:
            if ballot.written or ballot.answers:
                return self._look_closer(item)
        return None

    def _look_closer(self, item: ItemFacts) -> Screened | None:
        ballots, found = list(item.ballots), Found()
        for place, ballot in enumerate(item.ballots):
            if ballot.written or self._has_words(item, ballot):
                cleaned, kinds = self._clean(item, ballot)
                if kinds:
                    ballots[place], found[ballot.annotation] = cleaned, kinds
        if not found:
            return None
        return Screened(item._replace(ballots=tuple(ballots)) if self._masks else item, found)

    def _has_words(self, item: ItemFacts, ballot: Ballot) -> bool:
        return not self._keys.get(_find_version(item, ballot), _NONE).isdisjoint(ballot.answers)

    def _clean(self, item: ItemFacts, ballot: Ballot) -> tuple[Ballot, tuple[str, ...]]:
        """The ballot with masks, and what they hide: of a text that it has twice only once."""
        masker = _Masker(self._rules, {response.uid for response in item.responses})
        written = tuple(one._replace(text=masker.mask(one.text, ())) for one in ballot.written)
        questions = self._words.get(_find_version(item, ballot), {})
        answers = {
            key: masker.mask(answer, questions[key]) if key in questions else answer
            for key, answer in ballot.answers.items()
        }
        return ballot._replace(written=written, answers=answers), tuple(masker.kinds)


class _Masker:
    """Masks texts at any depth, but the uids of responses; notes the kinds of what it found."""

    def __init__(self, rules: Rules, uids: Collection[str]) -> None:
        self._rules, self._uids = rules, uids
        self._known: dict[str, str] = {}
        self.kinds: list[str] = []

    def mask(self, value: Any, tokens: Collection[str]) -> Any:
        """`tokens` are words of the question, which stay."""
        if isinstance(value, str):
            return value if value in tokens or value in self._uids else self._mask_text(value)
        if isinstance(value, Mapping):
            return {key: self.mask(one, tokens) for key, one in value.items()}
        if isinstance(value, list):
            return [self.mask(one, tokens) for one in value]
        return value

    def _mask_text(self, text: str) -> str:
        if text not in self._known:
            found = scan_text(text, self._rules)
            self.kinds += [one.kind for one in found]
            self._known[text] = mask_text(text, found)[0]
        return self._known[text]


def _find_version(item: ItemFacts, ballot: Ballot) -> int:
    return item.rubric if ballot.rubric is None else ballot.rubric
