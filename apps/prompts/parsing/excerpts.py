"""A glimpse of a line that could not be used, harmless and with nothing invisible in it."""

import re
import unicodedata

LENGTH = 120
_CONTROL_PICTURES = {code: chr(0x2400 + code) for code in range(32)} | {0x7F: "\u2421"}
# Other controls, direction overrides, zero-width and unassigned characters, and what splits lines.
_HIDDEN = re.compile(r"[^ -~]")

# A JSON object over several lines reads better in one.
_INDENT = re.compile(r"(?<=[{,\[])\s*\n\s*|\s*\n\s*(?=[}\]])")


def _show(match: re.Match[str]) -> str:
    character = match[0]
    category = unicodedata.category(character)
    if category[0] == "C" or category in {"Zl", "Zp"}:
        return f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"
    return character


def show_hidden(text: str) -> str:
    """`text` with every control and invisible character in a visible form."""
    return _HIDDEN.sub(_show, text.translate(_CONTROL_PICTURES))


def make_excerpt(raw: bytes, *, from_end: bool = False) -> str:
    """At most some 120 characters of `raw`; bytes that are no UTF-8 appear as \\xe9."""
    room = LENGTH * 4
    piece = raw[-room:] if from_end else raw[:room]
    text = show_hidden(_INDENT.sub(" ", piece.decode("utf-8", "backslashreplace").strip()))
    if len(text) <= LENGTH and len(piece) == len(raw):
        return text
    return "… " + text[-LENGTH:] if from_end else text[:LENGTH] + " …"
