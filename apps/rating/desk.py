"""What the rater's page and the API show of an item: no model, no other person, no cause of its order."""

from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from django.db import connection
from django.utils import timezone

from apps.accounts.models import User
from apps.core import rendering
from apps.projects.models import Project, get_rubric
from apps.projects.questions.base import LETTERS
from apps.projects.rubrics import RubricDocument
from apps.rating import queue
from apps.rating.allocation import claim_next
from apps.rating.items import build_items
from apps.rating.models import Annotation, Lease
from apps.rating.nothing import Nothing, explain_nothing
from apps.rating.pace import Stand
from apps.rating.subjects import read_passages
from apps.rating.submission import RawAnswers, submit_and_pick


@dataclass(frozen=True)
class ShownText:
    """A turn or a response; `stored` is its HTML from when the item was built, if that holds."""

    text: str
    stored: str | None = field(repr=False)

    @property
    def html(self) -> str:
        return self.stored if self.stored is not None else rendering.render_markdown(self.text)


@dataclass(frozen=True)
class ShownResponse(ShownText):
    letter: str
    uid: str


@dataclass(frozen=True)
class ShownTurn(ShownText):
    role: str


@dataclass(frozen=True)
class ShownPassage(ShownText):
    id: str
    title: str


@dataclass(frozen=True)
class Task:
    """One item on a rater's page, with the responses in the order of the lease."""

    lease: Lease
    turns: list[ShownTurn]
    rubric_id: int
    responses: list[ShownResponse]
    stand: Stand

    @property
    def rubric(self) -> RubricDocument:
        return get_rubric(self.rubric_id)

    @property
    def earlier(self) -> list[ShownTurn]:
        return self.turns[:-1]

    @property
    def last(self) -> ShownTurn:
        return self.turns[-1]

    @property
    def letters(self) -> str:
        return "".join(response.letter for response in self.responses)

    @cached_property
    def passages(self) -> list[ShownPassage]:
        """What the responses are to be checked against; read only where a question asks for that."""
        if "passages" not in self.rubric.page_texts:
            return []
        stored = read_passages(item=self.lease.item_id)
        return [ShownPassage(passage["text"], None, passage["id"], passage["title"]) for passage in stored]

    @property
    def messages(self) -> list[dict[str, str]]:
        return [{"role": turn.role, "content": turn.text} for turn in self.turns]


def get_task(*, project: Project, rater: User) -> Task | Nothing:
    """The rater's item, claimed if need be, or why there is none."""
    while (lease := claim_next(project=project, rater=rater)) is None:
        if build_items(project=project):
            continue
        if reason := explain_nothing(project=project, rater=rater):
            return reason
    return load_task(lease)


def submit_and_get_task(
    *, project: Project, rater: User, lease_uid: str, answers: RawAnswers, active_seconds: int | None = None
) -> tuple[Annotation, Task | Nothing]:
    """Store the answers and bring the next item."""
    annotation, lease = submit_and_pick(
        project=project, rater=rater, lease_uid=lease_uid, answers=answers, active_seconds=active_seconds
    )
    return annotation, load_task(lease) if lease else get_task(project=project, rater=rater)


def load_task(lease: Lease) -> Task:
    """The item of a lease; nothing is read that is not shown."""
    content = lease.content or _read_content(lease)
    stored, html = content["responses"] or [], content["turns"] or []
    return Task(
        lease=lease,
        turns=[
            ShownTurn(turn["content"], html[number] if html else None, turn["role"])
            for number, turn in enumerate(content["messages"])
        ],
        rubric_id=content["rubric"],
        responses=[
            ShownResponse(stored[place]["text"], stored[place]["html"], letter, stored[place]["uid"])
            for letter, place in zip(LETTERS, lease.shown_order, strict=False)
            if place < len(stored)  # an item without responses has an order of one
        ],
        stand=Stand(*content["pace"]),
    )


def load_sent(annotation: Annotation) -> tuple[Task, dict[str, list[str]]]:
    """The item of an answer as it was shown for it, and the form as it was sent."""
    task = replace(load_task(annotation.get_lease()), rubric_id=annotation.rubric_id)
    return task, task.rubric.fill_form(annotation.answers, task.responses)


def _read_content(lease: Lease) -> dict[str, Any]:
    with connection.cursor() as cursor:
        cursor.execute(
            queue.CONTENT.format(item="%(item)s"),
            {
                "item": lease.item_id,
                "rater": lease.rater_id,
                "today": timezone.localdate(),
                "version": rendering.VERSION,
            },
        )
        content: dict[str, Any] = cursor.fetchone()[0]
    return content
