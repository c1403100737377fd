"""What a curator does to many prompts at once. One statement changes them; one event records it.

Where retiring takes work out of the queue, that is for rating, which is later in the house: `apps.overview`
calls both.
"""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db import transaction
from django.db.models import Count, F, Func, Q, TextChoices, Value

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.core.errors import InvalidInputError
from apps.core.many import any_of
from apps.core.words import count, start_sentence
from apps.projects.models import Project
from apps.prompts.filtering import PromptFilter, find_prompts
from apps.prompts.insertion import hold_project
from apps.prompts.models import Prompt, PromptChange, PromptQuerySet, PromptStatus
from apps.prompts.remembering import note_change

TAG_LENGTH = 60
MOST_TAGS = 20


class Action(TextChoices):
    APPROVE = "approve", "approved"
    RETIRE = "retire", "retired"
    TAG = "tag", "tagged"
    UNTAG = "untag", "untagged"


MOVES = {
    Action.APPROVE: ({PromptStatus.DRAFT, PromptStatus.RETIRED}, PromptStatus.APPROVED),
    Action.RETIRE: ({PromptStatus.DRAFT, PromptStatus.APPROVED}, PromptStatus.RETIRED),
}


@dataclass(frozen=True)
class Chosen:
    """Prompts of a selection, or, where `uids` is None, all that fit the filter."""

    wanted: PromptFilter
    uids: Collection[UUID] | None = None

    def find(self, project: Project) -> PromptQuerySet:
        if self.uids is None:
            return find_prompts(project=project, wanted=self.wanted)
        return project.prompts.order_by().filter(uid__in=self.uids)


@dataclass(frozen=True)
class Changed:
    """How many were changed, and why the others were not, in words. `change` takes it back."""

    action: Action
    changed: int
    left: tuple[str, ...]
    change: PromptChange | None
    tag: str = ""

    @property
    def summary(self) -> str:
        what = f"{self.action.label} “{self.tag}”" if self.tag else self.action.label
        done = (
            f"{count(self.changed, 'prompt is', 'prompts are')} {what}"
            if self.changed
            else "Nothing was changed"
        )
        return ". ".join(start_sentence(part) for part in (done, *self.left)) + "."


@transaction.atomic
def change_prompts(*, project: Project, chosen: Chosen, action: Action, user: User, tag: str = "") -> Changed:
    """Approve, retire, tag or untag; the project is held meanwhile, so that curators take turns.

    Raises:
        InvalidInputError: there is no tag to give or take.
    """
    hold_project(project)
    found = chosen.find(project)
    if action in MOVES:
        changed = _move(project, found, action, user)
    else:
        changed = _tag(project, found, action, read_tag(tag), user)
    if changed.changed:
        note_change(project_id=project.pk)
        scope = {"prompts": len(chosen.uids)} if chosen.uids is not None else {"filter": chosen.wanted.dump()}
        extra = {"tag": changed.tag} if changed.tag else {}
        record_event(
            actor=user,
            action=f"prompts.{action.label}",
            subject=f"project:{project.slug}",
            changed=changed.changed,
            change=str(changed.change.uid) if changed.change else None,
            **scope,
            **extra,
        )
    return changed


def read_tag(tag: str) -> str:
    tag = " ".join(tag.replace("\0", "").split())
    if not tag or len(tag) > TAG_LENGTH:
        raise InvalidInputError(f"A tag has 1 to {TAG_LENGTH} letters. Nothing was changed.")
    return tag


def _move(project: Project, found: PromptQuerySet, action: Action, user: User) -> Changed:
    before, after = MOVES[action]
    groups: dict[str, list[int]] = dict(
        found.values_list("status").annotate(ids=ArrayAgg("pk")).values_list("status", "ids")
    )
    moving = {status: ids for status, ids in groups.items() if status in before}
    if replaced := _find_replaced(moving) if action == Action.APPROVE else set():
        moving = {status: [pk for pk in ids if pk not in replaced] for status, ids in moving.items()}
    ids = [pk for some in moving.values() for pk in some]
    chosen = Prompt.objects.filter(pk__in=any_of(ids), status__in=before)
    # Who approves one that came in retired takes nothing back; who retires it then withdraws it.
    withdrawn = {"came_retired": False} if action == Action.RETIRE else {}
    changed = chosen.update(status=after, **withdrawn)
    left = []
    if same := len(groups.get(after, ())):
        left.append(f"{count(same, 'was', 'were')} {after.label} already")
    if held := len(groups.get(PromptStatus.HELD, ())):
        left.append(f"{count(held, 'is', 'are')} held for personal data: decide about them on their own page")
    if replaced:
        left.append(f"{count(len(replaced), 'has', 'have')} a newer version, which takes part instead")
    change = _keep(project, action, {k: v for k, v in moving.items() if v}, user) if changed else None
    return Changed(action, changed, tuple(left), change)


def _find_replaced(moving: dict[str, list[int]]) -> set[int]:
    """Those with a successor in use: both would ask the same."""
    ids = moving.get(PromptStatus.RETIRED, [])
    newer = Prompt.objects.filter(replaces__in=any_of(ids)).exclude(status=PromptStatus.RETIRED)
    return {pk for pk in newer.values_list("replaces", flat=True) if pk is not None}


def _tag(project: Project, found: PromptQuerySet, action: Action, tag: str, user: User) -> Changed:
    total = found.aggregate(n=Count("pk"))["n"]
    there = Q(tags__contains=[tag])
    if action == Action.TAG:
        changing = found.exclude(there).filter(tags__len__lt=MOST_TAGS)
        new = Func(F("tags"), Value(tag), function="array_append")
    else:
        changing = found.filter(there)
        new = Func(F("tags"), Value(tag), function="array_remove")
    ids = list(changing.values_list("pk", flat=True))
    changed = Prompt.objects.filter(pk__in=any_of(ids)).update(tags=new)
    left = []
    if others := total - changed:
        had = found.filter(there).exclude(pk__in=any_of(ids)).count() if action == Action.TAG else 0
        if action == Action.UNTAG:
            left.append(f"{count(others, 'does', 'do')} not have it")
        elif had:
            left.append(f"{count(had, 'has', 'have')} it already")
        if action == Action.TAG and others - had:
            left.append(
                f"{count(others - had, 'has', 'have')} {MOST_TAGS} tags already, the most a prompt can have"
            )
    change = _keep(project, action, {"": ids}, user, tag) if changed else None
    return Changed(action, changed, tuple(left), change, tag)


def _keep(
    project: Project, action: Action, before: dict[str, list[int]], user: User, tag: str = ""
) -> PromptChange:
    return PromptChange.objects.create(
        project=project, action=action, tag=tag, before=before, created_by=user
    )
