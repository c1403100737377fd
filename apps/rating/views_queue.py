"""The page of the queue: where items stand, a list of them, and changes to many."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.requests import PersonRequest
from apps.core.errors import InvalidInputError
from apps.projects.access import project_view
from apps.projects.item_words import describe_beginning, describe_item
from apps.projects.models import Project
from apps.projects.permissions import Permission
from apps.rating.edit_report import report_edit
from apps.rating.edits import edit_items
from apps.rating.forms import HIGHEST_FIRST, STATES, EditForm, FilterForm
from apps.rating.glance import forget_glance, take_glance
from apps.rating.listing import ALL, QUEUE, ItemFilter, count_up_to, describe_list, find_items, list_page

MANAGE = Permission.MANAGE_PROJECT
SHOWN_EDITS = 6


@project_view(MANAGE)
@require_safe
def show_queue(request: PersonRequest, project: Project) -> HttpResponse:
    if request.headers.get("HX-Target") == "going":
        edits = _list_edits(project)
        return render(request, "rating/queue.html#going", {**edits, "is_done": not edits["going"]})
    return _render(request, project)


@project_view(MANAGE)
@require_POST
def edit(request: PersonRequest, project: Project) -> HttpResponse:
    """Change the items that were ticked, or all that the filter in the address finds."""
    form, ticked = EditForm(request.POST), _read_ticked(request)
    if form.is_valid() and form.means_ticked and not ticked:
        form.add_error(None, "Tick items first, or choose all that are listed. Nothing was changed.")
    if not form.is_valid():
        return _render(request, project, form=form, ticked=ticked, status=422)
    wanted = ItemFilter(uids=ticked) if form.means_ticked else FilterForm(request.GET).read(usual=ALL)
    action, value = form.read()
    try:
        done = edit_items(project=project, wanted=wanted, action=action, value=value, by=request.user)
    except InvalidInputError as error:
        form.add_error(None, error.message)
        return _render(request, project, form=form, ticked=ticked, status=error.status)
    forget_glance(project=project)
    if done.finished_at:
        messages.success(request, report_edit(done, now=timezone.now()).result)
    return redirect(f"{reverse('queue:index', args=[project.slug])}?{request.GET.urlencode()}#list")


def _read_ticked(request: PersonRequest) -> tuple[str, ...]:
    try:
        return tuple(str(UUID(uid)) for uid in request.POST.getlist("item"))
    except ValueError:
        return ()


def _render(
    request: PersonRequest,
    project: Project,
    *,
    form: EditForm | None = None,
    ticked: tuple[str, ...] = (),
    status: int = 200,
) -> HttpResponse:
    glance = take_glance(project=project)
    wanted = FilterForm(request.GET).read(usual=QUEUE if glance.in_queue else ALL)
    items = find_items(project=project, wanted=wanted)
    found = count_up_to(items)
    context: dict[str, Any] = {
        "glance": glance,
        "wanted": wanted,
        "query": wanted.as_query(),
        "finding": describe_list(wanted=wanted, found=found),
        "found": found,
        "page": list_page(
            items=items, after=request.GET.get("after", ""), before=request.GET.get("before", "")
        ),
        "states": STATES,
        "priorities": HIGHEST_FIRST,
        "form": form or EditForm(initial={"overlap": project.overlap}),
        "ticked": ticked,
        **_list_edits(project),
        **({} if glance.total else _describe_items(project)),
    }
    return render(request, "rating/queue.html", context, status=status)


def _describe_items(project: Project) -> dict[str, str]:
    """For a queue without any."""
    responses = project.rubric.questions.responses
    return {"item_words": describe_item(responses), "beginning": describe_beginning(responses)}


def _list_edits(project: Project) -> dict[str, Any]:
    now = timezone.now()
    edits = project.item_edits.select_related("by")[:SHOWN_EDITS]
    reports = [report_edit(edit, now=now) for edit in edits]
    return {"edits": reports, "going": [report for report in reports if not report.edit.finished_at]}
