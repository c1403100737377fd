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


def mark_erased(
    *, project: Project, user: User | None, prompt: Prompt | None = None, rater: User | None = None
) -> int:
    """Note that a prompt or a rater is erased, and count again the rows of each snapshot that rest on erased
    ones. Returns how many snapshots have such rows. It may run twice.
    """
    with transaction.atomic():
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
    return count_erased(project=project)


def count_erased(*, project: Project) -> int:
    """Count anew in all finished snapshots; returns how many have erased rows."""
    found = 0
    for snapshot in Snapshot.objects.finished().filter(project=project).select_related("recipe"):
        snapshot.erased = _count(snapshot)
        Snapshot.objects.filter(pk=snapshot.pk).update(erased=snapshot.erased)
        found += bool(snapshot.erased)
    return found


def _count(snapshot: Snapshot) -> int:
    import numpy as np
    import pyarrow as pa
    import pyarrow.compute as pc

    erased = Erasure.objects.filter(project=snapshot.project_id)
    prompts = pa.array([one for one in erased.values_list("prompt", flat=True) if one], pa.int64())
    pseudonyms = make_pseudonyms(snapshot.project, snapshot.recipe)
    people = {pseudonyms.name_rater(str(one)) for one in erased.values_list("rater", flat=True) if one}
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
