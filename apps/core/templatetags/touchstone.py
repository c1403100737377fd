from collections.abc import Collection, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from django import template
from django.templatetags.static import static
from django.urls import ResolverMatch
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from apps.core.rendering import render_markdown

register = template.Library()


class Room(NamedTuple):
    app: str
    url: str
    label: str
    permission: str
    pages: tuple[str, ...] = ()  # those of other apps that belong to it


ROOMS = (
    Room("overview", "overview:project", "Home", "view_project"),
    Room(
        "prompts",
        "prompts:index",
        "Prompts",
        "manage_prompts",
        ("overview:prompt", "overview:edit_prompt", "overview:import_responses"),
    ),
    Room("generation", "generation:index", "Generation", "manage_generation"),
    Room("queue", "queue:index", "Queue", "manage_project", ("overview:gaps",)),
    Room("questions", "questions:index", "Questions", "manage_project"),
    Room("rating", "rating:page", "Rate", "rate"),
    Room("datasets", "datasets:index", "Datasets", "export"),
    Room("people", "people:index", "People", "manage_people"),
    Room(
        "projects",
        "projects:settings",
        "Setup",
        "manage_project",
        ("rubric:edit", "rubric:publish", "rubric:upload", "rubric:version"),
    ),
)


@register.filter
def rooms(permissions: Collection[str] | None) -> Iterator[Room]:
    """The rooms that these permissions open, in the order of the work."""
    return (room for room in ROOMS if room.permission in (permissions or ()))


@register.filter
def is_in(match: ResolverMatch | None, room: Room) -> bool:
    """Whether the page that a request was for belongs to this room."""
    if match is None:
        return False
    elsewhere = [page for other in ROOMS for page in other.pages if other != room]
    return match.view_name in room.pages or (match.app_name == room.app and match.view_name not in elsewhere)


@register.filter
def stylesheets(names: str) -> list[str]:
    return [static(f"css/{name}.css") for name in names.split()]


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


@register.filter
def moment(at: datetime) -> SafeString:
    """A time as every page writes it: 22 Nov 2026, 08:46 UTC, which times.js turns into the reader's own."""
    at = at.astimezone(UTC)
    words = f"{at.day} {at:%b %Y, %H:%M} UTC"
    return format_html('<time datetime="{}" data-local="whole">{}</time>', at.isoformat(), words)


@register.filter
def exact_duration(seconds: int) -> str:
    """65 as 1 min 5 s: a figure that is multiplied must not be rounded."""
    return f"{seconds} s" if seconds < 60 else f"{seconds // 60} min {seconds % 60} s".removesuffix(" 0 s")


@register.filter
def duration(seconds: float | None) -> str:
    """93 as 2 min, 4000 as 1 h 7 min; rounded up, since it promises."""
    if seconds is None:
        return "unknown"
    if seconds < 60:
        return f"{max(1, round(seconds))} s"
    minutes = -(-int(seconds) // 60)
    return f"{minutes} min" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"
