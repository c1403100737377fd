"""LLaMA-Factory's unpaired rows: the conversation with one answer, and whether that is good."""

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
from apps.datasets.formats.checks import check_bool, check_conversation
from apps.datasets.formats.conversations import alternates
from apps.datasets.formats.dataset_info import write_dataset_info
from apps.datasets.formats.material import Material
from apps.datasets.formats.metadata.labels import LABEL, describe_label
from apps.datasets.models import Split

NAME = "llama_factory_kto"
TITLE = "LLaMA-Factory KTO"
SUMMARY = (
    "`messages` is the conversation with one answer at its end, and `label` says whether that is good; "
    "`dataset_info.json` beside it has the entry. Conversations in which people and assistant do not take "
    "turns have no place in it."
)
NEED = Need.LABELS
COLUMNS: Columns = {"messages": MESSAGES, "label": "bool", "metadata": LABEL}
CHECKS: Checks = {"messages": check_conversation, "label": check_bool}
SIDES: Names = ()
CONTAINERS = BOTH
ASIDE = True
USED: frozenset[str] = frozenset({"label"})
takes = alternates
find_problems = find_nothing
SETTINGS = """\
model_name_or_path: MODEL
template: default  # the model's own; see LLaMA-Factory's list
stage: kto
do_train: true
finetuning_type: lora
dataset_dir: FOLDER/llama_factory_kto
dataset: llama_factory_kto
output_dir: kto
"""
SNIPPETS: Snippets = (Snippet("LLaMA-Factory", "yaml", SETTINGS),)


def extra_files(files: Mapping[Split, str]) -> dict[str, str]:
    """`dataset_info.json`."""
    return write_dataset_info(NAME, files, {"messages": "messages", "kto_tag": "label"})


def make_rows(material: Material) -> Iterator[Row]:
    """A row for every answer that is clearly good or bad."""
    for label in material.harvest.labels:
        yield {
            "messages": material.converse(label.item.responses[label.place]),
            "label": label.is_good,
            "metadata": describe_label(label, material),
        }
