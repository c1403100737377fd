"""Items follow the rubric: when a version is published, those that nobody has begun move to it.

Begun ones finish under the version that they were begun under, or move once nobody has them any more. Where
the new version wants another number of responses, unbegun items give way: those that nobody ever met are
deleted, the others withdrawn, and all responses or prompts are offered anew, so that items of the new size
are built from them. Each step may run twice, at once or be cut off: it looks for what is left, and never
takes an item back to an older version.
"""

from dataclasses import dataclass

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q, Subquery

from apps.core.words import count, spell, start_sentence
from apps.generation.models import Response
from apps.projects.models import Project, Rubric
from apps.projects.rubrics import RubricDocument
from apps.prompts.models import Prompt, PromptStatus
from apps.rating.allocation import rewind_cursors
from apps.rating.models import Annotation, Flag, Item, ItemStatus, Lease, ReturnedItem
from apps.rating.models.item_queries import ItemQuerySet
from apps.rating.models.item_states import UNFINISHED

CHUNK = 1000  # items, responses or prompts changed in one statement, for which raters may have to wait


@dataclass(frozen=True)
class Move:
    """What publishing a version does to the items that are there."""

    unbegun: int
    begun: int
    version: int  # that begun items finish under
    size: int
    is_resized: bool

    @property
    def said(self) -> str:
        """As “312 unbegun items move, 40 begun ones finish under version 2”"""
        if not self.unbegun and not self.begun:
            return "No item waits for answers now, so none changes"
        items, one = count(self.unbegun, "unbegun item"), self.unbegun == 1
        if self.is_resized:
            fate = f"{'gives' if one else 'give'} way to items of {count(self.size, 'response')}"
        else:
            fate = "moves" if one else "move"
        rest = "one finishes" if self.begun == 1 else "ones finish"
        begun = f"{spell(self.begun)} begun {rest} under version {self.version}"
        return start_sentence(f"{items} {fate}, {begun}")


def foresee_move(*, project: Project, document: RubricDocument) -> Move:
    """What would happen to the items if `document` were published now."""
    rubric, waiting = project.rubric, project.items.exclude(status=ItemStatus.WITHDRAWN)
    return Move(
        unbegun=waiting.not_begun().count(),
        begun=project.items.filter(UNFINISHED, taken__gt=0).count(),
        version=rubric.version,
        size=document.responses,
        is_resized=rubric.questions.responses != document.responses,
    )


def follow_rubrics() -> None:
    """Move the items of projects with a new version; raters go on meanwhile."""
    newest = Rubric.objects.published().filter(project=OuterRef("pk")).order_by("-version")
    behind = Project.objects.alias(newest=Subquery(newest.values("version")[:1]))
    for project in behind.filter(rubric_followed__lt=F("newest")):
        follow_rubric(project=project)
    for project in Project.objects.filter(pk__in=ReturnedItem.objects.values("project")):
        follow_returned(project=project)


def follow_returned(*, project: Project) -> None:
    """Bring along what was begun when its version was left, and was given back without an answer since.

    All that is given back stands among the returned items. One that is withdrawn comes there when it is put
    back into the queue.
    """
    rubric = project.rubric
    given_back = ReturnedItem.objects.filter(project=project, item__taken=0)
    behind = given_back.filter(item__rubric__version__lt=rubric.version)
    behind = behind.exclude(item__status=ItemStatus.WITHDRAWN)
    if chunk := list(behind.order_by("item").values_list("item", flat=True)[:CHUNK]):
        _move_chunk(chunk, rubric, find_fitting(project, rubric))


def follow_rubric(*, project: Project) -> None:
    """Bring unbegun items to the newest version, a chunk at a time. May run twice, and go on."""
    rubric = project.rubric
    fitting = find_fitting(project, rubric)
    last = 0
    while (chunk := _find_chunk(project, rubric, last)) and (last := chunk[-1]):
        _move_chunk(chunk, rubric, fitting)
    if _is_resized(project, rubric):
        _offer_again(project, rubric)
    followed = Project.objects.filter(pk=project.pk, rubric_followed__lt=rubric.version)
    followed.update(rubric_followed=rubric.version)
    rewind_cursors(project=project)


def may_build(*, project: Project, rubric: Rubric) -> bool:
    """Whether items may be built under this version; the caller holds the project's lock.

    While items of another size give way, all that they were built from is about to be offered again.
    """
    if not _is_resized(project, rubric):
        return True
    if project.items.exists():
        return False
    follow_rubric(project=project)
    return True


def _is_resized(project: Project, rubric: Rubric) -> bool:
    if project.rubric_followed >= rubric.version:
        return False
    followed = project.rubrics.published().get(version=project.rubric_followed)
    return followed.questions.responses != rubric.questions.responses


def find_fitting(project: Project, rubric: Rubric) -> list[int]:
    """The versions whose items have the right number of responses."""
    size = rubric.questions.responses
    return [one.pk for one in project.rubrics.published() if one.questions.responses == size]


def _find_chunk(project: Project, rubric: Rubric, after: int) -> list[int]:
    items = project.items.not_begun().filter(rubric__version__lt=rubric.version, pk__gt=after)
    return list(items.order_by("id").values_list("pk", flat=True)[:CHUNK])


@transaction.atomic
def _move_chunk(chunk: list[int], rubric: Rubric, fitting: list[int]) -> None:
    """What somebody has taken since the chunk was found is left to them."""
    older = Item.objects.filter(rubric__version__lt=rubric.version)
    locked = older.filter(pk__in=Item.objects.filter(pk__in=chunk).lock()).not_begun()
    fit = locked.filter(rubric__in=fitting)
    back = fit.filter(is_outgrown=True).exclude(prompt__status=PromptStatus.RETIRED)
    back.update(status=ItemStatus.OPEN, is_outgrown=False, skips=0)
    fit.update(rubric=rubric)
    # What a curator took out of the queue stays as it is.
    _give_way(locked.exclude(rubric__in=fitting).exclude(status=ItemStatus.WITHDRAWN))


def _give_way(items: ItemQuerySet) -> None:
    met = Q(settled_at__isnull=False)
    for model in (Lease, Annotation, Flag):
        met |= Q(Exists(model._default_manager.filter(item=OuterRef("pk"))))
    known = list(items.filter(met).values_list("pk", flat=True))
    items.exclude(pk__in=known).delete()
    Item.objects.filter(pk__in=known).update(status=ItemStatus.WITHDRAWN, is_outgrown=True)
    ReturnedItem.objects.filter(item__in=known).delete()


def _offer_again(project: Project, rubric: Rubric) -> None:
    """What items are built from counts as new; what was offered since the publication is."""
    before = {"offered_at__lt": rubric.published_at}
    if rubric.questions.responses:
        offered = Response.objects.filter(prompt__project=project, **before)
        while chunk := list(offered.values_list("pk", flat=True)[:CHUNK]):
            Response.objects.filter(pk__in=chunk).update(offered_at=None)
    else:
        asked = Prompt.objects.filter(project=project, **before)
        while chunk := list(asked.values_list("pk", flat=True)[:CHUNK]):
            Prompt.objects.filter(pk__in=chunk).update(offered_at=None)
