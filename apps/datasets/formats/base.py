"""The third socket: a format is one module here and a line in `__init__`."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any, NamedTuple, Protocol

from apps.datasets.evidence import PromptFacts
from apps.datasets.formats.material import Material
from apps.datasets.models import Split

Row = dict[str, Any]
# A column's type: a name such as "string" or "float64", [type] for a list, {name: type} for a struct.
ColumnType = str | list[Any] | dict[str, Any]
Columns = dict[str, ColumnType]
# What is wrong with a column's value, a phrase each that its name goes before; nothing where it is right.
Check = Callable[[Any], Iterable[str]]
Checks = Mapping[str, Check]
Names = tuple[str, ...]

MESSAGE: ColumnType = {"role": "string", "content": "string"}
MESSAGES: ColumnType = [MESSAGE]
# Top-level names that trainers read by themselves (TRL 1.16): a column called so changes the training.
RESERVED = frozenset(
    [
        "text",
        "input_ids",
        "attention_mask",
        "labels",
        "completion_mask",
        "assistant_masks",
        "seq_lengths",
        "prompt_ids",
        "chosen_ids",
        "rejected_ids",
        "completion_ids",
        "KL_completion_ids",
        "chosen_input_ids",
        "rejected_input_ids",
        "ref_chosen_logps",
        "ref_rejected_logps",
        "ref_logps",
        "ref_KL_logps",
        "image",
        "images",
        "conversations",
        "chat_template_kwargs",
        "tools",
        "margin",
        "label",
    ]
)

BOTH: Names = ("parquet", "jsonl")
JSON_LINES: Names = ("jsonl",)


class Need(StrEnum):
    """What a format is made of."""

    PAIRS = "pairs"
    LESSONS = "lessons"
    LABELS = "labels"
    PROMPTS = "prompts"
    ANSWERS = "answers"


class Snippet(NamedTuple):
    """What loads a format's files and trains on them.

    FOLDER stands for the dataset's folder, MODEL for a model, and SUFFIX for that of the files.
    """

    trainer: str
    language: str
    text: str

    def fill(self, *, folder: str, model: str, suffix: str) -> str:
        """The text with these in their places."""
        return self.text.replace("FOLDER", folder).replace("MODEL", model).replace("SUFFIX", suffix)


Snippets = tuple[Snippet, ...]


class Format(Protocol):
    """What a format's module has.

    Attributes:
        NAME: the folder's and the configuration's name.
        TITLE: in a word or two, for a form.
        SUMMARY: a sentence: what a row is.
        NEED: what its rows are made of.
        COLUMNS: names and types of the columns, in order.
        CHECKS: what has to hold of a column's value by itself.
        SIDES: the columns with the better and the worse response of a pair; none for what is no pair.
        CONTAINERS: the kinds of files that its readers take.
        SNIPPETS: what trains on it, its first reader first.
        ASIDE: whether its readers take no column but their own, or guess the types of columns; where a row
            comes from then lies in a file beside it, line by line.
        USED: those of the names that trainers read by themselves which mean here what they mean there.
    """

    NAME: str
    TITLE: str
    SUMMARY: str
    NEED: Need
    COLUMNS: Columns
    CHECKS: Checks
    SIDES: Names
    CONTAINERS: Names
    SNIPPETS: Snippets
    ASIDE: bool
    USED: frozenset[str]

    def takes(self, prompt: PromptFacts) -> bool:
        """Whether conversations of this form have a place in it; what has none is counted as left out."""
        ...  # pragma: no cover

    def make_rows(self, material: Material) -> Iterator[Row]:
        """The rows of one prompt that it takes. Pure.

        Every row has `metadata`, also where `ASIDE`: it is taken out of the row when that is written.
        """
        ...  # pragma: no cover

    def find_problems(self, row: Row) -> Iterable[str]:
        """What is wrong between a row's columns, a phrase each; `CHECKS` were made before."""
        ...  # pragma: no cover

    def extra_files(self, files: Mapping[Split, str]) -> Mapping[str, str]:
        """Texts to lie beside the files of rows, by name, given the names of those."""
        ...  # pragma: no cover


def take_any(prompt: PromptFacts) -> bool:
    """For formats that take every conversation."""
    return True


def find_nothing(row: Row) -> Iterable[str]:
    """For formats whose columns need not fit each other."""
    return ()


def add_nothing(files: Mapping[Split, str]) -> Mapping[str, str]:
    """For formats that are their rows."""
    return {}
