"""Which points are read: those on one scale, since a 3 of 7 is no 3 of 4. Pure."""

from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from apps.projects.questions.scale import ScaleQuestion
from apps.projects.rubrics import RubricDocument

Rubrics = Mapping[int, RubricDocument]


class Scales(NamedTuple):
    """By rubric version the question whose points are read; a version without one is not in it."""

    labels: Mapping[int, str]
    lessons: Mapping[int, str]


def find_scales(rubrics: Rubrics, question: str, read: Collection[int] = ()) -> dict[int, str]:
    """The scale of responses that is named, else the first there is, wherever it has the same points.

    Limits in points are meant for the newest version that is read: what was said on a scale with other
    points, before the question was changed, is not held against them.

    Args:
        read: versions whose answers are read; empty: all.
    """
    asked = dict(_list_scales(rubrics, question, read))
    points = find_points(rubrics, question, read)
    return {version: scale.key for version, scale in asked.items() if scale.points == points}


def find_points(rubrics: Rubrics, question: str, read: Collection[int] = ()) -> range | None:
    """From the lowest point to the highest, where such a scale is asked."""
    asked = dict(_list_scales(rubrics, question, read))
    return asked[max(asked)].points if asked else None


def find_limits(rubrics: Rubrics, question: str, read: Collection[int] = ()) -> dict[str, float]:
    """From where a response is good, and up to where bad, if nobody says: half a point off the middle.

    Nothing where no such scale is asked.
    """
    points = find_points(rubrics, question, read)
    if points is None:
        return {}
    middle = (points[0] + points[-1]) / 2
    return {"good_from": middle + 0.5, "bad_to": middle - 0.5}


def list_keys(rubrics: Rubrics) -> list[str]:
    """Of all scales that responses get points on."""
    asked = (question for rubric in rubrics.values() for question in rubric.questions)
    scales = (one for one in asked if isinstance(one, ScaleQuestion) and one.about == "response")
    return list(dict.fromkeys(scale.key for scale in scales))


def list_unread(rubrics: Rubrics, question: str, read: Collection[int] = ()) -> list[int]:
    """Versions that ask for points which are not read."""
    asked = dict(_list_scales(rubrics, question, read))
    return sorted(asked.keys() - find_scales(rubrics, question, read).keys())


def _list_scales(
    rubrics: Rubrics, question: str, read: Collection[int]
) -> Iterator[tuple[int, ScaleQuestion]]:
    for version, rubric in rubrics.items():
        scales = (q for q in rubric.questions if isinstance(q, ScaleQuestion) and q.about == "response")
        found = next((scale for scale in scales if question in ("", scale.key)), None)
        if found is not None and (not read or version in read):
            yield version, found
