"""What an import's report keeps of the lines that were left out, and how it reads them back."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from apps.prompts.models import PromptImport
from apps.prompts.parsing import Rejection
from apps.prompts.parsing.reasons import find_reason

KEPT = 1000


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


def note_rejections(report: PromptImport, rejections: Iterable[Rejection]) -> None:
    """Count them exactly; keep the first 1,000 and the first of each reason. Does not save."""
    for rejection in rejections:
        entry = {
            "line": rejection.line,
            "last": rejection.last,
            "code": rejection.reason.value,
            "detail": rejection.detail,
            "excerpt": rejection.excerpt,
        }
        group = report.reasons.setdefault(rejection.reason.value, {"lines": 0, "first": entry})
        group["lines"] += 1
        report.rejected += 1
        if len(report.rejections) < KEPT:
            report.rejections.append(entry)


def group_rejections(report: PromptImport) -> list[RejectedGroup]:
    """By reason, the commonest first."""
    groups = [
        RejectedGroup(code, describe_reason(code), advise(code), group["lines"], group["first"])
        for code, group in report.reasons.items()
    ]
    return sorted(groups, key=lambda group: -group.lines)


def describe_reason(code: str) -> str:
    """In words. A code of another version stands for itself."""
    reason = find_reason(code)
    return reason.why if reason else code


def advise(code: str) -> str:
    reason = find_reason(code)
    return reason.advice if reason else ""
