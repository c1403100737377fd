import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.stats.pace import measure_pace, predict_ending


def test_the_interval_is_students_t() -> None:
    # Mean 40, standard deviation 10 of four windows: 3.182 · 10 / 2 to each side.
    pace = measure_pace([30, 30, 50, 50])
    assert pace is not None
    half = 3.182 * (400 / 3) ** 0.5 / 2
    assert (pace.rate, pace.low, pace.high) == pytest.approx((40, 40 - half, 40 + half))


def test_equal_counts_still_vary_as_chance_does() -> None:
    pace = measure_pace([9, 9, 9])
    assert pace is not None
    assert pace.high - pace.rate == pytest.approx(4.303 * (9 / 3) ** 0.5)


@pytest.mark.parametrize("counts", [[], [12], [0, 0, 0]])
def test_too_little_has_no_pace(counts: list[int]) -> None:
    assert measure_pace(counts) is None


def test_an_ending_lies_between_its_bounds() -> None:
    pace = measure_pace([40, 44, 38, 41, 42, 39, 40])
    assert pace is not None
    ending = predict_ending(pace=pace, remaining=200)
    assert ending.latest is not None
    assert ending.expected == pytest.approx(200 / pace.rate)
    assert ending.earliest < ending.expected < ending.latest


def test_a_pace_that_may_be_none_has_no_latest_end() -> None:
    pace = measure_pace([0, 20])
    assert pace is not None
    assert predict_ending(pace=pace, remaining=5).latest is None


@given(st.lists(st.integers(0, 500), min_size=2, max_size=60).filter(any))
def test_bounds_are_in_order(counts: list[int]) -> None:
    pace = measure_pace(counts)
    assert pace is not None
    assert 0 <= pace.low <= pace.rate <= pace.high
