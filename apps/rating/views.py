"""The rater's moves. One request submits and brings the next item."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.requests import PersonRequest
from apps.core.errors import ConflictError
from apps.projects.access import project_view
from apps.projects.models import Project
from apps.projects.permissions import Permission
from apps.projects.rubric_answers import InvalidAnswersError
from apps.rating.desk import load_task, submit_and_get_task
from apps.rating.holding import leave_item, save_draft, skip_item
from apps.rating.models import Annotation
from apps.rating.pace import read_active_seconds
from apps.rating.page import read_answers, read_form, show_next, show_task
from apps.rating.revise_page import show_revision


@project_view(Permission.RATE)
@require_GET
def show_page(request: PersonRequest, project: Project) -> HttpResponse:
    return show_next(request, project)


@project_view(Permission.RATE)
@require_POST
def submit(request: PersonRequest, project: Project, lease_uid: UUID) -> HttpResponse:
    form, rater = read_form(request), request.user
    try:
        annotation, task = submit_and_get_task(
            project=project,
            rater=rater,
            lease_uid=str(lease_uid),
            answers=lambda rubric, shown: read_answers(form, rubric, shown),
            active_seconds=read_active_seconds(form),
        )
    except InvalidAnswersError as error:
        lease = save_draft(project=project, rater=rater, lease_uid=str(lease_uid), draft=form)
        return show_task(request, project, load_task(lease), form=form, error=error)
    if not annotation.is_what_was_sent:
        return show_revision(request, project, annotation, form=form)
    if not request.headers.get("HX-Request"):
        return redirect("rating:page", slug=project.slug)
    return show_task(request, project, task, said=_say_what_happened(annotation))


@project_view(Permission.RATE)
@require_POST
def skip(request: PersonRequest, project: Project, lease_uid: UUID) -> HttpResponse:
    skip_item(
        project=project,
        rater=request.user,
        lease_uid=str(lease_uid),
        reason=request.POST.get("reason", ""),
        note=request.POST.get("note", ""),
    )
    if not request.headers.get("HX-Request"):
        return redirect("rating:page", slug=project.slug)
    return show_next(request, project, said="Skipped.")


@project_view(Permission.RATE)
@require_POST
def leave(request: PersonRequest, project: Project, lease_uid: UUID) -> HttpResponse:
    leave_item(project=project, rater=request.user, lease_uid=str(lease_uid))
    messages.info(request, "You left the item; somebody else gets it. What you wrote is kept.")
    return redirect("overview:start")


@project_view(Permission.RATE)
@require_POST
def keep_draft(request: PersonRequest, project: Project, lease_uid: UUID) -> HttpResponse:
    try:
        lease = save_draft(
            project=project, rater=request.user, lease_uid=str(lease_uid), draft=read_form(request)
        )
    except ConflictError as error:
        return JsonResponse({"code": error.code, "message": error.message}, status=error.status)
    return JsonResponse({"expires_at": lease.expires_at.isoformat(), "open": lease.state == "open"})


def _say_what_happened(annotation: Annotation) -> str:
    if annotation.is_counted:
        return "Sent."
    return "Your answer came after the item had gone to somebody else. It is kept as an extra, not counted."
