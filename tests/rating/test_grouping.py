"""Which responses meet: what each plan promises, of whatever comes."""

from collections import Counter
from dataclasses import dataclass
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.rating.grouping import ALL, BASELINE, RANDOM, Plan, group_responses


@dataclass(frozen=True)
class Answer:
    pk: int
    text: str
    made_by: str = "one"
    sample: int = 0
    prompt_id: int = 1


def answers(*texts: str) -> list[Answer]:
    return [Answer(pk, text) for pk, text in enumerate(texts, 1)]


def group(found: list[Answer], plan: Plan, **changes: object) -> list[tuple[int, ...]]:
    told = {"fresh": {answer.pk for answer in found}, **changes}
    return [tuple(one.pk for one in made) for made in group_responses(found, plan=plan, **told)]  # type: ignore[arg-type]


def say(answer: Answer) -> str:
    return " ".join(answer.text.split())


PAIRS = Plan(2)
SAME = answers("The same.", "The  same.\n", "Another.", "\tThe same. ")


def test_texts_that_differ_in_white_space_alone_are_never_compared() -> None:
    assert group(SAME, PAIRS) == [(1, 3), (2, 3), (3, 4)]
    assert group(SAME, Plan(3)) == [(1, 3)]
    assert group(SAME, Plan(2, RANDOM, pairs=9)) == [(1, 3), (2, 3), (3, 4)]


class TestRandom:
    PLAN = Plan(2, RANDOM, pairs=3, seed="s")

    def test_it_draws_so_many(self) -> None:
        assert len(group(answers(*"abcdef"), self.PLAN)) == 3

    def test_the_same_responses_make_the_same_pairs(self) -> None:
        found = answers(*"abcdefgh")
        assert group(found, self.PLAN) == group(found, self.PLAN)
        drawn = {str(group(found, Plan(2, RANDOM, pairs=3, seed=str(seed)))) for seed in range(20)}
        assert len(drawn) > 10

    def test_it_waits_for_what_is_awaited(self) -> None:
        assert group(answers(*"abcd"), self.PLAN, unfinished={1}) == []

    def test_what_comes_later_brings_its_share_of_pairs(self) -> None:
        drawn = group(answers(*"abcd"), Plan(2, RANDOM, pairs=4), fresh={4})
        assert len(drawn) == 1
        assert 4 in drawn[0]

    def test_nothing_new_draws_nothing(self) -> None:
        assert group(answers(*"abcd"), self.PLAN, fresh=()) == []


class TestBaseline:
    PLAN = Plan(2, BASELINE, baseline="old")

    def test_each_meets_the_baseline_once(self) -> None:
        found = [Answer(1, "a", "new"), Answer(2, "b", "old"), Answer(3, "c", "other")]
        assert group(found, self.PLAN) == [(1, 2), (2, 3)]

    def test_samples_meet_their_own(self) -> None:
        makers = ("old", "old", "new", "new")
        found = [Answer(pk, f"{pk}", maker, pk % 2) for pk, maker in enumerate(makers)]
        assert group(found, self.PLAN) == [(0, 2), (1, 3)]

    def test_another_sample_where_its_own_says_the_same(self) -> None:
        found = [Answer(1, "a", "old", 0), Answer(2, "b", "old", 1), Answer(3, "a", "new", 0)]
        assert group(found, self.PLAN) == [(2, 3)]

    def test_without_a_baseline_nobody_meets(self) -> None:
        assert group([Answer(1, "a", "new"), Answer(2, "b", "other")], self.PLAN) == []

    def test_a_baseline_that_comes_late_meets_all_who_waited(self) -> None:
        found = [Answer(1, "a", "new"), Answer(2, "b", "other"), Answer(3, "c", "old")]
        assert group(found, self.PLAN, fresh={1, 2, 3}) == [(1, 3), (2, 3)]

    def test_a_second_sample_of_it_compares_nobody_again(self) -> None:
        found = [Answer(1, "a", "new"), Answer(2, "b", "old"), Answer(3, "c", "old", 1)]
        assert group(found, self.PLAN, fresh={3}) == []


texts = st.lists(st.sampled_from(["a", " a", "b", "b\n", "c", "d", "e  e", "e e"]), max_size=9)
makers = st.sampled_from(["old", "new", "other"])


@st.composite
def collections(draw: st.DrawFn) -> list[Answer]:
    """Responses to two prompts."""
    found = [
        Answer(pk, text, draw(makers), draw(st.integers(0, 2)), draw(st.integers(1, 2)))
        for pk, text in enumerate(draw(texts), 1)
    ]
    return sorted(found, key=lambda answer: (answer.prompt_id, answer.pk))


plans = st.builds(
    Plan,
    size=st.integers(1, 5),
    pairing=st.sampled_from([ALL, RANDOM, BASELINE]),
    pairs=st.integers(1, 8),
    baseline=st.just("old"),
    seed=st.text(max_size=2),
)


@given(collections(), plans, st.data())
def test_every_group_is_one_that_may_be(found: list[Answer], plan: Plan, data: st.DataObject) -> None:
    pks = [answer.pk for answer in found]
    fresh = data.draw(st.sets(st.sampled_from(pks)) if pks else st.just(set()))
    groups = group_responses(found, plan=plan, fresh=fresh)
    keys = [tuple(answer.pk for answer in made) for made in groups]
    assert len(set(keys)) == len(keys)
    for made in groups:
        assert len({answer.prompt_id for answer in made}) == 1
        assert len({say(answer) for answer in made}) == len(made) <= plan.size
        assert [answer.pk for answer in made] == sorted(answer.pk for answer in made)
        assert fresh.intersection(answer.pk for answer in made)


@given(collections())
def test_all_pairs_are_all(found: list[Answer]) -> None:
    met = {frozenset(pair) for pair in group(found, PAIRS)}
    for one in found:
        for other in found:
            may_meet = one.prompt_id == other.prompt_id and say(one) != say(other)
            assert (frozenset((one.pk, other.pk)) in met) == may_meet


@given(st.integers(2, 12), st.integers(1, 20), st.text(max_size=3))
def test_with_a_pair_for_two_nobody_is_left_out(number: int, pairs: int, seed: str) -> None:
    drawn = group(answers(*map(str, range(number))), Plan(2, RANDOM, pairs=pairs, seed=seed))
    assert len(drawn) == min(pairs, number * (number - 1) // 2)
    met = Counter(pk for pair in drawn for pk in pair)
    if pairs >= ceil(number / 2):
        assert len(met) == number
    else:
        assert set(met.values()) == {1}


@given(collections())
def test_against_a_baseline_nobody_is_left_out_or_met_twice(found: list[Answer]) -> None:
    pairs = group(found, Plan(2, BASELINE, baseline="old"))
    by_pk = {answer.pk: answer for answer in found}
    met = Counter(pk for pair in pairs for pk in pair if by_pk[pk].made_by != "old")
    for answer in found:
        if answer.made_by == "old":
            continue
        standards = [one for one in found if one.made_by == "old" and one.prompt_id == answer.prompt_id]
        assert met[answer.pk] == any(say(one) != say(answer) for one in standards)


@given(collections(), st.integers(3, 5))
def test_in_groups_only_what_has_no_partner_is_left_out(found: list[Answer], size: int) -> None:
    grouped = Counter(pk for made in group(found, Plan(size)) for pk in made)
    assert set(grouped.values()) <= {1}
    for prompt in (1, 2):
        different = {say(answer) for answer in found if answer.prompt_id == prompt}
        said = {say(answer) for answer in found if answer.prompt_id == prompt and answer.pk in grouped}
        alone = len(different) % size == 1
        assert len(said) == len(different) - alone


@pytest.mark.parametrize(("plan", "waits", "leaves"), [
    (Plan(1), False, False), (PAIRS, False, False), (Plan(2, RANDOM), True, False),
    (Plan(2, BASELINE), False, True), (Plan(3), True, True), (Plan(1, RANDOM), False, False),
])  # fmt: skip
def test_which_plans_wait(plan: Plan, waits: bool, leaves: bool) -> None:
    assert (plan.waits, plan.leaves_over) == (waits, leaves)
