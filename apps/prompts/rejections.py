"""What an import's report keeps of the lines that were left out, and how it reads them back."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from apps.core.csv_text import defuse_cell
from apps.prompts.models import PromptImport
from apps.prompts.parsing import Rejection
from apps.prompts.parsing.reasons import find_reason

_COPY = "COPY prompts_leftoutline (source_id, line, last, code, detail, excerpt) FROM STDIN"


@dataclass(frozen=True)
class RejectedGroup:
    """The lines of an import that share a reason, and the first of them."""

    code: str
    why: str
    advice: str
    lines: int
    first: dict[str, Any]

    @property
    def first_excerpt(self) -> str:
        return str(self.first["excerpt"] or self.first["detail"])


def note_rejections(report: PromptImport, rejections: Sequence[Rejection]) -> None:
    """Write them all down; count them, and keep the first of each reason. Does not save the report."""
    for rejection in rejections:
        code = rejection.reason.value
        if code not in report.reasons:
            report.reasons[code] = {"lines": 0, "first": _describe(rejection)}
        report.reasons[code]["lines"] += 1
    report.rejected += len(rejections)
    if not rejections:
        return
    with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
        for line, last, reason, detail, excerpt in map(_list_parts, rejections):
            copy.write_row((report.pk, line, last, reason.value, detail, excerpt))


def _list_parts(rejection: Rejection) -> tuple[Any, ...]:
    return rejection.line, rejection.last, rejection.reason, rejection.detail, rejection.excerpt


def _describe(rejection: Rejection) -> dict[str, Any]:
    return {
        "line": rejection.line,
        "last": rejection.last,
        "code": rejection.reason.value,
        "detail": rejection.detail,
        "excerpt": rejection.excerpt,
    }


def group_rejections(report: PromptImport) -> list[RejectedGroup]:
    """By reason, the commonest first."""
    groups = [
        RejectedGroup(code, describe_reason(code), advise(code), group["lines"], group["first"])
        for code, group in report.reasons.items()
    ]
    return sorted(groups, key=lambda group: -group.lines)


HEADER = ["line", "last line", "code", "reason", "detail", "excerpt"]


def list_rejected_rows(report: PromptImport) -> Iterator[list[str]]:
    """All of them as rows of CSV, under their header. What they hold is hostile: no cell is a formula."""
    yield HEADER
    lines = report.left_out.values_list("line", "last", "code", "detail", "excerpt")
    for line, last, code, detail, excerpt in lines.iterator(chunk_size=2000):
        cells = [line, last, code, describe_reason(code), detail, excerpt]
        yield [defuse_cell(cell) for cell in cells]


def describe_reason(code: str) -> str:
    """In words. A code of another version stands for itself."""
    reason = find_reason(code)
    return reason.why if reason else code


def advise(code: str) -> str:
    reason = find_reason(code)
    return reason.advice if reason else ""
