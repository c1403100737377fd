"""Reference passages that come with a prompt: what its answers can be checked against."""

from typing import Any

MOST = 50


def read_passages(metadata: dict[str, Any]) -> list[dict[str, str]]:
    """The metadata's `passages`: texts, or objects with `text` and perhaps `id` and `title`.

    Each gets an `id`, its number where it has none. What is neither is left out.
    """
    passages = metadata.get("passages")
    if not isinstance(passages, list):
        return []
    read = (_read_one(number, passage) for number, passage in enumerate(passages[:MOST], start=1))
    return [passage for passage in read if passage["text"].strip()]


def _read_one(number: int, passage: Any) -> dict[str, str]:
    known = passage if isinstance(passage, dict) else {"text": passage}
    text = known.get("text")
    return {
        "id": str(known.get("id") or number)[:100],
        "title": str(known.get("title") or "")[:200],
        "text": text if isinstance(text, str) else "",
    }
