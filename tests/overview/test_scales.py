from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.overview.charts.scales import choose_dates, choose_grid

START = datetime(2026, 11, 12, 8, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("top", "grid"),
    [
        (12_000, [4000, 8000]),
        (435, [100, 200, 300]),
        (48, [20, 40]),
        (24, [10, 20]),
        (4, [1, 2, 3]),
        (2, []),
        (0, []),
    ],
)
def test_the_grid_is_round_and_keeps_off_the_top(top: int, grid: list[int]) -> None:
    assert choose_grid(top) == grid


@given(st.integers(0, 10**9))
def test_the_grid_has_few_lines(top: int) -> None:
    grid = choose_grid(top)
    assert len(grid) <= 5
    assert all(0 < line <= top * 0.88 for line in grid)


@pytest.mark.parametrize(
    ("span", "labels"),
    [
        (timedelta(minutes=50), ["08:30", "08:45", "09:00", "09:15"]),
        (timedelta(hours=20), ["12:00", "18:00", "13 Nov"]),
        (timedelta(days=6), ["14 Nov", "16 Nov", "18 Nov"]),
        (timedelta(days=21), ["16 Nov", "23 Nov", "30 Nov"]),
    ],
)
def test_dates_are_round_and_short(span: timedelta, labels: list[str]) -> None:
    assert [label for _, label in choose_dates(START, START + span, most=4)] == labels


@given(st.timedeltas(min_value=timedelta(minutes=5), max_value=timedelta(days=900)), st.integers(4, 12))
def test_dates_lie_within_and_are_few(span: timedelta, most: int) -> None:
    moments = [moment for moment, _ in choose_dates(START, START + span, most=most)]
    assert all(START <= moment <= START + span for moment in moments)
    assert len(moments) <= most + 1
