"""What formats ask of their own rows. Each yields a phrase per problem."""

from collections.abc import Iterator
from typing import Any

Row = dict[str, Any]


def check_pair(row: Row) -> Iterator[str]:
    """Explicit prompt, one assistant message a side, two different texts that are not empty."""
    yield from check_prompt(row)
    for name in ("chosen", "rejected"):
        yield from check_side(row, name)
    chosen, rejected = row["chosen"], row["rejected"]
    if chosen and rejected and _last_text(chosen) == _last_text(rejected):
        yield "chosen and rejected are the same text"


def check_prompt(row: Row) -> Iterator[str]:
    if not _ends_with(row["prompt"], {"user", "tool"}):
        yield "prompt does not end with a user or tool turn"


def check_side(row: Row, name: str) -> Iterator[str]:
    side = row[name]
    if len(side) != 1 or not _ends_with(side, {"assistant"}):
        yield f"{name} is not exactly one assistant message"
    elif not _last_text(side):
        yield f"{name} has no text"


def check_conversation(row: Row, name: str = "messages") -> Iterator[str]:
    messages = row[name]
    if not _ends_with(messages, {"assistant"}) or not _last_text(messages):
        yield f"{name} does not end with an assistant turn that has text"
    if not _ends_with(messages[:-1], {"user", "tool"}):
        yield f"the last answer in {name} follows no user or tool turn"


def _ends_with(messages: list[Row], roles: set[str]) -> bool:
    return bool(messages) and messages[-1].get("role") in roles


def _last_text(messages: list[Row]) -> str:
    return str(messages[-1].get("content") or "").strip()
