"""The setup page of a project: its settings, its rubric, its guideline and that one's versions."""

from copy import copy
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.accounts.requests import PersonRequest
from apps.core.errors import InvalidInputError, NotAllowedError, NotFoundError
from apps.projects.access import project_view
from apps.projects.cloning import clone_project
from apps.projects.forms import GuidelineForm, ItemPlanForm, SettingsForm
from apps.projects.forms_new import CloneForm
from apps.projects.item_plan import change_item_plan, describe_item_plan
from apps.projects.models import Guideline, Project
from apps.projects.permissions import Permission
from apps.projects.services import GuidelineMovedError, publish_guideline, update_settings

MANAGE = Permission.MANAGE_PROJECT
CLONE_ID = "clone_%s"  # the settings have a field called name, too


@project_view(MANAGE)
def show_settings(request: PersonRequest, project: Project) -> HttpResponse:
    if request.method != "POST":
        return _render(request, project)
    # The form writes into its instance even where it finds a fault; the page's bar must not show that.
    form = SettingsForm(request.POST, instance=copy(project))
    if not form.is_valid():
        return _render(request, project, settings_form=form, status=422)
    changed = update_settings(project=project, user=request.user, **form.cleaned_data)
    moves = " Items move into the new order within seconds." if changed.is_reordering else ""
    messages.success(request, f"The settings are saved.{moves}")
    return redirect("projects:settings", project.slug)


@project_view(MANAGE)
@require_POST
def save_item_plan(request: PersonRequest, project: Project) -> HttpResponse:
    form = ItemPlanForm(request.POST, project=project)
    if not form.is_valid():
        return _render(request, project, plan_form=form, status=422)
    try:
        change_item_plan(project=project, user=request.user, **form.cleaned_data)
    except InvalidInputError as error:
        form.add_error("baseline", error.message)
        return _render(request, project, plan_form=form, status=error.status)
    messages.success(request, "The plan is saved. It holds for responses that finish from now on.")
    return HttpResponseRedirect(reverse("projects:settings", args=[project.slug]) + "#items")


@project_view(MANAGE)
@require_POST
def save_guideline(request: PersonRequest, project: Project) -> HttpResponse:
    form = GuidelineForm(request.POST)
    if not form.is_valid():
        return _render(request, project, guideline_form=form, status=422)
    try:
        guideline = publish_guideline(project=project, user=request.user, **form.cleaned_data)
    except GuidelineMovedError as error:
        return _explain_move(request, project, form, error)
    messages.success(request, f"Version {guideline.version} of the guideline is in force.")
    return HttpResponseRedirect(reverse("projects:settings", args=[project.slug]) + "#guideline")


def _explain_move(
    request: PersonRequest, project: Project, form: GuidelineForm, error: GuidelineMovedError
) -> HttpResponse:
    """The page with the writer's text in it, now resting on the version that came in between."""
    form = GuidelineForm({"text": form.data["text"], "based_on": project.guideline.version})
    form.add_error("text", error.message)
    return _render(request, project, guideline_form=form, status=error.status)


@project_view(MANAGE)
@require_POST
def preview_guideline(request: PersonRequest, project: Project) -> HttpResponse:
    """What raters would read; nothing is saved."""
    text = request.POST.get("text", "")
    if request.headers.get("HX-Request"):
        return render(request, "projects/settings.html#preview", {"preview": text})
    return _render(request, project, guideline_form=GuidelineForm(request.POST), preview=text)


@project_view(MANAGE)
def show_guideline(request: PersonRequest, project: Project, version: int) -> HttpResponse:
    context = {"guideline": _get_version(project, version), "latest": project.guideline}
    return render(request, "projects/guideline.html", context)


@project_view(MANAGE)
def clone(request: PersonRequest, project: Project) -> HttpResponse:
    if not request.user.is_superuser:
        raise NotAllowedError("Only a site admin creates projects. Ask who runs this installation.")
    form = CloneForm(request.POST, auto_id=CLONE_ID)
    if not form.is_valid():
        return _render(request, project, clone_form=form, status=422)
    made = clone_project(project=project, user=request.user, name=form.cleaned_data["name"])
    messages.success(request, f"This is {made.name}, with the settings of {project.name}.")
    return redirect("projects:settings", made.slug)


def _render(request: PersonRequest, project: Project, *, status: int = 200, **context: Any) -> HttpResponse:
    guideline = project.guideline
    start_from = request.GET.get("from", "")
    text = _get_version(project, int(start_from)).text if start_from.isdecimal() else guideline.text
    defaults = {
        "settings_form": SettingsForm(instance=copy(project)),
        "plan_form": ItemPlanForm(project=project),
        "plan_finding": describe_item_plan(project=project),
        "guideline_form": GuidelineForm(initial={"text": text, "based_on": guideline.version}),
        "guideline": guideline,
        "versions": project.guidelines.select_related("created_by").order_by("-version"),
        "clone_form": CloneForm(initial={"name": f"{project.name}, again"[:120]}, auto_id=CLONE_ID),
        "rubric": project.rubric,
        "draft": project.rubric_draft,
    }
    return render(request, "projects/settings.html", {**defaults, **context}, status=status)


def _get_version(project: Project, version: int) -> Guideline:
    guideline = project.guidelines.filter(version=version).first()
    if guideline is None:
        raise NotFoundError(f"This project has no version {version} of its guideline.")
    return guideline
