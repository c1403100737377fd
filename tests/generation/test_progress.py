from datetime import UTC, datetime, timedelta

import pytest

from apps.generation.progress import Progress, measure_progress

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def measure(**changes: object) -> Progress:
    numbers = {"total": 48, "done": 20, "failed": 4, "recent": 12, "started_at": NOW - timedelta(hours=1)}
    return measure_progress(**{**numbers, **changes}, now=NOW)  # type: ignore[arg-type]


def test_rate_and_end_come_from_the_last_minutes() -> None:
    progress = measure()
    assert (progress.ended, progress.waiting) == (24, 24)
    assert progress.rate == pytest.approx(4)
    assert progress.seconds_left == pytest.approx(360)


def test_a_young_run_is_measured_over_its_own_life() -> None:
    assert measure(started_at=NOW - timedelta(minutes=1)).rate == pytest.approx(12)


def test_nothing_recent_gives_no_rate() -> None:
    progress = measure(recent=0)
    assert (progress.rate, progress.seconds_left) == (None, None)


def test_a_clock_that_is_behind_gives_no_rate() -> None:
    assert measure(started_at=NOW + timedelta(seconds=2)).rate is None


def test_failures_count_as_pace() -> None:
    assert measure(done=0, failed=24).seconds_left == pytest.approx(360)


def test_nothing_left_takes_no_time() -> None:
    assert measure(done=44).seconds_left == 0
