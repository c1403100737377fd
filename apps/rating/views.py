"""The rater's pages. One request submits and brings the next item."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.models import User
from apps.core.errors import ConflictError
from apps.projects.access import project_view
from apps.projects.models import Project
from apps.projects.permissions import Permission
from apps.projects.rubrics import InvalidAnswersError
from apps.rating.answer_form import render_answer_form
from apps.rating.desk import Task, get_task, load_task, submit_and_get_task
from apps.rating.models import Annotation
from apps.rating.nothing import Nothing
from apps.rating.pace import find_stand, measure_pace
from apps.rating.submission import save_draft, skip_item

Form = dict[str, list[str]]


@project_view(Permission.RATE)
@require_GET
def show_page(request: HttpRequest, project: Project) -> HttpResponse:
    return _show_next(request, project)


@project_view(Permission.RATE)
@require_POST
def submit(request: HttpRequest, project: Project, lease_uid: UUID) -> HttpResponse:
    form, rater = _read_form(request), _rater(request)
    try:
        annotation, task = submit_and_get_task(
            project=project,
            rater=rater,
            lease_uid=str(lease_uid),
            answers=lambda rubric, shown: rubric.read_form(form, shown),
        )
    except InvalidAnswersError as error:
        lease = save_draft(project=project, rater=rater, lease_uid=str(lease_uid), draft=form)
        return _render(request, project, load_task(lease), form=form, error=error)
    if not request.headers.get("HX-Request"):
        return redirect("rating:page", slug=project.slug)
    return _render(request, project, task, said=_say_what_happened(annotation))


@project_view(Permission.RATE)
@require_POST
def skip(request: HttpRequest, project: Project, lease_uid: UUID) -> HttpResponse:
    skip_item(
        project=project,
        rater=_rater(request),
        lease_uid=str(lease_uid),
        reason=request.POST.get("reason", ""),
        note=request.POST.get("note", ""),
    )
    if not request.headers.get("HX-Request"):
        return redirect("rating:page", slug=project.slug)
    return _show_next(request, project, said="Skipped. Here is the next one.")


@project_view(Permission.RATE)
@require_POST
def keep_draft(request: HttpRequest, project: Project, lease_uid: UUID) -> HttpResponse:
    try:
        lease = save_draft(
            project=project, rater=_rater(request), lease_uid=str(lease_uid), draft=_read_form(request)
        )
    except ConflictError as error:
        return JsonResponse({"code": error.code, "message": error.message}, status=error.status)
    return JsonResponse({"expires_at": lease.expires_at.isoformat(), "open": lease.state == "open"})


def _rater(request: HttpRequest) -> User:
    assert isinstance(request.user, User)  # noqa: S101 — project_view let nobody else in
    return request.user


def _read_form(request: HttpRequest) -> Form:
    return {key: request.POST.getlist(key) for key in request.POST if key != "csrfmiddlewaretoken"}


def _say_what_happened(annotation: Annotation) -> str:
    if annotation.is_counted:
        return "Sent. Here is the next one."
    return "Your answer came after the item had gone to somebody else. It is kept as an extra, not counted."


def _show_next(request: HttpRequest, project: Project, *, said: str = "") -> HttpResponse:
    task = get_task(project=project, rater=_rater(request))
    return _render(request, project, task, said=said)


def _render(
    request: HttpRequest,
    project: Project,
    task: Task | Nothing,
    *,
    form: Form | None = None,
    error: InvalidAnswersError | None = None,
    said: str = "",
) -> HttpResponse:
    rater = _rater(request)
    stand = task.stand if isinstance(task, Task) else find_stand(project=project, rater=rater)
    pace = measure_pace(project=project, rater=rater, stand=stand, holds_item=isinstance(task, Task))
    context: dict[str, Any] = {
        "project": project,
        "task": task,
        "pace": pace,
        "error": error,
        "said": said,
    }
    if isinstance(task, Task):
        context["lease_url"] = f"{reverse('rating:page', args=[project.slug])}{task.lease.uid}/"
        context["answer_form"] = render_answer_form(task, form)
    status = 422 if error else 200
    if request.headers.get("HX-Request"):
        return render(request, "rating/swap.html", context, status=status)
    return render(request, "rating/page.html", {**context, "guideline": project.guideline}, status=status)
