"""Golden cases: R. G. Newcombe (1998), Statistics in Medicine 17, 857–872, table I, method 3."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.stats.intervals import wilson_interval


@pytest.mark.parametrize(
    ("hits", "of", "low", "high"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ],
)
def test_published_intervals(hits: int, of: int, low: float, high: float) -> None:
    share = wilson_interval(hits=hits, of=of)
    assert (round(share.low, 4), round(share.high, 4)) == (low, high)


@given(st.integers(1, 10_000), st.data())
def test_the_interval_holds_the_share_within_0_and_1(of: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, of))
    share = wilson_interval(hits=hits, of=of)
    assert 0 <= share.low <= share.value <= share.high <= 1


@given(st.integers(1, 500), st.data())
def test_misses_mirror_hits(of: int, data: st.DataObject) -> None:
    hits = data.draw(st.integers(0, of))
    share, mirrored = wilson_interval(hits=hits, of=of), wilson_interval(hits=of - hits, of=of)
    assert share.low == pytest.approx(1 - mirrored.high)


@pytest.mark.parametrize(("hits", "of"), [(0, 0), (3, 2), (-1, 4)])
def test_what_is_no_share_is_refused(hits: int, of: int) -> None:
    with pytest.raises(ValueError, match="no share"):
        wilson_interval(hits=hits, of=of)
