"""LLaMA-Factory's fine-tuning conversations: ShareGPT's layout with our names for roles."""

from collections.abc import Iterator, Mapping

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
    find_nothing,
)
from apps.datasets.formats.checks import check_conversation
from apps.datasets.formats.conversations import alternates
from apps.datasets.formats.dataset_info import write_dataset_info
from apps.datasets.formats.material import Material
from apps.datasets.formats.metadata.lessons import LESSON, describe_lesson
from apps.datasets.models import Split

NAME = "llama_factory_sft"
TITLE = "LLaMA-Factory fine-tuning"
SUMMARY = (
    "`messages` is the conversation with the answer to learn at its end; `dataset_info.json` beside it has "
    "the entry. Conversations in which people and assistant do not take turns have no place in it."
)
NEED = Need.LESSONS
COLUMNS: Columns = {"messages": MESSAGES, "metadata": LESSON}
CHECKS: Checks = {"messages": check_conversation}
SIDES: Names = ()
CONTAINERS = BOTH
ASIDE = True
USED: frozenset[str] = frozenset()
takes = alternates
find_problems = find_nothing
SETTINGS = """\
model_name_or_path: MODEL
template: default  # the model's own; see LLaMA-Factory's list
stage: sft
do_train: true
finetuning_type: lora
mask_history: true  # only the last answer was judged
dataset_dir: FOLDER/llama_factory_sft
dataset: llama_factory_sft
output_dir: sft
"""
SNIPPETS: Snippets = (Snippet("LLaMA-Factory", "yaml", SETTINGS),)


def extra_files(files: Mapping[Split, str]) -> dict[str, str]:
    """`dataset_info.json`."""
    return write_dataset_info(NAME, files, {"messages": "messages"})


def make_rows(material: Material) -> Iterator[Row]:
    """A row for every lesson."""
    for lesson in material.harvest.lessons:
        yield {
            "messages": [*material.messages, material.teach(lesson)],
            "metadata": describe_lesson(lesson, material),
        }
