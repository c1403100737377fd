import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.datasets.deciding.pairs import pair_item
from apps.datasets.deciding.ranking import STRATEGIES, rank_responses
from apps.datasets.deciding.reasons import Reason
from tests.datasets.deciding.cases import name_pairs, ranked, recipe


@pytest.mark.parametrize(
    ("rankings", "ranks"),
    [
        (["a>b>c"], (1, 2, 3)),
        (["b>a=c"], (2, 1, 2)),
        (["a=b=c"], (1, 1, 1)),
        (["a>b>c", "b>a>c", "b>a>c"], (2, 1, 3)),
        (["a>b>c", "c>b>a"], (1, 1, 1)),
        (["a>b|cd"], (1, 2, 3, 3)),  # two without a place are both bad
        (["b>a", "c>b"], (3, 2, 1)),  # nobody compared all three: b won one and lost one
    ],
)
def test_responses_are_ranked_by_wins_minus_losses(rankings: list[str], ranks: tuple[int, ...]) -> None:
    item = ranked(*rankings)
    assert rank_responses(item.ballots, len(item.responses)) == ranks


@pytest.mark.parametrize(
    ("strategy", "ranking", "pairs"),
    [
        ("all_pairs", "b>a>d>c", ["b>a", "a>c", "a>d", "b>c", "b>d", "d>c"]),
        ("all_pairs", "a>b=c", ["a>b", "a>c"]),
        ("all_pairs", "a>b|cd", ["a>b", "a>c", "a>d", "b>c", "b>d"]),
        ("adjacent", "b>a>d>c", ["b>a", "a>d", "d>c"]),
        ("adjacent", "a>b=c>d", ["a>b", "a>c", "b>d", "c>d"]),
        ("adjacent", "a>b|cd", ["a>b", "b>c", "b>d"]),
        ("best_vs_rest", "b>a>d>c", ["b>a", "b>c", "b>d"]),
        ("best_vs_rest", "a=b>c>d", ["a>c", "a>d", "b>c", "b>d"]),
        ("best_vs_worst", "b>a>d>c", ["b>c"]),
        ("best_vs_worst", "c>a>b", ["c>b"]),
    ],
)
def test_a_ranking_becomes_pairs(strategy: str, ranking: str, pairs: list[str]) -> None:
    made = pair_item(ranked(ranking), recipe(pairs={"strategy": strategy}))
    assert sorted(name_pairs(made)) == sorted(pairs)


def test_one_of_several_best_and_worst_is_drawn_and_always_the_same() -> None:
    wanted = recipe(pairs={"strategy": "best_vs_worst"})
    drawn = {name_pairs(pair_item(ranked("a=b>c|de", number=n), wanted))[0] for n in range(2, 60)}
    assert {name[-3:] for name in drawn} == {"a>d", "a>e", "b>d", "b>e"}
    again = [name_pairs(pair_item(ranked("a=b>c|de", number=7), wanted)) for _ in range(3)]
    assert again[0] == again[1] == again[2]


def test_the_best_meets_any_other_at_random() -> None:
    wanted = recipe(pairs={"strategy": "best_vs_random"})
    drawn = [name_pairs(pair_item(ranked("b>a>c>d", number=n), wanted)) for n in range(2, 200)]
    assert all(len(pairs) == 1 for pairs in drawn)
    counts = [sum(pairs[0].endswith(f"b>{other}") for pairs in drawn) for other in "acd"]
    assert sum(counts) == len(drawn)
    assert min(counts) > len(drawn) / 5


@pytest.mark.parametrize("strategy", ["best_vs_worst", "best_vs_random"])
def test_a_pair_that_cannot_leave_is_not_drawn(strategy: str) -> None:
    wanted = recipe(pairs={"strategy": strategy})
    for number in range(2, 30):
        item = ranked("a>b=c", number=number, texts={1: " "})
        assert name_pairs(pair_item(item, wanted)) == [f"{number}a>c"]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_ranking_of_equals_makes_nothing(strategy: str) -> None:
    made = pair_item(ranked("a=b=c"), recipe(pairs={"strategy": strategy}))
    assert made in (Reason.TIE, Reason.NOT_ASKED)


@pytest.mark.parametrize("strategy", STRATEGIES)
@given(order=st.permutations("abcde"))
def test_whoever_ranks_higher_is_chosen(strategy: str, order: list[str]) -> None:
    made = pair_item(ranked(">".join(order)), recipe(pairs={"strategy": strategy}))
    for name in name_pairs(made):
        better, worse = name.split(">")
        assert order.index(better) < order.index(worse)


def test_ranks_and_size_are_told_with_the_pair() -> None:
    made = pair_item(ranked("b>c>a"), recipe())
    assert not isinstance(made, Reason)
    assert {(pair.chosen, pair.rejected): pair.ranks for pair in made} == {
        (1, 0): (1, 3),
        (2, 0): (2, 3),
        (1, 2): (1, 2),
    }
