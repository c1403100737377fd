"""Lists in a text field, one entry a line; an entry with parts as `first: second | third`.

What lines cannot say, such as an entry of two lines, is written as JSON, which is read, too.
"""

import json
import re
from collections.abc import Sequence
from typing import Any

from django.utils.text import slugify

UNESCAPED_BAR = re.compile(r"\s\|\s")


def write_lines(entries: Sequence[Any], parts: Sequence[str]) -> str:
    """Entries as text; `parts` names what each has, and is empty for plain words."""
    text = "\n".join(_write(entry, parts) for entry in entries)
    if _drop_empty(read_lines(text, parts)) == _drop_empty(list(entries)):
        return text
    return json.dumps(entries, ensure_ascii=False, indent=1)


def read_lines(text: str, parts: Sequence[str]) -> list[Any]:
    """Raw entries, as validators take them; blank lines say nothing."""
    if text.lstrip().startswith("["):
        try:
            loaded = json.loads(text)
        except (ValueError, RecursionError):
            pass
        else:
            return loaded if isinstance(loaded, list) else [loaded]
    lines = [line.strip() for line in text.replace("\r\n", "\n").split("\n")]
    return [_read(line, parts) for line in lines if line]


def _write(entry: Any, parts: Sequence[str]) -> str:
    if not parts:
        return str(entry)
    if not isinstance(entry, dict):
        return str(entry)
    first, *rest = [_word(entry.get(part)) for part in parts]
    while rest and not rest[-1]:
        rest.pop()
    return f"{first}: {' | '.join(rest)}" if rest else f"{first}:"


def _read(line: str, parts: Sequence[str]) -> Any:
    if not parts:
        return line
    first, colon, rest = line.partition(":")
    if not colon:
        # A name alone is enough: what it is stored as follows from it.
        values = [slugify(line.partition(" | ")[0]).replace("-", "_"), *UNESCAPED_BAR.split(line)]
    else:
        values = [first.strip(), *UNESCAPED_BAR.split(f" {rest} ".strip())]
    read = {part: value.strip() for part, value in zip(parts, values, strict=False) if value.strip()}
    if len(values) > len(parts):
        last = parts[-1]
        read[last] = " | ".join([read.get(last, ""), *(value.strip() for value in values[len(parts) :])])
    return read


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else ""
    return "" if value is None else str(value)


def _drop_empty(entries: list[Any]) -> list[Any]:
    """Without what says nothing, and with words for everything: so two ways to say the same are equal."""
    return [
        {key: _word(value) for key, value in entry.items() if _word(value)}
        if isinstance(entry, dict)
        else entry
        for entry in entries
    ]
