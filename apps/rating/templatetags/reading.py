"""What a rater reads and judges, around the texts of one item."""

from functools import lru_cache

from django import template
from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from apps.rating.desk import Task

register = template.Library()

_TEXT = "<!-- text -->"  # stands in a frame where an item's own text goes


@register.simple_tag
def responses(task: Task, is_sensitive: bool) -> SafeString:
    """The responses of a task side by side, and the passages they are checked against."""
    wants_passages = "passages" in task.rubric.page_texts
    texts = [response.html for response in task.responses]
    if wants_passages:
        texts.append(render_to_string("rating/passages.html", {"task": task}))
    first, *others = _render_frame(task.rubric.layout, task.letters, wants_passages, is_sensitive)
    joined = "".join(text + part for text, part in zip(texts, others, strict=True))
    return mark_safe(first + joined)  # noqa: S308  every text was rendered to safe HTML


@lru_cache(maxsize=256)
def _render_frame(layout: str, letters: str, wants_passages: bool, is_sensitive: bool) -> tuple[str, ...]:
    """What stands before, between and after the texts: the same for every item of this shape."""
    context = {
        "layout": layout,
        "letters": letters,
        "count": len(letters),
        "wants_passages": wants_passages,
        "is_sensitive": is_sensitive,
        "text": mark_safe(_TEXT),  # noqa: S308
    }
    return tuple(render_to_string("rating/responses.html", context).split(_TEXT))
