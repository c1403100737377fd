"""Annotations at chosen times."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from apps.accounts.models import User
from apps.projects.models import Project
from apps.rating.models import Annotation, Item
from tests.datasets.factories import cast_vote, make_item


def annotate(
    project: Project, rater: User, moments: Iterable[datetime], *, word: str = "a2", left: int = 0
) -> None:
    """An item per moment, answered then after a minute of reading."""
    for moment in moments:
        answer(make_item(project, overlap=1), rater, moment, word=word, left=left)


def answer(item: Item, rater: User, moment: datetime, *, word: str = "a2", left: int = 0) -> None:
    annotation = cast_vote(item, rater, word, left=left)
    Annotation.objects.filter(pk=annotation.pk).update(created_at=moment)
    annotation.lease.started_at = moment - timedelta(minutes=1)
    annotation.lease.save()
