"""A project's home: everything that its page shows, measured once."""

from dataclasses import dataclass
from datetime import datetime

from apps.generation.progress import Progress as RunProgress
from apps.generation.progress import read_progress
from apps.overview.answers import Answers, measure_answers
from apps.overview.charts.bars import Part, draw_parts
from apps.overview.charts.timeline import draw_timeline
from apps.overview.charts.timeline_shapes import NARROW, WIDE, Timeline
from apps.overview.first_steps import FirstStep, list_first_steps
from apps.overview.headlines import Finding, describe_progress, describe_rate
from apps.overview.loop import Loop, measure_loop
from apps.overview.needs import Need, describe_needs, list_needs
from apps.overview.progress import Progress, measure_progress
from apps.overview.raters import RaterRow, describe_raters, list_raters
from apps.projects.item_words import describe_beginning
from apps.projects.models import Project, Stage


@dataclass(frozen=True)
class GoingRun:
    """The newest run that still goes."""

    number: int
    models: str
    progress: RunProgress


@dataclass(frozen=True)
class Home:
    finding: Finding
    progress: Progress
    timelines: tuple[Timeline, Timeline] | None
    needs: list[Need]
    needs_lead: str
    loop: Loop
    first_steps: list[FirstStep]
    run: GoingRun | None
    raters: list[RaterRow]
    raters_finding: Finding
    answers: Answers
    answer_bars: tuple[list[Part], list[Part]]
    beginning: str

    @property
    def is_new(self) -> bool:
        """Nothing to rate yet: the page says how to get there instead."""
        return not self.progress.items


def build_home(*, project: Project, now: datetime) -> Home:
    progress = measure_progress(project=project, now=now)
    needs = list_needs(
        project=project,
        now=now,
        last_at=progress.last_at,
        open_items=project.items.with_room().count(),
    )
    loop = measure_loop(project=project, done=progress.done, wanted=progress.wanted)
    raters = list_raters(project=project)
    answers = measure_answers(project=project)
    return Home(
        finding=describe_progress(progress, is_closed=project.stage == Stage.CLOSED),
        progress=progress,
        timelines=_draw_timelines(progress),
        needs=needs,
        needs_lead=describe_needs(needs),
        loop=loop,
        run=_find_run(project, now),
        first_steps=list_first_steps(project=project, loop=loop),
        raters=raters,
        raters_finding=describe_raters(raters),
        answers=answers,
        beginning=describe_beginning(project.rubric.questions.responses),
        answer_bars=(draw_parts(answers.parts, width=640), draw_parts(answers.parts, width=358)),
    )


def _find_run(project: Project, now: datetime) -> GoingRun | None:
    run = project.runs.running().first()
    if run is None:
        return None
    names = [config.name for config in run.configs.all()]
    return GoingRun(run.number, " · ".join(names), read_progress(run, now=now))


def _draw_timelines(progress: Progress) -> tuple[Timeline, Timeline] | None:
    """For wide and for narrow screens."""
    if progress.history is None or not progress.wanted:
        return None
    tempo = progress.tempo
    wide, narrow = (
        draw_timeline(
            history=progress.history,
            target=progress.wanted,
            frame=frame,
            cone=progress.cone,
            recent=tempo.watch.length if tempo else None,
            rate=describe_rate(tempo) if tempo else "",
        )
        for frame in (WIDE, NARROW)
    )
    return wide, narrow
