from datetime import UTC, datetime, timedelta, timezone

from apps.core.templatetags.touchstone import moment


def test_a_time_is_written_in_utc_for_who_has_no_script() -> None:
    at = datetime(2026, 3, 1, 23, 5, tzinfo=timezone(timedelta(hours=-2)))
    written = '<time datetime="2026-03-02T01:05:00+00:00" data-local="whole">2 Mar 2026, 01:05 UTC</time>'
    assert moment(at) == moment(at.astimezone(UTC)) == written
