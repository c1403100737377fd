"""What would leave if it left now: an export's own rows, counted and checked, but not written."""

import json
from dataclasses import dataclass

from apps.datasets.charts import (
    NARROW,
    WIDE,
    Estimate,
    Part,
    Step,
    VoteScale,
    Waterfall,
    draw_parts,
    draw_share,
    draw_votes,
    draw_waterfall,
)
from apps.datasets.decisions import Reason
from apps.datasets.formats import FORMATS, preference
from apps.datasets.formats.base import Row
from apps.datasets.models import Split
from apps.datasets.reading import count_others, count_waiting, iterate_comparisons, one_moment
from apps.datasets.rows import build_rows
from apps.datasets.tally import Tally
from apps.datasets.validation import Gate
from apps.datasets.wording import REASONS
from apps.datasets.writing import plan_all
from apps.projects.models import Project
from apps.stats.intervals import wilson_interval

ROWS = 5  # shown at a time
EXCERPT = 240  # characters of a text in a table's cell


@dataclass(frozen=True)
class SampleRow:
    prompt: str
    chosen: str
    rejected: str
    votes: VoteScale
    told: str
    strength: float
    split: Split


@dataclass(frozen=True)
class FormatCount:
    name: str
    title: str
    summary: str
    snippet: str
    rows: int
    parts: list[Part]


@dataclass(frozen=True)
class Preview:
    tally: Tally
    gate: Gate
    formats: list[FormatCount]
    waterfalls: list[Waterfall]
    steps: list[Step]
    longer: Estimate | None
    left: Estimate | None
    grades: list[Part]
    sample: list[SampleRow]
    first: int  # the number of the first sample row, from 0
    following: int  # the number of the first of the next five
    as_json: str


def build_preview(project: Project, *, first: int = 0) -> Preview:
    """Read the project once; `first` says from which pair on rows are shown."""
    with one_moment():
        splitter = plan_all(project)
        tally = Tally(waiting=count_waiting(project), others=count_others(project))
        gate = Gate()
        shown: list[tuple[Row, Split]] = []
        seen = 0
        for out in build_rows(iterate_comparisons(project), FORMATS.values(), tally):
            split = splitter.find_split(out.prompt)
            tally.rows[out.format_name, split] += 1
            gate.check(FORMATS[out.format_name], out.row)
            if out.format_name == preference.NAME:
                if first <= seen < first + ROWS:
                    shown.append((out.row, split))
                seen += 1
    return _assemble(tally, gate, shown, first)


def _assemble(tally: Tally, gate: Gate, shown: list[tuple[Row, Split]], first: int) -> Preview:
    steps = list_steps(tally)
    different = tally.chosen_longer + tally.chosen_shorter
    following = first + ROWS
    return Preview(
        tally=tally,
        gate=gate,
        formats=[_count_format(name, tally) for name in FORMATS],
        waterfalls=[draw_waterfall(steps, frame) for frame in (WIDE, NARROW)],
        steps=steps,
        longer=_estimate(tally.chosen_longer, different),
        left=_estimate(tally.chosen_on_left, tally.votes),
        grades=draw_parts(tally.graded),
        sample=[_describe_row(row, split) for row, split in shown],
        first=first,
        following=following if following < tally.pairs else 0,
        as_json=json.dumps(shown[0][0], ensure_ascii=False, indent=2) if shown else "",
    )


def list_steps(tally: Tally) -> list[Step]:
    """From the items with an answer to the pairs."""
    losses = [
        Step(REASONS[reason].label, tally.left_out[reason], REASONS[reason].note)
        for reason in Reason
        if tally.left_out[reason]
    ]
    return [
        Step("Items with an answer", tally.answered, kind="start"),
        *losses,
        Step("Pairs", tally.pairs, kind="end"),
    ]


def _estimate(hits: int, of: int) -> Estimate | None:
    return draw_share(wilson_interval(hits=hits, of=of)) if of else None


def _count_format(name: str, tally: Tally) -> FormatCount:
    one, rows = FORMATS[name], tally.rows_of(name)
    parts = draw_parts([(str(split), count) for split, count in rows.items()], width=284)
    return FormatCount(name, one.TITLE, one.SUMMARY, one.SNIPPET, sum(rows.values()), parts)


def _describe_row(row: Row, split: Split) -> SampleRow:
    metadata = row["metadata"]
    votes, strength, steps = metadata["votes"], metadata["strength"], metadata["steps"]
    return SampleRow(
        prompt=row["prompt"][-1]["content"][:EXCERPT],
        chosen=row["chosen"][0]["content"][:EXCERPT],
        rejected=row["rejected"][0]["content"][:EXCERPT],
        votes=draw_votes(votes, strength, steps),
        told=", ".join(_tell(answer, vote) for answer, vote in zip(metadata["answers"], votes, strict=True)),
        strength=strength,
        split=split,
    )


def _tell(answer: str, vote: int) -> str:
    if answer != "prefers":
        return answer.replace("_", " ")
    return f"{abs(vote)} for the {'chosen' if vote > 0 else 'rejected'} one"
