"""Versions of a rubric to read, and as files."""

import json

from csp.constants import SELF
from csp.decorators import csp_update
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from apps.accounts.requests import PersonRequest
from apps.overview.views_rubric import find_source, get_version, render_editor
from apps.projects.access import project_view
from apps.projects.models import Project
from apps.projects.permissions import Permission
from apps.projects.rubric_check import check_document
from apps.projects.rubric_form import EditedRubric

MANAGE = Permission.MANAGE_PROJECT
LARGEST = 1_000_000  # bytes of a file


@project_view(MANAGE)
def show_version(request: PersonRequest, project: Project, version: int) -> HttpResponse:
    context = {"version": get_version(project, version), "rubric": project.rubric}
    return render(request, "overview/rubric/version.html", context)


@project_view(MANAGE)
def download(request: PersonRequest, project: Project, version: int) -> HttpResponse:
    document = get_version(project, version).questions.model_dump(mode="json")
    text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
    name = f"{project.slug}-rubric-{version}.json"
    return HttpResponse(
        text,
        content_type="application/json; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


@csp_update({"frame-src": [SELF]})
@project_view(MANAGE)
@require_POST
def upload(request: PersonRequest, project: Project) -> HttpResponse:
    """Put a file's rubric into the form; nothing is saved."""
    try:
        raw = _read_json(request)
    except ValueError as error:
        return _refuse(request, project, [str(error)])
    document, faults = check_document(raw)
    if document is None:
        return _refuse(request, project, [str(fault) for fault in faults])
    edited = EditedRubric.from_document(document)
    return render_editor(request, project, edited, began_from="The form has what the file says.")


def _read_json(request: PersonRequest) -> object:
    file = request.FILES.get("file")
    if file is None:
        raise ValueError("Choose a file first.")
    if (file.size or 0) > LARGEST:
        raise ValueError("This file is larger than 1 MB, which no rubric is.")
    try:
        return json.loads(file.read().decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ValueError("This file is not text in UTF-8.") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"Line {error.lineno} of this file is not JSON: {error.msg}.") from error
    except RecursionError as error:
        raise ValueError("This file is nested too deeply.") from error


def _refuse(request: PersonRequest, project: Project, errors: list[str]) -> HttpResponse:
    document, _ = find_source(project, request.GET)
    edited = EditedRubric.from_document(document)
    return render_editor(request, project, edited, status=422, upload_errors=errors)
