"""An import's report for a terminal."""

from apps.prompts.models import PromptImport
from apps.prompts.rejections import group_rejections
from apps.prompts.report import describe_import


def format_report(report: PromptImport) -> str:
    """The finding, then a line for each reason with its count and the first line it was met on."""
    lines = [f"{report.file_name}: {describe_import(report)}."]
    for group in group_rejections(report):
        first = f"line {group.first['line']:,}: {group.first_excerpt}"
        lines.append(f"  {group.lines:>9,}  {group.why:<30}  {first}")
    return "\n".join(lines)
