"""How much waits for a rater: what the rating page's bar counts, for several projects at once."""

from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils import timezone

from apps.accounts.models import User
from apps.projects.models import Project
from apps.rating import queue
from apps.rating.pace import FAR


def count_waiting(*, projects: Sequence[Project], rater: User) -> dict[int, int]:
    """By project: the item that the rater holds, and those that they could still get, counted up to `FAR`.

    What they may have once they have read a new guideline is counted, too.
    """
    known: dict[str, Any] = {
        "projects": [project.pk for project in projects],
        "rater": rater.pk,
        "today": timezone.localdate(),
        "limit": FAR,
    }
    with connection.cursor() as cursor:
        cursor.execute(queue.WAITING, known)
        return dict(cursor.fetchall())
