"""The first socket: a question kind is one module here and one template in `templates/questions/`."""

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal, Protocol

from pydantic import BaseModel, ConfigDict, Field

Answer = dict[str, Any]
Relation = Literal["prefers", "tie", "both_good", "both_bad", "cannot_tell"]


LETTERS = "ABCDEFGHI"


class Shown(Protocol):
    """A response as it stands on a rater's page. Forms name it by its letter, stored answers by its uid."""

    @property
    def uid(self) -> str: ...
    @property
    def letter(self) -> str: ...


def find_uid(letter: str, shown: Sequence[Shown]) -> str:
    """The uid behind a form's letter; a letter that is not on the page stands for itself, and is refused."""
    return next((response.uid for response in shown if response.letter == letter), letter)


def find_letter(uid: str, shown: Sequence[Shown]) -> str:
    """The letter under which a response stands on the page."""
    return next(response.letter for response in shown if response.uid == uid)


@dataclass(frozen=True)
class PairResult:
    """One outcome between two responses, named by uid. For `prefers`, `a` is the better one."""

    a: str
    b: str
    relation: Relation
    strength: int  # 1 to `steps` for prefers, else 0
    steps: int  # the number of steps that each side had


@dataclass(frozen=True)
class Remark:
    """What an answer says beside its outcomes: reasons about one response, or words of the rater's own."""

    response: str = ""  # its uid; empty for words
    reasons: tuple[str, ...] = ()
    text: str = ""


class Question(BaseModel):
    """What every kind has; a kind adds its own settings and overrides the methods."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: str
    key: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    title: str = Field(min_length=1, max_length=200)
    required: bool = True

    template: ClassVar[str]
    level: ClassVar[Literal["nominal", "ordinal", "interval", "ranking", "text"]]

    @abstractmethod
    def present(self, letters: str, values: Sequence[str]) -> dict[str, Any]:
        """What the kind's template needs besides `question`.

        Args:
            letters: of the responses, from left to right.
            values: the form's, from a draft.
        """

    @abstractmethod
    def read_form(self, values: Sequence[str], shown: Sequence[Shown]) -> Any:
        """The raw answer in a posted form's values under this question's key; None where it was left open."""

    @abstractmethod
    def fill_form(self, answer: Answer, shown: Sequence[Shown]) -> list[str]:
        """A stored answer as a form's values: the inverse of `read_form`."""

    @abstractmethod
    def validate_answer(self, raw: Any, responses: list[str]) -> Answer | None:
        """The answer as it is stored, or None when it was left open.

        Raises:
            ValueError: with a sentence that a rater understands.
        """

    def derive_pairs(self, answer: Answer, responses: list[str]) -> Iterator[PairResult]:
        """The pair outcomes that follow from an answer; most kinds have none."""
        return iter(())

    def derive_remarks(self, answer: Answer) -> Iterator[Remark]:
        """The reasons and the words in an answer; most kinds have none."""
        return iter(())
