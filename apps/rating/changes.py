"""What differs between two versions of a text, line by line and then word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import zip_longest
from typing import Literal

CONTEXT = 1  # unchanged lines shown beside a change
ALIKE = 0.5  # from this share on, two lines are one line that was reworded
LONG = 1_000  # characters; the words of a longer line are not compared
WORDS = re.compile(
    r"\s*\w+|\s*[^\w\s]|\s+"
)  # each with the space before it, which else would make all lines alike

RULE = re.compile(r"[\s|:-]*")  # what parts the head of a table from its rows, too
HEADING = re.compile(r"^\s*(?:#{1,6}|>)\s+")
BULLET = re.compile(r"^(\s*)[-*+]\s+")
ROW = re.compile(r"\s*\|.*\|$")
CODE = re.compile(r"(`+)(?=\S)(.+?)(?<=\S)\1")
STRONG = re.compile(r"(\*\*|\b__)(?=\S)(.+?)(?<=\S)\1")
EMPHASIS = re.compile(r"(\*|\b_)(?=\S)(.+?)(?<=\S)\1")

Kind = Literal["same", "added", "removed", "gap"]


@dataclass(frozen=True)
class Part:
    """A piece of a line; `is_changed` where the other version says something else."""

    text: str
    is_changed: bool = False


@dataclass(frozen=True)
class Line:
    """A line of either version, or a `gap`: lines left out because nothing changed in them.

    A reworded line is removed in its old words and added in its new ones.
    """

    kind: Kind
    parts: tuple[Part, ...] = ()
    left_out: int = 0
    is_reworded: bool = False

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)


@lru_cache(maxsize=16)
def compare_texts(old: str, new: str) -> tuple[Line, ...]:
    """The changed lines in order, each with what stands beside it; nothing where only its form differs.

    Empty lines are not compared: they only part what stands around them.
    """
    before, after = _read_lines(old), _read_lines(new)
    matcher = SequenceMatcher(None, before, after)
    groups = list(matcher.get_grouped_opcodes(CONTEXT))
    lines: list[Line] = []
    shown = 0
    for group in groups:
        lines += _leave_out(group[0][3] - shown)
        for tag, i1, i2, j1, j2 in group:
            lines += _compare_block(tag, before[i1:i2], after[j1:j2])
        shown = group[-1][4]
    return (*lines, *_leave_out(len(after) - shown if groups else 0))


def _read_lines(text: str) -> list[str]:
    lines = (_strip_marks(line) for line in text.splitlines() if not RULE.fullmatch(line))
    return [line for line in lines if line]


def _strip_marks(line: str) -> str:
    """A line of Markdown as its words: no marks of headings, emphasis, code, quotes and tables."""
    line = BULLET.sub(r"\1• ", HEADING.sub("", line.rstrip()))
    if ROW.match(line):
        line = " · ".join(cell.strip() for cell in line.strip().strip("|").split("|"))
    for marks in (CODE, STRONG, EMPHASIS):
        line = marks.sub(r"\2", line)
    return line


def _leave_out(count: int) -> list[Line]:
    return [Line("gap", left_out=count)] if count else []


def _compare_block(tag: str, old: Sequence[str], new: Sequence[str]) -> Iterator[Line]:
    if tag == "equal":
        yield from (Line("same", (Part(text),)) for text in new)
        return
    for was, is_now in zip_longest(old, new):
        yield from _compare_lines(was, is_now)


def _compare_lines(was: str | None, is_now: str | None) -> Iterator[Line]:
    """The old line, then the new one; with the words that differ, where one is the other reworded."""
    removed, added = _part_words(was, is_now) if was and is_now else ((), ())
    if was:
        yield Line("removed", removed or (Part(was, True),), is_reworded=bool(removed))
    if is_now:
        yield Line("added", added or (Part(is_now, True),), is_reworded=bool(added))


def _part_words(was: str, is_now: str) -> tuple[tuple[Part, ...], tuple[Part, ...]]:
    """Both lines in parts; nothing where they have too little in common for that to help."""
    if max(len(was), len(is_now)) > LONG:
        return (), ()
    old, new = WORDS.findall(was), WORDS.findall(is_now)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    if matcher.ratio() < ALIKE:
        return (), ()
    removed, added = [], []
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        removed.append(Part("".join(old[i1:i2]), tag != "equal"))
        added.append(Part("".join(new[j1:j2]), tag != "equal"))
    return tuple(part for part in removed if part.text), tuple(part for part in added if part.text)
