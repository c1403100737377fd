"""The page of an import: shown, followed while it goes, cancelled, resumed or discarded; and its report."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.requests import PersonRequest
from apps.projects.access import ProjectView, project_view
from apps.projects.models import Project
from apps.projects.permissions import Permission
from apps.prompts.access import get_import
from apps.prompts.forms_import import ColumnsForm
from apps.prompts.imports.pace import measure_pace
from apps.prompts.imports.states import cancel_import, discard_upload, resume_import
from apps.prompts.models import ImportStatus, PromptImport
from apps.prompts.rejections import group_rejections
from apps.prompts.report import describe_import, draw_bar, list_kept_fields
from apps.prompts.views_import_columns import render_columns

MANAGE = Permission.MANAGE_PROMPTS
Change = Callable[..., Any]


@project_view(MANAGE)
@require_safe
def show_import(request: PersonRequest, project: Project, pk: int) -> HttpResponse:
    report = get_import(project=project, pk=pk)
    if report.status == ImportStatus.UPLOADED and report.sample is not None:
        form = ColumnsForm(report=report, shape=request.GET.get("shape", ""))
        return render_columns(request, form)
    return render(request, "prompts/import.html", _describe(report))


@project_view(MANAGE)
@require_safe
def show_live(request: PersonRequest, project: Project, pk: int) -> HttpResponse:
    """What changes while an import goes; its page is loaded again once there is another one to show."""
    report = get_import(project=project, pk=pk)
    looked_at = report.status == ImportStatus.UPLOADED and report.sample is not None
    if report.has_ended or looked_at:
        return HttpResponse(headers={"HX-Refresh": "true"})
    return render(request, "prompts/import.html#live", _describe(report))


def _describe(report: PromptImport) -> dict[str, Any]:
    return {
        "report": report,
        "pace": measure_pace(report, now=timezone.now()),
        "finding": describe_import(report),
        "bar": draw_bar(report),
        "fields": list_kept_fields(report),
        "groups": group_rejections(report),
    }


def _change_view(change: Change, said: str) -> ProjectView:
    """A view that does `change` to an import, says so and shows it."""

    @project_view(MANAGE)
    @require_POST
    def view(request: PersonRequest, project: Project, pk: int) -> HttpResponse:
        change(report=get_import(project=project, pk=pk), user=request.user)
        messages.success(request, said)
        return redirect("prompts:import", project.slug, pk)

    return view


cancel = _change_view(cancel_import, "The import is cancelled. What came in is kept; it can be resumed.")
resume = _change_view(resume_import, "The import goes on from where it stopped.")


@project_view(MANAGE)
@require_POST
def discard(request: PersonRequest, project: Project, pk: int) -> HttpResponse:
    discard_upload(report=get_import(project=project, pk=pk), user=request.user)
    messages.success(request, "The file is gone. Nothing of it came in.")
    return redirect("prompts:import_file", project.slug)
