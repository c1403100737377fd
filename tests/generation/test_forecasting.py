"""A dry run says what earlier runs tell, and nothing more."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.generation.forecasting import foresee_run, measure_busy, measure_pace
from apps.generation.headlines import describe_forecast
from apps.generation.models import Batch, ModelConfig, Response, Run

WorkOff = Callable[..., None]
START = datetime(2026, 3, 1, tzinfo=UTC)
Spans = list[tuple[int, int]]


def spans(pairs: Spans) -> list[tuple[datetime, datetime]]:
    return [(START + timedelta(seconds=begin), START + timedelta(seconds=end)) for begin, end in pairs]


@pytest.mark.parametrize(
    ("pairs", "busy"),
    [([], 0), ([(0, 10)], 10), ([(0, 10), (5, 12)], 12), ([(0, 10), (2, 3)], 10), ([(0, 1), (9, 10)], 2)],
)
def test_time_at_work(pairs: Spans, busy: float) -> None:
    assert measure_busy(spans(pairs)) == busy


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), max_size=12))
def test_no_second_counts_twice(pairs: Spans) -> None:
    seconds = {second for begin, end in pairs for second in range(begin, end)}
    assert measure_busy(spans(pairs)) == len(seconds)


@pytest.mark.django_db
class TestForecast:
    def test_of_what_never_answered_only_the_limit_is_known(self, configs: list[ModelConfig]) -> None:
        forecast = foresee_run(configs=configs, prompts=6, samples=3)
        assert describe_forecast(forecast) == "6 prompts × 2 configurations × 3 each makes 36 responses."
        assert (forecast.tokens_out, forecast.seconds) == (None, None)
        assert forecast.most_tokens == 36 * 40
        assert forecast.unknown == ["brief", "warm"]

    def test_what_answered_tells(self, run: Run, configs: list[ModelConfig], work_off: WorkOff) -> None:
        work_off()
        Response.objects.filter(config=configs[0]).update(tokens_in=10, tokens_out=20)
        begin = START
        for batch in Batch.objects.filter(config=configs[0]):
            batch.claimed_at, batch.ended_at = begin, begin + timedelta(seconds=2 * len(batch.order))
            begin = batch.ended_at + timedelta(hours=1)
            batch.save()
        (share,) = foresee_run(configs=configs[:1], prompts=100, samples=2).shares
        assert (share.responses, share.tokens_in, share.tokens_out) == (200, 2000, 4000)
        assert share.seconds == pytest.approx(400)
        assert share.pace.answered == 6

    def test_batches_of_nothing_but_failures_do_not_make_it_fast(
        self, run: Run, configs: list[ModelConfig], work_off: WorkOff
    ) -> None:
        work_off()
        before = measure_pace(config=configs[0]).seconds
        Batch.objects.create(
            run=run, config=configs[0], position=99, order=["x"] * 500, seed=1, status="done",
            claimed_at=START, ended_at=START, made_with={"model": "brief"},
        )  # fmt: skip
        assert measure_pace(config=configs[0]).seconds == before

    def test_one_that_is_not_known_makes_the_whole_unknown(
        self, run: Run, configs: list[ModelConfig], work_off: WorkOff
    ) -> None:
        work_off()
        Response.objects.filter(config=configs[1]).delete()
        forecast = foresee_run(configs=configs, prompts=1, samples=1)
        assert forecast.shares[0].tokens_out is not None
        assert (forecast.tokens_out, forecast.seconds, forecast.unknown) == (None, None, ["warm"])
