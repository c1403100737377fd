"""TRL's prompt-completion rows: lessons with the prompt apart, so that answers alone are learnt."""

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
from apps.datasets.formats.metadata.lessons import LESSON, describe_lesson

NAME = "prompt_completion"
TITLE = "Prompts with an answer"
SUMMARY = (
    "`prompt` is the conversation and `completion` the answer to learn, one assistant message. Trainers "
    "learn the answer alone."
)
NEED = Need.LESSONS
COLUMNS: Columns = {"prompt": MESSAGES, "completion": MESSAGES, "metadata": LESSON}
CHECKS: Checks = {"prompt": check_prompt, "completion": check_reply}
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

rows = load_dataset("FOLDER", "prompt_completion", split="train")
trainer = SFTTrainer(model="MODEL", args=SFTConfig(output_dir="sft"), train_dataset=rows)
trainer.train()
"""
SNIPPETS: Snippets = (Snippet("TRL", "python", TRL),)


def make_rows(material: Material) -> Iterator[Row]:
    """A row for every lesson."""
    for lesson in material.harvest.lessons:
        yield {
            "prompt": material.messages,
            "completion": [material.teach(lesson)],
            "metadata": describe_lesson(lesson, material),
        }
