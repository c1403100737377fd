"""Texts that people and models wrote, as parts of a Markdown page that they cannot break."""

import re
import unicodedata

_LIVE = re.compile(r"([\\`*_\[\]<>|~$&])")
_LINE = re.compile(r"\r\n|\r|\n")
_TAG = re.compile(r"<(?=[A-Za-z/!?])")
_TICKS = re.compile(r"`{3,}")
# They turn the direction of what follows, beyond the text's own end.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def flatten(text: str) -> str:
    """One line without control characters."""
    kept = "".join(" " if unicodedata.category(letter) == "Cc" else letter for letter in text)
    return " ".join(_TURNING.sub("", kept).split())


def inline(text: str) -> str:
    """As it is read, inside of a line or of a table's cell."""
    return _LIVE.sub(r"\\\1", flatten(text)) or "unknown"


def quote(text: str) -> str:
    """Somebody's own Markdown, which ends where the quotation ends; HTML in it is text."""
    lines = _LINE.split(_TURNING.sub("", text).strip())
    return "\n".join(f"> {_TAG.sub('&lt;', line)}".rstrip() for line in lines)


def fence(text: str, language: str = "") -> str:
    """A block of code, whatever is in it."""
    longest = max((len(ticks) for ticks in _TICKS.findall(text)), default=2)
    marks = "`" * (longest + 1)
    return f"{marks}{language}\n{text.rstrip()}\n{marks}"
