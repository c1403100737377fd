"""Bringing a file in: sent, looked at, started, watched; and the report of what became of its lines."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.requests import PersonRequest
from apps.core.errors import InvalidInputError, NotFoundError
from apps.projects.access import ProjectView, project_view
from apps.projects.models import Project
from apps.projects.permissions import Permission
from apps.prompts.forms import ImportForm
from apps.prompts.forms_import import ColumnsForm, DatasetForm
from apps.prompts.importing import hurry, take_in
from apps.prompts.imports.options import DatasetSource, ImportOptions
from apps.prompts.imports.pace import measure_pace
from apps.prompts.imports.receiving import prepare_upload
from apps.prompts.imports.sampling import outline_sample
from apps.prompts.imports.shapes import Outline
from apps.prompts.imports.states import cancel_import, discard_upload, resume_import
from apps.prompts.imports.storage import NoRoomError, TooLargeError
from apps.prompts.imports.uploads import make_import, store_upload
from apps.prompts.imports.waking import wake_workers
from apps.prompts.models import ImportStatus, PromptImport
from apps.prompts.rejections import group_rejections
from apps.prompts.report import describe_import, draw_bar, list_kept_fields

MANAGE = Permission.MANAGE_PROMPTS
SHOWN = 30


@csrf_exempt  # the body is read only once its size is known; `_receive` checks the token then
@project_view(MANAGE)
def import_file(request: PersonRequest, project: Project) -> HttpResponseBase:
    if request.method != "POST":
        return _render_imports(request, project, ImportForm())
    try:
        prepare_upload(request)
        return _receive(request, project)
    except (TooLargeError, NoRoomError) as error:
        if "HX-Request" not in request.headers:
            raise
        return render(
            request, "prompts/import_form.html", {"import_form": ImportForm(), "refusal": error.message}
        )


@csrf_protect
def _receive(request: PersonRequest, project: Project) -> HttpResponseBase:
    form = ImportForm(request.POST, request.FILES)
    if form.is_valid():
        file, name = form.open_source()
        options = ImportOptions(starts_by_itself="look" not in request.POST)
        try:
            report = store_upload(
                project=project, file=file, file_name=name, user=request.user, options=options
            )
        except InvalidInputError as error:
            form.add_error("file", error.message)
        else:
            return _go_on(request, project, report)
    if "HX-Request" in request.headers:
        return render(request, "prompts/import_form.html", {"import_form": form}, status=422)
    return _render_imports(request, project, form, status=422)


def _go_on(request: PersonRequest, project: Project, report: PromptImport) -> HttpResponse:
    take_in(report=report, user=request.user)
    there = redirect("prompts:import", project.slug, report.pk)
    if "HX-Request" in request.headers:
        return HttpResponse(headers={"HX-Redirect": there.url})
    return there


@project_view(MANAGE)
@require_POST
def import_dataset(request: PersonRequest, project: Project) -> HttpResponseBase:
    """Bring in what `datasets` loads on a worker, where the settings allow that."""
    form = _make_dataset_form(request, request.POST)
    if form is None:
        raise NotFoundError("Data sets are not loaded from here. Ask whoever runs this installation.")
    if not form.is_valid():
        return _render_imports(request, project, ImportForm(), dataset_form=form, status=422)
    options = ImportOptions(dataset=DatasetSource(**form.cleaned_data))
    path = form.cleaned_data["path"]
    report = make_import(project=project, file_name=path, user=request.user, options=options)
    wake_workers()
    return redirect("prompts:import", project.slug, report.pk)


def _make_dataset_form(request: PersonRequest, data: Any = None) -> DatasetForm | None:
    """None where the settings do not allow it. Folders are for those who run the server."""
    if not settings.ALLOW_DATASET_IMPORTS:
        return None
    return DatasetForm(data, folders=request.user.is_superuser)


def _render_imports(
    request: PersonRequest,
    project: Project,
    form: ImportForm,
    *,
    dataset_form: DatasetForm | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "import_form": form,
        "dataset_form": dataset_form or _make_dataset_form(request),
        "imports": project.prompt_imports.select_related("created_by").defer("sample", "reasons")[:SHOWN],
    }
    return render(request, "prompts/imports.html", context, status=status)


@project_view(MANAGE)
@require_safe
def show_import(request: PersonRequest, project: Project, pk: int) -> HttpResponse:
    report = get_import(project, pk)
    if report.status == ImportStatus.UPLOADED and report.sample is not None:
        form = ColumnsForm(report=report, shape=request.GET.get("shape", ""))
        return _render_columns(request, form)
    return render(request, "prompts/import.html", _describe(report))


@project_view(MANAGE)
@require_safe
def show_live(request: PersonRequest, project: Project, pk: int) -> HttpResponse:
    """What changes while an import goes; its page is loaded again once there is another one to show."""
    report = get_import(project, pk)
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


@project_view(MANAGE)
@require_POST
def preview(request: PersonRequest, project: Project, pk: int) -> HttpResponse:
    """The first rows as they would become with the columns as chosen; nothing is stored."""
    form = _bind_columns(request, project, pk)
    form.is_valid()
    return _render_columns(request, form, template="prompts/import_columns.html#outlines")


@project_view(MANAGE)
@require_POST
def start(request: PersonRequest, project: Project, pk: int) -> HttpResponse:
    form = _bind_columns(request, project, pk)
    if not form.is_valid():
        return _render_columns(request, form, status=422)
    hurry(report=form.report, user=request.user, options=form.options)
    return redirect("prompts:import", project.slug, pk)


def _bind_columns(request: PersonRequest, project: Project, pk: int) -> ColumnsForm:
    report = get_import(project, pk)
    if report.sample is None:
        raise NotFoundError("This import has been started already, or its first rows are not read yet.")
    return ColumnsForm(request.POST, report=report, shape=request.POST.get("shape", ""))


def _render_columns(
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


Change = Callable[..., Any]


def _change_view(change: Change, said: str) -> ProjectView:
    """A view that does `change` to an import, says so and shows it."""

    @project_view(MANAGE)
    @require_POST
    def view(request: PersonRequest, project: Project, pk: int) -> HttpResponse:
        change(report=get_import(project, pk), user=request.user)
        messages.success(request, said)
        return redirect("prompts:import", project.slug, pk)

    return view


cancel = _change_view(cancel_import, "The import is cancelled. What came in is kept; it can be resumed.")
resume = _change_view(resume_import, "The import goes on from where it stopped.")


@project_view(MANAGE)
@require_POST
def discard(request: PersonRequest, project: Project, pk: int) -> HttpResponse:
    discard_upload(report=get_import(project, pk), user=request.user)
    messages.success(request, "The file is gone. Nothing of it came in.")
    return redirect("prompts:import_file", project.slug)


def get_import(project: Project, pk: int) -> PromptImport:
    report = project.prompt_imports.filter(pk=pk).select_related("created_by").first()
    if report is None:
        raise NotFoundError("This project has no such import. The page of imports lists the last ones.")
    return report
