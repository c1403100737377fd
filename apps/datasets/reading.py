"""The one query behind the page, the API and the command."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection, transaction
from django.db.models import FilteredRelation, OuterRef, Q
from django.db.models.functions import JSONObject

from apps.datasets.comparisons import CastVote, Comparison, PromptRecord, ResponseRecord
from apps.datasets.keys import pseudonymise
from apps.projects.models import Project, get_rubric
from apps.quality.consensus import Side, Vote
from apps.rating.models import Item, ItemKind, PairOutcome

CHUNK = 500
PROMPT = ("prompt__id", "prompt__uid", "prompt__messages", "prompt__metadata", "prompt__digest")
RESPONSE = (
    *("id", "uid", "text", "config__name", "model", "revision", "sampling", "system_prompt"),
    *("finish_reason", "tokens_in", "tokens_out", "finished_at"),
)
SIDES = ("first", "second")


@contextmanager
def one_moment() -> Iterator[None]:
    """Let every query inside see the database as it was at the first: counts, splits and rows then agree."""
    nested = connection.in_atomic_block
    with transaction.atomic():
        if not nested:  # PostgreSQL refuses it after the transaction's first query
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


def count_waiting(project: Project) -> int:
    """Ordinary items of two responses that nobody has answered yet."""
    return Item.objects.of_two().filter(project=project, kind=ItemKind.ORDINARY, counted=0).count()


def count_others(project: Project) -> int:
    """Answered items that are no comparison of two responses: nothing is exported of them yet."""
    answered = Item.objects.filter(project=project, kind=ItemKind.ORDINARY, counted__gt=0)
    return answered.count() - answered.of_two().count()


def iterate_comparisons(project: Project) -> Iterator[Comparison]:
    """Every ordinary item of two responses with an answer, those of one prompt together, oldest first.

    Items of more responses are left out, though their rankings say much of every pair in them: a comparison
    has two sides. So are those of one response, and of none.

    Rows come through a server-side cursor, `CHUNK` at a time, so memory stays flat.
    """
    rows = (
        Item.objects.of_two()
        .filter(project=project, kind=ItemKind.ORDINARY, counted__gt=0)
        .alias(
            first=FilteredRelation("slots", condition=Q(slots__position=0)),
            second=FilteredRelation("slots", condition=Q(slots__position=1)),
        )
        .filter(first__isnull=False, second__isnull=False)
        .annotate(votes=ArraySubquery(_votes()))
        .order_by("prompt_id", "id")
        .values_list(
            *("uid", "rubric__version", "overlap", "counted", "votes", *PROMPT),
            *(f"{side}__response__{field}" for side in SIDES for field in RESPONSE),
        )
    )
    for row in rows.iterator(chunk_size=CHUNK):
        yield _build_comparison(project, row)


def _votes() -> Any:
    """An item's counted votes, oldest first, each as JSON."""
    return (
        PairOutcome.objects.filter(item=OuterRef("pk"), annotation__is_counted=True)
        .order_by("annotation_id")
        .values(
            vote=JSONObject(
                better="a_id",
                relation="relation",
                strength="strength",
                steps="steps",
                annotation="annotation__uid",
                answers="annotation__answers",
                rubric="annotation__rubric_id",
                rater="annotation__rater__uid",
                guideline="annotation__guideline__version",
                shown="annotation__lease__shown_order",
                at="annotation__created_at",
            )
        )
    )


def _build_comparison(project: Project, row: tuple[Any, ...]) -> Comparison:
    uid, rubric, overlap, counted, votes, *rest = row
    prompt, first, second = rest[:5], rest[5 : 5 + len(RESPONSE)], rest[5 + len(RESPONSE) :]
    return Comparison(
        item=uid,
        rubric=rubric,
        overlap=overlap,
        counted=counted,
        prompt=PromptRecord(prompt[0], prompt[1], tuple(prompt[2]), prompt[3], bytes(prompt[4])),
        a=_build_response(first),
        b=_build_response(second),
        votes=tuple(_build_vote(project, vote, first_response=first[0]) for vote in votes),
    )


def _build_response(row: Sequence[Any]) -> ResponseRecord:
    _, uid, text, config, model, *rest = row
    return ResponseRecord(uid, text, config or model, model, *rest)


def _build_vote(project: Project, vote: dict[str, Any], *, first_response: int) -> CastVote:
    prefers = vote["relation"] == "prefers"
    side: Side = "a" if vote["better"] == first_response else "b"
    remarks = list(get_rubric(vote["rubric"]).derive_remarks(vote["answers"]))
    return CastVote(
        vote=Vote(vote["relation"], side if prefers else None, vote["strength"], vote["steps"]),
        annotation=vote["annotation"],
        rater=pseudonymise(project, vote["rater"]),
        guideline=vote["guideline"],
        left="a" if vote["shown"][0] == 0 else "b",
        at=datetime.fromisoformat(vote["at"]),
        reasons={remark.response: remark.reasons for remark in remarks if remark.reasons},
        comment="\n\n".join(remark.text for remark in remarks if remark.text),
    )
