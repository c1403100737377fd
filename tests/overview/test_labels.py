"""Words in pictures stand free."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.overview.charts.labels import Box, Text, measure_box, place_text
from apps.overview.charts.timeline import draw_timeline
from apps.overview.charts.timeline_shapes import NARROW, WIDE, Frame, History

START = datetime(2026, 11, 2, 8, tzinfo=UTC)
STEP = timedelta(minutes=5)
PAGE = Box(0, 0, 400, 200)


@pytest.mark.parametrize(
    ("start", "end", "crossed"),
    [
        ((0, 0), (100, 100), True),
        ((0, 50), (100, 50), True),
        ((50, 0), (50, 39), False),
        ((0, 0), (30, 100), False),
        ((45, 45), (46, 46), True),  # inside
        ((0, 70), (100, 61), False),
        ((60, 0), (60, 100), True),  # along an edge
    ],
)
def test_a_line_crosses_a_box(start: tuple[float, float], end: tuple[float, float], crossed: bool) -> None:
    assert Box(40, 40, 60, 60).is_crossed(start, end) is crossed
    assert Box(40, 40, 60, 60).is_crossed(end, start) is crossed


def test_words_take_the_first_place_that_is_free() -> None:
    there, line, other, free = (Text(x, 100, "nine") for x in (390, 10, 100, 200))
    lines = [[(0, 90), (30, 110)]]
    taken = [Box(90, 90, 120, 120)]
    assert place_text([there, line, other, free], within=PAGE, lines=lines, taken=taken) == free
    assert place_text([there, line], within=PAGE, lines=lines, taken=taken) == line


def test_sides_are_measured() -> None:
    assert measure_box(Text(100, 50, "ab", "e")).right == measure_box(Text(100, 50, "ab")).left == 100
    middle = measure_box(Text(100, 50, "ab", "m"))
    assert 100 - middle.left == middle.right - 100


def draw(counts: list[int], target: int, frame: Frame) -> tuple[Text, list[tuple[float, float]]]:
    now = START + len(counts) * STEP
    history = History(start=START, step=STEP, counts=tuple(counts), now=now)
    drawn = draw_timeline(history=history, target=target, frame=frame)
    points = [tuple(map(float, point.split(","))) for point in drawn.total.split()]
    return drawn.now_label, points  # type: ignore[return-value]


@pytest.mark.parametrize("frame", [WIDE, NARROW])
@settings(deadline=None)
@given(counts=st.lists(st.integers(0, 9), min_size=3, max_size=40).filter(any), rest=st.integers(0, 40))
def test_what_is_there_so_far_stands_off_the_line(frame: Frame, counts: list[int], rest: int) -> None:
    label, points = draw(counts, sum(counts) + rest, frame)
    box = measure_box(label)
    assert not any(box.is_crossed(*pair) for pair in pairwise(points))
    assert not box.is_crossed((frame.left, frame.top), (frame.right, frame.top))


def test_the_end_of_a_steep_line_near_its_target() -> None:
    label, _ = draw([1, 8, 0], 10, NARROW)
    assert label.text == "9 so far"


def test_hours_say_whose_they_are_and_days_do_not() -> None:
    history = History(start=START, step=STEP, counts=(1, 2, 3), now=START + 3 * STEP)
    dates = [date.text for date in draw_timeline(history=history, target=9, frame=WIDE).dates]
    assert dates[-1].endswith(" UTC")
    assert not any("UTC" in date for date in dates[:-1])
    days = History(start=START, step=timedelta(days=1), counts=(1,) * 9, now=START + timedelta(days=9))
    drawn = draw_timeline(history=days, target=10, frame=WIDE)
    assert not any("UTC" in date.text for date in drawn.dates)
