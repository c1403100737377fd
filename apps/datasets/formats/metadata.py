"""Where a row comes from: one nested column. Lists have an entry per rater, in the same order."""

from collections.abc import Iterable
from typing import Any

import orjson

from apps.datasets.deciding.labels import Label
from apps.datasets.deciding.lessons import Lesson
from apps.datasets.deciding.pairs import Pair
from apps.datasets.evidence import Ballot, ItemFacts, PromptFacts
from apps.datasets.formats.material import Material, Remark

Row = dict[str, Any]
ColumnType = Any

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
PAIR: ColumnType = {
    **ITEM,
    **RATERS,
    "votes": ["int64"],
    "answers": ["string"],
    "reasons_chosen": [["string"]],
    "reasons_rejected": [["string"]],
    "n_raters": "int64",
    "decided_by": ["int64"],
    "chosen_on_left": "int64",
    "agreement": "float64",
    "strength": "float64",
    "steps": "int64",
    "group_size": "int64",
    "rank_chosen": "int64",
    "rank_rejected": "int64",
    "pair_weight": "float64",
    "chosen": RESPONSE,
    "rejected": RESPONSE,
}
LESSON: ColumnType = {
    **ITEM,
    **RATERS,
    "lesson": "string",
    "strength": "float64",
    "agreement": "float64",
    "response": RESPONSE,
}
LABEL: ColumnType = {**ITEM, **RATERS, "points": "float64", "response": RESPONSE}
PROMPT: ColumnType = {**CONVERSATION, "items": ["string"], "item_kinds": ["string"]}
ANSWER: ColumnType = {
    **ITEM,
    "guideline_version": "int64",
    "annotation": "string",
    "rater": "string",
    "origin": "string",
    "answered_at": "string",
    "shown": ["int64"],
    "answers": "string",
    "responses": [RESPONSE],
}


def describe_pair(pair: Pair, material: Material) -> Row:
    return material.describe(pair, _describe_pair)


def _describe_pair(pair: Pair, material: Material) -> Row:
    item, answer = pair.item, pair.consensus
    ballots = [item.ballots[number] for number in pair.voters]
    raters, remarks = _describe_raters(item, ballots, material)
    return {
        **_describe_item(item, material),
        **raters,
        "votes": pair.toward_chosen,
        "answers": [vote.relation for vote in pair.votes],
        "reasons_chosen": [list(remark.reasons.get(pair.chosen, ())) for remark in remarks],
        "reasons_rejected": [list(remark.reasons.get(pair.rejected, ())) for remark in remarks],
        "n_raters": len(ballots),
        "decided_by": list(answer.behind),
        "chosen_on_left": count_on_left(pair, ballots),
        "agreement": answer.agreement,
        "strength": answer.strength,
        "steps": answer.steps,
        "group_size": len(item.responses),
        "rank_chosen": pair.ranks[0],
        "rank_rejected": pair.ranks[1],
        "pair_weight": 1 / len(material.harvest.pairs),
        "chosen": material.trace(pair.winner),
        "rejected": material.trace(pair.loser),
    }


def describe_lesson(lesson: Lesson, material: Material) -> Row:
    return material.describe(lesson, _describe_lesson)


def _describe_lesson(lesson: Lesson, material: Material) -> Row:
    ballots = [lesson.item.ballots[number] for number in lesson.ballots]
    raters, _ = _describe_raters(lesson.item, ballots, material)
    return {
        **_describe_item(lesson.item, material),
        **raters,
        "lesson": lesson.source,
        "strength": lesson.strength,
        "agreement": lesson.agreement,
        "response": None if lesson.place is None else material.trace(lesson.item.responses[lesson.place]),
    }


def describe_label(label: Label, material: Material) -> Row:
    return material.describe(label, _describe_label)


def _describe_label(label: Label, material: Material) -> Row:
    ballots = [label.item.ballots[number] for number in label.ballots]
    raters, _ = _describe_raters(label.item, ballots, material)
    return {
        **_describe_item(label.item, material),
        **raters,
        "points": label.points,
        "response": material.trace(label.item.responses[label.place]),
    }


def describe_prompt(material: Material) -> Row:
    prompt, items = material.harvest.prompt, material.harvest.items
    return {
        **_describe_conversation(prompt, material.source),
        "items": [item.uid for item in items],
        "item_kinds": [item.kind for item in items],
    }


def describe_answer(item: ItemFacts, ballot: Ballot, material: Material) -> Row:
    return {
        **_describe_item(item, material),
        "guideline_version": ballot.guideline,
        "annotation": ballot.annotation,
        "rater": ballot.rater,
        "origin": ballot.origin,
        "answered_at": ballot.at,
        "shown": list(ballot.shown),
        "answers": orjson.dumps(dict(ballot.answers), option=orjson.OPT_SORT_KEYS).decode(),
        "responses": [material.trace(response) for response in item.responses],
    }


def count_on_left(pair: Pair, ballots: Iterable[Ballot]) -> int:
    """How many of the raters saw the chosen response left of the rejected one."""
    count = 0
    for ballot in ballots:
        if shown := ballot.shown:
            count += shown.index(pair.chosen) < shown.index(pair.rejected)
    return count


def _describe_item(item: ItemFacts, material: Material) -> Row:
    return {
        "item": item.uid,
        "item_kind": item.kind,
        **_describe_conversation(material.harvest.prompt, material.source),
        "rubric_version": item.rubric,
    }


def _describe_conversation(prompt: PromptFacts, source: str) -> Row:
    return {
        "prompt": prompt.uid,
        "cluster": prompt.cluster,
        "category": prompt.category,
        "language": prompt.language or None,
        "source": source,
    }


def _describe_raters(
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
