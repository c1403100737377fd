"""The gate before release: every row passes here, whatever made it."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from apps.datasets.errors import InvalidDatasetError
from apps.datasets.formats.base import RESERVED, Format, Need, Row
from apps.datasets.models import Split
from apps.datasets.recipes.document import RecipeDocument

ROLES = frozenset({"system", "developer", "user", "assistant", "tool"})
SHOWN = 20  # problems in a message


@dataclass
class Gate:
    """Collects what is wrong; `close` refuses the whole dataset when anything is."""

    recipe: RecipeDocument
    problems: list[str] = field(default_factory=list)
    count: int = 0
    _splits: dict[str, Split] = field(default_factory=dict)  # by cluster
    _labels: dict[tuple[str, Split], set[bool]] = field(default_factory=dict)

    def check(self, made_by: Format, split: Split, rows: Sequence[Row]) -> None:
        """All rows of one prompt in one format."""
        for row in rows:
            for problem in find_problems(made_by, row):
                self._note(made_by, row, problem)
            for problem in self._find_unwanted(row["metadata"]):
                self._note(made_by, row, problem)
            if "label" in made_by.COLUMNS:
                self._labels.setdefault((made_by.NAME, split), set()).add(row["label"])
        if rows and self._splits.setdefault(rows[0]["metadata"]["cluster"], split) != split:
            self._note(made_by, rows[0], "near-duplicates of its prompt are in another split")
        if made_by.NEED == Need.PAIRS and len(rows) > 1 and self.recipe.pairs.contradictions == "leave_out":
            self._find_contradictions(made_by, rows)

    def close(self) -> None:
        """Raises InvalidDatasetError, with the ids of the items, when a row must not leave."""
        for (name, split), labels in self._labels.items():
            if len(labels) == 1 and split == Split.TRAIN:
                only = "good" if labels == {True} else "bad"
                self._add(f"{name}, {split}: every label is {only}, and such rows teach nothing")
        if self.count:
            more = f"\n… and {self.count - SHOWN} more" if self.count > SHOWN else ""
            listed = "\n".join(self.problems)
            raise InvalidDatasetError(
                f"{self.count} rows would train wrongly, so nothing was written and every answer is kept. "
                f"Look at these:\n{listed}{more}"
            )

    def _note(self, made_by: Format, row: Row, problem: str) -> None:
        self._add(f"{made_by.NAME}, item {row['metadata']['item']}: {problem}")

    def _add(self, problem: str) -> None:
        self.count += 1
        if len(self.problems) < SHOWN:
            self.problems.append(problem)

    def _find_unwanted(self, metadata: Row) -> Iterator[str]:
        wanted = self.recipe.answers
        kind = metadata.get("item_kind")
        if kind is not None and kind not in wanted.item_kinds:
            yield f"it is of a kind that was not asked for ({kind})"
        for origin in metadata.get("origins") or ():
            if origin not in wanted.origins:
                yield f"an answer of it is of an origin that was not asked for ({origin})"

    def _find_contradictions(self, made_by: Format, rows: Sequence[Row]) -> None:
        said = {_texts(row) for row in rows}
        for row in rows:
            chosen, rejected = _texts(row)
            if (rejected, chosen) in said:
                self._note(made_by, row, "another row says the opposite of the same two texts")


def _texts(row: Row) -> tuple[str, str]:
    metadata = row["metadata"]
    return metadata["chosen"]["uid"], metadata["rejected"]["uid"]


def find_problems(made_by: Format, row: Row) -> Iterator[str]:
    """What is wrong with a row, a phrase each."""
    if list(row) != list(made_by.COLUMNS):
        yield f"its columns are {list(row)}"
        return
    if reserved := (RESERVED - made_by.USED).intersection(row):
        yield f"the column names {sorted(reserved)} mean something else to trainers"
    for name in ("prompt", "chosen", "rejected", "completion", "messages"):
        value = row.get(name)
        if isinstance(value, list):
            yield from (f"{name} {problem}" for problem in find_message_problems(value))
        elif isinstance(value, str) and not value.strip():
            yield f"{name} has no text"
    yield from made_by.find_problems(row)
    for name in ("margin", "metadata"):
        yield from (f"{name} {problem}" for problem in _find_number_problems(row.get(name, 0.0)))


def _find_number_problems(value: Any) -> Iterator[str]:
    if value is None:
        yield "is empty"
    values = value.values() if isinstance(value, dict) else (value,)
    if any(isinstance(one, float) and not math.isfinite(one) for one in values):
        yield "has a number that is not finite"


def find_message_problems(messages: list[Any]) -> Iterator[str]:
    if not messages:
        yield "is empty"
    for message in messages:
        if not isinstance(message, dict) or message.keys() != {"role", "content"}:
            yield "has a message that is not just a role and a content"
        elif message["role"] not in ROLES or not isinstance(message["content"], str):
            yield "has a message without a known role or a text"
