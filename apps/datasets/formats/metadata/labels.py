"""Where a label comes from."""

from apps.datasets.deciding.labels import Label
from apps.datasets.formats.base import ColumnType, Row
from apps.datasets.formats.material import Material
from apps.datasets.formats.metadata.origin import ITEM, RATERS, RESPONSE, describe_item, describe_raters

LABEL: ColumnType = {**ITEM, **RATERS, "points": "float64", "response": RESPONSE}


def describe_label(label: Label, material: Material) -> Row:
    return material.describe(label, _describe_label)


def _describe_label(label: Label, material: Material) -> Row:
    ballots = [label.item.ballots[number] for number in label.ballots]
    raters, _ = describe_raters(label.item, ballots, material)
    return {
        **describe_item(label.item, material),
        **raters,
        "points": label.points,
        "response": material.trace(label.item.responses[label.place]),
    }
