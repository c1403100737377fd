"""Why there is nothing for a rater right now: read from the rows in one statement, so that it is true."""

from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.utils import timezone

from apps.accounts.models import User
from apps.core.words import count, spell
from apps.projects.item_words import describe_beginning
from apps.projects.models import Project, Stage
from apps.rating import queue


@dataclass(frozen=True)
class Nothing:
    """Why there is nothing to rate, as a finding and what will change it.

    `version` is that of the guideline, where it has to be read first.
    """

    code: str
    finding: str
    advice: str
    version: int | None = None


@dataclass(frozen=True)
class _Standing:
    """What the reasons are made of. `for_them` counts up to 1, and is wrong to be anything but 0 here."""

    stage: str
    paused_at: Any
    pause_reason: str
    must_read: int | None
    done: int
    done_today: int
    rater_cap: int | None
    daily_cap: int | None
    items: int
    in_review: int
    unfinished: int
    met: int
    lacking: list[str]
    out_of_reach: int
    for_them: int


def explain_nothing(*, project: Project, rater: User) -> Nothing | None:
    """The reason that holds now; None where there is an item for them after all."""
    known: dict[str, Any] = {
        "project": project.pk,
        "rater": rater.pk,
        "cursor": 0,
        "today": timezone.localdate(),
    }
    with connection.cursor() as cursor:
        cursor.execute(queue.STANDING, known)
        standing = _Standing(*cursor.fetchone())
    return _explain_person(standing) or (None if standing.for_them else _explain_items(project, standing))


def _explain_person(standing: _Standing) -> Nothing | None:
    if standing.stage == Stage.CLOSED:
        return Nothing(
            "closed", "This project is closed", "All answers are kept. Its owner knows why it ended."
        )
    if standing.paused_at:
        return Nothing("paused", "You are paused in this project", standing.pause_reason)
    if standing.must_read:
        return Nothing(
            "guideline",
            "The guideline has changed",
            "Read the new version, then go on.",
            version=standing.must_read,
        )
    if standing.rater_cap is not None and standing.done >= standing.rater_cap:
        return Nothing(
            "rater_cap",
            f"You have answered {count(standing.done, 'item')}, the most for one person",
            "Thank you. The rest is for others, so that many people’s judgement counts.",
        )
    if standing.daily_cap is not None and standing.done_today >= standing.daily_cap:
        return Nothing(
            "daily_cap",
            f"You have answered {count(standing.done_today, 'item')} today, the most for one day",
            "Go on tomorrow; days begin at midnight UTC.",
        )
    return None


def _explain_items(project: Project, standing: _Standing) -> Nothing:
    if not standing.items:
        return Nothing(
            "no_items",
            "Nothing to rate yet",
            "Items appear here by themselves as soon as "
            f"{describe_beginning(project.rubric.questions.responses)}.",
        )
    if not standing.unfinished:
        but = f" but {spell(standing.in_review)}, which a curator looks at again"
        return Nothing(
            "all_done",
            f"All items are done{but if standing.in_review else ''}",
            "Thank you. New items appear here by themselves.",
        )
    if standing.out_of_reach:
        needed = ", ".join(f"“{skill}”" for skill in standing.lacking)
        wait = "waits for people who know" if standing.out_of_reach == 1 else "wait for people who know"
        return Nothing(
            "lacking_skill",
            f"Nothing for you right now: {count(standing.out_of_reach, 'item')} {wait} {needed}",
            "If you know that, tell the people who run this project; they can note it.",
        )
    wait = "waits" if standing.unfinished == 1 else "wait"
    return Nothing(
        "waiting_for_others",
        f"Nothing for you right now: {count(standing.unfinished, 'item')} {wait} for others",
        f"You have met {standing.met:,} of {standing.items:,}. "
        "If somebody gives one back, it appears here by itself.",
    )
