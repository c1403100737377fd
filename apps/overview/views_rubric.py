"""The page on which a rubric is edited, looked at and published."""

from typing import Any

from csp.constants import NONE, SELF
from csp.decorators import csp_replace, csp_update
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_POST

from apps.accounts.requests import PersonRequest
from apps.core.errors import ConflictError, InvalidInputError, NotFoundError
from apps.overview.rubric_changes import describe_changes
from apps.projects.access import project_view
from apps.projects.models import Project, Rubric
from apps.projects.permissions import Permission
from apps.projects.presets import list_presets
from apps.projects.questions import KINDS
from apps.projects.rubric_check import check_document
from apps.projects.rubric_form import EditedRubric
from apps.projects.rubric_versions import (
    RubricMovedError,
    discard_rubric_draft,
    publish_rubric,
    save_rubric_draft,
)
from apps.projects.rubrics import RubricDocument
from apps.rating.answer_form import render_sample_form
from apps.rating.following import foresee_move
from apps.rating.preview import make_sample

MANAGE = Permission.MANAGE_PROJECT


@csp_update({"frame-src": [SELF]})
@project_view(MANAGE)
def edit_rubric(request: PersonRequest, project: Project) -> HttpResponse:
    if request.method != "POST":
        document, said = find_source(project, request.GET)
        return render_editor(request, project, EditedRubric.from_document(document), began_from=said)
    edited = EditedRubric.from_post(_read_lists(request.POST))
    do = request.POST.get("do", "")
    if edited.act(do):
        return render_editor(request, project, edited)
    document_or_none = edited.check()
    if document_or_none is None:
        return render_editor(request, project, edited, status=422)
    try:
        save_rubric_draft(
            project=project, user=request.user, document=document_or_none, **read_base(request.POST)
        )
    except RubricMovedError as error:
        return render_editor(request, project, edited, status=error.status, moved=error.message)
    if do == "publish":
        return redirect("rubric:publish", project.slug)
    messages.success(request, "The draft is saved. Raters are not asked by it until it is published.")
    return redirect("rubric:edit", project.slug)


@csp_replace({"frame-ancestors": [SELF], "form-action": [NONE], "connect-src": [NONE]})
@xframe_options_sameorigin
@project_view(MANAGE)
def preview_rubric(request: PersonRequest, project: Project) -> HttpResponse:
    """The rating page as it would be; of what is half written, the questions that could be asked."""
    if request.method != "POST":
        document, _ = find_source(project, request.GET)
        return _render_preview(request, document, left_out=0)
    edited = EditedRubric.from_post(_read_lists(request.POST))
    document_or_none = edited.check()
    if document_or_none is not None:
        return _render_preview(request, document_or_none, left_out=0)
    valid = edited.list_valid()
    part, faults = check_document({**edited.as_document(), "questions": valid})
    reason = " ".join(edited.responses_errors) or (str(faults[0]) if faults and valid else "")
    return _render_preview(request, part, left_out=len(edited.questions) - len(valid), reason=reason)


@project_view(MANAGE)
def publish(request: PersonRequest, project: Project) -> HttpResponse:
    if request.method == "POST":
        try:
            version = publish_rubric(project=project, user=request.user, **read_base(request.POST))
        except (ConflictError, InvalidInputError) as error:
            messages.error(request, error.message)
        else:
            messages.success(request, f"Version {version.version} of the rubric is in force.")
        return redirect("rubric:edit", project.slug)
    draft = project.rubric_draft
    if draft is None:
        return redirect("rubric:edit", project.slug)
    context = {
        "draft": draft,
        "rubric": project.rubric,
        "move": foresee_move(project=project, document=draft.questions),
        "changes": describe_changes(project.rubric.questions, draft.questions),
    }
    return render(request, "overview/rubric/publish.html", context)


@project_view(MANAGE)
@require_POST
def discard(request: PersonRequest, project: Project) -> HttpResponse:
    if discard_rubric_draft(project=project, user=request.user):
        messages.success(request, "The draft is gone. What is published stays.")
    return redirect("rubric:edit", project.slug)


def get_version(project: Project, version: int) -> Rubric:
    """
    Raises:
        NotFoundError: the project has no such version.
    """
    rubric = project.rubrics.select_related("created_by").filter(version=version).first()
    if rubric is None:
        raise NotFoundError(f"This project has no version {version} of its rubric.")
    return rubric


def find_source(project: Project, wanted: QueryDict) -> tuple[RubricDocument, str]:
    """What the form begins with, and what was chosen: a preset, a version, or else the newest."""
    presets = {preset.name: preset for preset in list_presets()}
    if preset := presets.get(wanted.get("preset", "")):
        return preset.rubric, f"The form has the preset “{preset.title}”."
    version = wanted.get("from", "")
    if version.isascii() and version.isdigit() and len(version) < 10:
        return get_version(project, int(version)).questions, f"The form has version {version}."
    return (project.rubric_draft or project.rubric).questions, ""


def read_base(post: QueryDict) -> dict[str, Any]:
    """Which version the writer began from, and what its draft said."""
    version = post.get("based_on", "")
    is_number = version.isascii() and version.isdigit() and len(version) < 10
    return {"based_on": int(version) if is_number else 0, "seen": post.get("seen", "")}


def render_editor(
    request: PersonRequest, project: Project, edited: EditedRubric, *, status: int = 200, **context: Any
) -> HttpResponse:
    rubric, draft = project.rubric, project.rubric_draft
    # The page goes on from what the writer had before them, until they are told of another version.
    base = read_base(request.POST) if request.POST and status != RubricMovedError.status else None
    versions = project.rubrics.published().select_related("created_by").order_by("-version")
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    defaults = {
        "edited": edited,
        "rubric": rubric,
        "draft": draft,
        "based_on": base["based_on"] if base else rubric.version,
        "seen": base["seen"] if base else (draft or rubric).digest,
        "kinds": list(KINDS),
        "presets": list_presets(),
        "versions": versions.annotate(item_count=Count("items")),
        "preview_url": reverse("rubric:preview", args=[project.slug]) + query,
    }
    return render(request, "overview/rubric/edit.html", {**defaults, **context}, status=status)


def _read_lists(post: QueryDict) -> dict[str, list[str]]:
    return {name: post.getlist(name) for name in post}


def _render_preview(
    request: PersonRequest, document: RubricDocument | None, *, left_out: int, reason: str = ""
) -> HttpResponse:
    context: dict[str, Any] = {"left_out": left_out, "reason": reason}
    if document is not None:
        task = make_sample(document)
        context |= {"task": task, "answer_form": render_sample_form(task)}
    return render(request, "overview/rubric/preview.html", context)
