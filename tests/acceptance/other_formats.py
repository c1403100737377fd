"""The files for programs besides TRL, read as those read them, against what the raters saw."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.acceptance.diary import Diary, write_key
from tests.acceptance.loading import read_files
from tests.acceptance.other_readers import (
    Read,
    check_openai_size,
    read_flat,
    read_llama_factory,
    read_openai_chat,
    read_openai_dpo,
)
from tests.acceptance.snapshots import Arrived
from tests.smoke.checks import check

Answered = set[tuple[str, tuple[str, ...]]]  # a conversation's key, and the texts that answer it


@dataclass(frozen=True)
class Expected:
    """What follows from the diaries."""

    pairs: Answered = field(default_factory=set)
    lessons: Answered = field(default_factory=set)
    labels: Answered = field(default_factory=set)


def _is_single(roles: list[str]) -> bool:
    return roles in (["user"], ["system", "user"])


def _is_plain(roles: list[str]) -> bool:
    return "tool" not in roles


def _takes_turns(roles: list[str]) -> bool:
    turns = ["user" if role == "tool" else role for role in roles if role != "system"]
    return turns == ["assistant" if place % 2 else "user" for place in range(len(turns))]


# By name what they are made of, and which conversations have a place in them.
OTHERS: dict[str, tuple[str, Callable[[list[str]], bool]]] = {
    "flat": ("pairs", _is_single),
    "openai_dpo": ("pairs", _is_plain),
    "openai_chat": ("lessons", _is_plain),
    "llama_factory_preference": ("pairs", _takes_turns),
    "llama_factory_sft": ("lessons", _takes_turns),
    "llama_factory_kto": ("labels", _takes_turns),
}


def check_other_formats(arrived: Arrived, diary: Diary, expected: Expected) -> int:
    """Every row of theirs, and that none is missing; returns how many."""
    return sum(_check_one(arrived, name, diary, expected) for name in OTHERS if name in arrived.formats)


def _check_one(arrived: Arrived, name: str, diary: Diary, expected: Expected) -> int:
    rows, origins = read_files(arrived, name), read_files(arrived, name, beside=True)
    origins = [one["metadata"] for one in origins]
    check(len(origins) == len(rows), f"{name} has {len(rows)} rows and {len(origins)} origins")
    if name == "openai_chat":
        check_openai_size(rows)
    found: Answered = set()
    for read, metadata in zip(_read(arrived, name, rows), origins, strict=True):
        found.add((write_key(read.messages), tuple(read.answers)))
        check(read.messages == diary.read_messages(metadata), f"{name}: another conversation than was seen")
        seen = _list_seen(metadata, diary)
        check(read.answers == seen, f"{name}: other answers than were seen: {read.answers} for {seen}")
        if read.label is not None:
            check(read.label == (metadata["points"] > 2), f"{name}: a label is turned around")
    _check_none_missing(name, found, expected)
    return len(rows)


def _check_none_missing(name: str, found: Answered, expected: Expected) -> None:
    need, takes = OTHERS[name]
    wanted: Answered = getattr(expected, need)
    fitting = {one for one in wanted if takes([role for role, _ in json.loads(one[0])])}
    lost, foreign = len(fitting - found), len(found - fitting)
    check(not lost and not foreign, f"{name} lacks {lost} rows and has {foreign} that nobody's votes make")


def _read(arrived: Arrived, name: str, rows: Any) -> Iterator[Read]:
    if name == "flat":
        return read_flat(rows)
    if name.startswith("openai"):
        return read_openai_dpo(rows) if name == "openai_dpo" else read_openai_chat(rows)
    return read_llama_factory(arrived.folder, name, rows)


def _list_seen(metadata: Any, diary: Diary) -> list[str]:
    """The texts as they were on the rater's page: of both sides, of one response, or what was written."""
    if "chosen" in metadata:
        return [diary.texts[metadata[side]["uid"]] for side in ("chosen", "rejected")]
    return [diary.read_lesson(metadata)]
