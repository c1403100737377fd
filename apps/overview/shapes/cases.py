"""What such files hold, whatever their shape: prompts, each with its responses and with verdicts on them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import md5
from typing import NamedTuple

from django.db.models.functions import MD5
from django.utils import timezone

from apps.generation.models import Response, ResponseStatus
from apps.prompts.digest import digest_messages
from apps.prompts.imports.options import ImportOptions
from apps.prompts.imports.prompt_shape import note_findings
from apps.prompts.insertion import add_prompts, find_prompts, key_by_digest
from apps.prompts.models import PromptImport, PromptStatus
from apps.prompts.parsing import Conversation
from apps.prompts.report import note_metadata
from apps.rating.foreign import Judgement, keep_judgements

IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class Reply:
    """A response. Without a text it is known by its model's name only."""

    model: str
    text: str = ""
    finish_reason: str = IMPORTED


@dataclass(frozen=True, slots=True)
class Verdict:
    """`places` are of the case's replies, by index: 1 for the best; None for those that got no place."""

    annotator: str
    foreign_id: str
    places: Sequence[int | None]
    is_machine: bool = False
    said: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """`is_for_models` is false of what no model should answer: its own text is not all there."""

    conversation: Conversation
    replies: Sequence[Reply] = ()
    verdicts: Sequence[Verdict] = ()
    is_for_models: bool = True


class _Key(NamedTuple):
    """By which the response of an import is found again."""

    prompt: int
    model: str
    digest: str


def store_cases(report: PromptImport, cases: Sequence[Case], options: ImportOptions) -> None:
    """Store a part of an import, and count in `report`. The same cases again add nothing."""
    prompts = _store_prompts(report, cases, options)
    pairs = [(_find(prompts, case), reply) for case in cases for reply in case.replies]
    _count_replies(report, len(pairs), store_replies(pairs))
    if not any(case.verdicts for case in cases):
        return
    judgements = _make_judgements(cases, prompts)
    kept = keep_judgements(project=report.project, source=report, judgements=judgements)
    report.annotations_added = (report.annotations_added or 0) + kept.added
    report.annotations_known = (report.annotations_known or 0) + kept.known
    report.unfit += kept.unfit


def store_replies(replies: Iterable[tuple[int, Reply]]) -> int:
    """Add to their prompts, by row, those that are not there yet; returns how many that were.

    The constraint `response_imported_once` keeps the others out.
    """
    now = timezone.now()
    responses = [
        Response(
            prompt_id=prompt,
            status=ResponseStatus.DONE if reply.text else ResponseStatus.NO_TEXT,
            text=reply.text,
            model=reply.model,
            finish_reason=reply.finish_reason,
            finished_at=now,
        )
        for prompt, reply in replies
    ]
    Response.objects.bulk_create(responses, ignore_conflicts=True)
    # A uid is there only if its row went in.
    return Response.objects.filter(uid__in=[response.uid for response in responses]).count()


def _store_prompts(
    report: PromptImport, cases: Sequence[Case], options: ImportOptions
) -> Mapping[bytes, int]:
    """The rows of all of their prompts, by digest."""
    different = key_by_digest(case.conversation for case in cases)
    aside = {digest_messages(case.conversation.messages) for case in cases if not case.is_for_models}
    project, added = report.project, set[bytes]()
    for status, wanted in ((options.arrives_as, different.keys() - aside), (PromptStatus.RETIRED, aside)):
        chosen = {digest: told for digest, told in different.items() if digest in wanted}
        added |= add_prompts(project=project, conversations=chosen, source=report, status=status)
    fresh = [different[digest] for digest in added]
    note_findings(report, fresh)
    note_metadata(report, fresh)
    report.added += len(added)
    report.known += len(different) - len(added)
    return find_prompts(project=project, digests=different)


def _count_replies(report: PromptImport, replies: int, added: int) -> None:
    report.responses_added = (report.responses_added or 0) + added
    report.responses_known = (report.responses_known or 0) + replies - added


def _make_judgements(cases: Sequence[Case], prompts: Mapping[bytes, int]) -> list[Judgement]:
    judged = [(case, _find(prompts, case)) for case in cases if case.verdicts]
    rows = _find_replies({prompt for _, prompt in judged})
    judgements = []
    for case, prompt in judged:
        replies = [rows[_name(prompt, reply)] for reply in case.replies]
        for verdict in case.verdicts:
            placed = zip(replies, verdict.places, strict=True)
            places = {row: place for row, place in placed if place is not None}
            judgements.append(
                Judgement(verdict.annotator, verdict.foreign_id, places, verdict.is_machine, verdict.said)
            )
    return judgements


def _find_replies(prompts: set[int]) -> dict[_Key, int]:
    found = Response.objects.filter(run=None, prompt__in=prompts).annotate(digest=MD5("text")).order_by("-pk")
    return {_Key(*key): pk for pk, *key in found.values_list("pk", "prompt", "model", "digest")}


def _name(prompt: int, reply: Reply) -> _Key:
    return _Key(prompt, reply.model, md5(reply.text.encode(), usedforsecurity=False).hexdigest())


def _find(prompts: Mapping[bytes, int], case: Case) -> int:
    return prompts[digest_messages(case.conversation.messages)]
