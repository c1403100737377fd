"""The work list of items that too many people skipped."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.requests import PersonRequest
from apps.core.words import count, start_sentence
from apps.projects.access import project_view
from apps.projects.models import Project
from apps.projects.permissions import Permission
from apps.rating.curation.one_item import get_item
from apps.rating.curation.withdrawing import return_items, withdraw_items
from apps.rating.glance import forget_glance
from apps.rating.review import list_reviews

MANAGE = Permission.MANAGE_PROJECT


@project_view(MANAGE)
@require_safe
def show_review(request: PersonRequest, project: Project) -> HttpResponse:
    waiting = project.items.in_review().count()
    finding = count(waiting, "item was skipped by too many", "items were skipped by too many")
    context = {
        "reviews": list_reviews(project=project),
        "waiting": waiting,
        "finding": start_sentence(finding) if waiting else "Nothing to review",
    }
    return render(request, "rating/review.html", context)


@project_view(MANAGE)
@require_POST
def put_back(request: PersonRequest, project: Project, uid: UUID) -> HttpResponse:
    if return_items(project=project, items=[get_item(project=project, uid=uid).pk], by=request.user):
        messages.success(request, "The item is back in the queue. Who skipped it does not meet it again.")
    return _to_the_rest(project)


@project_view(MANAGE)
@require_POST
def withdraw(request: PersonRequest, project: Project, uid: UUID) -> HttpResponse:
    if withdraw_items(project=project, items=[get_item(project=project, uid=uid).pk], by=request.user):
        messages.success(request, "The item is withdrawn. What was answered about it stays.")
    return _to_the_rest(project)


def _to_the_rest(project: Project) -> HttpResponse:
    forget_glance(project=project)
    return redirect("queue:review", project.slug)
