"""The curator's desk, and writing a prompt. What is open at its right looks across rooms: see overview."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from apps.accounts.requests import PersonRequest
from apps.core.errors import ConflictError, InvalidInputError
from apps.projects.access import project_view
from apps.projects.models import Project
from apps.projects.permissions import Permission
from apps.prompts.curation import add_prompt
from apps.prompts.desk_page import read_desk, read_facets, read_list
from apps.prompts.forms import AddPromptForm, ImportForm
from apps.prompts.forms_filter import read_filter
from apps.prompts.glance import take_glance

MANAGE = Permission.MANAGE_PROMPTS


@project_view(MANAGE)
@require_safe
def show_index(request: PersonRequest, project: Project) -> HttpResponse:
    if request.headers.get("HX-Target") == "more":
        return render(request, "prompts/desk_list.html#rows", read_list(request, project))
    return render_index(request, project, ImportForm())


@project_view(MANAGE)
@require_safe
def show_facets(request: PersonRequest, project: Project) -> HttpResponse:
    """The counts of a desk that was shown without them."""
    wanted = read_filter(request.GET)
    context = {"wanted": wanted} | read_facets(project, wanted, at_once=True)
    return render(request, "prompts/desk_counted.html", context)


def render_index(
    request: PersonRequest, project: Project, form: ImportForm, status: int = 200
) -> HttpResponse:
    context = read_desk(request, project) | {
        "import_form": form,
        "glance": take_glance(project=project),
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
