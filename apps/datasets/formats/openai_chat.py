"""Fine-tuning conversations as OpenAI, and services that take its files, want them: `messages` alone."""

from collections.abc import Iterator

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
from apps.datasets.formats.checks import check_conversation
from apps.datasets.formats.conversations import is_plain
from apps.datasets.formats.material import Material
from apps.datasets.formats.metadata.lessons import LESSON, describe_lesson

NAME = "openai_chat"
TITLE = "OpenAI fine-tuning"
SUMMARY = (
    "`messages` is the conversation with the answer to learn at its end, and there is no other column. "
    "Conversations with turns of tools have no place in it; OpenAI wants 10 rows at least."
)
NEED = Need.LESSONS
COLUMNS: Columns = {"messages": MESSAGES, "metadata": LESSON}
CHECKS: Checks = {"messages": check_conversation}
SIDES: Names = ()
CONTAINERS = JSON_LINES
ASIDE = True
USED: frozenset[str] = frozenset()
takes = is_plain
find_problems = find_nothing
extra_files = add_nothing
UPLOAD = """\
from openai import OpenAI

client = OpenAI()
uploaded = client.files.create(file=open("FOLDER/openai_chat/train.jsonl", "rb"), purpose="fine-tune")
client.fine_tuning.jobs.create(model="MODEL", training_file=uploaded.id)
"""
SNIPPETS: Snippets = (Snippet("OpenAI", "python", UPLOAD),)


def make_rows(material: Material) -> Iterator[Row]:
    """A row for every lesson."""
    for lesson in material.harvest.lessons:
        yield {
            "messages": [*material.messages, material.teach(lesson)],
            "metadata": describe_lesson(lesson, material),
        }
