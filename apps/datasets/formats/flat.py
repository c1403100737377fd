"""Pairs as four texts, for programs that know no messages. Conversations of more than one turn do not fit."""

from collections.abc import Iterator

from apps.datasets.formats.base import (
    BOTH,
    Checks,
    Columns,
    Names,
    Need,
    Row,
    Snippet,
    Snippets,
    add_nothing,
    find_nothing,
)
from apps.datasets.formats.checks import check_any_text, check_text
from apps.datasets.formats.conversations import is_single_turn
from apps.datasets.formats.material import Material
from apps.datasets.formats.metadata.pairs import PAIR, describe_pair

NAME = "flat"
TITLE = "Flat table"
SUMMARY = (
    "`system` (empty where there is none), `prompt`, `chosen` and `rejected` are texts. Conversations of "
    "several turns have no place in it."
)
NEED = Need.PAIRS
COLUMNS: Columns = {
    "system": "string",
    "prompt": "string",
    "chosen": "string",
    "rejected": "string",
    "metadata": PAIR,
}
CHECKS: Checks = {
    "system": check_any_text,
    "prompt": check_text,
    "chosen": check_text,
    "rejected": check_text,
}
SIDES: Names = ("chosen", "rejected")
CONTAINERS = BOTH
ASIDE = True
USED: frozenset[str] = frozenset()
takes = is_single_turn
find_problems = find_nothing
extra_files = add_nothing
AXOLOTL = """\
base_model: MODEL
rl: dpo
datasets:
  - path: FOLDER/flat/train.SUFFIX
    split: train
    type: chatml.prompt_pairs
output_dir: dpo
"""
SNIPPETS: Snippets = (Snippet("axolotl", "yaml", AXOLOTL),)


def make_rows(material: Material) -> Iterator[Row]:
    """A row for every pair; those of one prompt lie together."""
    *before, last = material.messages
    system = before[0]["content"] if before else ""
    for pair in material.harvest.pairs:
        yield {
            "system": system,
            "prompt": last["content"],
            "chosen": material.reply(pair.winner)[0]["content"],
            "rejected": material.reply(pair.loser)[0]["content"],
            "metadata": describe_pair(pair, material),
        }
