"""Conversations for supervised fine-tuning: the prompt with the response that people clearly preferred."""

from collections.abc import Iterator, Sequence

from apps.datasets.decisions import Decided
from apps.datasets.formats.base import MESSAGES, Columns, Row
from apps.datasets.formats.messages import answer_with, copy_prompt
from apps.datasets.formats.metadata import METADATA, describe_origin

NAME = "sft"
TITLE = "Fine-tuning conversations"
SUMMARY = (
    "`messages` is the conversation with the preferred response at its end, where it was preferred "
    "with a strength of at least 2."
)
COLUMNS: Columns = {"messages": MESSAGES, "metadata": METADATA}
SNIPPET = """\
from datasets import load_dataset
from trl import SFTConfig, SFTTrainer

rows = load_dataset("FOLDER", "sft", split="train")
trainer = SFTTrainer(model="MODEL", args=SFTConfig(output_dir="sft"), train_dataset=rows)
trainer.train()
"""
MIN_STRENGTH = 2


def make_rows(decided: Sequence[Decided]) -> Iterator[Row]:
    """A row for every response that won clearly; one that won several times leaves once."""
    seen: set[str] = set()
    for one in decided:
        if not _is_clear(one) or one.chosen.text in seen:
            continue
        seen.add(one.chosen.text)
        yield {
            "messages": [*copy_prompt(one.comparison.prompt), answer_with(one.chosen)],
            "metadata": describe_origin(one),
        }


def _is_clear(decided: Decided) -> bool:
    """Strength of at least 2, or of 1 where the scale has no more."""
    return decided.consensus.strength >= min(MIN_STRENGTH, decided.consensus.steps)
