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
from apps.projects.models import Project, get_rubric
from apps.projects.rubrics import RubricDocument
from apps.prompts.models import Prompt
from apps.rating.allocation import claim_next
from apps.rating.items import build_items
from apps.rating.models import Annotation, Item, Lease
from apps.rating.nothing import Nothing, explain_nothing
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


def get_task(*, project: Project, rater: User) -> Task | Nothing:
    """The rater's item, claimed if need be, or why there is none."""
    while (lease := claim_next(project=project, rater=rater)) is None:
        if build_items(project=project):
            continue
        if reason := explain_nothing(project=project, rater=rater):
            return reason
    return load_task(lease)


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
