"""Where a lesson comes from."""

from apps.datasets.deciding.lessons import Lesson
from apps.datasets.formats.base import ColumnType, Row
from apps.datasets.formats.material import Material
from apps.datasets.formats.metadata.origin import ITEM, RATERS, RESPONSE, describe_item, describe_raters

LESSON: ColumnType = {
    **ITEM,
    **RATERS,
    "lesson": "string",
    "strength": "float64",
    "agreement": "float64",
    "response": RESPONSE,
}


def describe_lesson(lesson: Lesson, material: Material) -> Row:
    return material.describe(lesson, _describe_lesson)


def _describe_lesson(lesson: Lesson, material: Material) -> Row:
    ballots = [lesson.item.ballots[number] for number in lesson.ballots]
    raters, _ = describe_raters(lesson.item, ballots, material)
    return {
        **describe_item(lesson.item, material),
        **raters,
        "lesson": lesson.source,
        "strength": lesson.strength,
        "agreement": lesson.agreement,
        "response": None if lesson.place is None else material.trace(lesson.item.responses[lesson.place]),
    }
