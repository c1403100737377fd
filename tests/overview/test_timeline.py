from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.overview.charts.timeline import draw_timeline
from apps.overview.charts.timeline_shapes import NARROW, WIDE, Cone, Frame, History

DAY = timedelta(days=1)
START = datetime(2026, 11, 2, tzinfo=UTC)
NOW = START + 5 * DAY


def _history(*counts: int, now: datetime = NOW) -> History:
    return History(start=START, step=DAY, counts=counts, now=now)


def _cone(expected: float, earliest: float, latest: float | None) -> Cone:
    end = None if latest is None else NOW + latest * DAY
    return Cone(expected=NOW + expected * DAY, earliest=NOW + earliest * DAY, latest=end, label="10 Nov")


def test_the_line_climbs_from_nothing_to_what_is_there() -> None:
    drawn = draw_timeline(history=_history(10, 0, 20, 10, 10), target=100, frame=WIDE)
    points = [tuple(map(float, point.split(","))) for point in drawn.total.split()]
    assert points[0] == (WIDE.left, WIDE.bottom)
    assert points[-1] == drawn.now == (WIDE.right, pytest.approx((WIDE.top + WIDE.bottom) / 2, abs=0.1))
    assert points[1][1] == points[2][1]  # a day without work is flat
    assert drawn.now_label.text == "50 so far"


@pytest.mark.parametrize("frame", [WIDE, NARROW])
def test_what_has_just_begun_is_told_within_the_picture(frame: Frame) -> None:
    drawn = draw_timeline(history=_history(2, now=START + DAY / 20), target=9909, frame=frame)
    label = drawn.now_label
    assert label.side == ""
    assert label.x > frame.left
    assert label.y < frame.bottom


def test_bars_are_as_high_as_the_busiest_and_say_which_count() -> None:
    drawn = draw_timeline(history=_history(10, 0, 20, 10, 5), target=100, frame=WIDE, recent=2 * DAY)
    room = WIDE.strip_bottom - WIDE.strip_top
    assert [bar.height / room for bar in drawn.bars] == [0.5, 0, 1, 0.5, 0.25]
    assert [bar.recent for bar in drawn.bars] == [False, False, False, True, True]
    assert drawn.peak == 20


def test_a_forecast_ends_on_the_target_between_its_bounds() -> None:
    drawn = draw_timeline(history=_history(10, 10, 10, 10, 10), target=100, frame=WIDE, cone=_cone(5, 4, 6))
    assert drawn.forecast is not None
    assert drawn.forecast.end is not None
    (low, high), (x, y) = drawn.forecast.end, drawn.forecast.line[1]
    assert drawn.now[0] < low < x < high < WIDE.right
    assert y == WIDE.top
    assert drawn.forecast.label is not None
    assert drawn.forecast.label.text == "10 Nov"


def test_a_slow_bound_that_never_ends_is_a_flat_line_to_the_edge() -> None:
    drawn = draw_timeline(history=_history(5, 5, 5, 5, 5), target=100, frame=WIDE, cone=_cone(5, 3, None))
    assert drawn.forecast is not None
    assert drawn.forecast.cone.split()[-1] == f"{float(WIDE.right)},{drawn.now[1]}"


def test_a_far_end_leaves_the_picture_at_its_side() -> None:
    cone = _cone(100, 80, 130)
    drawn = draw_timeline(history=_history(5, 5, 5, 5, 5), target=600, frame=WIDE, cone=cone)
    assert drawn.forecast is not None
    assert (drawn.forecast.end, drawn.forecast.label) == (None, None)
    x, y = drawn.forecast.line[1]
    assert x == WIDE.right
    assert WIDE.top < y < drawn.now[1]


@pytest.mark.parametrize("frame", [WIDE, NARROW])
@given(
    counts=st.lists(st.integers(0, 900), min_size=1, max_size=80).filter(any),
    rest=st.integers(1, 5000),
    ends=st.lists(st.floats(0.01, 700), min_size=3, max_size=3, unique=True).map(sorted),
    endless=st.booleans(),
)
def test_everything_stays_in_its_frame(
    frame: Frame, counts: list[int], rest: int, ends: list[float], endless: bool
) -> None:
    now = START + len(counts) * DAY - timedelta(hours=1)
    early, middle, late = (now + end * DAY for end in ends)
    drawn = draw_timeline(
        history=_history(*counts, now=now),
        target=sum(counts) + rest,
        frame=frame,
        cone=Cone(expected=middle, earliest=early, latest=None if endless else late, label="10 Nov"),
        rate="31 a day",
    )
    assert drawn.forecast is not None
    texts = " ".join((drawn.total, drawn.forecast.cone))
    points = [tuple(map(float, point.split(","))) for point in texts.split()]
    points += [*drawn.forecast.line, *((bar.x + bar.width, bar.y) for bar in drawn.bars)]
    assert all(frame.left <= x <= frame.right + 0.1 for x, _ in points)
    assert all(frame.top <= y <= frame.strip_bottom for _, y in points)
