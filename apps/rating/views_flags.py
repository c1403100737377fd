"""Raters point something out, and read what was answered."""

from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.requests import PersonRequest
from apps.core.errors import TouchstoneError
from apps.projects.access import project_view
from apps.projects.models import Project
from apps.projects.permissions import Permission
from apps.rating.flagging import flag_item, read_flags
from apps.rating.page import show_next

SENT = "Sent to the people who run this project. Go on, or skip."


@project_view(Permission.RATE)
@require_POST
def flag(request: PersonRequest, project: Project, lease_uid: UUID) -> HttpResponse:
    """The page stays as it is: a script hears what became of it, a form gets the item in hand again."""
    from_script = request.headers.get("X-Requested-With") == "fetch"
    try:
        flag_item(
            project=project,
            rater=request.user,
            lease_uid=str(lease_uid),
            kind=request.POST.get("kind", ""),
            note=request.POST.get("note", ""),
        )
    except TouchstoneError as error:
        if not from_script:
            raise
        return JsonResponse({"code": error.code, "message": error.message}, status=error.status)
    if from_script:
        return JsonResponse({"message": SENT})
    return show_next(request, project, said=SENT)


@project_view(Permission.RATE)
@require_GET
def show_answers(request: PersonRequest, project: Project) -> HttpResponse:
    flags = read_flags(project=project, rater=request.user)
    answered = sum(flag.answered_at is not None for flag in flags)
    return render(request, "rating/your_questions.html", {"flags": flags, "answered": answered})
