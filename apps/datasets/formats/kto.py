"""TRL's unpaired rows: one answer each, good or bad by itself."""

from collections.abc import Iterator

from apps.datasets.formats.base import (
    BOTH,
    MESSAGES,
    Checks,
    Columns,
    Names,
    Need,
    Row,
    Snippet,
    Snippets,
    add_nothing,
    find_nothing,
    take_any,
)
from apps.datasets.formats.checks import check_bool, check_prompt, check_reply
from apps.datasets.formats.material import Material
from apps.datasets.formats.metadata.labels import LABEL, describe_label

NAME = "kto"
TITLE = "Good and bad answers"
SUMMARY = (
    "`prompt` is the conversation, `completion` one assistant message, and `label` says whether it is good. "
    "It comes from what people said of each answer by itself, not from which of two was better."
)
NEED = Need.LABELS
COLUMNS: Columns = {"prompt": MESSAGES, "completion": MESSAGES, "label": "bool", "metadata": LABEL}
CHECKS: Checks = {"prompt": check_prompt, "completion": check_reply, "label": check_bool}
SIDES: Names = ()
CONTAINERS = BOTH
ASIDE = False
USED: frozenset[str] = frozenset({"label"})
takes = take_any
find_problems = find_nothing
extra_files = add_nothing
TRL = """\
from datasets import load_dataset
from trl import KTOConfig, KTOTrainer

rows = load_dataset("FOLDER", "kto", split="train")
# KTO compares the answers of a batch with each other: it needs more than one, in the order of the file.
settings = KTOConfig(
    output_dir="kto", per_device_train_batch_size=4, train_sampling_strategy="sequential"
)
trainer = KTOTrainer(model="MODEL", args=settings, train_dataset=rows)
trainer.train()
"""
SNIPPETS: Snippets = (Snippet("TRL", "python", TRL),)


def make_rows(material: Material) -> Iterator[Row]:
    """A row for every answer that is clearly good or bad."""
    for label in material.harvest.labels:
        yield {
            "prompt": material.messages,
            "completion": material.reply(label.item.responses[label.place]),
            "label": label.is_good,
            "metadata": describe_label(label, material),
        }
