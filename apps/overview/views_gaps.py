"""The gaps that checks found in a knowledge base, for who can mend it."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.requests import PersonRequest
from apps.overview.gaps import read_gaps
from apps.projects.access import project_view
from apps.projects.models import Project
from apps.projects.permissions import Permission


@project_view(Permission.MANAGE_PROMPTS)
@require_safe
def show_gaps(request: PersonRequest, project: Project) -> HttpResponse:
    passage, before = request.GET.get("passage"), request.GET.get("before", "")
    if passage is not None:
        passage = passage.replace("\x00", "")  # which the database cannot look for
    found = read_gaps(
        project=project,
        reader=request.user,
        passage=passage,
        before=int(before[:18]) if before.isascii() and before.isdecimal() else 0,
    )
    chosen = next((row for row in found.rows if row.key == passage), None)
    return render(request, "overview/gaps.html", {"found": found, "passage": passage, "chosen": chosen})
