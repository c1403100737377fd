"""A point of the line."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from apps.generation.models import Response
from apps.overview.judged import Judged
from apps.prompts.models import Prompt


@dataclass(frozen=True)
class Entry:
    """One point of the line. `kind` says how it is drawn; a template shows what comes with it."""

    at: datetime | None
    title: str
    text: str = ""
    kind: str = "plain"
    responses: Sequence[Response] = ()
    judged: Judged | None = None
    link: tuple[str, str] = ("", "")
    others: Sequence[Prompt] = field(default=())
