"""The first socket: a question kind is one module here and one template in `templates/questions/`."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar, Literal, Protocol, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from apps.projects.questions.results import PairResult, Remark, Subject, TextResult, ValueResult

Answer = dict[str, Any]
Form = Mapping[str, Sequence[str]]
Level = Literal["nominal", "ordinal", "interval", "ranking", "text"]
PageText = Literal["prompt", "responses", "passages"]

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


def number_keys(count: int) -> list[str]:
    """The keys of so many things, for the map of keys."""
    keys = [str(number) for number in range(1, count + 1)]
    return keys if count < 4 else [keys[0], "…", keys[-1]]


def is_storable(text: str) -> bool:
    """Whether the database takes it: it has no NUL and no half of a character."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)


def _list_texts(value: Any) -> Iterator[str]:
    """All texts inside of a setting."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _list_texts(one)


class Condition(BaseModel):
    """A question is asked only where an earlier one was answered with one of these tokens."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    question: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    any_of: tuple[str, ...] = Field(min_length=1)


Said = tuple["Question", Answer]  # a question and the answer to it


class Question(BaseModel):
    """What every kind has; a kind adds its own settings and overrides the methods.

    A form's fields are named by the question's key, or by the key, a dot and what the field is for:
    `quality.B` asks about response B.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    kind: str
    key: str = Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")
    title: str = Field(min_length=1, max_length=200)
    hint: str = Field("", max_length=300)
    required: bool = True
    show_if: Condition | None = None

    template: ClassVar[str]
    level: ClassVar[Level]
    responses: ClassVar[tuple[int, int]] = (0, len(LETTERS))  # of an item that it can be asked about
    compares: ClassVar[bool] = False  # whether its answers come to pair outcomes
    writes: ClassVar[bool] = False  # whether raters put words of their own into its answers
    fits_bar: ClassVar[bool] = False  # whether it has a place in the bar under the responses

    @model_validator(mode="after")
    def _can_be_stored(self) -> Self:
        if not all(is_storable(text) for text in _list_texts(self.model_dump())):
            raise ValueError("it has a character that cannot be stored")
        return self

    def check_place(self, earlier: Sequence["Question"]) -> None:
        """
        Raises:
            ValueError: it depends on what none of the `earlier` questions can answer.
        """
        if self.show_if is not None:
            self._find_earlier(self.show_if, earlier)

    def _find_earlier(self, condition: Condition, earlier: Sequence["Question"]) -> "Question":
        asked = next((question for question in earlier if question.key == condition.question), None)
        if asked is None:
            raise ValueError(f"{self.key!r} waits for {condition.question!r}, which is not asked before it")
        if unknown := set(condition.any_of) - set(asked.list_tokens()):
            lacking = ", ".join(sorted(unknown))
            raise ValueError(f"{self.key!r} waits for what {asked.key!r} cannot answer: {lacking}")
        return asked

    @property
    def is_repeated(self) -> bool:
        """Whether it is asked once for each response; answers are then stored by uid."""
        return False

    @property
    def page_texts(self) -> frozenset[PageText]:
        """What its fields need to have on the page as it is stored, beside what is shown there to read."""
        return frozenset()

    @property
    def measure(self) -> str:
        """What it compares by, in a sentence to stand beside the conversation."""
        return ""

    @abstractmethod
    def present(self, letters: str, form: Form) -> dict[str, Any]:
        """What the kind's template needs besides `question`.

        Args:
            letters: of the responses, from left to right.
            form: the values of a draft.
        """

    @abstractmethod
    def read_form(self, form: Form, shown: Sequence[Shown]) -> Any:
        """The raw answer in this question's fields of a posted form; None where it was left open."""

    @abstractmethod
    def fill_form(self, answer: Answer, shown: Sequence[Shown]) -> dict[str, list[str]]:
        """A stored answer as a form's fields: the inverse of `read_form`."""

    @abstractmethod
    def validate_answer(self, raw: Any, subject: Subject) -> Answer | None:
        """The answer as it is stored, or None when it was left open.

        Raises:
            ValueError: with a sentence that a rater understands.
        """

    def read_places(self, places: Mapping[str, int]) -> Answer | None:
        """The answer that says the same as these places, 1 for the best; None where it has none for them.

        For what was judged elsewhere: it says which response is better, and never by how much.

        Args:
            places: of responses, by uid; those that tie share one.
        """
        return None

    def check_beside(self, answer: Answer, earlier: Sequence[Said], uids: Sequence[str]) -> None:
        """Hold an answer against those to the questions before it.

        Raises:
            ValueError: they contradict each other; with a sentence that a rater understands.
        """

    def list_tokens(self) -> list[str]:
        """All that a condition of a later question may ask for; no blanks in them."""
        return []

    def label_token(self, token: str) -> str:
        """One of them in the words of the page."""
        return token.replace("_", " ")

    def list_keys(self, letters: str) -> list[tuple[str, list[str]]]:
        """What its keys do and which they are, for the map of keys; `letters` of the responses shown."""
        return []

    def find_tokens(self, answer: Answer, uid: str) -> set[str]:
        """Those that an answer holds; of a repeated question, what it says of the response `uid`."""
        return set()

    def derive_pairs(self, answer: Answer, uids: Sequence[str]) -> Iterator[PairResult]:
        """The pair outcomes that follow from an answer; most kinds have none."""
        return iter(())

    def derive_values(self, answer: Answer) -> Iterator[ValueResult]:
        """The value outcomes that follow from an answer."""
        return iter(())

    def derive_texts(self, answer: Answer) -> Iterator[TextResult]:
        """The texts to learn from in an answer; most kinds have none."""
        return iter(())

    def derive_remarks(self, answer: Answer) -> Iterator[Remark]:
        """The reasons and the words in an answer; most kinds have none."""
        return iter(())

    def describe(self, answer: Answer, letters: Mapping[str, str], subject: Subject) -> Iterator[Remark]:
        """The answer for a reader, beside its pairs: its read-only view.

        Args:
            letters: of the responses, by uid, as the reader knows them.
            subject: what the answer is about, as far as the reader may see it.
        """
        return self.derive_remarks(answer)
