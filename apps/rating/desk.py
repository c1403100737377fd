"""What the rater's page and the API show of an item: no model, no other person, no cause of its order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apps.accounts.models import User
from apps.core.rendering import render_markdown
from apps.generation.models import Response
from apps.projects.models import Project, Rubric, Stage
from apps.projects.rubrics import RubricDocument
from apps.prompts.models import Prompt
from apps.rating.allocation import claim_next
from apps.rating.items import build_items
from apps.rating.models import Item, Lease

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
    rubric: Rubric
    responses: list[ShownResponse]

    @property
    def questions(self) -> RubricDocument:
        return self.rubric.questions

    def present(self, form: Mapping[str, Sequence[str]] | None = None) -> list[dict[str, Any]]:
        """Each question with what its template needs, filled from `form` or else from the draft."""
        filled = self.lease.draft if form is None else form
        return [
            {"question": question, **question.present(self.responses, filled.get(question.key, ()))}
            for question in self.questions.questions
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
            "closed", "This project is closed", "All answers are kept. Ask its owner if that surprises you."
        )
    lease = claim_next(project=project, rater=rater)
    if lease is None and build_items(project=project):
        lease = claim_next(project=project, rater=rater)
    return load_task(lease) if lease else explain_nothing(project=project, rater=rater)


def load_task(lease: Lease) -> Task:
    item = Item.objects.select_related("prompt", "rubric").get(pk=lease.item_id)
    stored = list(Response.objects.filter(slots__item=item).order_by("slots__position"))
    shown = [stored[position] for position in lease.shown_order]
    return Task(
        lease=lease,
        prompt=item.prompt,
        rubric=item.rubric,
        responses=[
            ShownResponse(letter, str(response.uid), response.text)
            for letter, response in zip(LETTERS, shown, strict=False)
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
