"""The third socket: a format is one module here and a line in `__init__`."""

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from apps.datasets.decisions import Decided

Row = dict[str, Any]
# A column's type: a name such as "string" or "float64", [type] for a list, {name: type} for a struct.
ColumnType = str | list[Any] | dict[str, Any]
Columns = dict[str, ColumnType]

MESSAGES: ColumnType = [{"role": "string", "content": "string"}]

# Top-level names that trainers read by themselves (TRL 1.16): a column called so changes the training.
RESERVED = frozenset(
    {
        *(
            "text",
            "input_ids",
            "attention_mask",
            "labels",
            "completion_mask",
            "assistant_masks",
            "seq_lengths",
        ),
        *("prompt_ids", "chosen_ids", "rejected_ids", "completion_ids", "KL_completion_ids"),
        *("chosen_input_ids", "rejected_input_ids", "ref_chosen_logps", "ref_rejected_logps", "ref_logps"),
        *(
            "ref_KL_logps",
            "image",
            "images",
            "conversations",
            "chat_template_kwargs",
            "tools",
            "margin",
            "label",
        ),
    }
)


class Format(Protocol):
    """What a format's module has.

    Attributes:
        NAME: the folder's and the configuration's name.
        TITLE: in a word or two, for a form.
        SUMMARY: a sentence: what a row is.
        COLUMNS: names and types of the columns, in order.
        SNIPPET: Python that loads it from FOLDER and trains MODEL on it.
    """

    NAME: str
    TITLE: str
    SUMMARY: str
    COLUMNS: Columns
    SNIPPET: str

    def make_rows(self, decided: Sequence[Decided]) -> Iterator[Row]:
        """The rows of one prompt, given its decided comparisons, oldest first. Pure."""
        ...  # pragma: no cover
