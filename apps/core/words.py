"""Numbers and times as a sentence says them."""

from datetime import datetime, timedelta

SMALL = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
# Each holds for what is nearer to it than to its neighbours.
PARTS = (
    (0.05, "Just begun"),
    (0.133, "A tenth done"),
    (0.208, "A sixth done"),
    (0.292, "A quarter done"),
    (0.367, "A third done"),
    (0.45, "Two fifths done"),
    (0.55, "Half done"),
    (0.633, "Three fifths done"),
    (0.708, "Two thirds done"),
    (0.792, "Three quarters done"),
    (0.867, "Five sixths done"),
    (0.95, "Nine tenths done"),
)


def spell(number: int) -> str:
    """Up to twelve as a word, above that with commas: twelve, 13, 1,300."""
    return SMALL[number] if 0 <= number < len(SMALL) else f"{number:,}"


def count(number: int, one: str, many: str = "") -> str:
    """`count(2, "prompt")` is “two prompts”."""
    return f"{spell(number)} {one if number == 1 else many or one + 's'}"


def percent(share: float) -> str:
    """0.6234 as 62 %, with the space that keeps number and sign together."""
    return f"{100 * share:.0f}\u00a0%"


def start_sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def describe_part(share: float) -> str:
    """How far, in words that nobody has to compute from."""
    return next((words for below, words in PARTS if share < below), "Almost done")


def describe_day(day: datetime, *, now: datetime) -> str:
    """With its preposition: today, tomorrow, on Tuesday, on 2 December, on 2 December 2031."""
    days = (day.date() - now.date()).days
    if days in {0, 1}:
        return ("today", "tomorrow")[days]
    if 1 < days < 7:
        return f"on {day:%A}"
    year = f" {day.year}" if day.year != now.year and days > 180 else ""
    return f"on {day.day} {day:%B}{year}"


def describe_span(span: timedelta) -> str:
    """Roughly, for a forecast: 5 minutes, 3 hours, 9 days, 7 weeks."""
    minutes = span.total_seconds() / 60
    if minutes < 90:
        return count(max(1, round(minutes)), "minute")
    if minutes < 22 * 60:
        return count(round(minutes / 60), "hour")
    if minutes < 60 * 24 * 60:
        return count(round(minutes / 60 / 24), "day")
    return count(round(minutes / 60 / 24 / 7), "week")
