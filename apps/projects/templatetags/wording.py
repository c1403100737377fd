from datetime import timedelta

from django import template

from apps.core.words import spell, start_sentence
from apps.projects.questions.base import Question
from apps.projects.rubric_form.fields import list_fields

register = template.Library()


@register.filter
def spelled(number: int) -> str:
    return spell(number)


@register.filter
def counted(number: int, nouns: str) -> str:
    """`2|counted:"person judges,people judge"` is “Two people judge”."""
    one, _, many = nouns.partition(",")
    return start_sentence(f"{spell(number)} {one if number == 1 else many}")


@register.filter
def clock(span: timedelta) -> str:
    """Minutes and seconds: 2:05."""
    seconds = round(span.total_seconds())
    if not seconds:
        return "under 1 s"
    return f"{seconds // 60}:{seconds % 60:02}"


@register.filter
def rubric_template(kind: str) -> list[str]:
    """The read-only view of a question kind, and the one for those that have none of their own."""
    return [f"projects/rubric/{kind}.html", "projects/rubric/any.html"]


@register.filter
def settings_of(question: Question) -> list[tuple[str, str]]:
    """A kind's own settings, in words, but those that say nothing."""
    stored = question.model_dump(mode="json")
    own = [field for field in list_fields(question.kind) if field.name not in Question.model_fields]
    said = [(field, field.show(stored[field.name])) for field in own]
    return [
        (field.label, "yes" if field.widget == "check" else ", ".join(shown))
        for field, shown in said
        if any(shown)
    ]
