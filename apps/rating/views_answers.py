"""Back to one's last answers."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods
from django_htmx.http import HttpResponseClientRedirect

from apps.accounts.requests import PersonRequest
from apps.projects.access import project_view
from apps.projects.models import Project
from apps.projects.permissions import Permission
from apps.projects.rubric_answers import InvalidAnswersError
from apps.rating.answers import SHOWN, describe_given, list_given
from apps.rating.page import read_form
from apps.rating.revise_page import show_revision
from apps.rating.revision import RevisionRefusedError, find_current, get_own, revise_annotation


@project_view(Permission.RATE)
@require_GET
def show_answers(request: PersonRequest, project: Project) -> HttpResponse:
    """The last ones; for the drawer of the rating page only the list."""
    last = list_given(project=project, rater=request.user)[:SHOWN]
    given = describe_given(last, project=project, rater=request.user)
    template = "answers_list" if request.headers.get("X-Requested-With") == "fetch" else "answers"
    return render(request, f"rating/{template}.html", {"project": project, "given": given, "most": SHOWN})


@project_view(Permission.RATE)
@require_http_methods(["GET", "POST"])
def revise(request: PersonRequest, project: Project, annotation_uid: UUID) -> HttpResponse:
    annotation = get_own(project=project, rater=request.user, uid=str(annotation_uid))
    if request.method == "POST":
        return _save(request, project, str(annotation.uid))
    current = find_current(annotation)
    if current != annotation:
        return redirect("rating:answer", slug=project.slug, annotation_uid=current.uid)
    return show_revision(request, project, annotation)


def _save(request: PersonRequest, project: Project, uid: str) -> HttpResponse:
    form = read_form(request)
    try:
        revision = revise_annotation(
            project=project,
            rater=request.user,
            annotation_uid=uid,
            answers=lambda rubric, shown: rubric.read_form(form, shown),
        )
    except (InvalidAnswersError, RevisionRefusedError) as error:
        annotation = get_own(project=project, rater=request.user, uid=uid)
        return show_revision(request, project, annotation, form=form, error=error)
    is_changed = str(revision.uid) != uid
    messages.success(request, "Your change is saved." if is_changed else "Your answer is as it was.")
    if "HX-Request" in request.headers:
        return HttpResponseClientRedirect(reverse("rating:page", args=[project.slug]))
    return redirect("rating:page", slug=project.slug)
