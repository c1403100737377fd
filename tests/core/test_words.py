from datetime import UTC, datetime, timedelta

import pytest

from apps.core.words import count, describe_day, describe_part, describe_span, percent, spell

NOW = datetime(2026, 11, 22, 14, 0, tzinfo=UTC)  # a Sunday


@pytest.mark.parametrize(("number", "words"), [(0, "no"), (2, "two"), (12, "twelve"), (1300, "1,300")])
def test_small_numbers_are_words(number: int, words: str) -> None:
    assert spell(number) == words


@pytest.mark.parametrize(
    ("number", "words"), [(1, "one prompt"), (2, "two prompts"), (0, "no prompts"), (30, "30 prompts")]
)
def test_counting_inflects(number: int, words: str) -> None:
    assert count(number, "prompt") == words


def test_irregular_plurals_are_given() -> None:
    assert count(3, "person waits", "people wait") == "three people wait"


def test_percent_keeps_its_sign_beside_the_number() -> None:
    assert percent(0.666) == "67\u00a0%"


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "today"),
        (1, "tomorrow"),
        (3, "on Wednesday"),
        (7, "on 29 November"),
        (60, "on 21 January"),
        (400, "on 27 December 2027"),
    ],
)
def test_days_are_named_as_people_say_them(days: int, words: str) -> None:
    assert describe_day(NOW + timedelta(days=days), now=NOW) == words


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (timedelta(seconds=2), "one minute"),
        (timedelta(minutes=38), "38 minutes"),
        (timedelta(hours=5, minutes=10), "five hours"),
        (timedelta(days=9), "nine days"),
        (timedelta(days=70), "ten weeks"),
    ],
)
def test_spans_are_rough(span: timedelta, words: str) -> None:
    assert describe_span(span) == words


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.01, "Just begun"),
        (4 / 24, "A sixth done"),
        (0.2, "A sixth done"),
        (0.34, "A third done"),
        (0.66, "Two thirds done"),
        (0.99, "Almost done"),
    ],
)
def test_parts_are_named(share: float, words: str) -> None:
    assert describe_part(share) == words
