"""TRL's preference rows with an implicit prompt: two conversations that differ in their last message."""

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
    take_any,
)
from apps.datasets.formats.checks import check_conversation, check_same_prompt
from apps.datasets.formats.material import Material
from apps.datasets.formats.metadata.pairs import PAIR, describe_pair

NAME = "implicit"
TITLE = "Pairs of conversations"
SUMMARY = (
    "`chosen` and `rejected` are the whole conversation, each with its own answer at the end. Choose "
    "preference pairs wherever they can be read: there no trainer has to find the prompt."
)
NEED = Need.PAIRS
COLUMNS: Columns = {"chosen": MESSAGES, "rejected": MESSAGES, "metadata": PAIR}
CHECKS: Checks = {"chosen": check_conversation, "rejected": check_conversation}
SIDES: Names = ("chosen", "rejected")
CONTAINERS = BOTH
ASIDE = False
USED: frozenset[str] = frozenset()
takes = take_any
find_problems = check_same_prompt
extra_files = add_nothing
TRL = """\
from datasets import load_dataset
from trl import RewardConfig, RewardTrainer

rows = load_dataset("FOLDER", "implicit", split="train")
trainer = RewardTrainer(model="MODEL", args=RewardConfig(output_dir="reward"), train_dataset=rows)
trainer.train()
"""
AXOLOTL = """\
base_model: MODEL
rl: dpo
datasets:
  - path: FOLDER
    name: implicit
    split: train
    type: chat_template.argilla_chat
output_dir: dpo
"""
OPENRLHF = """\
deepspeed --module openrlhf.cli.train_dpo \\
  --model.model_name_or_path MODEL \\
  --data.dataset FOLDER/implicit/train.SUFFIX \\
  --data.apply_chat_template \\
  --ckpt.output_dir dpo
"""
SNIPPETS: Snippets = (
    Snippet("TRL", "python", TRL),
    Snippet("axolotl", "yaml", AXOLOTL),
    Snippet("OpenRLHF", "sh", OPENRLHF),
)


def make_rows(material: Material) -> Iterator[Row]:
    """A row for every pair; those of one prompt lie together."""
    for pair in material.harvest.pairs:
        yield {
            "chosen": material.converse(pair.winner),
            "rejected": material.converse(pair.loser),
            "metadata": describe_pair(pair, material),
        }
