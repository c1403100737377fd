"""Held prompts: approved as they are, approved with masks, or retired.

A prompt's messages never change once somebody may have read them. A held one nobody was asked about, so
masking changes it in place and the data is gone from the database; its digest stays that of what was
imported, so that importing the file again brings nothing back. See docs/adr on personal data.
"""

from collections import Counter
from collections.abc import Collection
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from django.db import transaction

from apps.accounts.models import User
from apps.core.audit import record_event
from apps.core.errors import ConflictError
from apps.projects.models import Project
from apps.prompts.digest import digest_messages
from apps.prompts.measures import count_words
from apps.prompts.models import JobKind, Prompt, PromptQuerySet, PromptSketch, PromptStatus
from apps.prompts.personal_data.cleaning import mask_text
from apps.prompts.personal_data.findings import Done, Finding, Placed, read_placed
from apps.prompts.personal_data.places import read_at, replace_at
from apps.prompts.prompt_jobs import request_job
from apps.prompts.remembering import note_change

PART = 200


class Decision(StrEnum):
    APPROVE = "approve"
    MASK = "mask"
    RETIRE = "retire"


_STATUS = {
    Decision.APPROVE: PromptStatus.APPROVED,
    Decision.MASK: PromptStatus.APPROVED,
    Decision.RETIRE: PromptStatus.RETIRED,
}
_DONE = {Decision.APPROVE: Done.APPROVED, Decision.MASK: Done.MASKED, Decision.RETIRE: Done.RETIRED}


def list_held(*, project: Project, kind: str = "") -> PromptQuerySet:
    """Oldest first; of one kind of data where `kind` names it."""
    held = project.prompts.filter(status=PromptStatus.HELD).order_by("id")
    return held.filter(findings__contains=[{"kind": kind, "done": Done.HELD.value}]) if kind else held


def decide_held(
    *,
    project: Project,
    user: User,
    decision: Decision,
    uids: Collection[UUID] | None = None,
    kind: str = "",
) -> int:
    """Decide about these held prompts, or all of them (of a kind); the number that was held until now.

    Raises:
        ConflictError: none of them is held any more.
    """
    held = list_held(project=project, kind=kind)
    ids = list((held if uids is None else held.filter(uid__in=uids)).values_list("pk", flat=True))
    parts = (ids[start : start + PART] for start in range(0, len(ids), PART))
    decided = sum(_decide_part(project, user, decision, part) for part in parts)
    if not decided:
        raise ConflictError("Nothing of this is held any more; nothing was changed.")
    if decision is Decision.MASK:
        request_job(project=project, kind=JobKind.DUPLICATES, user=user)
    return decided


def _decide_part(project: Project, user: User, decision: Decision, ids: list[int]) -> int:
    with transaction.atomic():
        prompts = list(list_held(project=project).filter(pk__in=ids).select_for_update(of=("self",)))
        for prompt in prompts:
            prompt.status = _STATUS[decision]
            prompt.findings = [
                placed.as_json()
                for placed in _decide(prompt, decision, list(map(read_placed, prompt.findings)))
            ]
        if decision is Decision.MASK:
            _settle_masked(project, prompts)
        Prompt.objects.bulk_update(prompts, ["status", "findings", "messages", "metadata", "words"])
        if prompts:
            note_change(project_id=project.pk)
            _record(project, user, decision, prompts)
    return len(prompts)


def _decide(prompt: Prompt, decision: Decision, findings: list[Placed]) -> list[Placed]:
    if decision is Decision.MASK:
        return _mask(prompt, findings)
    return [_mark(placed, _DONE[decision]) if placed.done is Done.HELD else placed for placed in findings]


def _mask(prompt: Prompt, findings: list[Placed]) -> list[Placed]:
    """Put masks into its texts; the findings with the places of these masks."""
    masked: list[Placed] = []
    places = groupby(findings, key=lambda placed: (placed.turn, placed.key))
    for (turn, key), group in places:
        held = [placed for placed in group if placed.done is Done.HELD]
        text = prompt.messages[turn]["content"] if turn is not None else read_at(prompt.metadata, key)
        if text is None:
            continue
        text, masks = mask_text(text, [Finding(placed.kind, placed.start, placed.end) for placed in held])
        masked += [Placed(kind, start, end, turn, key, Done.MASKED) for kind, start, end in masks]
        if turn is not None:
            prompt.messages[turn] = {**prompt.messages[turn], "content": text}
        else:
            prompt.metadata = replace_at(prompt.metadata, key, text)
    return masked


def _mark(placed: Placed, done: Done) -> Placed:
    return Placed(placed.kind, placed.start, placed.end, placed.turn, placed.key, done)


def _settle_masked(project: Project, prompts: list[Prompt]) -> None:
    """Those that say, masked, what the project has already are retired: it would be asked twice."""
    digests = {prompt.pk: digest_messages(prompt.messages) for prompt in prompts}
    there = project.prompts.filter(digest__in=list(digests.values())).exclude(pk__in=digests)
    seen = {bytes(digest) for digest in there.values_list("digest", flat=True)}
    for prompt in prompts:
        if digests[prompt.pk] in seen:
            prompt.status = PromptStatus.RETIRED
        seen.add(digests[prompt.pk])
        prompt.words = count_words(prompt.messages)
    PromptSketch.objects.filter(prompt__in=prompts).delete()


def _record(project: Project, user: User, decision: Decision, prompts: list[Prompt]) -> None:
    subject = f"prompt:{prompts[0].uid}" if len(prompts) == 1 else f"project:{project.slug}"
    found = Counter(finding["kind"] for prompt in prompts for finding in prompt.findings)
    record_event(
        actor=user,
        action=f"prompts.held_{_DONE[decision].value}",
        subject=subject,
        prompts=[str(prompt.uid) for prompt in prompts],
        found=dict(found),
    )
