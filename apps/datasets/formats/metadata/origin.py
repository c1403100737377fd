"""What rows of several kinds say of where they come from: conversation, item, raters, responses."""

from collections.abc import Iterable

from apps.datasets.evidence import Ballot, ItemFacts, PromptFacts
from apps.datasets.formats.base import ColumnType, Row
from apps.datasets.formats.material import Material, Remark

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
CONVERSATION: dict[str, ColumnType] = {
    "prompt": "string",
    "cluster": "string",
    "category": "string",
    "language": "string",
    "source": "string",
}
ITEM: dict[str, ColumnType] = {
    "item": "string",
    "item_kind": "string",
    **CONVERSATION,
    "rubric_version": "int64",
}
RATERS: dict[str, ColumnType] = {
    "guideline_versions": ["int64"],
    "annotations": ["string"],
    "raters": ["string"],
    "origins": ["string"],
    "answered_at": ["string"],
    "comments": ["string"],
}


def describe_item(item: ItemFacts, material: Material) -> Row:
    return {
        "item": item.uid,
        "item_kind": item.kind,
        **describe_conversation(material.harvest.prompt, material.source),
        "rubric_version": item.rubric,
    }


def describe_conversation(prompt: PromptFacts, source: str) -> Row:
    return {
        "prompt": prompt.uid,
        "cluster": prompt.cluster,
        "category": prompt.category,
        "language": prompt.language or None,
        "source": source,
    }


def describe_raters(
    item: ItemFacts, ballots: Iterable[Ballot], material: Material
) -> tuple[Row, list[Remark]]:
    """Whoever cast these ballots, and their remarks. One loop, since every row comes by here."""
    versions, annotations, raters, origins, times, comments = [], [], [], [], [], []
    remarks = []
    for ballot in ballots:
        remark = material.read_remark(item, ballot)
        versions.append(ballot.guideline)
        annotations.append(ballot.annotation)
        raters.append(ballot.rater)
        origins.append(ballot.origin)
        times.append(ballot.at)
        comments.append(remark.comment)
        remarks.append(remark)
    return {
        "guideline_versions": versions,
        "annotations": annotations,
        "raters": raters,
        "origins": origins,
        "answered_at": times,
        "comments": comments,
    }, remarks
