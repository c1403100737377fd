"""Where the set is thin, and how much of each group a project aims for."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.requests import PersonRequest
from apps.core.errors import InvalidInputError
from apps.projects.access import project_view
from apps.projects.models import Project
from apps.projects.permissions import Permission
from apps.prompts.coverage import describe_thin, list_dimensions, measure_groups, set_target
from apps.prompts.coverage_groups import Dimension
from apps.prompts.forms_desk import TargetForm

MANAGE = Permission.MANAGE_PROMPTS


@project_view(MANAGE)
@require_safe
def show_coverage(request: PersonRequest, project: Project) -> HttpResponse:
    dimension = Dimension.read(request.GET.get("by", ""))
    groups = measure_groups(project=project, dimension=dimension)
    context = {
        "dimension": dimension,
        "dimensions": list_dimensions(project=project, grouping=True),
        "groups": groups,
        "finding": describe_thin(groups),
        "aimed": sum(1 for group in groups if group.target),
    }
    return render(request, "prompts/coverage.html", context)


@project_view(MANAGE)
@require_POST
def set_one_target(request: PersonRequest, project: Project) -> HttpResponse:
    form = TargetForm(request.POST)
    if not form.is_valid():
        raise InvalidInputError(" ".join(str(error) for errors in form.errors.values() for error in errors))
    data = form.cleaned_data
    dimension = Dimension.read(data["by"])
    set_target(
        project=project, dimension=dimension, value=data["value"], prompts=data["prompts"], user=request.user
    )
    said = (
        f"The target is {data['prompts']:,} answered prompts."
        if data["prompts"]
        else "The target is taken away."
    )
    messages.success(request, said)
    return redirect(
        reverse("prompts:coverage", args=[project.slug]) + "?" + urlencode({"by": dimension.address})
    )
