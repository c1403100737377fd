"""A prompt, open at the right of the desk or alone on a small screen: its words and its whole story."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.models import User
from apps.accounts.requests import PersonRequest
from apps.overview.history.telling import tell_history
from apps.overview.story import describe_story, read_story
from apps.projects.access import project_view
from apps.projects.models import Project
from apps.projects.permissions import Permission
from apps.prompts.access import get_prompt
from apps.prompts.desk_page import read_desk
from apps.prompts.forms_filter import read_filter
from apps.prompts.languages import name_language
from apps.prompts.models import Prompt
from apps.prompts.versions import list_versions
from apps.rating.telling import tell_all_the_same

MOST_RESPONSES = 100


@project_view(Permission.MANAGE_PROMPTS)
@require_POST
def show_others(request: PersonRequest, project: Project, uid: UUID, item: UUID) -> HttpResponse:
    tell_all_the_same(project=project, reader=request.user, item=item)
    return redirect(f"{reverse('overview:prompt', args=[project.slug, uid])}#story")


@project_view(Permission.MANAGE_PROMPTS)
@require_safe
def show_prompt(request: PersonRequest, project: Project, uid: UUID) -> HttpResponse:
    """The pane alone, where the desk is there already; else the whole desk with this prompt open."""
    prompt = get_prompt(project=project, uid=uid)
    if request.headers.get("HX-Target") == "pane":
        context = read_pane(prompt, request.user) | {"wanted": read_filter(request.GET)}
        return render(request, "overview/pane.html", context)
    desk = read_desk(request, project, opened=prompt)
    return render(request, "overview/prompt.html", desk | read_pane(prompt, request.user))


def read_pane(prompt: Prompt, reader: User) -> dict[str, Any]:
    found = prompt.responses.select_related("config", "batch", "run")
    responses = list(found.order_by("config__name", "model", "id")[:MOST_RESPONSES])
    story = read_story(prompt=prompt, reader=reader)
    versions = list_versions(prompt=prompt)
    history = tell_history(prompt=prompt, responses=responses, story=story, versions=versions)
    skills = prompt.metadata.get("skills", "")
    return {
        "prompt": prompt,
        "language": name_language(prompt.language),
        "repeats_title": len(prompt.messages) == 1 and prompt.title == prompt.last_message.strip(),
        "skills": ", ".join(map(str, skills)) if isinstance(skills, list) else str(skills),
        "responses": responses,
        "makers": len({response.made_by for response in responses}),
        "story": story,
        "story_finding": describe_story(story),
        "history": history,
        "versions": versions,
        "newer": next((v.prompt for v in versions if v.prompt.replaces_id == prompt.pk), None),
    }
