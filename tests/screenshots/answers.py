"""Responses written for the pictures; the showcase is what the rating page shows."""

import json
from pathlib import Path

TEXTS = Path(__file__).parent / "texts"
SHOWCASE = (
    "How do I check in Python whether two words are anagrams? Show the code and compare two ways to do it."
)
OPENINGS = {
    "slate-14b": "",
    "basalt-8b": "Here is what I would say.\n\n",
    "flint-3b": "Sure! Here you go:\n\n",
    "pebble-1b": "Thank you for this interesting question. There are many things to say about it.\n\n",
}
ENDINGS = {"pebble-1b": "\n\nI hope that this helps. Let me know if it does."}


def read_showcase() -> list[str]:
    """A clear response and a wordy one."""
    return [(TEXTS / f"showcase_{kind}.md").read_text(encoding="utf-8") for kind in ("clear", "wordy")]


def read_short_answers() -> dict[str, str | list[str]]:
    """Responses to the demo's prompts, by their first words: one, or one for each model."""
    answers: dict[str, str | list[str]] = json.loads(
        (TEXTS / "short_answers.json").read_text(encoding="utf-8")
    )
    return answers


def write_response(*, prompt: str, model: str) -> str:
    found = next(text for start, text in read_short_answers().items() if prompt.startswith(start))
    if isinstance(found, list):
        return found[list(OPENINGS).index(model) if model in OPENINGS else 0]
    return OPENINGS.get(model, "") + found + ENDINGS.get(model, "")
