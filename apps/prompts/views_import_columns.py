"""The columns of an uploaded file: what each of them is, chosen before anything comes in."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from apps.accounts.requests import PersonRequest
from apps.core.errors import NotFoundError
from apps.projects.access import project_view
from apps.projects.models import Project
from apps.projects.permissions import Permission
from apps.prompts.access import get_import
from apps.prompts.forms_import import ColumnsForm
from apps.prompts.importing import hurry
from apps.prompts.imports.sampling import outline_sample
from apps.prompts.imports.shapes import Outline

MANAGE = Permission.MANAGE_PROMPTS


@project_view(MANAGE)
@require_POST
def preview(request: PersonRequest, project: Project, pk: int) -> HttpResponse:
    """The first rows as they would become with the columns as chosen; nothing is stored."""
    form = _bind_columns(request, project, pk)
    form.is_valid()
    return render_columns(request, form, template="prompts/import_columns.html#outlines")


@project_view(MANAGE)
@require_POST
def start(request: PersonRequest, project: Project, pk: int) -> HttpResponse:
    form = _bind_columns(request, project, pk)
    if not form.is_valid():
        return render_columns(request, form, status=422)
    hurry(report=form.report, user=request.user, options=form.options)
    return redirect("prompts:import", project.slug, pk)


def _bind_columns(request: PersonRequest, project: Project, pk: int) -> ColumnsForm:
    report = get_import(project=project, pk=pk)
    if report.sample is None:
        raise NotFoundError("This import has been started already, or its first rows are not read yet.")
    return ColumnsForm(request.POST, report=report, shape=request.POST.get("shape", ""))


def render_columns(
    request: PersonRequest,
    form: ColumnsForm,
    *,
    template: str = "prompts/import_columns.html",
    status: int = 200,
) -> HttpResponse:
    options = getattr(form, "options", None) or (None if form.is_bound else form.read_guess())
    outlines = outline_sample(form.report, options) if options else []
    context = {
        "report": form.report,
        "form": form,
        "sample": form.sample,
        "outlines": [(outline, isinstance(outline, Outline)) for outline in outlines],
        "usable": sum(isinstance(outline, Outline) for outline in outlines),
    }
    return render(request, template, context, status=status)
