"""TRL's preference rows with a margin, which its reward trainer takes off the difference of the rewards."""

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
from apps.datasets.formats.checks import check_prompt, check_reply
from apps.datasets.formats.material import Material
from apps.datasets.formats.metadata.pairs import PAIR, describe_pair

NAME = "reward"
TITLE = "Reward pairs with a margin"
SUMMARY = (
    "`prompt`, `chosen` and `rejected` as in preference pairs, and `margin`: by how much the reward of the "
    "one is to lie above that of the other."
)
NEED = Need.PAIRS
COLUMNS: Columns = {
    "prompt": MESSAGES,
    "chosen": MESSAGES,
    "rejected": MESSAGES,
    "margin": "float64",
    "metadata": PAIR,
}
CHECKS: Checks = {"prompt": check_prompt, "chosen": check_reply, "rejected": check_reply}
SIDES: Names = ("chosen", "rejected")
CONTAINERS = BOTH
ASIDE = False
USED: frozenset[str] = frozenset({"margin"})
takes = take_any
find_problems = find_nothing
extra_files = add_nothing
TRL = """\
from datasets import load_dataset
from trl import RewardConfig, RewardTrainer

rows = load_dataset("FOLDER", "reward", split="train")
trainer = RewardTrainer(model="MODEL", args=RewardConfig(output_dir="reward"), train_dataset=rows)
trainer.train()
"""
OPENRLHF = """\
deepspeed --module openrlhf.cli.train_rm \\
  --model.model_name_or_path MODEL \\
  --model.margin_loss_enable \\
  --data.dataset FOLDER/reward/train.SUFFIX \\
  --data.prompt_key prompt \\
  --data.apply_chat_template \\
  --ckpt.output_dir reward
"""
SNIPPETS: Snippets = (Snippet("TRL", "python", TRL), Snippet("OpenRLHF", "sh", OPENRLHF))


def make_rows(material: Material) -> Iterator[Row]:
    """A row for every pair; those of one prompt lie together."""
    for pair in material.harvest.pairs:
        yield {
            "prompt": material.messages,
            "chosen": material.reply(pair.winner),
            "rejected": material.reply(pair.loser),
            "margin": pair.margin,
            "metadata": describe_pair(pair, material),
        }
