"""The gate before release: every row passes here, whatever format made it."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from apps.datasets.errors import InvalidDatasetError
from apps.datasets.formats.base import RESERVED, Format, Row

ROLES = frozenset({"system", "developer", "user", "assistant", "tool"})
SHOWN = 20  # problems in a message


@dataclass
class Gate:
    """Collects what is wrong; `close` refuses the whole dataset when anything is."""

    problems: list[str] = field(default_factory=list)
    count: int = 0

    def check(self, made_by: Format, row: Row) -> None:
        for problem in find_problems(made_by, row):
            self.count += 1
            if len(self.problems) < SHOWN:
                self.problems.append(f"{made_by.NAME}, item {row['metadata']['item']}: {problem}")

    def close(self) -> None:
        """Raises InvalidDatasetError, with the ids of the items, when a row must not leave."""
        if self.count:
            more = f"\n… and {self.count - SHOWN} more" if self.count > SHOWN else ""
            listed = "\n".join(self.problems)
            raise InvalidDatasetError(
                f"{self.count} rows would train wrongly, so nothing was written and every answer is kept. "
                f"Look at these items:\n{listed}{more}"
            )


def find_problems(made_by: Format, row: Row) -> Iterator[str]:
    """What is wrong with a row, a phrase each."""
    if list(row) != list(made_by.COLUMNS):
        yield f"its columns are {list(row)}"
        return
    if reserved := RESERVED & row.keys():
        yield f"the column names {sorted(reserved)} mean something else to trainers"
    for name in row.keys() & {"prompt", "chosen", "rejected", "messages"}:
        yield from (f"{name} {problem}" for problem in _find_message_problems(row[name]))
    if "prompt" in row and not _ends_with(row["prompt"], {"user", "tool"}):
        yield "prompt does not end with a user or tool turn"
    if "messages" in row:
        yield from _find_conversation_problems(row["messages"])
    if "chosen" in row:
        yield from _find_pair_problems(row["chosen"], row["rejected"])
    if any(isinstance(value, float) and not math.isfinite(value) for value in row["metadata"].values()):
        yield "metadata has a number that is not finite"


def _find_message_problems(messages: Any) -> Iterator[str]:
    if not isinstance(messages, list) or not messages:
        yield "is empty"
        return
    for message in messages:
        if not isinstance(message, dict) or message.keys() != {"role", "content"}:
            yield "has a message that is not just a role and a content"
        elif message["role"] not in ROLES or not isinstance(message["content"], str):
            yield "has a message without a known role or a text"


def _find_conversation_problems(messages: list[Row]) -> Iterator[str]:
    if not _ends_with(messages, {"assistant"}) or _is_blank(messages):
        yield "messages does not end with an assistant turn that has text"
    if not _ends_with(messages[:-1], {"user", "tool"}):
        yield "the last answer in messages follows no user or tool turn"


def _find_pair_problems(chosen: list[Row], rejected: list[Row]) -> Iterator[str]:
    for name, side in (("chosen", chosen), ("rejected", rejected)):
        if len(side) != 1 or not _ends_with(side, {"assistant"}):
            yield f"{name} is not exactly one assistant message"
        if _is_blank(side):
            yield f"{name} has no text"
    if chosen and rejected and _last_text(chosen) == _last_text(rejected):
        yield "chosen and rejected are the same text"


def _ends_with(messages: list[Row], roles: set[str]) -> bool:
    return bool(messages) and messages[-1].get("role") in roles


def _is_blank(messages: list[Row]) -> bool:
    return not messages or not _last_text(messages)


def _last_text(messages: list[Row]) -> str:
    return str(messages[-1].get("content") or "").strip()
