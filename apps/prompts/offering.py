"""What the prompts of a project can be chosen by: the lists of a form."""

from dataclasses import dataclass

from django.db.models import Func

from apps.projects.models import Project
from apps.prompts.forms import NO_CATEGORY
from apps.prompts.models import Prompt
from apps.prompts.remembering import recall

MOST_SOURCES = 100


@dataclass(frozen=True)
class Offer:
    """`sources` are imports: their numbers and names, the newest first."""

    categories: list[str]
    languages: list[str]
    tags: list[str]
    keys: list[str]
    sources: list[tuple[str, str]]


def list_offer(*, project: Project) -> Offer:
    """Of the approved prompts."""
    return recall(project=project, about="offer", read=lambda: _read_offer(project))


def _read_offer(project: Project) -> Offer:
    prompts = Prompt.objects.approved().filter(project=project).order_by()
    tags = prompts.values_list(Func("tags", function="unnest"), flat=True).distinct()
    keys = Func("metadata", function="jsonb_object_keys")
    categories = set(prompts.values_list("category", flat=True).distinct())
    named = sorted(category for category in categories if category)
    sources = project.prompt_imports.filter(prompts__in=prompts).distinct().order_by("-pk")
    return Offer(
        categories=[*named, NO_CATEGORY] if named and None in categories else named,
        languages=sorted(prompts.exclude(language="").values_list("language", flat=True).distinct()),
        tags=sorted(tags),
        keys=sorted(prompts.values_list(keys, flat=True).distinct()),
        sources=[(str(pk), name) for pk, name in sources.values_list("pk", "file_name")[:MOST_SOURCES]],
    )
