"""Groups of near-duplicates, and the jobs that find them."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.requests import PersonRequest
from apps.core.words import count, start_sentence
from apps.projects.access import project_view
from apps.projects.models import Project
from apps.projects.permissions import Permission
from apps.prompts.clustering.decisions import (
    count_exact,
    get_cluster,
    keep_all,
    keep_first_of_exact,
    keep_one,
    merge_into,
    take_back,
)
from apps.prompts.clustering.listing import list_clusters, show_cluster
from apps.prompts.forms_curation import ClusterForm
from apps.prompts.models import JobKind, PromptJob
from apps.prompts.personal_data.configuring import read_settings
from apps.prompts.prompt_jobs import cancel_job, request_job
from apps.prompts.prompt_pace import describe_last, list_running

MANAGE = Permission.MANAGE_PROMPTS
PER_PAGE, ON_ITS_PAGE = 10, 48


@project_view(MANAGE)
@require_safe
def show_clusters(request: PersonRequest, project: Project) -> HttpResponse:
    decided = request.GET.get("show") == "decided"
    page = Paginator(list_clusters(project=project, decided=decided), PER_PAGE).get_page(
        request.GET.get("page")
    )
    exact, too_many = count_exact(project=project)
    context = {
        **_live(project),
        "page": page,
        "clusters": [show_cluster(cluster) for cluster in page],
        "decided": decided,
        "exact": exact,
        "too_many": too_many,
        "likeness": read_settings(project=project).likeness,
        "looked": project.prompt_jobs.filter(kind=JobKind.DUPLICATES).exists(),
    }
    return render(request, "prompts/clusters.html", context)


@project_view(MANAGE)
@require_safe
def show_progress(request: PersonRequest, project: Project) -> HttpResponse:
    """What changes while jobs go; the groups stay as they are, for who reads them."""
    return render(request, "prompts/clusters.html#live", {**_live(project), "polled": True})


def _live(project: Project) -> dict[str, Any]:
    return {"jobs": list_running(project=project, now=timezone.now()), "last": describe_last(project=project)}


@project_view(MANAGE)
def show_one(request: PersonRequest, project: Project, uid: UUID) -> HttpResponse:
    """All of a group; a form sent here decides about it."""
    cluster = get_cluster(project=project, uid=uid)
    if request.method == "POST":
        messages.success(request, _decide(request, project, uid))
        return redirect("prompts:clusters", project.slug)
    return render(request, "prompts/cluster.html", {"shown": show_cluster(cluster, shown=ON_ITS_PAGE)})


def _decide(request: PersonRequest, project: Project, uid: UUID) -> str:
    """What was done, as a sentence."""
    cluster = get_cluster(project=project, uid=uid)
    form = ClusterForm(request.POST).read()
    if form.action == "all":
        keep_all(cluster=cluster, user=request.user)
        return "All of this group stay. It is asked about again when another prompt joins it."
    if form.action == "back":
        take_back(cluster=cluster, user=request.user)
        return "The decision is taken back: what it retired is as it was before."
    if form.action == "merge":
        others = count(merge_into(cluster=cluster, keep=form.keep, user=request.user), "other")
        return f"The chosen prompt has the tags and metadata of {others} now. Take it back under Decided."
    others = count(keep_one(cluster=cluster, keep=form.keep, user=request.user), "other")
    return f"The chosen prompt stays; retired: {others}. Take it back under Decided."


@project_view(MANAGE)
@require_POST
def decide_exact(request: PersonRequest, project: Project) -> HttpResponse:
    retired = keep_first_of_exact(project=project, user=request.user)
    said = start_sentence(f"{count(retired, 'prompt')} retired; the first of each group stays.")
    messages.success(request, f"{said} Each can be taken back under Decided.")
    return redirect("prompts:clusters", project.slug)


@project_view(MANAGE)
@require_POST
def look(request: PersonRequest, project: Project) -> HttpResponse:
    request_job(project=project, kind=JobKind.DUPLICATES, user=request.user)
    messages.success(request, "The look for near-duplicates begins as soon as a worker is free.")
    return redirect("prompts:clusters", project.slug)


@project_view(MANAGE)
@require_POST
def cancel(request: PersonRequest, project: Project, pk: int) -> HttpResponse:
    cancel_job(job=get_object_or_404(PromptJob, project=project, pk=pk), user=request.user)
    messages.success(request, "It is cancelled. What it wrote is kept, and the next one goes on from there.")
    return redirect("prompts:clusters", project.slug)
