"""Imports of records, and of the real files where they are at hand."""

import io
import json
from typing import Any

import pytest
from django.conf import settings

from apps.projects.models import Project, Rubric
from apps.prompts.importing import import_prompts
from apps.prompts.models import PromptImport
from tests.factories import PAIRWISE

RANKING = {
    "responses": 4,
    "questions": [{"kind": "ranking", "key": "ranking", "title": "Which are better?"}],
}
RATING = {
    "responses": 1,
    "questions": [
        {
            "kind": "choice",
            "key": "fine",
            "title": "Is it?",
            "options": [{"value": "yes", "label": "Yes"}, {"value": "no", "label": "No"}],
        },
    ],
}


def bring(project: Project, *rows: Any, name: str = "a.jsonl") -> PromptImport:
    content = "\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows)
    report = import_prompts(project=project, file=io.BytesIO(content.encode()), file_name=name)
    report.refresh_from_db()
    return report


def bring_real(project: Project, name: str) -> PromptImport:
    """The file of this name in the shared folder; without it the test is skipped, and says so."""
    path = settings.SHARED_DATA / name
    if not path.exists():
        pytest.skip(f"there is no {path}")
    with path.open("rb") as file:
        return import_prompts(project=project, file=file, file_name=name)


def ask(project: Project, document: dict[str, Any]) -> Rubric:
    """Publish another rubric."""
    return Rubric.objects.create(project=project, version=2, document=document)


def ask_without_ties(project: Project) -> Rubric:
    first, *others = PAIRWISE["questions"]
    return ask(project, {"questions": [{**first, "tie": False}, *others]})


def count(report: PromptImport) -> dict[str, int | None]:
    """What came in, as the import tells it."""
    names = ("added", "responses_added", "annotations_added", "annotations_known", "unfit", "rejected")
    return {name: getattr(report, name) for name in names}
