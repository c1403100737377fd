"""How programs besides TRL read a row: their own functions, written again from what is known of them."""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.smoke.checks import check

Row = dict[str, Any]
Message = dict[str, str]


class Read(NamedTuple):
    """What a program trains on: the conversation, and the answers to it, the better one first."""

    messages: list[Message]
    answers: list[str]
    label: bool | None = None


def read_llama_factory(folder: Path, name: str, rows: Iterable[Row]) -> Iterator[Read]:
    """LLaMA-Factory's converter for `sharegpt`, by the entry of `dataset_info.json`."""
    entries = json.loads((folder / name / "dataset_info.json").read_text(encoding="utf-8"))
    for entry in entries.values():
        check((folder / name / entry["file_name"]).is_file(), f"{name} names a file that is not there")
    entry = entries[name]
    check(entry["formatting"] == "sharegpt", f"{name} is {entry['formatting']}, which adds words of its own")
    for row in rows:
        yield _convert_sharegpt(row, entry)


def _convert_sharegpt(row: Row, entry: Row) -> Read:
    """It drops, with a warning at most, what is refused here."""
    tags, columns = entry["tags"], entry["columns"]
    role, content = tags["role_tag"], tags["content_tag"]
    messages = row[columns["messages"]]
    system = messages[:1] if messages[0][role] == tags["system_tag"] else []
    turns = messages[len(system) :]
    asking = {tags["user_tag"], tags["observation_tag"]}
    for place, turn in enumerate(turns):
        wanted = {tags["assistant_tag"]} if place % 2 else asking
        check(turn[role] in wanted, f"LLaMA-Factory drops a row whose turn {place} is {turn[role]}'s")
    ranking = bool(entry.get("ranking"))
    check(len(turns) % 2 == ranking, f"LLaMA-Factory drops a row of {len(turns)} turns")
    if ranking:
        sides = [row[columns[side]] for side in ("chosen", "rejected")]
        check(all(isinstance(side, dict) for side in sides), "LLaMA-Factory sees no pair here")
        check({side[role] for side in sides} == {tags["assistant_tag"]}, "LLaMA-Factory drops this pair")
        return Read(_name(messages, role, content), [side[content] for side in sides])
    label = row[columns["kto_tag"]] if "kto_tag" in columns else None
    check(label is None or isinstance(label, bool), f"LLaMA-Factory takes {label!r} for no label")
    return Read(_name(messages[:-1], role, content), [turns[-1][content]], label)


def _name(messages: list[Row], role: str, content: str) -> list[Message]:
    return [{"role": one[role], "content": one[content]} for one in messages]


def read_openai_dpo(rows: Iterable[Row]) -> Iterator[Read]:
    """One assistant message on either side, nothing that is not known; Together refuses what is more."""
    for row in rows:
        check(set(row) == {"input", "preferred_output", "non_preferred_output"}, f"a row has {sorted(row)}")
        check(set(row["input"]) == {"messages"}, f"an input has {sorted(row['input'])}")
        messages = row["input"]["messages"]
        check(messages[-1]["role"] == "user", "an input does not end with the user")
        sides = [row["preferred_output"], row["non_preferred_output"]]
        roles = [[one["role"] for one in side] for side in sides]
        check(roles == [["assistant"], ["assistant"]], f"the outputs are of {roles}")
        _check_openai_messages([*messages, *sides[0], *sides[1]])
        yield Read(messages, [side[0]["content"] for side in sides])


def read_openai_chat(rows: Iterable[Row]) -> Iterator[Read]:
    """`messages` alone, an answer at their end."""
    for row in rows:
        check(set(row) == {"messages"}, f"a row has {sorted(row)}")
        *before, last = row["messages"]
        check(last["role"] == "assistant", "a conversation does not end with an answer")
        _check_openai_messages(row["messages"])
        yield Read(before, [last["content"]])


def _check_openai_messages(messages: list[Row]) -> None:
    for one in messages:
        known = set(one) == {"role", "content"} and one["role"] in {"system", "user", "assistant"}
        check(known and bool(one["content"].strip()), f"a message is {one}")


def read_flat(rows: Iterable[Row]) -> Iterator[Read]:
    """Four texts, as axolotl's `chatml.prompt_pairs` and DeepSpeed-Chat take them."""
    for row in rows:
        check(set(row) == {"system", "prompt", "chosen", "rejected"}, f"a row has {sorted(row)}")
        check(all(isinstance(text, str) for text in row.values()), "a row has something else than texts")
        system = [{"role": "system", "content": row["system"]}] if row["system"] else []
        yield Read([*system, {"role": "user", "content": row["prompt"]}], [row["chosen"], row["rejected"]])


def check_openai_size(rows: Any) -> None:
    check(len(rows) >= 10, f"OpenAI wants ten rows at least, and there are {len(rows)}")
