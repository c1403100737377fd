"""What a project's home says first: findings in words. Pure functions."""

from dataclasses import dataclass

from apps.core.words import count, describe_day, describe_part, describe_span, spell, start_sentence
from apps.overview.charts.scales import DAY, HOUR
from apps.overview.charts.timeline_shapes import Cone
from apps.overview.progress import Progress, Tempo


@dataclass(frozen=True)
class Finding:
    """A headline, and how it was measured; `when` is the part of `measured` that stands out."""

    lead: str
    measured: str
    when: str = ""
    after: str = ""


def describe_progress(progress: Progress, *, is_closed: bool = False) -> Finding:
    tally = f"{progress.done:,} of {progress.wanted:,} annotations"
    if is_closed:
        return Finding(f"Closed with {tally}", "A closed project gives out no items; what it has is kept.")
    if progress.is_finished:
        complete = start_sentence(count(progress.items, "item is", "items are"))
        return Finding(f"All {spell(progress.wanted)} annotations are in", f"{complete} complete.")
    if progress.done == 0:
        return Finding(
            f"{start_sentence(count(progress.items, 'item waits', 'items wait'))} for a first annotation",
            f"{tally}. How fast they come shows once people rate.",
        )
    cone, tempo = progress.cone, progress.tempo
    if cone and tempo:
        return _describe_forecast(progress, tally, cone, tempo)
    if tempo is None and progress.last_at and progress.now - progress.last_at > DAY:
        quiet = describe_span(progress.now - progress.last_at)
        return Finding(
            f"No annotation for {quiet}", f"{tally}. Without a pace there is no date for the last."
        )
    return Finding(
        f"{describe_part(progress.done / progress.wanted)}; too early to say when the last comes",
        f"{tally}. A date needs half an hour of steady work, or three days.",
    )


def _describe_forecast(progress: Progress, tally: str, cone: Cone, tempo: Tempo) -> Finding:
    left = cone.expected - progress.now
    when = (
        f"in about {describe_span(left)}"
        if left < 12 * HOUR
        else describe_day(cone.expected, now=progress.now)
    )
    return Finding(
        lead=f"{describe_part(progress.done / progress.wanted)}; the last annotation comes {when}",
        measured=f"{tally}. At {tempo.watch.whose} {describe_rate(tempo)} the last one comes ",
        when=when,
        after=_name_margin(cone),
    )


def describe_rate(tempo: Tempo) -> str:
    article = "an" if tempo.watch.unit == "hour" else "a"
    rate = f"{tempo.rate:,.0f}" if tempo.rate >= 10 else f"{tempo.rate:.1f}".removesuffix(".0")
    return f"{rate} {article} {tempo.watch.unit}"


def _name_margin(cone: Cone) -> str:
    if cone.latest is None:
        return "; the pace varies too much to say how surely."
    return f", give or take {describe_span((cone.latest - cone.earliest) / 2)}."
