"""Bringing a file in, or a data set: sent, stored, and shown among the last ones."""

from typing import Any

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST

from apps.accounts.requests import PersonRequest
from apps.core.errors import InvalidInputError, NotFoundError
from apps.projects.access import project_view
from apps.projects.models import Project
from apps.projects.permissions import Permission
from apps.prompts.forms import ImportForm
from apps.prompts.forms_import import DatasetForm
from apps.prompts.importing import take_in
from apps.prompts.imports.options import DatasetSource, ImportOptions
from apps.prompts.imports.receiving import prepare_upload
from apps.prompts.imports.storage import NoRoomError, TooLargeError
from apps.prompts.imports.uploads import make_import, store_upload
from apps.prompts.imports.waking import wake_workers
from apps.prompts.models import PromptImport

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
