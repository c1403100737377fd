"""Conversations for supervised fine-tuning: the prompt with an answer that people wrote or preferred."""

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
from apps.datasets.formats.checks import check_conversation
from apps.datasets.formats.material import Material
from apps.datasets.formats.metadata.lessons import LESSON, describe_lesson

NAME = "sft"
TITLE = "Fine-tuning conversations"
SUMMARY = "`messages` is the conversation with the answer to learn at its end."
NEED = Need.LESSONS
COLUMNS: Columns = {"messages": MESSAGES, "metadata": LESSON}
CHECKS: Checks = {"messages": check_conversation}
SIDES: Names = ()
CONTAINERS = BOTH
ASIDE = False
USED: frozenset[str] = frozenset()
takes = take_any
find_problems = find_nothing
extra_files = add_nothing
TRL = """\
from datasets import load_dataset
from trl import SFTConfig, SFTTrainer

rows = load_dataset("FOLDER", "sft", split="train")
trainer = SFTTrainer(model="MODEL", args=SFTConfig(output_dir="sft"), train_dataset=rows)
trainer.train()
"""
AXOLOTL = """\
base_model: MODEL
datasets:
  - path: FOLDER
    name: sft
    split: train
    type: chat_template
    field_messages: messages
    roles_to_train: [assistant]
    train_on_eos: turn
output_dir: sft
"""
OPENRLHF = """\
deepspeed --module openrlhf.cli.train_sft \\
  --model.model_name_or_path MODEL \\
  --data.dataset FOLDER/sft/train.SUFFIX \\
  --data.input_key messages \\
  --data.apply_chat_template \\
  --ckpt.output_dir sft
"""
SNIPPETS: Snippets = (
    Snippet("TRL", "python", TRL),
    Snippet("axolotl", "yaml", AXOLOTL),
    Snippet("OpenRLHF", "sh", OPENRLHF),
)


def make_rows(material: Material) -> Iterator[Row]:
    """A row for every lesson."""
    for lesson in material.harvest.lessons:
        yield {
            "messages": [*material.messages, material.teach(lesson)],
            "metadata": describe_lesson(lesson, material),
        }
