"""What the columns of a row stand for: places, lists, messages, JSON."""

from functools import lru_cache
from typing import Any

import orjson

from apps.datasets.evidence import Message


def find_place(responses: list[int], response: int | None) -> int | None:
    return None if response is None else responses.index(response)


def read_key(key: str) -> list[int]:
    return [int(one) for one in key.split(",")] if key[0].isdecimal() else []


@lru_cache(maxsize=1024)
def read_list(value: str | None) -> tuple[Any, ...]:
    return tuple(orjson.loads(value)) if value else ()


def read_messages(messages: str) -> list[Message]:
    return [{"role": one["role"], "content": one["content"]} for one in orjson.loads(messages)]


def sort_json(value: str) -> str:
    """JSON with its keys in order: what is the same is the same text."""
    return orjson.dumps(orjson.loads(value), option=orjson.OPT_SORT_KEYS).decode()


sort_sampling = lru_cache(maxsize=1024)(sort_json)  # models have few settings
