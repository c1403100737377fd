"""What people write in a longer field: its newlines, its length, and how much of it was pasted."""

from collections.abc import Mapping
from typing import Any

from apps.projects.questions.base import Answer, Form, is_storable


def read_first(form: Form, name: str) -> str:
    values = form.get(name, ())
    return values[0] if values else ""


def count_pasted(raw: Any, title: str, most: int) -> int:
    """The characters that came from the clipboard, `most` at most.

    Raises:
        ValueError: it is no whole number.
    """
    if isinstance(raw, bool) or not str(raw).isascii() or not str(raw).isdecimal():
        raise ValueError(f"The pasted characters of “{title}” must be a whole number.")
    return min(int(str(raw)[:9]), most)


def clean_text(raw: Any, title: str) -> str:
    """The text with newlines as Unix has them, without empty lines before it and blanks after it.

    A form sends every newline as two characters, whatever was written; blanks that begin a first line are
    Markdown's, and stay.

    Raises:
        ValueError: it is no text that can be stored.
    """
    if not isinstance(raw, str) or not is_storable(raw):
        raise ValueError(f"“{title}” must be text.")
    return raw.replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip()


def check_length(text: str, title: str, minimum: int, maximum: int) -> None:
    if not minimum <= len(text) <= maximum:
        raise ValueError(f"“{title}” must have {minimum:,} to {maximum:,} characters; it has {len(text):,}.")


def add_pasted(answer: Answer, raw: Mapping[str, Any], title: str) -> Answer:
    """The answer with `pasted` where any of its text was, as `raw` says."""
    pasted = count_pasted(raw.get("pasted", 0), title, len(answer["text"]))
    return answer | {"pasted": pasted} if pasted else answer


def say_pasted(answer: Answer) -> str:
    """How much of an answer's text was pasted, for its reader; nothing where all of it was typed."""
    pasted, length = answer.get("pasted", 0), len(answer["text"])
    if not pasted:
        return ""
    return "all pasted" if pasted >= length else f"{pasted:,} of {length:,} characters pasted"
