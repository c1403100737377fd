"""TRL's preference rows, conversational with an explicit prompt: for DPO, reward, ORPO, CPO and KTO."""

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

NAME = "preference"
TITLE = "Preference pairs"
SUMMARY = (
    "`prompt` is the conversation, system turn included; "
    "`chosen` and `rejected` are one assistant message each."
)
NEED = Need.PAIRS
COLUMNS: Columns = {"prompt": MESSAGES, "chosen": MESSAGES, "rejected": MESSAGES, "metadata": PAIR}
CHECKS: Checks = {"prompt": check_prompt, "chosen": check_reply, "rejected": check_reply}
SIDES: Names = ("chosen", "rejected")
CONTAINERS = BOTH
ASIDE = False
USED: frozenset[str] = frozenset()
takes = take_any
find_problems = find_nothing
extra_files = add_nothing
TRL = """\
from datasets import load_dataset
from trl import DPOConfig, DPOTrainer

rows = load_dataset("FOLDER", "preference", split="train")
trainer = DPOTrainer(model="MODEL", args=DPOConfig(output_dir="dpo"), train_dataset=rows)
trainer.train()
"""
AXOLOTL = """\
base_model: MODEL
rl: dpo
datasets:
  - path: FOLDER
    name: preference
    split: train
    type: chat_template.default
    field_messages: prompt
    field_chosen: chosen
    field_rejected: rejected
output_dir: dpo
"""
OPENRLHF = """\
deepspeed --module openrlhf.cli.train_dpo \\
  --model.model_name_or_path MODEL \\
  --data.dataset FOLDER/preference/train.SUFFIX \\
  --data.prompt_key prompt \\
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
            "prompt": material.messages,
            "chosen": material.reply(pair.winner),
            "rejected": material.reply(pair.loser),
            "metadata": describe_pair(pair, material),
        }
