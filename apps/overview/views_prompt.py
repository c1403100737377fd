"""A prompt's own page: what was asked, what models answered, and what people said of the answers."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.requests import PersonRequest
from apps.overview.story import describe_story, read_story
from apps.projects.access import project_view
from apps.projects.models import Project
from apps.projects.permissions import Permission
from apps.prompts.access import get_prompt
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
    prompt = get_prompt(project=project, uid=uid)
    responses = list(
        prompt.responses.select_related("config", "batch").order_by("config__name", "model", "id")[
            :MOST_RESPONSES
        ]
    )
    story = read_story(prompt=prompt, reader=request.user)
    context = {
        "prompt": prompt,
        "responses": responses,
        "makers": len({response.made_by for response in responses}),
        "story": story,
        "story_finding": describe_story(story),
    }
    return render(request, "overview/prompt.html", context)
