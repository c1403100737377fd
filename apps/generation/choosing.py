"""Which prompts a run takes: the filter that prompts are found by everywhere, and who has no response yet."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from django.db.models import Exists, OuterRef

from apps.generation.models import Response
from apps.projects.models import Project
from apps.prompts.filtering import PromptFilter, find_prompts
from apps.prompts.models import PromptQuerySet, PromptStatus

EVERY = PromptFilter()


def find_answerable(
    *, project: Project, wanted: PromptFilter = EVERY, only_unanswered: bool = False
) -> PromptQuerySet:
    """The approved prompts that fit; `only_unanswered`: without any response, waiting ones included."""
    prompts = find_prompts(project=project, wanted=replace(wanted, status=PromptStatus.APPROVED.value))
    if only_unanswered:
        prompts = prompts.exclude(Exists(Response.objects.there().filter(prompt=OuterRef("pk"))))
    return prompts


def dump_choice(wanted: PromptFilter, *, only_unanswered: bool) -> dict[str, Any]:
    """As a run keeps it."""
    return wanted.without("status").dump() | ({"only_unanswered": True} if only_unanswered else {})


def describe_choice(choice: Mapping[str, Any]) -> str:
    """As: law · Swedish · without a response before; empty: all that were approved."""
    said = [PromptFilter.read(choice).describe()]
    if choice.get("only_unanswered"):
        said.append("without a response before")
    return " · ".join(filter(None, said))
