"""What the rater's page and the API show of an item: no model, no other person, no cause of its order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef
from django.db.models.functions import JSONObject

from apps.accounts.models import User
from apps.core.rendering import render_markdown
from apps.generation.models import Response
from apps.projects.models import Project, Stage, get_rubric
from apps.projects.rubrics import RubricDocument
from apps.prompts.models import Prompt
from apps.rating.allocation import claim_next
from apps.rating.items import build_items
from apps.rating.models import Annotation, Item, Lease
from apps.rating.submission import RawAnswers, submit_and_pick

LETTERS = "ABCDEFGHI"


@dataclass(frozen=True)
class ShownResponse:
    letter: str
    uid: str
    text: str

    @property
    def html(self) -> str:
        return render_markdown(self.text)


@dataclass(frozen=True)
class Task:
    """One item on a rater's page, with the responses in the order of the lease."""

    lease: Lease
    prompt: Prompt
    rubric: RubricDocument
    responses: list[ShownResponse]

    def present(self, form: Mapping[str, Sequence[str]] | None = None) -> list[dict[str, Any]]:
        """Each question with what its template needs, filled from `form` or else from the draft."""
        filled = self.lease.draft if form is None else form
        return [
            {"question": question, **question.present(self.responses, filled.get(question.key, ()))}
            for question in self.rubric.questions
        ]


@dataclass(frozen=True)
class Nothing:
    """Why there is nothing to rate, as a finding and what will change it."""

    code: str
    finding: str
    advice: str


def get_task(*, project: Project, rater: User) -> Task | Nothing:
    """The rater's item, claimed if need be, or why there is none."""
    if project.stage == Stage.CLOSED:
        return Nothing(
            "closed", "This project is closed", "All answers are kept. Its owner knows why it ended."
        )
    lease = claim_next(project=project, rater=rater)
    if lease is None and build_items(project=project):
        lease = claim_next(project=project, rater=rater)
    return load_task(lease) if lease else explain_nothing(project=project, rater=rater)


def submit_and_get_task(
    *, project: Project, rater: User, lease_uid: str, answers: RawAnswers
) -> tuple[Annotation, Task | Nothing]:
    """Store the answers and bring the next item."""
    annotation, lease = submit_and_pick(project=project, rater=rater, lease_uid=lease_uid, answers=answers)
    return annotation, load_task(lease) if lease else get_task(project=project, rater=rater)


def load_task(lease: Lease) -> Task:
    """The item of a lease; nothing is read that is not shown."""
    shown = Response.objects.filter(slots__item=OuterRef("pk")).order_by("slots__position")
    texts = ArraySubquery(shown.values(json=JSONObject(uid="uid", text="text")))
    item = Item.objects.filter(pk=lease.item_id).values_list("rubric_id", "prompt__messages", texts)
    rubric_id, messages, stored = item.get()
    return Task(
        lease=lease,
        prompt=Prompt(messages=messages),
        rubric=get_rubric(rubric_id),
        responses=[
            ShownResponse(letter, stored[position]["uid"], stored[position]["text"])
            for letter, position in zip(LETTERS, lease.shown_order, strict=False)
        ],
    )


def explain_nothing(*, project: Project, rater: User) -> Nothing:
    """Why nothing could be claimed a moment ago."""
    items = Item.objects.filter(project=project)
    total = items.count()
    if not total:
        return Nothing(
            "no_items",
            "Nothing to rate yet",
            "Items appear here by themselves as soon as two responses to a prompt are finished.",
        )
    waiting = items.exclude(pk__in=items.complete()).count()
    if not waiting:
        return Nothing(
            "all_done", f"All {total:,} items are done", "Thank you. New items appear here by themselves."
        )
    mine = items.filter(leases__rater=rater).count()
    were = "1 item waits" if waiting == 1 else f"{waiting:,} items wait"
    return Nothing(
        "waiting_for_others",
        f"Nothing for you right now: {were} for others",
        f"You have met {mine:,} of {total:,} items. If somebody gives one back, it appears here by itself.",
    )
