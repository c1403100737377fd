"""Round numbers and round times for axes."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import floor, log10

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
TIME_STEPS = (
    5 * MINUTE, 15 * MINUTE, 30 * MINUTE, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR,
    DAY, 2 * DAY, 7 * DAY, 14 * DAY, 28 * DAY, 91 * DAY, 364 * DAY,
)  # fmt: skip
EPOCH = datetime(2001, 1, 1, tzinfo=UTC)  # a Monday, so that steps of weeks fall on Mondays


def round_number(number: float) -> str:
    """12,000 as it is; room is found elsewhere."""
    return f"{number:,.0f}"


def choose_grid(top: int, *, lines: int = 4) -> list[int]:
    """Round values between 0 and `top`, both left out, about `lines` of them and none close to `top`."""
    if top < 3:
        return []
    rough = top / lines
    power = 10 ** floor(log10(rough))
    step = next(int(power * f) for f in (1, 2, 4, 5, 10) if power * f >= rough * 0.9) or 1
    return [value for value in range(step, top, step) if value <= top * 0.88]


def choose_dates(start: datetime, end: datetime, *, most: int) -> Iterator[tuple[datetime, str]]:
    """Round times from `start` to `end` with a label each, at most about `most`."""
    step = next((s for s in TIME_STEPS if (end - start) / s <= most), TIME_STEPS[-1])
    moment = EPOCH + step * -((EPOCH - start) // step)
    while moment <= end:
        yield moment, label_time(moment, step)
        moment += step


def label_time(moment: datetime, step: timedelta) -> str:
    at_midnight = moment.hour == moment.minute == 0
    if step < DAY and not at_midnight:
        return f"{moment:%H:%M}"
    if step > 300 * DAY:
        return f"{moment:%b %Y}"
    return f"{moment.day} {moment:%b}"
