from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.models import User
from apps.core.commands import spell_command
from apps.datasets.errors import NothingToExportError
from apps.datasets.exports import answer_with_archive, export_archive
from apps.datasets.forms import CONTAINER_CHOICES, ExportForm
from apps.datasets.headline import write_headline, write_measure
from apps.datasets.preview import build_preview
from apps.projects.access import project_view
from apps.projects.models import Project
from apps.projects.permissions import Permission


@project_view(Permission.EXPORT)
@require_GET
def show_datasets(request: HttpRequest, project: Project) -> HttpResponse:
    """What would leave, what stays out and why, and the download."""
    first = request.GET.get("from", "")
    preview = build_preview(project, first=int(first) if first.isdecimal() and len(first) < 9 else 0)
    context = {
        "preview": preview,
        "tally": preview.tally,
        "headline": write_headline(preview.tally),
        "measure": write_measure(preview.tally),
        "containers": CONTAINER_CHOICES,
        "command": spell_command(f"export_dataset {project.slug} DIR --container parquet"),
        "scope": Permission.EXPORT.label,
        "api": request.build_absolute_uri(reverse("datasets-api:counts", args=[project.slug])),
    }
    return render(request, "datasets/index.html", context)


@project_view(Permission.EXPORT)
@require_POST
def download(request: HttpRequest, project: Project) -> HttpResponseBase:
    """The chosen formats as one ZIP file."""
    form = ExportForm(request.POST)
    if not form.is_valid():
        messages.warning(request, form.first_error)
        return redirect("datasets:index", project.slug)
    try:
        archive = export_archive(project=project, actor=cast("User", request.user), **form.cleaned_data)
    except NothingToExportError as error:
        messages.warning(request, error.message)
        return redirect("datasets:index", project.slug)
    return answer_with_archive(archive)
