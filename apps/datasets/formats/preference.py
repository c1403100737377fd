"""TRL's preference rows, conversational with an explicit prompt: for DPO, reward, ORPO, CPO and KTO."""

from collections.abc import Iterator, Sequence

from apps.datasets.decisions import Decided
from apps.datasets.formats.base import MESSAGES, Columns, Row
from apps.datasets.formats.messages import answer_with, copy_prompt
from apps.datasets.formats.metadata import METADATA, describe_origin

NAME = "preference"
TITLE = "Preference pairs"
SUMMARY = (
    "`prompt` is the conversation, system turn included; "
    "`chosen` and `rejected` are one assistant message each."
)
COLUMNS: Columns = {"prompt": MESSAGES, "chosen": MESSAGES, "rejected": MESSAGES, "metadata": METADATA}
SNIPPET = """\
from datasets import load_dataset
from trl import DPOConfig, DPOTrainer

rows = load_dataset("FOLDER", "preference", split="train")
trainer = DPOTrainer(model="MODEL", args=DPOConfig(output_dir="dpo"), train_dataset=rows)
trainer.train()
"""


def make_rows(decided: Sequence[Decided]) -> Iterator[Row]:
    """A row for every decided comparison."""
    for one in decided:
        yield {
            "prompt": copy_prompt(one.comparison.prompt),
            "chosen": [answer_with(one.chosen)],
            "rejected": [answer_with(one.rejected)],
            "metadata": describe_origin(one),
        }
