"""An import's report for a terminal."""

from apps.prompts.models import PromptImport
from apps.prompts.rejections import group_rejections
from apps.prompts.report import describe_import, list_kept_fields


def format_report(report: PromptImport) -> str:
    """The finding, then a line for each reason with its count and the first line it was met on."""
    lines = [f"{report.file_name}: {describe_import(report)}."]
    for group in group_rejections(report):
        first = f"line {group.first['line']:,}: {group.first_excerpt}"
        lines.append(f"  {group.lines:>9,}  {group.why:<30}  {first}")
    if fields := list_kept_fields(report):
        lines.append(
            "  Kept as metadata: "
            + ", ".join(
                f"{field.name} ({field.lines:,}{': ' if field.note else ''}{field.note})" for field in fields
            )
        )
    return "\n".join(lines)
