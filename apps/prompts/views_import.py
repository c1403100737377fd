"""Bringing a file in, and the report of what became of its lines."""

import csv
from io import StringIO

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.requests import PersonRequest
from apps.core.csv_text import defuse_cell
from apps.core.errors import InvalidInputError, NotFoundError
from apps.projects.access import project_view
from apps.projects.models import Project
from apps.prompts.forms import ImportForm
from apps.prompts.importing import import_prompts
from apps.prompts.models import PromptImport
from apps.prompts.rejections import describe_reason, group_rejections
from apps.prompts.report import describe_import, draw_bar, list_kept_fields
from apps.prompts.views import MANAGE, render_index


@project_view(MANAGE)
@require_POST
def import_file(request: PersonRequest, project: Project) -> HttpResponse:
    form = ImportForm(request.POST, request.FILES)
    if form.is_valid():
        file, name = form.open_source()
        try:
            report = import_prompts(project=project, file=file, file_name=name, user=request.user)
        except InvalidInputError as error:
            form.add_error("file", error.message)
        else:
            return redirect("prompts:import", project.slug, report.pk)
    return render_index(request, project, form, status=422)


@project_view(MANAGE)
@require_safe
def show_import(request: PersonRequest, project: Project, pk: int) -> HttpResponse:
    report = _get_import(project, pk)
    context = {
        "report": report,
        "finding": describe_import(report),
        "bar": draw_bar(report),
        "fields": list_kept_fields(report),
        "groups": group_rejections(report),
        "kept": len(report.rejections),
    }
    return render(request, "prompts/import.html", context)


@project_view(MANAGE)
@require_safe
def download_rejections(request: PersonRequest, project: Project, pk: int) -> HttpResponse:
    """The lines that were left out, as CSV. What they hold is hostile: no cell is a formula."""
    report = _get_import(project, pk)
    table = StringIO()
    writer = csv.writer(table)
    writer.writerow(["line", "last line", "code", "reason", "detail", "excerpt"])
    for entry in report.rejections:
        why = describe_reason(entry["code"])
        cells = [entry["line"], entry["last"], entry["code"], why, entry["detail"], entry["excerpt"]]
        writer.writerow([defuse_cell(cell) for cell in cells])
    response = HttpResponse(table.getvalue(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="left-out-of-import-{report.pk}.csv"'
    return response


def _get_import(project: Project, pk: int) -> PromptImport:
    report = project.prompt_imports.filter(pk=pk).first()
    if report is None:
        raise NotFoundError("This project has no such import. The page of prompts lists the last ones.")
    return report
