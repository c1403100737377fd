"""What lies behind a row: from a sample row, or the metadata of one that left, to everybody's answers."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from apps.accounts.requests import PersonRequest
from apps.datasets.deciding.reasons import Reason
from apps.datasets.lineage_page import tell_trace
from apps.datasets.opening import Opened, open_recipe, open_start
from apps.datasets.recipes.starting import list_starts
from apps.datasets.snapshots.lineage import trace_row
from apps.datasets.views import EXPORT, find_recipe
from apps.datasets.views_snapshots import find_snapshot
from apps.datasets.wording import REASONS
from apps.projects.access import project_view
from apps.projects.models import Project


@project_view(EXPORT)
@require_safe
def show_item(request: PersonRequest, project: Project, uid: UUID) -> HttpResponse:
    """As a snapshot read it, where the address names one, else as the answers stand now."""
    wanted = read_uid(request.GET.get("snapshot", ""))
    snapshot = find_snapshot(project, wanted) if wanted else None
    opened = open_any(request, project) if snapshot is None else None
    trace = trace_row(
        project=project,
        item=uid,
        snapshot=snapshot,
        document=opened.shown if opened else None,
        recipe=opened.recipe if opened else None,
    )
    context = {
        "trace": trace,
        "told": tell_trace(trace),
        "snapshot": snapshot,
        "opened": opened,
        "why": REASONS[Reason(trace.left_out)] if trace.left_out else None,
    }
    return render(request, "datasets/item.html", context)


@project_view(EXPORT)
@require_safe
def find_row(request: PersonRequest, project: Project, uid: UUID) -> HttpResponse:
    """From the item that the metadata of a row in a snapshot's files names to what is behind it."""
    snapshot = find_snapshot(project, uid)
    item = read_uid(request.GET.get("item", "").strip())
    if item is None or not project.items.filter(uid=item).exists():
        messages.warning(request, "No item has this id. Copy what stands under “item” in a row’s metadata.")
        return redirect("datasets:snapshot", project.slug, snapshot.uid)
    return redirect(f"{reverse('datasets:item', args=[project.slug, item])}?snapshot={snapshot.uid}")


def open_any(request: PersonRequest, project: Project) -> Opened | None:
    """The recipe that the address names, as its form has it there; without one everything is read."""
    uid, code = read_uid(request.GET.get("recipe", "")), request.GET.get("kind")
    if uid is not None:
        return open_recipe(request, project, find_recipe(project, uid), names=False)
    start = next((one for one in list_starts(project) if one.code == code), None)
    return open_start(request, project, start, names=False) if start else None


def read_uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
