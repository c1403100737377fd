"""What stands on the rating page: an item, or why there is none. After a move only that part is sent."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from apps.accounts.requests import PersonRequest
from apps.projects.models import Project
from apps.projects.rubrics import InvalidAnswersError
from apps.rating.answer_form import render_answer_form
from apps.rating.desk import Task, get_task
from apps.rating.nothing import Nothing
from apps.rating.pace import find_stand, measure_pace

Form = dict[str, list[str]]


def show_next(request: PersonRequest, project: Project, *, said: str = "") -> HttpResponse:
    task = get_task(project=project, rater=request.user)
    return show_task(request, project, task, said=said)


def show_task(
    request: PersonRequest,
    project: Project,
    task: Task | Nothing,
    *,
    form: Form | None = None,
    error: InvalidAnswersError | None = None,
    said: str = "",
) -> HttpResponse:
    stand = task.stand if isinstance(task, Task) else find_stand(project=project, rater=request.user)
    pace = measure_pace(project=project, rater=request.user, stand=stand, holds_item=isinstance(task, Task))
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
