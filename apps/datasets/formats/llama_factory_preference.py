"""LLaMA-Factory's pairs: ShareGPT's layout with our names for roles, and a single message on either side."""

from collections.abc import Iterator, Mapping

from apps.datasets.formats.base import (
    BOTH,
    MESSAGE,
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
from apps.datasets.formats.checks import check_answer, check_prompt
from apps.datasets.formats.conversations import alternates
from apps.datasets.formats.dataset_info import write_dataset_info
from apps.datasets.formats.material import Material
from apps.datasets.formats.metadata.pairs import PAIR, describe_pair
from apps.datasets.models import Split

NAME = "llama_factory_preference"
TITLE = "LLaMA-Factory preference"
SUMMARY = (
    "`messages` is the conversation, `chosen` and `rejected` are one message each; `dataset_info.json` "
    "beside them has the entry. Conversations in which people and assistant do not take turns have no place "
    "in it."
)
NEED = Need.PAIRS
COLUMNS: Columns = {"messages": MESSAGES, "chosen": MESSAGE, "rejected": MESSAGE, "metadata": PAIR}
CHECKS: Checks = {"messages": check_prompt, "chosen": check_answer, "rejected": check_answer}
SIDES: Names = ("chosen", "rejected")
CONTAINERS = BOTH
ASIDE = True
USED: frozenset[str] = frozenset()
takes = alternates
find_problems = find_nothing
SETTINGS = """\
model_name_or_path: MODEL
template: default  # the model's own; see LLaMA-Factory's list
stage: dpo
do_train: true
finetuning_type: lora
dataset_dir: FOLDER/llama_factory_preference
dataset: llama_factory_preference
output_dir: dpo
"""
SNIPPETS: Snippets = (Snippet("LLaMA-Factory", "yaml", SETTINGS),)


def extra_files(files: Mapping[Split, str]) -> dict[str, str]:
    """`dataset_info.json`."""
    columns = {"messages": "messages", "chosen": "chosen", "rejected": "rejected"}
    return write_dataset_info(NAME, files, columns, ranking=True)


def make_rows(material: Material) -> Iterator[Row]:
    """A row for every pair; those of one prompt lie together."""
    for pair in material.harvest.pairs:
        yield {
            "messages": material.messages,
            "chosen": material.reply(pair.winner)[0],
            "rejected": material.reply(pair.loser)[0],
            "metadata": describe_pair(pair, material),
        }
