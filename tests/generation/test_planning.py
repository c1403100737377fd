from hypothesis import given
from hypothesis import strategies as st

from apps.generation.planning import derive_seed, plan_batches


def test_configurations_take_turns_and_begin_small() -> None:
    units = [(prompt, 0) for prompt in range(20)]
    plan = list(plan_batches({1: units, 2: units}, sizes={1: 8, 2: 8}, first=1))
    assert [batch.config for batch in plan] == [1, 2] * 5
    assert [len(batch.units) for batch in plan[::2]] == [1, 2, 4, 8, 5]


def test_samples_of_a_prompt_stay_together_at_first() -> None:
    units = [(prompt, sample) for prompt in range(4) for sample in range(3)]
    plan = list(plan_batches({1: units}, sizes={1: 8}, first=3))
    assert plan[0].units == ((0, 0), (0, 1), (0, 2))
    assert [len(batch.units) for batch in plan] == [3, 6, 3]


def test_more_samples_than_a_batch_holds() -> None:
    units = [(0, sample) for sample in range(20)]
    plan = list(plan_batches({1: units}, sizes={1: 8}, first=20))
    assert [len(batch.units) for batch in plan] == [8, 8, 4]


def test_no_configuration_runs_ahead_of_another() -> None:
    """Whoever is behind is next, so they never part by more than a batch."""
    units = [(prompt, 0) for prompt in range(32)]
    reached = {1: 0, 2: 0}
    for batch in plan_batches({1: units, 2: units}, sizes={1: 2, 2: 8}, first=1):
        assert reached[batch.config] == min(reached.values())
        reached[batch.config] += len(batch.units)


@given(
    st.dictionaries(st.integers(1, 4), st.integers(0, 40), min_size=1),
    st.integers(1, 9),
    st.integers(1, 12),
)
def test_every_unit_is_planned_once_and_in_order(owed: dict[int, int], size: int, first: int) -> None:
    wanted = {config: [(prompt, 0) for prompt in range(number)] for config, number in owed.items()}
    plan = list(plan_batches(wanted, sizes=dict.fromkeys(wanted, size), first=first))
    for config, units in wanted.items():
        assert [unit for batch in plan if batch.config == config for unit in batch.units] == units
    assert all(1 <= len(batch.units) <= size for batch in plan)


def test_seeds_are_the_same_everywhere() -> None:
    assert [derive_seed(42, position) for position in range(3)] == [180555807, 1531119686, 1247422415]


def test_seeds_fit_everywhere() -> None:
    seeds = {derive_seed(seed, position) for seed in range(20) for position in range(50)}
    assert len(seeds) == 1000
    assert all(0 <= seed < 2**31 for seed in seeds)
