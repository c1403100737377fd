from django import template
from django.utils.safestring import SafeString, mark_safe

from apps.core.rendering import render_markdown

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    """Sanitised HTML of Markdown; see `apps.core.rendering`."""
    return mark_safe(render_markdown(text))  # noqa: S308 — the one door through which HTML comes


@register.filter
def thousands(number: float) -> str:
    """1234567 as 1,234,567."""
    return f"{number:,}"


@register.filter
def percent(share: float) -> str:
    """0.6234 as 62 %, with the space that keeps number and sign together."""
    return f"{100 * share:.0f}\u00a0%"
