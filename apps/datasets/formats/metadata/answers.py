"""Where one rater's answer comes from."""

import orjson

from apps.datasets.evidence import Ballot, ItemFacts
from apps.datasets.formats.base import ColumnType, Row
from apps.datasets.formats.material import Material
from apps.datasets.formats.metadata.origin import ITEM, RESPONSE, describe_item

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


def describe_answer(item: ItemFacts, ballot: Ballot, material: Material) -> Row:
    return {
        **describe_item(item, material),
        "guideline_version": ballot.guideline,
        "annotation": ballot.annotation,
        "rater": ballot.rater,
        "origin": ballot.origin,
        "answered_at": ballot.at,
        "shown": list(ballot.shown),
        "answers": orjson.dumps(dict(ballot.answers), option=orjson.OPT_SORT_KEYS).decode(),
        "responses": [material.trace(response) for response in item.responses],
    }
