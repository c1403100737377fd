"""A new version of the guideline is read before the next item."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from apps.accounts.requests import PersonRequest
from apps.core.errors import InvalidInputError
from apps.projects.access import project_view
from apps.projects.models import Project
from apps.projects.permissions import Permission
from apps.rating.guideline import acknowledge_guideline
from apps.rating.page import show_next


@project_view(Permission.RATE)
@require_POST
def acknowledge(request: PersonRequest, project: Project) -> HttpResponse:
    version = request.POST.get("version", "")
    if not (version.isascii() and version.isdigit() and len(version) < 10):
        raise InvalidInputError("Which version have you read? Open the rating page and read it there.")
    acknowledge_guideline(project=project, rater=request.user, version=int(version))
    if "HX-Request" not in request.headers:
        return redirect("rating:page", slug=project.slug)
    return show_next(request, project, read_guideline=True)
