"""What lies behind a row: from a sample row, or the metadata of one that left, to everybody's answers."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from apps.accounts.requests import PersonRequest
from apps.datasets.deciding.reasons import Reason
from apps.datasets.lineage_page import tell_trace
from apps.datasets.snapshots.lineage import trace_row
from apps.datasets.views import EXPORT
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
    trace = trace_row(project=project, item=uid, snapshot=snapshot)
    context = {
        "trace": trace,
        "told": tell_trace(trace),
        "snapshot": snapshot,
        "why": REASONS[Reason(trace.left_out)] if trace.left_out else None,
    }
    return render(request, "datasets/item.html", context)


def read_uid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
