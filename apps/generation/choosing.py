"""Which prompts a run may take."""

from django.db.models import Exists, OuterRef, QuerySet

from apps.generation.models import Response
from apps.projects.models import Project
from apps.prompts.models import Prompt


def find_prompts(*, project: Project, only_unanswered: bool = False) -> QuerySet[Prompt]:
    """The approved prompts; if asked so, only those that have no response at all, waiting ones included."""
    prompts = Prompt.objects.approved().filter(project=project)
    if only_unanswered:
        prompts = prompts.exclude(Exists(Response.objects.filter(prompt=OuterRef("pk"))))
    return prompts
