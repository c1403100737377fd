from datetime import UTC, datetime, timedelta

import pytest

from apps.generation.models import ModelConfig, Response, ResponseStatus, Run, RunStatus
from apps.generation.progress import Progress, measure_progress, read_progress, read_progresses
from apps.generation.services import cancel_run, start_run
from apps.projects.models import Project
from apps.prompts.models import Prompt

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def measure(**changes: object) -> Progress:
    numbers = {"total": 48, "done": 20, "failed": 4, "recent": 12, "since": NOW - timedelta(minutes=3)}
    return measure_progress(**{**numbers, **changes}, now=NOW)  # type: ignore[arg-type]


def test_rate_and_end_come_from_the_recent_past() -> None:
    progress = measure()
    assert (progress.ended, progress.waiting) == (24, 24)
    assert progress.rate == pytest.approx(4)
    assert progress.seconds_left == pytest.approx(360)


def test_nothing_recent_gives_no_rate() -> None:
    progress = measure(recent=0)
    assert (progress.rate, progress.seconds_left) == (None, None)


def test_a_clock_that_is_behind_gives_no_rate() -> None:
    assert measure(since=NOW + timedelta(seconds=2)).rate is None


def test_before_the_first_response_there_is_no_rate() -> None:
    assert measure(since=None).rate is None


def test_failures_count_as_pace() -> None:
    assert measure(done=0, failed=24).seconds_left == pytest.approx(360)


def test_nothing_left_takes_no_time() -> None:
    assert measure(done=44).seconds_left == 0


class TestOfARun:
    @pytest.fixture
    def run(self, project: Project, configs: list[ModelConfig], prompts: list[Prompt]) -> Run:
        run = start_run(project=project, configs=configs, samples=2, user=None)
        Run.objects.filter(pk=run.pk).update(started_at=NOW - timedelta(minutes=10))
        run.refresh_from_db()
        return run

    def finish(self, run: Run, *minutes_ago: float) -> None:
        for response, ago in zip(run.responses.waiting(), minutes_ago, strict=False):
            Response.objects.filter(pk=response.pk).update(
                status=ResponseStatus.DONE, text="x", finished_at=NOW - timedelta(minutes=ago)
            )

    def test_counts(self, run: Run) -> None:
        self.finish(run, 1, 1)
        Response.objects.filter(pk=run.responses.waiting()[0].pk).update(
            status=ResponseStatus.FAILED, error_code="x", finished_at=NOW
        )
        progress = read_progress(run, now=NOW)
        assert (progress.total, progress.done, progress.failed) == (24, 2, 1)

    def test_loading_the_model_is_no_part_of_the_pace(self, run: Run) -> None:
        self.finish(run, 2, 1, 0.5, 0)
        assert read_progress(run, now=NOW).rate == pytest.approx(3 / 2)

    def test_the_pace_is_that_of_the_last_three_minutes(self, run: Run) -> None:
        self.finish(run, 9, 8, 8, 8, 2, 1, 0)
        assert read_progress(run, now=NOW).rate == pytest.approx(1)

    def test_the_pace_before_a_resumption_is_forgotten(self, run: Run) -> None:
        Run.objects.filter(pk=run.pk).update(started_at=NOW - timedelta(minutes=1))
        run.refresh_from_db()
        self.finish(run, 2, 2, 2, 1, 0.5, 0)
        assert read_progress(run, now=NOW).rate == pytest.approx(2)

    def test_a_cancelled_run_still_shows_what_was_asked(self, run: Run) -> None:
        self.finish(run, 1)
        progress = read_progress(cancel_run(run=run, user=None), now=NOW)
        assert (progress.total, progress.done, progress.waiting) == (24, 1, 23)
        assert progress.rate is None

    def test_a_finished_run_has_no_pace(self, run: Run) -> None:
        self.finish(run, 1, 0)
        run.status = RunStatus.FINISHED
        assert read_progress(run, now=NOW).rate is None

    def test_runs_are_read_together(self, run: Run) -> None:
        self.finish(run, 1)
        other = start_run(project=run.project, configs=run.configs.all(), user=None)
        progresses = read_progresses([run, other], now=NOW)
        assert (progresses[run.pk].done, progresses[other.pk].total) == (1, 12)
