"""Load what belongs to a project, so that no view holds a row of another one."""

from uuid import UUID

from apps.core.errors import NotFoundError
from apps.projects.models import Project
from apps.prompts.models import Prompt, PromptImport


def get_prompt(*, project: Project, uid: UUID) -> Prompt:
    prompt = (
        project.prompts.filter(uid=uid)
        .select_related("source__created_by", "created_by", "cluster", "sketch__nearest", "coverage")
        .first()
    )
    if prompt is None:
        raise NotFoundError("This project has no such prompt. Look for it in the list of prompts.")
    return prompt


def get_import(*, project: Project, pk: int) -> PromptImport:
    report = project.prompt_imports.filter(pk=pk).select_related("created_by").first()
    if report is None:
        raise NotFoundError("This project has no such import. The page of imports lists the last ones.")
    return report
