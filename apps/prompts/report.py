"""What an import did, in a sentence and a bar."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from apps.core.words import count, start_sentence
from apps.prompts.models import ImportStatus, PromptImport
from apps.prompts.parsing import Conversation
from apps.prompts.parsing.conversation import LATER_TURNS, MESSAGE_EXTRAS
from apps.prompts.parsing.excerpts import show_hidden

# So that a single line among 200,000 can still be seen.
LEAST_SHARE = 6.0
BAR = 1000.0
LONGEST_NAME = 100  # letters; a hostile file has names as long as lines, and each report would carry them
MOST_NAMES = 50  # of metadata that are told; a file may have another one in every line
EXPLAINED = {
    LATER_TURNS: "only the first turn is asked; the later ones are kept here",
    MESSAGE_EXTRAS: "what messages held beside role and content",
}


EMPTY = {
    ImportStatus.FINISHED: "The file has no lines; nothing came in",
    ImportStatus.CANCELLED: "Cancelled before anything came in",
    ImportStatus.FAILED: "Nothing could be read",
}


@dataclass(frozen=True)
class KeptField:
    """What `lines` lines of a file held beside their conversations, under one name."""

    name: str
    lines: int
    note: str


@dataclass(frozen=True)
class Segment:
    """A stretch of the stacked bar, in thousandths; `shade` is its CSS class."""

    x: float
    width: float
    shade: str
    label: str


def describe_import(report: PromptImport) -> str:
    """The finding: what is in, what was there, what was left out."""
    if not (report.records or report.added or report.known or report.rejected):
        return EMPTY.get(ImportStatus(report.status), "Nothing has come in yet")
    noun, _, known = report.subject
    parts = _say_added(report)
    if known:
        parts.append(
            f"{count(known, noun)} {_was(known)} there already" if parts else _say_known(known, noun)
        )
    if report.repeated:
        repeats = "repeats another one" if report.repeated == 1 else "repeat others"
        parts.append(f"{count(report.repeated, 'line')} {repeats} of the file")
    if not parts:
        parts.append("Nothing came in")
    if report.rejected:
        parts.append(f"{count(report.rejected, 'line')} {_was(report.rejected)} left out")
    return start_sentence("; ".join(parts))


def note_metadata(report: PromptImport, conversations: Iterable[Conversation]) -> None:
    """Count the lines that bring each name of metadata. Does not save."""
    counts = Counter(name[:LONGEST_NAME] for conversation in conversations for name in conversation.metadata)
    for name, lines in counts.items():
        if name in report.metadata_fields or len(report.metadata_fields) < MOST_NAMES:
            report.metadata_fields[name] = report.metadata_fields.get(name, 0) + lines


def list_kept_fields(report: PromptImport) -> list[KeptField]:
    """The commonest first; those that need a word of explanation before the others."""
    fields = [
        KeptField(show_hidden(name)[:80], lines, EXPLAINED.get(name, ""))
        for name, lines in report.metadata_fields.items()
    ]
    return sorted(fields, key=lambda field: (not field.note, -field.lines, field.name))


def is_usable(report: PromptImport) -> bool:
    """Whether any line of the file could be used, now or before."""
    return bool(report.added or report.known)


def draw_bar(report: PromptImport) -> list[Segment]:
    noun, added, known = report.subject
    values = [
        (added, "f-h3", f"{count(added, noun)} added"),
        (known, "f-h1", f"{count(known, noun)} there already"),
        (report.repeated, "f-h2", f"{count(report.repeated, 'line')} repeated"),
        (report.rejected, "f-warn", f"{count(report.rejected, 'line')} left out"),
    ]
    shown = [value for value in values if value[0]]
    total = sum(value[0] for value in shown)
    widths = [max(LEAST_SHARE, BAR * value[0] / total) for value in shown]
    scale = BAR / sum(widths) if widths else 1
    segments, x = [], 0.0
    for (_, shade, label), width in zip(shown, widths, strict=True):
        segments.append(Segment(round(x, 2), round(width * scale, 2), shade, label))
        x += width * scale
    return segments


def _say_added(report: PromptImport) -> list[str]:
    """All that came in, the prompts first: they are what somebody brought the file for."""
    numbers = {
        "prompt": report.added,
        "response": report.responses_added or 0,
        "imported annotation": report.annotations_added or 0,
    }
    came = [count(number, noun) for noun, number in numbers.items() if number]
    if not came:
        return []
    all_of_it = " and ".join([", ".join(came[:-1]), came[-1]] if came[1:] else came)
    so_far = " so far" if report.status == ImportStatus.RUNNING else ""
    return [f"{all_of_it} {'is' if sum(numbers.values()) == 1 else 'are'} in{so_far}"]


def _say_known(known: int, noun: str) -> str:
    return f"nothing new: {count(known, noun)} {_was(known)} there already"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
