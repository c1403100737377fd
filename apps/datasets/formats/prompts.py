"""Prompts alone, for trainers whose model writes the answers while it trains."""

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
from apps.datasets.formats.checks import check_prompt
from apps.datasets.formats.material import Material
from apps.datasets.formats.metadata.prompts import PROMPT, describe_prompt

NAME = "prompts"
TITLE = "Prompts only"
SUMMARY = "`prompt` is the conversation, each once, of every prompt with an answer that the recipe reads."
NEED = Need.PROMPTS
COLUMNS: Columns = {"prompt": MESSAGES, "metadata": PROMPT}
CHECKS: Checks = {"prompt": check_prompt}
SIDES: Names = ()
CONTAINERS = BOTH
ASIDE = False
USED: frozenset[str] = frozenset()
takes = take_any
find_problems = find_nothing
extra_files = add_nothing
TRL = """\
from datasets import load_dataset
from trl import GRPOConfig, GRPOTrainer

rows = load_dataset("FOLDER", "prompts", split="train")
# The reward may also be a function, or a model that was trained on the reward pairs of this dataset.
trainer = GRPOTrainer(
    model="MODEL", reward_funcs="reward", args=GRPOConfig(output_dir="grpo"), train_dataset=rows
)
trainer.train()
"""
OPENRLHF = """\
python -m openrlhf.cli.train_ppo_ray \\
  --actor.model_name_or_path MODEL \\
  --reward.model_name_or_path reward \\
  --data.prompt_dataset FOLDER/prompts/train.SUFFIX \\
  --data.input_key prompt \\
  --data.apply_chat_template \\
  --ckpt.output_dir ppo
"""
SNIPPETS: Snippets = (Snippet("TRL", "python", TRL), Snippet("OpenRLHF", "sh", OPENRLHF))


def make_rows(material: Material) -> Iterator[Row]:
    """One row, where the recipe reads an answer to it."""
    if material.harvest.items:
        yield {"prompt": material.messages, "metadata": describe_prompt(material)}
