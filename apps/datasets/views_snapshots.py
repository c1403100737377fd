"""Snapshots: the shelf beside a recipe, one by itself, two compared, and what is downloaded."""

from collections import Counter
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.requests import PersonRequest
from apps.core.errors import ConflictError, NotFoundError
from apps.datasets.changes import find_change
from apps.datasets.formats import FORMATS
from apps.datasets.models import Snapshot
from apps.datasets.shelf import describe_shelf
from apps.datasets.snapshots.comparing import compare_snapshots
from apps.datasets.snapshots.downloads import answer_with_file, answer_with_zip
from apps.datasets.snapshots.states import cancel_snapshot
from apps.datasets.views import EXPORT, find_recipe
from apps.projects.access import project_view
from apps.projects.models import Project

MODEL = "HuggingFaceTB/SmolLM2-135M-Instruct"


def find_snapshot(project: Project, uid: UUID) -> Snapshot:
    found = project.snapshots.select_related("recipe", "version", "project").filter(uid=uid).first()
    if found is None:
        raise NotFoundError("There is no such snapshot in this project. Open Datasets for those there are.")
    return found


@project_view(EXPORT)
@require_safe
def show_shelf(request: PersonRequest, project: Project, uid: UUID) -> HttpResponse:
    """The snapshots alone; while one is made, the page asks for them again and again."""
    recipe = find_recipe(project, uid)
    shelf = describe_shelf(recipe, None, timezone.now())
    is_over = shelf.making is None
    response = render(request, "datasets/shelf.html", {"recipe": recipe, "shelf": shelf, "is_over": is_over})
    if is_over:
        response["HX-Trigger"] = "touchstone:made"  # the page's button and figures follow
    return response


@project_view(EXPORT)
@require_safe
def show_snapshot(request: PersonRequest, project: Project, uid: UUID) -> HttpResponse:
    snapshot = find_snapshot(project, uid)
    rows: Counter[str] = Counter()
    for one in snapshot.files:
        rows[one["path"].split("/")[0]] += one.get("rows") or 0
    formats = [(FORMATS[name], count) for name, count in rows.items() if name in FORMATS and count]
    suffix = snapshot.version.document["container"]
    context = {
        "snapshot": snapshot,
        "formats": formats,
        "snippets": [
            (made_by.TITLE, one.trainer, one.fill(folder=f"v{snapshot.number}", model=MODEL, suffix=suffix))
            for made_by, _ in formats
            for one in made_by.SNIPPETS
        ],
        "others": snapshot.recipe.snapshots.finished().exclude(pk=snapshot.pk).defer("manifest"),
    }
    return render(request, "datasets/snapshot.html", context)


@project_view(EXPORT)
@require_POST
def cancel(request: PersonRequest, project: Project, uid: UUID) -> HttpResponse:
    snapshot = find_snapshot(project, uid)
    try:
        cancel_snapshot(snapshot=snapshot, user=request.user)
    except ConflictError as error:
        messages.warning(request, error.message)
    return redirect("datasets:recipe", project.slug, snapshot.recipe.uid)


@project_view(EXPORT)
@require_safe
def show_change(request: PersonRequest, project: Project, uid: UUID) -> HttpResponse:
    """What it has that the one before it has not: compared the first time that somebody looks."""
    change = find_change(find_snapshot(project, uid))
    return render(request, "datasets/change.html", {"change": change})


@project_view(EXPORT)
@require_safe
def compare(request: PersonRequest, project: Project, uid: UUID) -> HttpResponse:
    recipe = find_recipe(project, uid)
    finished = list(recipe.snapshots.finished().defer("manifest").order_by("-number"))
    before, after = _choose(request, finished)
    context: dict[str, Any] = {"recipe": recipe, "finished": finished, "before": before, "after": after}
    if before is not None and after is not None and before != after:
        context["difference"] = compare_snapshots(before, after)
    return render(request, "datasets/compare.html", context)


def _choose(request: PersonRequest, finished: list[Snapshot]) -> tuple[Snapshot | None, Snapshot | None]:
    """The two that the address names, else the last two; the earlier one first."""
    by_number = {str(one.number): one for one in finished}
    after = by_number.get(request.GET.get("after", ""), finished[0] if finished else None)
    before = by_number.get(request.GET.get("before", ""), finished[1] if len(finished) > 1 else None)
    if before is not None and after is not None and before.number > after.number:
        return after, before
    return before, after


@project_view(EXPORT)
@require_safe
def download(request: PersonRequest, project: Project, uid: UUID) -> HttpResponseBase:
    return answer_with_zip(request, find_snapshot(project, uid))


@project_view(EXPORT)
@require_safe
def download_file(request: PersonRequest, project: Project, uid: UUID, file: str) -> HttpResponseBase:
    return answer_with_file(request, find_snapshot(project, uid), file)
