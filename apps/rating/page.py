"""What stands on the rating page: an item, or why there is none. After a move only that part is sent."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django_htmx.http import trigger_client_event

from apps.accounts.requests import PersonRequest
from apps.projects.models import Project
from apps.projects.questions.base import Shown
from apps.projects.rubric_answers import InvalidAnswersError
from apps.projects.rubrics import RubricDocument
from apps.rating.answer_form import render_answer_form
from apps.rating.desk import Task, get_task
from apps.rating.guideline import read_news
from apps.rating.models import FlagKind
from apps.rating.nothing import Nothing
from apps.rating.outdated import OF_A_PAGE, check_asked
from apps.rating.pace import find_stand, measure_pace

Form = dict[str, list[str]]
ASKED = "asked-as"  # the field with the digest of what the form asks; no key of a question has a hyphen


@lru_cache(maxsize=1024)
def _find_page(slug: str) -> str:
    return reverse("rating:page", args=[slug])


def read_form(request: PersonRequest) -> Form:
    return {key: request.POST.getlist(key) for key in request.POST if key != "csrfmiddlewaretoken"}


def read_answers(form: Form, rubric: RubricDocument, shown: Sequence[Shown]) -> dict[str, Any]:
    """The raw answers in a posted form, once its page asked what the item asks now.

    Raises:
        OutdatedFormError: the item ran out, and moved to another version of the rubric.
    """
    check_asked(asked_as=form.get(ASKED, [""])[0], rubric=rubric, message=OF_A_PAGE)
    return rubric.read_form(form, shown)


def show_next(
    request: PersonRequest, project: Project, *, said: str = "", read_guideline: bool = False
) -> HttpResponse:
    """The rater's item. `read_guideline`: they have read another version, so the drawer needs its text."""
    task = get_task(project=project, rater=request.user)
    return show_task(request, project, task, said=said, read_guideline=read_guideline)


def show_task(
    request: PersonRequest,
    project: Project,
    task: Task | Nothing,
    *,
    form: Form | None = None,
    error: InvalidAnswersError | None = None,
    said: str = "",
    read_guideline: bool = False,
) -> HttpResponse:
    context: dict[str, Any] = {"project": project, "task": task, "error": error, "said": said}
    rater, stand, must_read = request.user, None, False
    if isinstance(task, Task):
        stand = task.stand
        context["lease_url"] = f"{_find_page(project.slug)}{task.lease.uid}/"
        context["answer_form"] = render_answer_form(task, form)
    elif not (must_read := task.code == "guideline"):
        stand = find_stand(project=project, rater=rater)
    context["pace"] = measure_pace(
        project=project, rater=rater, stand=stand, holds_item=isinstance(task, Task)
    )
    is_swap = "HX-Request" in request.headers
    if must_read or read_guideline or not is_swap:
        news = read_news(project=project, rater=rater)
        context |= {"news": news, "guideline": news.latest if must_read else news.known}
    if not is_swap:
        context |= {"flag_kinds": FlagKind.choices, "unread": stand.unread if stand else 0}
    template = "page" if not is_swap else "swap_guideline" if "news" in context else "swap"
    response = render(request, f"rating/{template}.html", context, status=422 if error else 200)
    if is_swap and stand and stand.unread:
        trigger_client_event(response, "unread", {"value": stand.unread})
    return response
