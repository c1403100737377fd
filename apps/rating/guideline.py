"""Which version of the guideline a rater knows, and what there is to read in the newest."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db import transaction

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.core.errors import NotFoundError
from apps.core.words import count
from apps.projects.models import Guideline, Project
from apps.rating.allocation import lock_rater
from apps.rating.changes import Line, compare_texts
from apps.rating.models import RaterState


@dataclass(frozen=True)
class News:
    """The version that a rater has acknowledged, and the one in force."""

    known: Guideline
    latest: Guideline

    @property
    def changes(self) -> tuple[Line, ...]:
        return compare_texts(self.known.text, self.latest.text)

    @property
    def finding(self) -> str:
        return f"Version {self.latest.version} of the guideline {describe_changes(self.changes)}"


def describe_changes(changes: Collection[Line]) -> str:
    """As what a version does: “rewords one line and adds three”."""
    reworded = sum(line.kind == "removed" and line.is_reworded for line in changes)
    added = sum(line.kind == "added" for line in changes) - reworded
    removed = sum(line.kind == "removed" for line in changes) - reworded
    said = [("rewords {}", reworded), ("adds {}", added), ("takes {} out", removed)]
    parts = [words.format(count(number, "line")) for words, number in said if number]
    if not parts:
        return "changes nothing but its form"
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def read_news(*, project: Project, rater: User) -> News:
    latest = project.guideline
    states = RaterState.objects.filter(project=project, rater=rater).select_related("guideline")
    state = states.first()
    return News(known=state.guideline if state else latest, latest=latest)


@transaction.atomic
def acknowledge_guideline(*, project: Project, rater: User, version: int) -> Guideline:
    """Note that the rater has read a version, and returns the one that they work under from now on.

    Saying so again changes nothing, nor does naming an older version. Where a newer one was published
    meanwhile, that one still has to be read before the next item.

    Raises:
        NotFoundError: the project has no such version.
    """
    state = lock_rater(project=project, rater=rater)
    guideline = project.guidelines.filter(version=version).first()
    if guideline is None:
        raise NotFoundError(
            f"This project has no version {version} of its guideline. The rating page shows the newest."
        )
    if guideline.version <= state.guideline.version:
        return state.guideline
    state.guideline = guideline
    state.save(update_fields=["guideline"])
    record_event(
        actor=rater,
        action="guideline.acknowledged",
        subject=f"project:{project.slug}",
        version=guideline.version,
    )
    return guideline
