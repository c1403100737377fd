"""A recipe whose snapshots grew with the answers."""

from datetime import timedelta

from django.utils import timezone

from apps.datasets.models import RecipeVersion, Snapshot
from apps.datasets.recipes.parsing import parse_recipe
from apps.datasets.recipes.saving import save_recipe
from apps.datasets.snapshots.here import make_here
from apps.projects.models import Project

DAYS_AGO = (6, 4, 2)


def make_snapshots(project: Project) -> None:
    """One of each of these days, with the answers until then; the newest version reads all."""
    now = timezone.now()
    for days in DAYS_AGO:
        day = now - timedelta(days=days)
        made = make_here(version=_save(project, until=day.isoformat()))
        Snapshot.objects.filter(pk=made.pk).update(created_at=day, finished_at=day + timedelta(seconds=2))
    _save(project, until=None)


def _save(project: Project, *, until: str | None) -> RecipeVersion:
    document = parse_recipe({"formats": ["preference"], "answers": {"until": until, "min_raters": 3}})
    return save_recipe(project=project, name="Pairs for the reward model", document=document, user=None)
