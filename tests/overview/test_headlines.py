from datetime import UTC, datetime, timedelta
from typing import Any

from apps.overview.headlines import describe_progress
from apps.overview.progress import Progress, Tempo, Watch
from apps.stats.pace import Ending, Pace

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)  # a Sunday
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
WEEK = Watch(DAY, 7, DAY, "day", "this week’s")
LAST_HOUR = Watch(10 * timedelta(minutes=1), 6, HOUR, "hour", "the last hour’s")


def _progress(done: int, wanted: int, **known: Any) -> Progress:
    blank: dict[str, Any] = {"last_at": NOW, "history": None, "tempo": None, "ending": None}
    return Progress(items=wanted, done=done, wanted=wanted, now=NOW, **{**blank, **known})


def test_a_forecast_says_when_and_how_surely() -> None:
    tempo, ending = Tempo(WEEK, Pace(41, 30, 52)), Ending(expected=4, earliest=3, latest=5)
    finding = describe_progress(_progress(312, 480, tempo=tempo, ending=ending))
    assert finding.lead == "Two thirds done; the last annotation comes on Thursday"
    assert finding.measured == "312 of 480 annotations. At this week’s 41 a day the last one comes "
    assert (finding.when, finding.after) == ("on Thursday", ", give or take one day.")


def test_a_near_end_is_a_span() -> None:
    tempo, ending = Tempo(LAST_HOUR, Pace(4, 2, 6)), Ending(expected=4, earliest=3, latest=6)
    finding = describe_progress(_progress(10, 24, tempo=tempo, ending=ending))
    assert finding.lead == "Two fifths done; the last annotation comes in about 40 minutes"
    assert "At the last hour’s 24 an hour" in finding.measured
    assert finding.after == ", give or take 15 minutes."


def test_an_endless_bound_is_admitted() -> None:
    tempo, ending = Tempo(WEEK, Pace(2.5, 0, 6)), Ending(expected=4, earliest=3, latest=None)
    finding = describe_progress(_progress(10, 20, tempo=tempo, ending=ending))
    assert "2.5 a day" in finding.measured
    assert finding.after == "; the pace varies too much to say how surely."


def test_without_a_pace_there_is_no_date() -> None:
    finding = describe_progress(_progress(5, 480))
    assert finding.lead == "Just begun; too early to say when the last comes"
    assert finding.when == ""


def test_silence_is_named() -> None:
    finding = describe_progress(_progress(5, 480, last_at=NOW - 4 * DAY))
    assert finding.lead == "No annotation for four days"


def test_the_start_and_the_end_are_named() -> None:
    assert describe_progress(_progress(0, 24)).lead == "24 items wait for a first annotation"
    finished = describe_progress(_progress(24, 24))
    assert (finished.lead, finished.measured) == ("All 24 annotations are in", "24 items are complete.")


def test_a_closed_project_says_what_it_has() -> None:
    finding = describe_progress(_progress(5, 480), is_closed=True)
    assert finding.lead == "Closed with 5 of 480 annotations"
