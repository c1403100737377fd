from datetime import timedelta

import pytest

from apps.projects.templatetags.wording import clock


@pytest.mark.parametrize(
    ("seconds", "words"), [(0.2, "under 1 s"), (0.6, "0:01"), (65, "1:05"), (3600, "60:00")]
)
def test_times_each_are_minutes_and_seconds_and_never_nothing(seconds: float, words: str) -> None:
    assert clock(timedelta(seconds=seconds)) == words
