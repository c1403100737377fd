"""Annotations over time: the running total towards its target, a forecast cone, and the rates below."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import accumulate

from apps.overview.charts.labels import Box, Point, Text, measure_box, place_text
from apps.overview.charts.scales import choose_dates, choose_grid, round_number
from apps.overview.charts.timeline_shapes import Bar, Cone, Forecast, Frame, History, Scale, Timeline


def draw_timeline(
    *,
    history: History,
    target: int,
    frame: Frame,
    cone: Cone | None = None,
    recent: timedelta | None = None,
    rate: str = "",
) -> Timeline:
    """Lay the picture out.

    Args:
        target: the annotations wanted; at least 1.
        recent: how far back the bars count towards the pace.
        rate: the pace in words, written beside the bars.
    """
    scale = Scale(frame, history.start, _choose_end(history, cone), target)
    totals = list(accumulate(history.counts))
    moments = [min(history.start + history.step * (n + 1), history.now) for n in range(len(totals))]
    points = [
        (scale.x(history.start), scale.y(0)),
        *zip(map(scale.x, moments), map(scale.y, totals), strict=True),
    ]
    now = points[-1]
    forecast = _draw_forecast(scale, now, history, cone) if cone else None
    return Timeline(
        frame=frame,
        grid=[Text(frame.left - 8, scale.y(n), round_number(n), "e") for n in choose_grid(target)],
        target=Text(frame.left - 8, frame.top, round_number(target), "e"),
        total=" ".join(f"{x},{y}" for x, y in points),
        now=now,
        now_label=_label_now(points, frame, f"{round_number(totals[-1])} so far", forecast),
        bars=_draw_bars(history, scale, recent),
        peak=max(history.counts),
        rate_label=_label_rate(now, frame, rate),
        dates=_label_dates(scale),
        forecast=forecast,
    )


def _choose_end(history: History, cone: Cone | None) -> datetime:
    """As far as the slow bound of the forecast, but never so far that the past becomes a sliver."""
    span = max(history.now - history.start, history.step)
    if cone is None:
        return history.start + span
    reach = (cone.latest or cone.expected + (cone.expected - cone.earliest)) - history.now
    return history.now + min(reach * 1.06, span * 2)


def _draw_bars(history: History, scale: Scale, recent: timedelta | None) -> list[Bar]:
    frame, peak = scale.frame, max(history.counts) or 1
    bars = []
    for number, count in enumerate(history.counts):
        start = history.start + history.step * number
        left, right = scale.x(start), scale.x(min(start + history.step, scale.end))
        height = round(count / peak * (frame.strip_bottom - frame.strip_top), 1)
        is_recent = recent is not None and start + history.step > history.now - recent
        gap = min(3.0, (right - left) * 0.25)
        width = round(max(0.5, right - left - gap), 1)
        bars.append(Bar(round(left + gap / 2, 1), frame.strip_bottom - height, width, height, is_recent))
    return bars


def _draw_forecast(scale: Scale, now: Point, history: History, cone: Cone) -> Forecast:
    frame = scale.frame
    fast, middle = _meet(scale, now, cone.earliest), _meet(scale, now, cone.expected)
    # A pace of nothing is a flat line: that is how slow it may get.
    slow = _meet(scale, now, cone.latest) if cone.latest else (float(frame.right), now[1])
    corner = [(float(frame.right), float(frame.top))] if slow[1] > frame.top and fast[1] <= frame.top else []
    outline: Sequence[Point] = [now, fast, *corner, slow]
    reached = middle[1] <= frame.top
    return Forecast(
        cone=" ".join(f"{x},{y}" for x, y in outline),
        line=(now, middle),
        end=(fast[0], slow[0] if slow[1] <= frame.top else float(frame.right)) if reached else None,
        label=_label_end(frame, middle[0], cone.label) if reached else None,
    )


def _meet(scale: Scale, now: Point, moment: datetime) -> Point:
    """Where a straight line to the target at `moment` leaves the picture: at the target or at its edge."""
    top, right = float(scale.frame.top), float(scale.frame.right)
    x = scale.x(moment)
    if x <= right:
        return x, top
    return right, round(now[1] + (top - now[1]) * (right - now[0]) / (x - now[0]), 1)


def _label_end(frame: Frame, x: float, text: str) -> Text:
    half = 3.4 * len(text)
    return Text(min(x, frame.right - half + (60 if frame.roomy else 6)), frame.top - 9, text, "m")


def _label_now(points: Sequence[Point], frame: Frame, words: str, forecast: Forecast | None) -> Text:
    """Left of the dot and above the line; else right of it, below it, above the target, or right above."""
    x, y = points[-1]
    lines: list[Sequence[Point]] = [points, ((frame.left, frame.top), (frame.right, frame.top))]
    taken = [] if frame.roomy else [measure_box(Text(frame.left, frame.top - 8, "wanted"))]
    if forecast:
        lines.append(forecast.line)
        taken += [measure_box(forecast.label)] if forecast.label else []
    beside = [Text(x - 10, y - 8, words, "e"), Text(x + 10, y + 18, words), Text(x - 8, y + 18, words, "e")]
    rest = [Text(x, frame.top - 9, words, "e"), Text(x + 10, y - 8, words)]
    below = [Text(x, y + drop, words, "e") for drop in (34, 50, 66)]
    return place_text(
        [*beside, *rest, *below],
        within=Box(frame.left, 0, frame.width, frame.bottom),
        lines=lines,
        taken=taken,
    )


def _label_rate(now: Point, frame: Frame, rate: str) -> Text | None:
    x = now[0] + 14
    fits = x + 6.6 * len(rate) <= frame.width
    return Text(x, frame.strip_bottom - 18, rate) if rate and fits else None


def _label_dates(scale: Scale) -> list[Text]:
    """Under their places; one that would stick out ends at the edge. Hours say once whose they are."""
    frame = scale.frame
    dates = list(choose_dates(scale.start, scale.end, most=frame.dates))
    if dates and ":" in dates[-1][1]:
        dates[-1] = (dates[-1][0], f"{dates[-1][1]} UTC")
    return [_label_date(frame, scale.x(at), words) for at, words in dates]


def _label_date(frame: Frame, x: float, words: str) -> Text:
    fits = x + 3.4 * len(words) + 4 <= frame.width
    return Text(min(x, frame.width), frame.dates_y, words, "m" if fits else "e")
