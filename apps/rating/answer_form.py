"""The questions of a rubric as a form."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from apps.projects.models import get_rubric
from apps.rating.desk import Task
from apps.rating.models import SkipReason

Filled = Mapping[str, Sequence[str]]


def render_answer_form(task: Task, form: Filled | None) -> SafeString:
    """The form's inside, filled from `form` or else from the lease's draft."""
    filled = task.lease.draft if form is None else form
    if not filled:
        return _render_blank(task.rubric_id, task.letters)
    return _render(task.rubric_id, task.letters, filled, task.lease.draft_saved_at)


@lru_cache(maxsize=256)
def _render_blank(rubric_id: int, letters: str) -> SafeString:
    """The same for every item: it names responses by letter, and a rubric's version never changes."""
    return _render(rubric_id, letters, {}, None)


def render_revision_form(task: Task, filled: Filled, *, back_url: str, may_save: bool) -> SafeString:
    """The inside of the form that revises an answer; without its button where that stays as it is."""
    context = {
        "questions": _present(task.rubric_id, task.letters, filled),
        "is_sent": True,
        "back_url": back_url,
        "may_save": may_save,
    }
    return render_to_string("rating/revise_answer.html", context)


def _render(rubric_id: int, letters: str, filled: Filled, draft_saved_at: datetime | None) -> SafeString:
    context = {
        "questions": _present(rubric_id, letters, filled),
        "skip_reasons": SkipReason.choices,
        "draft_saved_at": draft_saved_at,
    }
    return render_to_string("rating/answer.html", context)


def _present(rubric_id: int, letters: str, filled: Filled) -> list[dict[str, Any]]:
    return [
        {"question": question, **question.present(letters, filled)}
        for question in get_rubric(rubric_id).questions
    ]
