"""Which words of a text another one has not."""

import re
from dataclasses import dataclass
from difflib import SequenceMatcher

from apps.prompts.clustering.normalising import is_dense, strip_form

_WORDS = re.compile(r"\S+\s*")
# Comparing costs the square of this; what comes later is not shown.
SHOWN = 160
LEAD = 24


@dataclass(frozen=True)
class Words:
    """`differs`: the other text has not got them; `gone`: only the other one has them."""

    text: str
    differs: bool
    gone: bool = False


@dataclass(frozen=True)
class Compared:
    """A text as it stands beside the first; `before` and `after` say that it goes on there."""

    words: list[Words]
    before: bool
    after: bool


def compare_texts(first: str, others: list[str]) -> list[Compared]:
    """Each text, the first too, from shortly before where they begin to differ."""
    split = [_split(text) for text in [first, *others]]
    keys = [[strip_form(word) for word in words] for words in split]
    start = max(0, _count_shared(keys) - LEAD)
    base = keys[0][start : start + SHOWN]
    compared = []
    changed_in_first: set[int] = set()
    for words, all_keys in zip(split[1:], keys[1:], strict=True):
        changed, gone = _find_changed(base, all_keys[start : start + SHOWN])
        changed_in_first |= gone
        compared.append(_show(words, start, changed))
    return [_show(split[0], start, changed_in_first), *compared]


def compare_edit(before: str, after: str) -> Compared:
    """The later text from shortly before where they begin to differ, with what was taken out in its place.

    Form counts here: a comma may be all that somebody changed.
    """
    old, new = _split(before), _split(after)
    keys = [[word.strip() for word in words] for words in (old, new)]
    start = max(0, _count_shared(keys) - LEAD)
    end = start + SHOWN
    pieces: list[Words] = []
    for kind, i1, i2, j1, j2 in SequenceMatcher(
        None, keys[0][start:end], keys[1][start:end], autojunk=False
    ).get_opcodes():
        if kind != "equal" and (gone := "".join(old[start + i1 : start + i2])):
            pieces.append(Words(gone, differs=False, gone=True))
        if text := "".join(new[start + j1 : start + j2]):
            pieces.append(Words(text, differs=kind != "equal"))
    return Compared(pieces, before=start > 0, after=max(len(old), len(new)) > end)


def _split(text: str) -> list[str]:
    return list(text) if is_dense(text) else _WORDS.findall(text)


def _count_shared(keys: list[list[str]]) -> int:
    shared = 0
    for words in zip(*keys, strict=False):
        if len(set(words)) > 1:
            return shared
        shared += 1
    return 0 if all(len(words) == shared for words in keys) else shared


def _find_changed(base: list[str], other: list[str]) -> tuple[set[int], set[int]]:
    """The places that differ in the other and in the base."""
    changed: set[int] = set()
    gone: set[int] = set()
    for kind, i1, i2, j1, j2 in SequenceMatcher(None, base, other, autojunk=False).get_opcodes():
        if kind != "equal":
            gone |= {place for place in range(i1, i2) if base[place]}
            changed |= {place for place in range(j1, j2) if other[place]}
    return changed, gone


def _show(words: list[str], start: int, changed: set[int]) -> Compared:
    shown = words[start : start + SHOWN]
    pieces: list[Words] = []
    for place, word in enumerate(shown):
        differs = place in changed
        if pieces and pieces[-1].differs == differs:
            pieces[-1] = Words(pieces[-1].text + word, differs)
        else:
            pieces.append(Words(word, differs))
    return Compared(pieces, before=start > 0, after=len(words) > start + SHOWN)
