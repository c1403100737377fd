"""What people call recipes and lists."""

import unicodedata

from apps.datasets.cards.markdown import flatten

LONGEST_NAME = 120
VISIBLE = "LNPS"  # letters, numbers, punctuation and symbols


def clean_name(name: str) -> str:
    """On one line, which turns no direction; "" where nothing of it could be seen, or it is too long."""
    name = flatten(name)
    is_seen = any(unicodedata.category(letter)[0] in VISIBLE for letter in name)
    return name if is_seen and len(name) <= LONGEST_NAME else ""
