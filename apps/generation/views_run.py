"""A run's own page, and what can be done with a run."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import User
from apps.accounts.requests import PersonRequest
from apps.core.errors import InvalidInputError
from apps.generation.access import get_numbered_run
from apps.generation.desk import read_run
from apps.generation.failures import list_failures
from apps.generation.forms_run import PauseForm, PriorityForm, ResumeForm
from apps.generation.headlines import describe_failures, describe_lengths, describe_parts, describe_run
from apps.generation.lengths import measure_lengths
from apps.generation.models import Run
from apps.generation.progress import read_parts
from apps.generation.services import cancel_run, change_priority, pause_run, resume_run, retry_failed
from apps.projects.access import ProjectView, project_view
from apps.projects.models import Project
from apps.projects.permissions import Permission

MANAGE = Permission.MANAGE_GENERATION
PER_PAGE = 25


@project_view(MANAGE)
@require_safe
def show_run(request: PersonRequest, project: Project, number: int) -> HttpResponse:
    run = get_numbered_run(project=project, number=number)
    done = (
        run.responses.done()
        .select_related("prompt", "config", "batch")
        .order_by("prompt", "config", "sample")
    )
    context = {
        **_live(run),
        **_measure(run),
        "page": Paginator(done, PER_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "generation/run.html", context)


@project_view(MANAGE)
@require_safe
def show_run_progress(request: PersonRequest, project: Project, number: int) -> HttpResponse:
    """What changes while the run goes; the responses below it stay as they were, for who reads them.

    Where it goes no more this is asked for the last time, so the finding over them is told once again.
    """
    run = get_numbered_run(project=project, number=number)
    shown = request.GET.get("shown", "")
    live = _live(run)
    context = {**live, "shown": int(shown) if shown.isdecimal() else 0, "is_live": True}
    if not live["row"].moves:
        context |= _measure(run)
    return render(request, "generation/run.html#live", context)


def _measure(run: Run) -> dict[str, object]:
    lengths = measure_lengths(run=run)
    return {"lengths": lengths, "lengths_finding": describe_lengths(lengths)}


def _live(run: Run) -> dict[str, Any]:
    now = timezone.now()
    row = read_run(run=run, now=now)
    parts, failures = read_parts(run, now=now), list_failures(run=run)
    return {
        "row": row,
        "parts": parts,
        "parts_finding": describe_parts(parts, rests=row.is_paused or bool(row.waits)),
        "run": run,
        "finding": describe_run(row.progress),
        "failures": failures,
        "failures_finding": describe_failures([failure.number for failure in failures]),
        "shown": row.progress.done,
    }


Change = Callable[..., Run]


def _change_view(change: Change, said: str, form: type[forms.Form] | None = None) -> ProjectView:
    """A view that does `change` to a run, says so and shows the run."""

    @project_view(MANAGE)
    @require_POST
    def view(request: PersonRequest, project: Project, number: int) -> HttpResponse:
        user: User = request.user
        values = _read(form, request.POST) if form else {}
        run = change(run=get_numbered_run(project=project, number=number), user=user, **values)
        messages.success(request, said)
        return redirect("generation:run", project.slug, run.number)

    return view


def _read(form: type[forms.Form], data: QueryDict) -> dict[str, Any]:
    filled = form(data)
    if not filled.is_valid():
        faults = " ".join(str(fault) for faults in filled.errors.values() for fault in faults)
        raise InvalidInputError(f"{faults} Nothing was changed.")
    return filled.cleaned_data


pause = _change_view(
    pause_run, "The run is paused. What a worker is at just now is finished and kept.", PauseForm
)
cancel = _change_view(cancel_run, "The run is cancelled. What was done is kept; it can be resumed.")
resume = _change_view(resume_run, "The run goes on with what is missing.", ResumeForm)
retry = _change_view(retry_failed, "What failed is tried again, drawn with other seeds.")
prioritise = _change_view(
    change_priority, "The priority is changed; the next batch follows it.", PriorityForm
)
