"""Findings as a page shows them: the text around each, with the data marked."""

from dataclasses import dataclass
from itertools import groupby

from apps.prompts.models import Prompt
from apps.prompts.personal_data.findings import Finding, Placed, read_placed
from apps.prompts.personal_data.places import read_at

AROUND = 160
MOST = 20


@dataclass(frozen=True)
class Segment:
    """A piece of text; `kind` is empty where nothing was found in it."""

    text: str
    kind: str = ""


@dataclass(frozen=True)
class Passage:
    """A text of a prompt with what was found in it; `others` findings are not shown."""

    place: str
    segments: list[Segment]
    others: int


def show_findings(prompt: Prompt) -> list[Passage]:
    placed = [read_placed(data) for data in prompt.findings]
    passages = []
    for (turn, key), group in groupby(placed, key=lambda one: (one.turn, one.key)):
        text = _read_text(prompt, turn, key)
        if text is not None:
            passages.append(_show(_name_place(prompt, turn, key), text, list(group)))
    return passages


def mark_text(text: str, findings: list[Finding], *, around: int | None = None) -> list[Segment]:
    """The text in segments; `around` leaves only so many letters on both sides of each finding."""
    segments: list[Segment] = []
    last = 0
    for kind, start, end in findings:
        segments += _plain(text[last:start], around, is_first=not segments)
        segments.append(Segment(text[start:end], kind))
        last = end
    rest = text[last:]
    if around is not None and len(rest) > around:
        rest = _cut_end(rest[:around]) + " …"
    return [*segments, Segment(rest)] if rest else segments


def _plain(text: str, around: int | None, *, is_first: bool) -> list[Segment]:
    if around is None or len(text) <= 2 * around:
        return [Segment(text)] if text else []
    head = "" if is_first else _cut_end(text[:around]) + " "
    return [Segment(f"{head}… {_cut_start(text[-around:])}")]


def _cut_end(text: str) -> str:
    """Without the word that was cut through, where words are parted at all."""
    return text.rsplit(None, 1)[0] if " " in text[-40:] else text


def _cut_start(text: str) -> str:
    return text.split(None, 1)[-1] if " " in text[:40] else text


def _show(place: str, text: str, placed: list[Placed]) -> Passage:
    shown = [Finding(one.kind, one.start, one.end) for one in placed[:MOST] if one.end <= len(text)]
    return Passage(place, mark_text(text, shown, around=AROUND), max(0, len(placed) - MOST))


def _read_text(prompt: Prompt, turn: int | None, key: str) -> str | None:
    if turn is None:
        return read_at(prompt.metadata, key)
    return str(prompt.messages[turn]["content"]) if turn < len(prompt.messages) else None


def _name_place(prompt: Prompt, turn: int | None, key: str) -> str:
    if turn is None:
        return f"metadata, {key}"
    return f"{prompt.messages[turn]['role']} turn" + (f" {turn + 1}" if len(prompt.messages) > 1 else "")
