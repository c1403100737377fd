"""Where a row comes from: one nested column, the same in every format built on comparisons."""

import json
from datetime import datetime

from apps.datasets.comparisons import CastVote, ResponseRecord
from apps.datasets.decisions import Decided
from apps.datasets.formats.base import ColumnType, Row

RESPONSE: ColumnType = {
    "uid": "string",
    "name": "string",
    "model": "string",
    "revision": "string",
    "sampling": "string",
    "system_prompt": "string",
    "finish_reason": "string",
    "tokens_in": "int64",
    "tokens_out": "int64",
    "length": "int64",
    "generated_at": "string",
}
METADATA: ColumnType = {
    "item": "string",
    "prompt": "string",
    "category": "string",
    "source": "string",
    "rubric_version": "int64",
    "guideline_versions": ["int64"],
    "annotations": ["string"],
    "raters": ["string"],
    "votes": ["int64"],
    "answers": ["string"],
    "reasons_chosen": [["string"]],
    "reasons_rejected": [["string"]],
    "comments": ["string"],
    "answered_at": ["string"],
    "n_raters": "int64",
    "chosen_on_left": "int64",
    "agreement": "float64",
    "strength": "float64",
    "steps": "int64",
    "chosen": RESPONSE,
    "rejected": RESPONSE,
}


def describe_origin(decided: Decided) -> Row:
    """The metadata of a row. Lists have one entry per rater, in the same order."""
    comparison, consensus = decided.comparison, decided.consensus
    prompt, votes = comparison.prompt, comparison.votes
    return {
        "item": str(comparison.item),
        "prompt": str(prompt.uid),
        "category": prompt.category,
        "source": _to_json(prompt.metadata),
        "rubric_version": comparison.rubric,
        "guideline_versions": [cast.guideline for cast in votes],
        "annotations": [cast.annotation for cast in votes],
        "raters": [cast.rater for cast in votes],
        "votes": decided.toward_chosen,
        "answers": [cast.vote.relation for cast in votes],
        "reasons_chosen": [_list_reasons(cast, decided.chosen) for cast in votes],
        "reasons_rejected": [_list_reasons(cast, decided.rejected) for cast in votes],
        "comments": [cast.comment for cast in votes],
        "answered_at": [_to_text(cast.at) for cast in votes],
        "n_raters": consensus.n_votes,
        "chosen_on_left": decided.chosen_on_left,
        "agreement": consensus.agreement,
        "strength": consensus.strength,
        "steps": consensus.steps,
        "chosen": _describe_response(decided.chosen),
        "rejected": _describe_response(decided.rejected),
    }


def _list_reasons(cast: CastVote, response: ResponseRecord) -> list[str]:
    return list(cast.reasons.get(str(response.uid), ()))


def _describe_response(response: ResponseRecord) -> Row:
    return {
        "uid": str(response.uid),
        "name": response.name,
        "model": response.model,
        "revision": response.revision,
        "sampling": _to_json(response.sampling),
        "system_prompt": response.system_prompt,
        "finish_reason": response.finish_reason,
        "tokens_in": response.tokens_in,
        "tokens_out": response.tokens_out,
        "length": len(response.text),
        "generated_at": _to_text(response.finished_at) if response.finished_at else None,
    }


def _to_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)


def _to_text(moment: datetime) -> str:
    """ISO 8601 with microseconds, always: without them JSON loaders take a column of times for
    timestamps, and give it back without its zone."""
    return moment.isoformat(timespec="microseconds")
