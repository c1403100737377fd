from collections.abc import Iterable

from hypothesis import given
from hypothesis import strategies as st

from apps.generation.planning import (
    WINDOW,
    Limits,
    PlannedBatch,
    Unit,
    derive_seed,
    measure_windows,
    plan_window,
)


def plan(
    wanted: dict[int, list[Unit]],
    *,
    rows: dict[int, int] | int = 8,
    limits: Limits | None = None,
    lengths: dict[int, int] | None = None,
) -> list[PlannedBatch]:
    sizes = rows if isinstance(rows, dict) else dict.fromkeys(wanted, rows)
    prompts = {prompt for units in wanted.values() for prompt, _ in units}
    batches = plan_window(
        wanted,
        limits={config: limits or Limits(size) for config, size in sizes.items()},
        lengths=lengths or dict.fromkeys(prompts, 10),
    )
    return list(batches)


def one_each(number: int) -> list[Unit]:
    return [(prompt, 0) for prompt in range(number)]


def sizes_of(batches: Iterable[PlannedBatch]) -> list[int]:
    return [len(batch.units) for batch in batches]


def test_windows_begin_with_one_prompt_and_grow() -> None:
    assert measure_windows(samples=1, before=0, at_least=20) == [1, 2, 4, 8, 16]
    assert measure_windows(samples=1, before=0, at_least=3000) == [2**n for n in range(11)] + [WINDOW]


def test_windows_go_on_where_others_ended() -> None:
    assert measure_windows(samples=1, before=7, at_least=20) == [8, 16]
    assert measure_windows(samples=1, before=9, at_least=20) == [6, 16]
    assert measure_windows(samples=1, before=100_000, at_least=1)[0] <= WINDOW


def test_a_window_holds_whole_prompts() -> None:
    assert measure_windows(samples=3, before=2000, at_least=1364) == [682 - (2000 - 1023) % 682, 682, 682]
    assert set(measure_windows(samples=64, before=0, at_least=200)[5:]) == {32}


def test_configurations_take_turns() -> None:
    batches = plan({1: one_each(20), 2: one_each(20)})
    assert [batch.config for batch in batches] == [1, 2] * 3
    assert sizes_of(batches[::2]) == [8, 8, 4]


def test_samples_of_a_prompt_stay_together() -> None:
    units = [(prompt, sample) for prompt in range(4) for sample in range(3)]
    batches = plan({1: units}, rows=3)
    assert batches[0].units == ((0, 0), (0, 1), (0, 2))
    assert sizes_of(batches) == [3, 3, 3, 3]


def test_more_samples_than_a_batch_holds() -> None:
    assert sizes_of(plan({1: [(0, sample) for sample in range(20)]})) == [8, 8, 4]


def test_no_configuration_runs_ahead_of_another() -> None:
    """Whoever is behind is next, so they never part by more than a batch."""
    reached = {1: 0, 2: 0}
    for batch in plan({1: one_each(32), 2: one_each(32)}, rows={1: 2, 2: 8}):
        assert reached[batch.config] == min(reached.values())
        reached[batch.config] += len(batch.units)


def test_prompts_of_a_length_go_together() -> None:
    lengths = {prompt: 10 + 90 * (prompt % 2) for prompt in range(64)}
    batches = plan({1: one_each(64)}, lengths=lengths)
    assert [{lengths[prompt] for prompt, _ in batch.units} for batch in batches] == [{10}] * 4 + [{100}] * 4


def test_a_call_takes_so_many_tokens_with_padding_and_answers() -> None:
    lengths = {0: 10, 1: 10, 2: 10, 3: 70, 4: 70}
    batches = plan({1: one_each(5)}, limits=Limits(8, tokens=200, answer=30), lengths=lengths)
    assert [[prompt for prompt, _ in batch.units] for batch in batches] == [[0, 1, 2], [3, 4]]


def test_what_is_too_long_for_any_call_goes_alone() -> None:
    lengths = {0: 10, 1: 5000, 2: 6000}
    batches = plan({1: one_each(3)}, limits=Limits(8, tokens=200), lengths=lengths)
    assert sizes_of(batches) == [1, 1, 1]


@given(
    st.dictionaries(st.integers(1, 4), st.integers(0, 40), min_size=1),
    st.lists(st.integers(1, 60), min_size=40, max_size=40),
    st.integers(1, 9),
)
def test_every_unit_is_planned_once_and_within_the_limits(
    owed: dict[int, int], sizes: list[int], rows: int
) -> None:
    wanted = {config: one_each(number) for config, number in owed.items()}
    lengths = dict(enumerate(sizes))
    batches = plan(wanted, limits=Limits(rows, tokens=200, answer=20), lengths=lengths)
    for config, units in wanted.items():
        assert sorted(u for batch in batches if batch.config == config for u in batch.units) == units
    for batch in batches:
        longest = max(lengths[prompt] for prompt, _ in batch.units)
        assert len(batch.units) == 1 or len(batch.units) * (longest + 20) <= 200
        assert len(batch.units) <= rows


def test_seeds_are_the_same_everywhere() -> None:
    assert [derive_seed(42, position) for position in range(3)] == [180555807, 1531119686, 1247422415]


def test_seeds_fit_everywhere() -> None:
    seeds = {derive_seed(seed, position) for seed in range(20) for position in range(50)}
    assert len(seeds) == 1000
    assert all(0 <= seed < 2**31 for seed in seeds)
