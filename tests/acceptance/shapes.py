"""What TRL relies on in its rows and mostly does not check: a wrong row trains as quietly as a right one."""

import math
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from tests.smoke.checks import check

Row = dict[str, Any]

ROLES = {"system", "user", "assistant", "tool"}
COLUMNS = {
    "preference": {"prompt", "chosen", "rejected"},
    "implicit": {"chosen", "rejected"},
    "reward": {"prompt", "chosen", "rejected", "margin"},
    "kto": {"prompt", "completion", "label"},
    "sft": {"messages"},
    "prompt_completion": {"prompt", "completion"},
    "prompts": {"prompt"},
}
REPLIES = {"completion", "chosen", "rejected"}


def check_shapes(name: str, splits: dict[str, Any], tokenizer: Any) -> int:
    """Look at every row of a format of TRL's; returns how many that were."""
    seen = 0
    for split, rows in splits.items():
        columns = set(rows.column_names)
        wanted = COLUMNS[name] | {"metadata"}
        check(columns == wanted, f"{name} has the columns {sorted(columns)}")
        for row in rows:
            problems = list(find_problems(name, row))
            check(not problems, f"{name}, {split}, item {row['metadata'].get('item')}: {'; '.join(problems)}")
            check_template(name, row, tokenizer)
            seen += 1
    return seen


def find_problems(name: str, row: Row) -> Iterator[str]:
    """What is wrong with a row, a phrase each."""
    for column in sorted({"prompt", "messages", *REPLIES} & row.keys()):
        yield from (f"{column} {problem}" for problem in _look_at_messages(row[column]))
    if name != "implicit":
        for column in sorted(REPLIES & row.keys()):
            if [one["role"] for one in row[column]] != ["assistant"]:
                yield f"{column} is not one assistant message"
    if "prompt" in row and row["prompt"][-1]["role"] not in ("user", "tool"):
        yield "prompt does not end on a user or tool turn"
    if "messages" in row and row["messages"][-1]["role"] != "assistant":
        yield "messages does not end with an answer"
    if "chosen" in row:
        yield from _look_at_sides(name, row["chosen"], row["rejected"])
    if "margin" in row and not (isinstance(row["margin"], float) and math.isfinite(row["margin"])):
        yield f"margin is {row['margin']}"
    if "label" in row and not isinstance(row["label"], bool):
        yield f"label is {row['label']!r}"


def _look_at_messages(messages: Any) -> Iterator[str]:
    if not messages:
        yield "is empty"
    for one in messages or ():
        if set(one) != {"role", "content"} or one["role"] not in ROLES:
            yield f"has a message {one}"
        elif not isinstance(one["content"], str) or not one["content"].strip():
            yield "has a message without a text"


def _look_at_sides(name: str, chosen: list[Row], rejected: list[Row]) -> Iterator[str]:
    if chosen[-1]["content"].strip() == rejected[-1]["content"].strip():
        yield "chosen and rejected are the same"
    if name == "implicit" and (chosen[:-1] != rejected[:-1] or len(chosen) < 2):
        yield "the two sides answer different prompts"


def check_template(name: str, row: Row, tokenizer: Any) -> None:
    """A prompt as the chat template writes it must be the beginning of the prompt with its answer."""
    if "prompt" not in row:
        return
    write: Callable[..., str] = tokenizer.apply_chat_template
    before = write(row["prompt"], add_generation_prompt=True, tokenize=False)
    for column in sorted(REPLIES & row.keys()):
        whole = write(row["prompt"] + row[column], tokenize=False)
        check(whole.startswith(before), f"{name}: the prompt is not the beginning of prompt and {column}")


def check_labels(rows: Iterable[Row]) -> None:
    found = {row["label"] for row in rows}
    check(found == {True, False}, f"KTO has only the labels {found}")
