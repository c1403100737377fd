"""The third socket: a format is one module here and a line in `__init__`."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Any, Protocol

from apps.datasets.evidence import PromptFacts
from apps.datasets.formats.material import Material

Row = dict[str, Any]
# A column's type: a name such as "string" or "float64", [type] for a list, {name: type} for a struct.
ColumnType = str | list[Any] | dict[str, Any]
Columns = dict[str, ColumnType]

MESSAGES: ColumnType = [{"role": "string", "content": "string"}]
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

BOTH = ("parquet", "jsonl")
JSON_LINES = ("jsonl",)


class Need(StrEnum):
    """What a format is made of."""

    PAIRS = "pairs"
    LESSONS = "lessons"
    LABELS = "labels"
    PROMPTS = "prompts"
    ANSWERS = "answers"


class Format(Protocol):
    """What a format's module has.

    Attributes:
        NAME: the folder's and the configuration's name.
        TITLE: in a word or two, for a form.
        SUMMARY: a sentence: what a row is.
        NEED: what its rows are made of.
        COLUMNS: names and types of the columns, in order.
        CONTAINERS: the kinds of files that its readers take.
        SNIPPET: what loads it from FOLDER and trains MODEL on it.
        ASIDE: whether readers refuse a column of their own making; where a row comes from then lies in a
            file beside it, line by line.
        USED: those of the names that trainers read by themselves which mean here what they mean there.
    """

    NAME: str
    TITLE: str
    SUMMARY: str
    NEED: Need
    COLUMNS: Columns
    CONTAINERS: tuple[str, ...]
    SNIPPET: str
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

    def find_problems(self, row: Row) -> Iterator[str]:
        """What is wrong with a row, a phrase each; columns and messages were looked at before."""
        ...  # pragma: no cover


def take_any(prompt: PromptFacts) -> bool:
    """For formats that take every conversation."""
    return True
