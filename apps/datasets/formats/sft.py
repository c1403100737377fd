"""Conversations for supervised fine-tuning: the prompt with an answer that people wrote or clearly preferred."""

from collections.abc import Iterator

from apps.datasets.deciding.lessons import Lesson
from apps.datasets.evidence import Message
from apps.datasets.formats.base import BOTH, MESSAGES, Columns, Need, Row, take_any
from apps.datasets.formats.checks import check_conversation
from apps.datasets.formats.material import Material
from apps.datasets.formats.metadata import LESSON, describe_lesson

NAME = "sft"
TITLE = "Fine-tuning conversations"
SUMMARY = "`messages` is the conversation with the answer to learn at its end."
NEED = Need.LESSONS
COLUMNS: Columns = {"messages": MESSAGES, "metadata": LESSON}
CONTAINERS = BOTH
ASIDE = False
USED: frozenset[str] = frozenset()
takes = take_any
find_problems = check_conversation
SNIPPET = """\
from datasets import load_dataset
from trl import SFTConfig, SFTTrainer

rows = load_dataset("FOLDER", "sft", split="train")
trainer = SFTTrainer(model="MODEL", args=SFTConfig(output_dir="sft"), train_dataset=rows)
trainer.train()
"""


def make_rows(material: Material) -> Iterator[Row]:
    """A row for every lesson."""
    for lesson in material.harvest.lessons:
        yield {
            "messages": [*material.messages, teach(lesson, material)],
            "metadata": describe_lesson(lesson, material),
        }


def teach(lesson: Lesson, material: Material) -> Message:
    """The answer to learn, as a message."""
    if lesson.text:
        return {"role": "assistant", "content": lesson.text}
    return material.reply(lesson.item.responses[lesson.place or 0])[0]
