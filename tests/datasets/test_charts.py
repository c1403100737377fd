import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.datasets.charts.growth import draw_growth
from apps.datasets.charts.parts import draw_parts
from apps.datasets.charts.shares import draw_share
from apps.datasets.charts.votes import draw_votes
from apps.datasets.charts.waterfall import NARROW, WIDE, Frame, Step, choose_grid, draw_waterfall
from apps.datasets.figures import Figures
from apps.datasets.models import Split
from apps.datasets.preview import _draw_splits
from apps.datasets.recipes.document import Splits
from apps.stats.intervals import wilson_interval


@pytest.mark.parametrize("frame", [WIDE, NARROW])
@given(losses=st.lists(st.integers(1, 10_000), max_size=8), pairs=st.integers(0, 10_000))
def test_the_waterfall_goes_down_to_the_pairs(frame: Frame, losses: list[int], pairs: int) -> None:
    total = max(sum(losses) + pairs, 1)
    steps = [
        Step("all", total, kind="start"),
        *(Step("x", loss) for loss in losses),
        Step("end", pairs, kind="end"),
    ]
    drawn = draw_waterfall(steps, frame)
    ends = [bar.x for bar in drawn.bars[1:-1]]
    assert ends == sorted(ends, reverse=True)
    assert all(
        frame.left <= bar.x <= bar.x + bar.width <= frame.left + frame.plot + 1.1 for bar in drawn.bars
    )
    if sum(losses) + pairs == total and pairs:
        assert drawn.bars[-1].width == pytest.approx(frame.plot * pairs / total, abs=1)


@given(st.integers(1, 5_000_000))
def test_the_grid_is_round_and_short(top: int) -> None:
    values = choose_grid(top)
    assert 1 <= len(values) <= 5
    assert max(values) <= top
    assert all(str(values[0]).rstrip("0") in "125" for _ in values)


def test_a_share_that_is_surely_not_even_is_said_to_be_off() -> None:
    assert draw_share(wilson_interval(hits=90, of=100)).off
    assert not draw_share(wilson_interval(hits=6, of=10)).off


@given(of=st.integers(1, 100_000), part=st.floats(0, 1))
def test_the_scale_of_a_share_holds_its_interval_and_the_even_one(of: int, part: float) -> None:
    drawn = draw_share(wilson_interval(hits=round(of * part), of=of))
    assert 4 <= drawn.low <= drawn.dot <= drawn.high <= 228
    assert 4 < drawn.even < 228
    assert 0 <= drawn.ends[0] < 0.5 < drawn.ends[1] <= 1


def test_parts_fill_the_bar_and_are_labelled_where_there_is_room() -> None:
    parts = draw_parts([("slightly", 31), ("better", 67), ("much", 2)], width=232)
    assert [part.label for part in parts] == ["", "better 67\u00a0%", ""]
    assert parts[-1].x + parts[-1].width <= 232


def test_votes_that_are_equal_lie_above_each_other() -> None:
    scale = draw_votes([3, 2, 2], 7 / 3, 3)
    assert scale.rings == [(66, 8.5), (66, 15.5), (78, 12)]
    assert scale.streak == 28
    assert len(scale.ticks) == 6


def test_growth_shows_the_last_few_and_the_one_to_come() -> None:
    bars = draw_growth([(number, 10 * number) for number in range(1, 8)], (8, 35))
    assert [bar.label for bar in bars] == ["v4", "v5", "v6", "v7", "v8"]
    assert [bar.is_next for bar in bars] == [False] * 4 + [True]
    assert [bar.height for bar in bars] == [24, 30, 36, 42, 21]


def test_growth_of_nothing_is_a_line() -> None:
    assert [bar.height for bar in draw_growth([], (1, 0))] == [2]


def test_a_split_that_is_asked_for_is_shown_without_rows() -> None:
    figures = Figures(rows={"preference": {Split.TRAIN: 9}})
    parts = [(part.name, part.count) for part in _draw_splits(figures, "preference", Splits())]
    assert parts == [("train", 9), ("test", 0)]
    assert [part.name for part in _draw_splits(figures, "preference", Splits(test=0))] == ["train"]
    assert _draw_splits(Figures(), "preference", Splits()) == []
