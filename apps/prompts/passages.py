"""Reference passages that come with a prompt: what its answers can be checked against."""

from typing import Any

MOST = 50


def read_passages(metadata: dict[str, Any]) -> list[dict[str, str]]:
    """The metadata's `passages`: texts, or objects with `text` and perhaps `id` and `title`.

    Each gets an `id` of its own: its number where it has none, with its number where another one has it.
    What is neither is left out.
    """
    passages = metadata.get("passages")
    if not isinstance(passages, list):
        return []
    read: dict[str, dict[str, str]] = {}
    for number, raw in enumerate(passages[:MOST], start=1):
        passage = _read_one(number, raw)
        if passage["id"] in read:
            passage["id"] = f"{passage['id']} ({number})"
        if passage["text"].strip():
            read[passage["id"]] = passage
    return list(read.values())


def _read_one(number: int, passage: Any) -> dict[str, str]:
    known = passage if isinstance(passage, dict) else {"text": passage}
    text = known.get("text")
    return {
        "id": str(known.get("id") or number)[:100],
        "title": str(known.get("title") or "")[:200],
        "text": text if isinstance(text, str) else "",
    }
