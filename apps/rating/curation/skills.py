"""What a rater must be able to do to get an item."""

from collections.abc import Collection, Sequence

from django.db import transaction
from django.db.models import F, Func, Value
from django.db.models.functions import Cast

from apps.accounts.models import User
from apps.projects.models import Project
from apps.rating.curation.rows import change_rows, let_raters_look, list_ids, lock_items, record_change
from apps.rating.models import Item


class SkillsWith(Func):
    """Two arrays as one, each skill once, in order."""

    template = "ARRAY(SELECT DISTINCT unnest(%(expressions)s) ORDER BY 1)"
    arg_joiner = " || "


class SkillsWithout(Func):
    template = "ARRAY(SELECT unnest(%(expressions)s) ORDER BY 1)"
    arg_joiner = ") EXCEPT SELECT unnest("


@transaction.atomic
def set_skills(*, project: Project, items: Collection[int], skills: Sequence[str], by: User | None) -> int:
    """Ask exactly these skills of raters, as `parse_skills` gives them; returns how many items changed."""
    chosen = lock_items(project, items)
    easier = list_ids(chosen.exclude(skills__contained_by=skills))
    changed = list_ids(chosen.exclude(skills=skills))
    change_rows(changed, skills=list(skills))
    let_raters_look(project, easier)
    record_change(project, by, "items.skills_set", changed, skills=list(skills))
    return len(changed)


@transaction.atomic
def add_skills(*, project: Project, items: Collection[int], skills: Sequence[str], by: User | None) -> int:
    """Ask these skills too; returns how many items asked for less before."""
    changed = list_ids(lock_items(project, items).exclude(skills__contains=skills))
    change_rows(changed, skills=SkillsWith(F("skills"), _array(skills)))
    record_change(project, by, "items.skills_added", changed, skills=list(skills))
    return len(changed)


@transaction.atomic
def remove_skills(*, project: Project, items: Collection[int], skills: Sequence[str], by: User | None) -> int:
    """Ask these skills no more; returns how many items asked for one of them."""
    changed = list_ids(lock_items(project, items).filter(skills__overlap=skills))
    change_rows(changed, skills=SkillsWithout(F("skills"), _array(skills)))
    let_raters_look(project, changed)
    record_change(project, by, "items.skills_removed", changed, skills=list(skills))
    return len(changed)


def _array(skills: Sequence[str]) -> Cast:
    return Cast(Value(list(skills)), Item._meta.get_field("skills"))
