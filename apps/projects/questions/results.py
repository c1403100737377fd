"""What a question's answers come to, and what they were given about."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

Use = Literal["rewrite", "demonstration", "correction"]
Relation = Literal["prefers", "tie", "both_good", "both_bad", "cannot_tell"]


@dataclass(frozen=True)
class Texts:
    """What was read: the user's last message, the responses by uid, and passages to check them against."""

    prompt: str = ""
    responses: Mapping[str, str] = field(default_factory=dict)
    passages: Sequence[Mapping[str, str]] = ()


@dataclass(frozen=True)
class Subject:
    """The responses that an answer is about, by uid. Texts are loaded only where a question reads them."""

    uids: Sequence[str]
    load: Callable[[], Texts] = Texts

    @cached_property
    def texts(self) -> Texts:
        return self.load()

    def narrow(self, uids: Sequence[str]) -> "Subject":
        """The same with fewer responses."""
        return replace(self, uids=uids, load=lambda: self.texts)


@dataclass(frozen=True)
class PairResult:
    """One outcome between two responses, named by uid. For `prefers`, `a` is the better one."""

    a: str
    b: str
    relation: Relation
    strength: int  # 1 to `steps` for prefers, else 0
    steps: int  # the number of steps that each side had


@dataclass(frozen=True)
class ValueResult:
    """One thing said of a response, or of the whole item where `response` is empty.

    A point of a scale has a `number`, everything else a `label`; a marked span also where it begins and
    ends, in code points of the stored text.
    """

    response: str = ""
    label: str = ""
    number: int | None = None
    start: int | None = None
    stop: int | None = None


@dataclass(frozen=True)
class TextResult:
    """A text that somebody wrote to be learnt from; `response` is what it improves on, if anything."""

    use: Use
    text: str
    response: str = ""


@dataclass(frozen=True)
class Remark:
    """What an answer says beside its outcomes: reasons about one response, or words of the rater's own."""

    response: str = ""  # its uid; empty for the whole item
    reasons: tuple[str, ...] = ()
    text: str = ""
    aside: str = ""  # what a reader is told of the text, such as how much of it was pasted
