"""Snapshots never change; what was erased since, they say."""

from django.db import transaction

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.datasets.models import Erasure, Snapshot
from apps.datasets.plan import make_pseudonyms
from apps.datasets.snapshots.index import read_batches, read_raters
from apps.datasets.snapshots.storing import open_index
from apps.projects.models import Project
from apps.prompts.models import Prompt
from apps.rating.models import Annotation, Item


def mark_erased(
    *, project: Project, user: User | None, prompt: Prompt | None = None, rater: User | None = None
) -> int:
    """Note that a prompt or a rater is erased, and count again the rows of each snapshot that rest on erased
    ones. Returns how many snapshots have such rows. It may run twice.
    """
    _note(project, user, prompt, rater)
    return count_erased(project=project)


@transaction.atomic
def _note(project: Project, user: User | None, prompt: Prompt | None, rater: User | None) -> None:
    _, is_new = Erasure.objects.get_or_create(
        project=project,
        prompt=prompt.pk if prompt else None,
        rater=rater.uid if rater else None,
        defaults={"created_by": user},
    )
    if is_new:
        record_event(
            actor=user,
            action="dataset.erased",
            subject=f"project:{project.slug}",
            what="prompt" if prompt else "rater",
            uid=str(prompt.uid if prompt else rater.uid if rater else ""),
        )


def erase_prompt(*, project: Project, prompt: Prompt, user: User | None) -> int:
    """Delete a prompt with its responses, its items and everybody's answers to them.

    Returns how many snapshots have rows of it; what has left cannot be called back. That it is erased is
    committed before it is deleted: a snapshot that has read it and ends meanwhile says so.
    """
    _note(project, user, prompt, None)
    with transaction.atomic():
        Annotation.objects.filter(item__prompt=prompt).delete()  # the others go with item or prompt
        Item.objects.filter(prompt=prompt).delete()
        prompt.delete()
    return count_erased(project=project)


def erase_rater(*, project: Project, rater: User, user: User | None) -> int:
    """Keep a rater's answers out of every later dataset.

    They stay where they were given, since agreement and everybody's counts rest on them. Returns how many
    snapshots have rows that rest on them.
    """
    return mark_erased(project=project, rater=rater, user=user)


def count_erased(*, project: Project) -> int:
    """Count anew in all finished snapshots; returns how many have erased rows."""
    found = 0
    for snapshot in Snapshot.objects.finished().filter(project=project).select_related("project", "recipe"):
        found += bool(count_erased_in(snapshot=snapshot))
    return found


@transaction.atomic
def count_erased_in(*, snapshot: Snapshot) -> int:
    """Count anew how many of its rows rest on what was erased, and keep it."""
    # One after the other, so that nobody writes what they counted before the latest erasure.
    Snapshot.objects.select_for_update(no_key=True).get(pk=snapshot.pk)
    count = _count(snapshot) if Erasure.objects.filter(project=snapshot.project_id).exists() else 0
    Snapshot.objects.filter(pk=snapshot.pk).update(erased=count)
    return count


def _count(snapshot: Snapshot) -> int:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    erased = Erasure.objects.filter(project=snapshot.project_id)
    prompts = pa.array(list(erased.of_prompts().values_list("prompt", flat=True)), pa.int64())
    pseudonyms = make_pseudonyms(snapshot.project, snapshot.recipe)
    people = {pseudonyms.name_rater(str(uid)) for uid in erased.of_raters().values_list("rater", flat=True)}
    with open_index(snapshot.stored) as index:
        names = read_raters(index)
        raters = pa.array([number for number, name in enumerate(names) if name in people], pa.int32())
        count = 0
        for batch in read_batches(index, ["rows", "prompt", "raters"]):
            is_erased = pc.is_in(batch["prompt"], prompts).to_numpy(zero_copy_only=False)
            behind = pc.is_in(batch["raters"].flatten(), raters).to_numpy(zero_copy_only=False)
            is_erased[pc.list_parent_indices(batch["raters"]).to_numpy()[behind]] = True
            count += int(np.sum(batch["rows"].to_numpy()[is_erased]))
    return count
