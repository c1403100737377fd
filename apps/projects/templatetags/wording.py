from datetime import timedelta

from django import template

from apps.core.words import spell, start_sentence

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
def rubric_template(kind: str) -> str:
    """The read-only view of a question kind."""
    return f"projects/rubric/{kind}.html"
