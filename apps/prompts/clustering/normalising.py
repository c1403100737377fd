"""What two prompts have in common when case, spaces and punctuation are left aside."""

import sys
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

# Signs that mean something in sums, code and addresses; without them 3 + 4 would be 3 * 4.
_MEANT = "+*/%#<=>^&|~$@\\"
# Letters of scripts that are written without spaces; three of them say as much as five of an alphabet.
_DENSE = ((0x0E00, 0x0EFF), (0x1000, 0x109F), (0x1780, 0x17FF), (0x3040, 0x30FF), (0x3400, 0x9FFF))
# Hebrew points, Arabic vowel signs and the stroke that only widens a word: most people leave them out.
_OPTIONAL = (*range(0x0591, 0x05C8), 0x0640, *range(0x064B, 0x0660), 0x0670)


def normalise_messages(messages: Iterable[Mapping[str, str]]) -> str:
    """All turns but the system's as one text, in lower case, words parted by one space each.

    A system turn is shared by prompts that have nothing else in common.
    """
    return normalise("\n".join(message["content"] for message in messages if message["role"] != "system"))


def normalise(text: str) -> str:
    """Unicode's NFKC with case folded; signs between words are gone. A text of signs alone stays as it is."""
    return strip_form(text) or " ".join(text.split())


def strip_form(text: str) -> str:
    """As `normalise`; nothing is left of a text of signs alone."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return " ".join(text.casefold().translate(_table()).split())


@cache
def _table() -> dict[int, str | None]:
    """Punctuation and what cannot be seen: a space, or nothing within a word."""
    table: dict[int, str | None] = {}
    for code in range(sys.maxunicode + 1):
        category = unicodedata.category(chr(code))
        if category == "Cf":
            table[code] = None
        elif (category[0] in "PZ" or category == "Cc") and chr(code) not in _MEANT:
            table[code] = " "
    table.update(dict.fromkeys([*_OPTIONAL, *map(ord, "'’")]))
    return table


def is_dense(text: str) -> bool:
    """Mostly in a script without spaces between words."""
    if text.isascii():
        return False
    dense = sum(any(low <= ord(letter) <= high for low, high in _DENSE) for letter in text[:400])
    return 2 * dense > len(text[:400])
