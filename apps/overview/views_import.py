"""Bringing ready-made responses in. Its report is the page of any import."""

from django.http import HttpResponse
from django.shortcuts import redirect, render

from apps.accounts.requests import PersonRequest
from apps.core.errors import InvalidInputError
from apps.overview.response_import import store_responses
from apps.projects.access import project_view
from apps.projects.models import Project
from apps.projects.permissions import Permission
from apps.prompts.forms import ImportForm


class ImportResponsesForm(ImportForm):
    command = "import_responses"


@project_view(Permission.MANAGE_PROMPTS)
def import_file(request: PersonRequest, project: Project) -> HttpResponse:
    posted = request.method == "POST"
    form = ImportResponsesForm(request.POST, request.FILES) if posted else ImportResponsesForm()
    if posted and form.is_valid():
        file, name = form.open_source()
        try:
            report = store_responses(project=project, file=file, file_name=name, user=request.user)
        except InvalidInputError as error:
            form.add_error("file", error.message)
        else:
            return redirect("prompts:import", project.slug, report.pk)
    return render(request, "overview/import_responses.html", {"form": form}, status=422 if posted else 200)
