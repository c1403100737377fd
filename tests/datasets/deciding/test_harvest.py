"""What a prompt gives in all, and why the rest of it gives nothing."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.datasets.deciding.harvest import Harvest
from apps.datasets.deciding.reasons import Reason
from apps.datasets.evidence import ItemFacts
from tests.datasets.deciding.cases import name_pairs, ranked, reap, recipe, two
from tests.datasets.samples import make_ballot, make_prompt
from tests.quality.votes import read_vote

KEEP = recipe(pairs={"contradictions": "keep"})


def test_the_same_two_texts_again_leave_once() -> None:
    made = reap(two("a2"), two("a3", 2), two("tie", 3))
    assert name_pairs(made.pairs) == ["a>b"]
    assert made.losses == {2: Reason.REPEATED, 3: Reason.TIE}


def test_two_items_that_contradict_each_other_both_stay_out() -> None:
    made = reap(two("a2"), two("b3", 2))
    assert made.pairs == ()
    assert made.losses == {1: Reason.CONTRADICTED, 2: Reason.CONTRADICTED}


def test_they_leave_if_asked_for_and_still_only_once_each() -> None:
    made = reap(two("a2"), two("b3", 2), two("a1", 3), by=KEEP)
    assert name_pairs(made.pairs) == ["a>b", "2b>a"]
    assert made.losses == {3: Reason.REPEATED}


def test_the_same_text_twice_in_a_ranking_makes_each_pair_once() -> None:
    made = reap(ranked("a>b>c", texts={0: "Yes.", 1: " Yes.", 2: "No."}))
    assert name_pairs(made.pairs) == ["a>c"]
    assert made.losses == {}


def test_the_same_text_above_and_below_another_contradicts_itself() -> None:
    made = reap(ranked("a>b>c", texts={0: "Yes.", 1: "No.", 2: "Yes."}))
    assert made.losses == {1: Reason.CONTRADICTED}


def test_raters_who_disagree_contradict_each_other() -> None:
    rows = {"aggregation": "per_rater"}
    assert reap(two("a2 b1"), by=recipe(pairs=rows)).losses == {1: Reason.CONTRADICTED}
    kept = reap(two("a2 b1 a3"), by=recipe(pairs={**rows, "contradictions": "keep"}))
    assert name_pairs(kept.pairs) == ["a>b", "b>a", "a>b"]


def test_an_item_that_keeps_a_pair_is_not_lost() -> None:
    made = reap(two("a2", texts=("Answer a.", "Answer b.")), ranked("a>b>c", number=2))
    assert name_pairs(made.pairs) == ["a>b", "2a>c", "2b>c"]
    assert made.losses == {}


class TestCaps:
    three = (two("a1"), two("a2", 2, ("One.", "Two.")), two("b1", 3, ("Three.", "Four.")))

    def test_a_prompt_gives_so_many_pairs_at_most(self) -> None:
        made = reap(*self.three, by=recipe(pairs={"most_per_prompt": 2}))
        assert len(made.pairs) == 2
        assert list(made.losses.values()) == [Reason.NOT_PICKED]
        assert {pair.item.id for pair in made.pairs} | made.losses.keys() == {1, 2, 3}

    def test_they_are_drawn_by_the_item_and_stay_in_their_order(self) -> None:
        once, again = (reap(*self.three, by=recipe(pairs={"most_per_prompt": 2})) for _ in range(2))
        assert once == again
        ids = [pair.item.id for pair in once.pairs]
        assert ids == sorted(ids)

    def test_what_is_drawn_does_not_go_by_the_order_of_items(self) -> None:
        capped = recipe(pairs={"most_per_prompt": 1})
        backwards = reap(*reversed(self.three), by=capped)
        assert [one.item.id for one in backwards.pairs] == [
            one.item.id for one in reap(*self.three, by=capped).pairs
        ]

    def test_a_ranking_that_keeps_some_of_its_pairs_is_not_lost(self) -> None:
        made = reap(ranked("a>b>c>d"), by=recipe(pairs={"most_per_prompt": 2}))
        assert (len(made.pairs), made.losses) == (2, {})

    def test_a_doubled_pair_takes_nobodys_place(self) -> None:
        made = reap(two("a1"), two("a1", 2), by=recipe(pairs={"most_per_prompt": 1}))
        assert (name_pairs(made.pairs), made.losses) == (["a>b"], {2: Reason.REPEATED})


def test_items_without_an_answer_are_in_nothing() -> None:
    made = reap(two(""), two("a1", 2))
    assert [item.id for item in made.items] == [2]
    assert made.losses == {}


def test_answers_without_a_pair_are_kept_for_who_wants_every_answer() -> None:
    made = reap(two("tie"), two("a1", 2, overlap=5), two("a1", 3, kind="imported", rubric=2))
    assert [item.id for item in made.items] == [1, 2, 3]
    by_kind = reap(two("a1", 3, rubric=2), by=recipe(answers={"rubrics": [1]}))
    assert by_kind.items == ()


def test_a_prompt_that_stays_out_gives_nothing_at_all() -> None:
    made = reap(two("a3"), two("tie", 2), prompt=make_prompt(is_held_out=True))
    assert made.losses == {1: Reason.HELD_OUT, 2: Reason.HELD_OUT}
    assert (made.split, made.items, made.pairs, made.lessons, made.labels) == (None, (), (), (), ())


def test_what_no_format_needs_is_not_looked_for() -> None:
    made = reap(two("a3"), needs=())
    assert (len(made.pairs), made.lessons, made.labels) == (1, (), ())


def _cut() -> ItemFacts:
    item = two("a3")
    return item._replace(responses=(item.responses[0]._replace(finish_reason="length"), item.responses[1]))


def _mixed() -> ItemFacts:
    item = two("a3")
    other = make_ballot(5)._replace(pairs={(0, 1): read_vote("a1", steps=1)})
    return item._replace(ballots=(*item.ballots, other))


def _outspoken() -> ItemFacts:
    words = {"justification": {"text": "Ask anna@example.org."}}
    return two("")._replace(ballots=(make_ballot(1, "a1", answers=words),))


REACHED: dict[Reason, Callable[[], Harvest]] = {
    Reason.UNAPPROVED: lambda: reap(two("a1"), prompt=make_prompt(status="draft")),
    Reason.RETIRED: lambda: reap(two("a1"), prompt=make_prompt(status="retired")),
    Reason.CATEGORY: lambda: reap(two("a1"), by=recipe(answers={"categories": ["x"]})),
    Reason.LANGUAGE: lambda: reap(two("a1"), by=recipe(answers={"languages": ["sv"]})),
    Reason.HELD_OUT: lambda: reap(two("a1"), prompt=make_prompt(is_held_out=True)),
    Reason.SPLIT_CONFLICT: lambda: reap(two("a1"), prompt=make_prompt(split="test", cluster_split="train")),
    Reason.KIND: lambda: reap(two("a1", kind="imported"), by=recipe(answers={"item_kinds": ["ordinary"]})),
    Reason.RUBRIC: lambda: reap(two("a1"), by=recipe(answers={"rubrics": [2]})),
    Reason.PERSONAL_DATA: lambda: reap(_outspoken(), by=recipe(personal_data="leave_out")),
    Reason.FILTERED: lambda: reap(two("a1"), without=frozenset({"rater-0"})),
    Reason.INCOMPLETE: lambda: reap(two("a1", overlap=2)),
    Reason.FEW_RATERS: lambda: reap(two("a1"), by=recipe(answers={"min_raters": 2})),
    Reason.NOT_ASKED: lambda: reap(two("")._replace(ballots=(make_ballot(1),))),
    Reason.MIXED_SCALES: lambda: reap(_mixed()),
    Reason.TIE: lambda: reap(two("tie")),
    Reason.BOTH_GOOD: lambda: reap(two("both_good")),
    Reason.BOTH_BAD: lambda: reap(two("both_bad")),
    Reason.CANNOT_TELL: lambda: reap(two("cannot_tell")),
    Reason.NO_MAJORITY: lambda: reap(two("a1 b1")),
    Reason.OPPOSED: lambda: reap(two("a1 a1 b3")),
    Reason.SCATTERED: lambda: reap(two("a3 b3"), by=recipe(pairs={"aggregation": "three_most_similar"})),
    Reason.LOW_AGREEMENT: lambda: reap(two("a3 a3 b1"), by=recipe(answers={"min_agreement": 0.9})),
    Reason.WEAK: lambda: reap(two("a1"), by=recipe(answers={"min_strength": 2})),
    Reason.EMPTY: lambda: reap(two("a1", texts=("Yes.", ""))),
    Reason.SAME_TEXT: lambda: reap(two("a1", texts=("Yes.", "Yes."))),
    Reason.CUT_OFF: lambda: reap(_cut()),
    Reason.CONTRADICTED: lambda: reap(two("a1"), two("b1", 2)),
    Reason.REPEATED: lambda: reap(two("a1"), two("a1", 2)),
    Reason.NOT_PICKED: lambda: reap(
        two("a1"), two("a1", 2, ("One.", "Two.")), by=recipe(pairs={"most_per_prompt": 1})
    ),
}


@pytest.mark.parametrize("reason", REACHED)
def test_every_reason_is_reached(reason: Reason) -> None:
    assert reason in REACHED[reason]().losses.values()


def test_no_reason_is_left_untried() -> None:
    """`no_votes` is what consensus says of an empty list; a pair that nobody voted on was not asked about."""
    assert set(Reason) - REACHED.keys() == {Reason.NO_VOTES}


words = st.lists(
    st.sampled_from(["a1", "a3", "b1", "b2", "tie", "both_good", "both_bad", "cannot_tell"]), max_size=4
)
texts = st.tuples(st.sampled_from(["x", "y", " x", ""]), st.sampled_from(["x", "y", "z"]))


@given(
    cases=st.lists(st.tuples(words, texts), max_size=6),
    aggregation=st.sampled_from(["majority", "mean_strength", "median", "three_most_similar", "per_rater"]),
    ties=st.sampled_from(["weigh", "ignore"]),
    most=st.one_of(st.none(), st.integers(1, 3)),
)
def test_every_answered_item_makes_pairs_or_is_lost_for_one_reason(
    cases: list[tuple[list[str], tuple[str, str]]], aggregation: str, ties: str, most: int | None
) -> None:
    items = [two(" ".join(said), n, pair) for n, (said, pair) in enumerate(cases, start=1)]
    wanted = recipe(pairs={"aggregation": aggregation, "ties": ties, "most_per_prompt": most})
    made = reap(*items, by=wanted)
    kept = {pair.item.id for pair in made.pairs}
    assert kept.isdisjoint(made.losses)
    assert kept | made.losses.keys() == {item.id for item in items if item.ballots}
    said = {(pair.winner.digest, pair.loser.digest) for pair in made.pairs}
    for pair in made.pairs:
        assert not pair.winner.is_empty
        assert not pair.loser.is_empty
        assert pair.winner.digest != pair.loser.digest
        assert (pair.loser.digest, pair.winner.digest) not in said
        assert any(vote > 0 for vote in pair.toward_chosen)
    if most is not None:
        assert len(made.pairs) <= most
