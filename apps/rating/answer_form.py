"""The questions of a rubric as a form."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from apps.projects.models import get_rubric
from apps.projects.questions.base import Question
from apps.projects.rubrics import RubricDocument
from apps.rating.desk import Task
from apps.rating.models import SkipReason
from apps.rating.pace import read_active_seconds
from apps.rating.page_texts import collect_texts

Filled = Mapping[str, Sequence[str]]


def render_answer_form(task: Task, form: Filled | None) -> SafeString:
    """The form's inside, filled from `form` or else from the lease's draft."""
    filled = task.lease.draft if form is None else form
    texts = collect_texts(task)
    if not filled and not texts:
        return _render_blank(task.rubric_id, task.letters)
    return _render(task.rubric, task.letters, filled, task.lease.draft_saved_at, texts)


@lru_cache(maxsize=256)
def _render_blank(rubric_id: int, letters: str) -> SafeString:
    """The same for every item: it names responses by letter, and a rubric's version never changes."""
    return _render(get_rubric(rubric_id), letters, {}, None, {})


def render_sample_form(task: Task) -> SafeString:
    """The inside of a form that is only looked at: its rubric need not be stored."""
    return _render(task.rubric, task.letters, {}, None, collect_texts(task))


def render_revision_form(task: Task, filled: Filled, *, back_url: str, may_save: bool) -> SafeString:
    """The inside of the form that revises an answer; without its button where that stays as it is."""
    context = {
        **_present(task.rubric, task.letters, filled),
        **collect_texts(task),
        "is_sent": True,
        "back_url": back_url,
        "may_save": may_save,
    }
    return render_to_string("rating/revise_answer.html", context)


def _render(
    rubric: RubricDocument,
    letters: str,
    filled: Filled,
    draft_saved_at: datetime | None,
    texts: Mapping[str, Any],
) -> SafeString:
    context = {
        **_present(rubric, letters, filled),
        **texts,
        "active_seconds": read_active_seconds(filled),
        "asked_as": rubric.digest,
        "skip_reasons": SkipReason.choices,
        "draft_saved_at": draft_saved_at,
    }
    template = "panel" if context["layout"] == "panel" else "answer"
    return render_to_string(f"rating/{template}.html", context)


def _present(rubric: RubricDocument, letters: str, filled: Filled) -> dict[str, Any]:
    questions = [
        {"question": question, "only_if": explain_condition(question, rubric)}
        | question.present(letters, filled)
        for question in rubric.questions
    ]
    return {
        "questions": questions,
        "layout": rubric.layout,
        "letters": letters,
        "repeats": has_repeats(rubric, letters),
        "key_lines": list_keys(rubric, letters),
    }


def has_repeats(rubric: RubricDocument, letters: str) -> bool:
    """Whether something is asked of one response after the other."""
    return len(letters) > 1 and any(question.is_repeated for question in rubric.questions)


def list_keys(rubric: RubricDocument, letters: str) -> list[tuple[str, list[str]]]:
    """What the keys of a rubric's form do, each thing once, and which they are."""
    lines = []
    if rubric.layout == "panel":
        if len(rubric.questions) > 1:
            lines.append(("Previous, next question", ["↑", "↓"]))
        if has_repeats(rubric, letters):
            lines.append(("Previous, next response", ["←", "→"]))
    for question in rubric.questions:
        lines += [line for line in question.list_keys(letters) if line not in lines]
    return [*_join_writing(lines), ("Clear the answer", ["⌫"])]


def _join_writing(lines: list[tuple[str, list[str]]]) -> list[tuple[str, list[str]]]:
    """One key writes: in the question at hand, or in the first that takes a text."""
    writing = [line for line in lines if line[1] == ["W"]]
    if len(writing) < 2:
        return lines
    return [
        ("Write, in this question or the first", ["W"]) if line == writing[0] else line
        for line in lines
        if line not in writing[1:]
    ]


def explain_condition(question: Question, rubric: RubricDocument) -> str:
    """When a question is asked, in words; empty for one that always is."""
    if question.show_if is None:
        return ""
    earlier = next(q for q in rubric.questions if q.key == question.show_if.question)
    wanted = " or ".join(f"“{earlier.label_token(token)}”" for token in question.show_if.any_of)
    return f"Only if “{earlier.title}” was answered with {wanted}."
