"""The report of what became of a file's lines, as a file."""

import csv
from collections.abc import Iterator

from django.http import HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_safe

from apps.accounts.requests import PersonRequest
from apps.projects.access import project_view
from apps.projects.models import Project
from apps.projects.permissions import Permission
from apps.prompts.access import get_import
from apps.prompts.rejections import list_rejected_rows


class _Echo:
    """Gives back what a CSV writer writes, line by line."""

    def write(self, value: str) -> str:
        return value


@project_view(Permission.MANAGE_PROMPTS)
@require_safe
def download_rejections(request: PersonRequest, project: Project, pk: int) -> HttpResponseBase:
    """All lines that were left out, as CSV, streamed as they are read."""
    report = get_import(project=project, pk=pk)
    writer = csv.writer(_Echo())
    rows: Iterator[str] = (writer.writerow(row) for row in list_rejected_rows(report))
    response = StreamingHttpResponse(rows, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="left-out-of-import-{report.pk}.csv"'
    return response
