"""The rating page with an answer that was sent already, to be revised. The item in hand waits meanwhile."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from apps.accounts.requests import PersonRequest
from apps.core.errors import TouchstoneError
from apps.projects.models import Project
from apps.projects.rubric_answers import InvalidAnswersError
from apps.rating.answer_form import render_revision_form
from apps.rating.desk import Task, load_sent
from apps.rating.guideline import read_news
from apps.rating.models import Annotation, FlagKind, Lease
from apps.rating.pace import measure_pace
from apps.rating.page import Form
from apps.rating.revision import RevisionRefusedError, find_current, find_refusal
from apps.rating.verdicts import describe_answers


def show_revision(
    request: PersonRequest,
    project: Project,
    annotation: Annotation,
    *,
    form: Form | None = None,
    error: TouchstoneError | None = None,
) -> HttpResponse:
    """The item of an answer with its form, filled from `form` or else as it was sent.

    `error` is why `form` was not stored. Without one, `form` is a second answer to what was answered.
    """
    stays = find_refusal(annotation=annotation)
    if stays and stays.hides_item:
        raise RevisionRefusedError(stays)
    task, filled = load_sent(annotation)
    current = find_current(annotation)
    may_save = stays is None and current == annotation
    context: dict[str, Any] = {
        "project": project,
        "task": task,
        "annotation": annotation,
        "current": current,
        "stays": stays,
        "error": error,
        "is_second": form is not None and error is None,
        "revision_url": reverse("rating:answer", args=[project.slug, annotation.uid]),
        "may_save": may_save,
    }
    if stays and form is None:
        context["as_sent"] = describe_answers(
            rubric=task.rubric,
            answers=annotation.answers,
            letters={response.uid: response.letter for response in task.responses},
            item=annotation.item_id,
        )
    else:
        back = reverse("rating:page", args=[project.slug])
        context["answer_form"] = render_revision_form(task, form or filled, back_url=back, may_save=may_save)
    status = 200 if form is None else 422 if isinstance(error, InvalidAnswersError) else 409
    if "HX-Request" in request.headers:
        return render(request, "rating/revise_task.html", context, status=status)
    return render(request, "rating/revise.html", {**context, **_frame(request, project, task)}, status=status)


def _frame(request: PersonRequest, project: Project, task: Task) -> dict[str, Any]:
    """What stands around the item."""
    rater = request.user
    holds_item = Lease.objects.open().filter(project=project, rater=rater).exists()
    return {
        "pace": measure_pace(project=project, rater=rater, stand=task.stand, holds_item=holds_item),
        "guideline": read_news(project=project, rater=rater).known,
        "flag_kinds": FlagKind.choices,
        "unread": task.stand.unread,
    }
