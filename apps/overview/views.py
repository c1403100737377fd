"""Pages that look across rooms."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from apps.accounts.requests import PersonRequest
from apps.core.policy import signed_in, site_admin
from apps.overview.home import build_home
from apps.overview.start import describe_projects, list_projects
from apps.projects.access import project_view
from apps.projects.forms_new import NewProjectForm
from apps.projects.models import Project
from apps.projects.permissions import Permission
from apps.projects.services import create_project


@signed_in
def show_start(request: PersonRequest) -> HttpResponse:
    cards = list_projects(user=request.user, now=timezone.now())
    context = {"cards": cards, "lead": describe_projects(cards, user=request.user)}
    return render(request, "overview/start.html", context)


@site_admin
def new_project(request: PersonRequest) -> HttpResponse:
    form = NewProjectForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        project = create_project(user=request.user, **form.cleaned_data)
        return redirect("overview:project", project.slug)
    status = 422 if form.is_bound else 200
    return render(request, "overview/new_project.html", {"form": form}, status=status)


@project_view(Permission.VIEW_PROJECT)
def show_project(request: PersonRequest, project: Project) -> HttpResponse:
    home = build_home(project=project, now=timezone.now())
    response = render(request, "overview/project.html", {"home": home})
    if request.headers.get("HX-Target") == "steps" and not home.is_new:
        # The first items are there, and the page that asked for news of its steps has become another.
        response["HX-Refresh"] = "true"
    return response
