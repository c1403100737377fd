"""Preference rows as OpenAI defined them; Azure, Together and Fireworks take the same."""

from collections.abc import Iterable, Iterator
from typing import Any

from apps.datasets.formats.base import (
    JSON_LINES,
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
)
from apps.datasets.formats.checks import check_prompt, check_reply
from apps.datasets.formats.conversations import is_plain
from apps.datasets.formats.material import Material
from apps.datasets.formats.metadata.pairs import PAIR, describe_pair

NAME = "openai_dpo"
TITLE = "OpenAI preference"
SUMMARY = (
    "`input` holds the conversation, `preferred_output` and `non_preferred_output` one assistant message "
    "each. Conversations with turns of tools have no place in it."
)
NEED = Need.PAIRS
COLUMNS: Columns = {
    "input": {"messages": MESSAGES},
    "preferred_output": MESSAGES,
    "non_preferred_output": MESSAGES,
    "metadata": PAIR,
}
SIDES: Names = ("preferred_output", "non_preferred_output")
CONTAINERS = JSON_LINES
ASIDE = True
USED: frozenset[str] = frozenset()
takes = is_plain
find_problems = find_nothing
extra_files = add_nothing
UPLOAD = """\
from openai import OpenAI

client = OpenAI()
uploaded = client.files.create(file=open("FOLDER/openai_dpo/train.jsonl", "rb"), purpose="fine-tune")
client.fine_tuning.jobs.create(model="MODEL", training_file=uploaded.id, method={"type": "dpo"})
"""
SNIPPETS: Snippets = (Snippet("OpenAI", "python", UPLOAD),)


def check_input(given: Any) -> Iterable[str]:
    """A prompt, and nothing besides."""
    if isinstance(given, dict) and given.keys() == {"messages"}:
        return check_prompt(given["messages"])
    return ["is not just messages"]


CHECKS: Checks = {"input": check_input, "preferred_output": check_reply, "non_preferred_output": check_reply}


def make_rows(material: Material) -> Iterator[Row]:
    """A row for every pair; those of one prompt lie together."""
    given = {"messages": material.messages}
    for pair in material.harvest.pairs:
        yield {
            "input": given,
            "preferred_output": material.reply(pair.winner),
            "non_preferred_output": material.reply(pair.loser),
            "metadata": describe_pair(pair, material),
        }
