"""Where the set is thin: how many prompts a project has of each group, and how many are answered."""

from collections.abc import Iterator
from typing import Any

from django.db import transaction
from django.db.models import Count, F, Q
from django.db.models.fields.json import KeyTextTransform

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.core.errors import InvalidInputError, NotFoundError
from apps.core.words import count, start_sentence
from apps.projects.models import Project
from apps.prompts.coverage_groups import Dimension, Group
from apps.prompts.models import CoverageTarget, Prompt, TargetField

MOST_GROUPS = 200
MOST_TARGETS = 300
LOOKED_AT = 2000  # prompts whose metadata keys are offered
MANY = 20  # values of a key that say whether it groups prompts or names each
HAS_ALL = Q(coverage__answered__gt=0, coverage__answered__gte=F("coverage__asked"))


def measure_groups(*, project: Project, dimension: Dimension) -> list[Group]:
    """Those with a target first, the thinnest before the others; then the rest, the largest first."""
    approved = Prompt.objects.approved().filter(project=project).order_by()
    if dimension.field == TargetField.METADATA:
        named = approved.annotate(value=KeyTextTransform(dimension.key, "metadata"))
    else:
        named = approved.annotate(value=F(dimension.field))
    rows = named.values_list("value").annotate(n=Count("pk"), done=Count("pk", filter=HAS_ALL)).order_by("-n")
    found = {(value or ""): (n, done) for value, n, done in rows[:MOST_GROUPS]}
    targets = dict(
        project.coverage_targets.filter(field=dimension.field, key=dimension.key).values_list(
            "value", "prompts"
        )
    )
    scale = max([n for n, _ in found.values()] + list(targets.values()), default=1)
    names = list(dict.fromkeys([*targets, *found]))
    groups = [Group(dimension, name, *found.get(name, (0, 0)), targets.get(name), scale) for name in names]
    return sorted(
        groups, key=lambda g: (g.target is None, g.answered / g.target if g.target else 0, -g.prompts)
    )


def list_dimensions(*, project: Project, grouping: bool = False) -> list[Dimension]:
    """Category, language, and the keys that the newest prompts and the targets have.

    `grouping`: without keys that say something else of nearly every prompt, as ids do.
    """
    newest = project.prompts.order_by("-id").values_list("metadata", flat=True)[:LOOKED_AT]
    seen: dict[str, int] = {}
    said: dict[str, set[str | int]] = {}
    for metadata in newest:
        for key, value in metadata.items():
            if (
                isinstance(value, str | int | bool)
                and key not in {"category", "language", "lang"}
                and len(key) <= 100
            ):
                seen[key] = seen.get(key, 0) + 1
                said.setdefault(key, set()).add(value)
    if grouping:
        seen = {key: number for key, number in seen.items() if number < MANY or 2 * len(said[key]) <= number}
    aimed = project.coverage_targets.exclude(key="").values_list("key", flat=True).distinct()
    keys = list(dict.fromkeys([*aimed, *sorted(seen, key=lambda key: (-seen[key], key))]))[:30]
    return [Dimension("category"), Dimension("language"), *(Dimension("metadata", key) for key in keys)]


def find_thin(*, project: Project) -> list[Group]:
    """The groups with a target that too few answered prompts have reached."""
    return [group for group in _iterate_targets(project) if group.is_thin]


def _iterate_targets(project: Project) -> Iterator[Group]:
    approved = Prompt.objects.approved().filter(project=project).order_by()
    for target in project.coverage_targets.all():
        dimension = Dimension(target.field, target.key)
        counted = dimension.narrow(approved, target.value).aggregate(
            n=Count("pk"), done=Count("pk", filter=HAS_ALL)
        )
        yield Group(dimension, target.value, counted["n"], counted["done"], target.prompts, target.prompts)


def describe_thin(groups: list[Group]) -> str:
    """The finding: which groups are thin, or that none is."""
    aimed = [group for group in groups if group.target]
    thin = [group.label for group in aimed if group.is_thin]
    if not aimed:
        return "No group has a target yet"
    if not thin:
        return "Every target is reached"
    if len(thin) > 3:
        return start_sentence(f"{count(len(thin), 'group')} of {count(len(aimed), 'target')} are thin")
    named = f"{', '.join(thin[:-1])} and {thin[-1]}" if thin[1:] else thin[0]
    return start_sentence(f"{named} {'are' if thin[1:] else 'is'} thin")


@transaction.atomic
def set_target(*, project: Project, dimension: Dimension, value: str, prompts: int, user: User) -> None:
    """Aim for so many answered prompts of a group; none takes the target away.

    Raises:
        InvalidInputError: there is no such group to aim for, or too many have a target.
    """
    value = value.replace("\0", "").strip()[:200]
    if not value:
        raise InvalidInputError("Name the group that the target is of. Nothing was changed.")
    if not 0 <= prompts <= 10_000_000:
        raise InvalidInputError("A target is a number of prompts, 10,000,000 at most. Nothing was changed.")
    Project.objects.select_for_update(no_key=True).get(pk=project.pk)
    which: dict[str, Any] = {"project": project, "field": dimension.field}
    which |= {"key": dimension.key, "value": value}
    if prompts == 0:
        if not CoverageTarget.objects.filter(**which).delete()[0]:
            raise NotFoundError("This group has no target, so there was none to take away.")
    else:
        if project.coverage_targets.count() >= MOST_TARGETS:
            raise InvalidInputError(f"A project has at most {MOST_TARGETS} targets. Nothing was changed.")
        CoverageTarget.objects.update_or_create(**which, defaults={"prompts": prompts})
    record_event(
        actor=user,
        action="coverage.target_set",
        subject=f"project:{project.slug}",
        by=dimension.address,
        value=value,
        prompts=prompts,
    )
