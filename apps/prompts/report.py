"""What an import did, in a sentence and a bar."""

from dataclasses import dataclass

from apps.core.words import count, start_sentence
from apps.prompts.models import PromptImport

# So that a single line among 200,000 can still be seen.
LEAST_SHARE = 6.0
BAR = 1000.0


@dataclass(frozen=True)
class Segment:
    """A stretch of the stacked bar, in thousandths; `shade` is its CSS class."""

    x: float
    width: float
    shade: str
    label: str


def describe_import(report: PromptImport) -> str:
    """The finding: what is in, what was there, what was left out."""
    if not (report.added or report.known or report.rejected):
        return "The file has no lines; nothing came in"
    noun, added, known = report.subject
    parts = [_say(added, noun, "in")] if added else []
    if known:
        parts.append(
            f"{count(known, noun)} {_was(known)} there already" if added else _say_known(known, noun)
        )
    if not parts:
        parts.append("Nothing came in")
    if report.rejected:
        parts.append(f"{count(report.rejected, 'line')} {_was(report.rejected)} left out")
    return start_sentence("; ".join(parts))


def is_usable(report: PromptImport) -> bool:
    """Whether any line of the file could be used, now or before."""
    return bool(report.added or report.known)


def draw_bar(report: PromptImport) -> list[Segment]:
    noun, added, known = report.subject
    values = [
        (added, "f-h3", f"{count(added, noun)} added"),
        (known, "f-h1", f"{count(known, noun)} there already"),
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


def _say(number: int, noun: str, where: str) -> str:
    return f"{count(number, noun)} {'is' if number == 1 else 'are'} {where}"


def _say_known(known: int, noun: str) -> str:
    return f"nothing new: {count(known, noun)} {_was(known)} there already"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
