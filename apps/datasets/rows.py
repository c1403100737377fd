"""The one row builder: the page, the API and the command all read this stream."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from apps.datasets.comparisons import Comparison, PromptRecord
from apps.datasets.decisions import Decided, decide_prompt
from apps.datasets.formats.base import Format, Row
from apps.datasets.tally import Tally


@dataclass(frozen=True)
class OutRow:
    format_name: str
    prompt: PromptRecord
    row: Row


def build_rows(
    comparisons: Iterable[Comparison], formats: Iterable[Format], tally: Tally | None = None
) -> Iterator[OutRow]:
    """The rows of every format, prompt by prompt; comparisons of one prompt must come together.

    `tally`, where given, counts every comparison on the way, whether it makes rows or not.
    """
    formats = list(formats)
    for _, group in groupby(comparisons, key=lambda comparison: comparison.prompt.id):
        verdicts = decide_prompt(group)
        if tally is not None:
            tally.add_prompt(verdicts)
        decided = [verdict for _, verdict in verdicts if isinstance(verdict, Decided)]
        for one in formats if decided else ():
            for row in one.make_rows(decided):
                yield OutRow(one.NAME, decided[0].comparison.prompt, row)
