"""The page of prompts, and what a curator does to one. A prompt's own page looks across rooms: overview."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.requests import PersonRequest
from apps.core.errors import ConflictError, InvalidInputError
from apps.projects.access import project_view
from apps.projects.models import Project
from apps.projects.permissions import Permission
from apps.prompts.access import get_prompt
from apps.prompts.curation import add_prompt, approve_prompt, retire_prompt
from apps.prompts.desk import find_prompts, list_page, take_glance
from apps.prompts.forms import AddPromptForm, FilterForm, ImportForm

MANAGE = Permission.MANAGE_PROMPTS


@project_view(MANAGE)
@require_safe
def show_index(request: PersonRequest, project: Project) -> HttpResponse:
    return render_index(request, project, ImportForm())


def render_index(
    request: PersonRequest, project: Project, form: ImportForm, status: int = 200
) -> HttpResponse:
    wanted = FilterForm(request.GET).read()
    found = find_prompts(project=project, wanted=wanted)
    page, prompts = list_page(prompts=found, number=request.GET.get("page", "1"))
    context = {
        "import_form": form,
        "glance": take_glance(project=project),
        "wanted": wanted,
        "filtered": any(wanted.values()),
        "page": page,
        "prompts": prompts,
        "imports": project.prompt_imports.select_related("created_by").defer("sample", "reasons")[:8],
    }
    return render(request, "prompts/index.html", context, status=status)


@project_view(MANAGE)
def add(request: PersonRequest, project: Project) -> HttpResponse:
    form = AddPromptForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            prompt = add_prompt(project=project, user=request.user, **form.cleaned_data)
        except (ConflictError, InvalidInputError) as error:
            form.add_error("text", error.message)
        else:
            messages.success(request, "The prompt is in the project.")
            return redirect("overview:prompt", project.slug, prompt.uid)
    status = 422 if request.method == "POST" else 200
    return render(request, "prompts/add.html", {"form": form}, status=status)


@project_view(MANAGE)
@require_POST
def approve(request: PersonRequest, project: Project, uid: UUID) -> HttpResponse:
    approve_prompt(prompt=get_prompt(project=project, uid=uid), user=request.user)
    messages.success(request, "The prompt is approved: it takes part in new runs.")
    return redirect("overview:prompt", project.slug, uid)


@project_view(MANAGE)
@require_POST
def retire(request: PersonRequest, project: Project, uid: UUID) -> HttpResponse:
    retire_prompt(prompt=get_prompt(project=project, uid=uid), user=request.user)
    messages.success(request, "The prompt is retired: new runs leave it out. Its responses and answers stay.")
    return redirect("overview:prompt", project.slug, uid)
