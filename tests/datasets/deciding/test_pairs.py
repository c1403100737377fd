import pytest

from apps.datasets.deciding.pairs import Pair, pair_item
from apps.datasets.deciding.reasons import Reason
from apps.datasets.evidence import ItemFacts
from apps.datasets.recipes.document import RecipeDocument
from tests.datasets.deciding.cases import name_pairs, ranked, recipe, two
from tests.datasets.samples import make_ballot, make_response
from tests.quality.votes import read_vote


def make_pair(item: ItemFacts, wanted: RecipeDocument | None = None) -> Pair:
    made = pair_item(item, wanted or recipe())
    assert not isinstance(made, Reason), made
    (pair,) = made
    return pair


def test_a_clear_item_makes_a_pair_with_its_votes() -> None:
    pair = make_pair(two("b2 b1 a1"))
    assert (pair.chosen, pair.rejected, pair.ranks) == (1, 0, (1, 2))
    assert (pair.winner.digest, pair.loser.digest) == tuple(
        make_response(0, text).digest for text in ("No.", "Yes.")
    )
    assert pair.toward_chosen == [2, 1, -1]
    assert pair.voters == (0, 1, 2)
    assert pair.consensus.strength == pytest.approx(2 / 3)
    assert pair.margin == pytest.approx(2 / 9)


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ("tie tie a1", Reason.TIE),
        ("both_bad both_bad", Reason.BOTH_BAD),
        ("both_good", Reason.BOTH_GOOD),
        ("cannot_tell", Reason.CANNOT_TELL),
        ("a1 b1", Reason.NO_MAJORITY),
        ("a1 a1 b3", Reason.OPPOSED),
        ("", Reason.NOT_ASKED),
    ],
)
def test_what_raters_left_open_makes_no_pair(words: str, reason: Reason) -> None:
    assert pair_item(two(words), recipe()) is reason


def test_three_that_lie_too_far_apart_make_no_pair() -> None:
    wanted = recipe(pairs={"aggregation": "three_most_similar"})
    assert pair_item(two("a3 tie b3"), wanted) is Reason.SCATTERED


def test_votes_on_different_scales_make_no_pair() -> None:
    item = two("a2 a1")
    mixed = make_ballot(7)._replace(pairs={(0, 1): read_vote("a1", steps=1)})
    item = item._replace(ballots=(*item.ballots, mixed))
    assert pair_item(item, recipe()) is Reason.MIXED_SCALES
    rows = pair_item(item, recipe(pairs={"aggregation": "per_rater"}))
    assert not isinstance(rows, Reason)
    assert [pair.margin for pair in rows] == [2 / 3, 1 / 3, 1.0]


@pytest.mark.parametrize(
    ("asked", "words", "reason"),
    [
        ({"min_agreement": 0.7}, "a2 a1 b1", Reason.LOW_AGREEMENT),
        ({"min_agreement": 2 / 3}, "a2 a1 b1", None),
        ({"min_strength": 1.0}, "a1 a1 tie", Reason.WEAK),
        ({"min_strength": 1.0}, "a1 a1 a1", None),
        ({"min_raters": 3}, "a1 a1", Reason.FEW_RATERS),
        ({"min_raters": 2}, "a1 a1", None),
    ],
)
def test_what_is_not_clear_enough_makes_no_pair(
    asked: dict[str, float], words: str, reason: Reason | None
) -> None:
    made = pair_item(two(words), recipe(answers=asked))
    assert (made if isinstance(made, Reason) else None) is reason


def test_raters_are_counted_on_each_pair() -> None:
    made = pair_item(ranked("a>b>c", "a>b"), recipe(answers={"min_raters": 2}))
    assert name_pairs(made) == ["a>b"]


def test_a_person_with_two_votes_is_one_rater() -> None:
    item = two("a1 a1")
    same = tuple(ballot._replace(rater="rater-0") for ballot in item.ballots)
    wanted = recipe(answers={"min_raters": 2})
    assert pair_item(item._replace(ballots=same), wanted) is Reason.FEW_RATERS


@pytest.mark.parametrize("texts", [("Yes.", " \n"), ("\t", "No."), ("", "")])
def test_an_empty_text_makes_no_pair(texts: tuple[str, str]) -> None:
    assert pair_item(two("a3", texts=texts), recipe()) is Reason.EMPTY


def test_the_same_text_twice_makes_no_pair() -> None:
    assert pair_item(two("a3", texts=("Yes.", " Yes.\n")), recipe()) is Reason.SAME_TEXT


def cut_off(item: ItemFacts, place: int) -> ItemFacts:
    responses = list(item.responses)
    responses[place] = responses[place]._replace(finish_reason="length")
    return item._replace(responses=tuple(responses))


def test_a_response_that_was_cut_off_is_not_chosen_unless_asked_for() -> None:
    assert pair_item(cut_off(two("a3"), 0), recipe()) is Reason.CUT_OFF
    assert name_pairs(pair_item(cut_off(two("b3"), 0), recipe())) == ["b>a"]
    kept = recipe(answers={"cut_off": "keep"})
    assert name_pairs(pair_item(cut_off(two("a3"), 0), kept)) == ["a>b"]


class TestTies:
    ignore = recipe(pairs={"ties": "ignore"})

    def test_they_weigh_against_a_preference(self) -> None:
        assert pair_item(two("tie a2 both_good"), recipe()) is Reason.NO_MAJORITY

    def test_ignored_they_leave_the_rest_to_decide(self) -> None:
        pair = make_pair(two("tie a2 both_good"), self.ignore)
        assert (pair.chosen, pair.consensus.strength, pair.consensus.agreement) == (0, 2.0, 1.0)
        assert len(pair.votes) == 3

    def test_the_votes_behind_are_named_among_all(self) -> None:
        pair = make_pair(two("tie a2 tie a1"), self.ignore)
        assert pair.consensus.behind == (1, 3)

    def test_where_nobody_prefers_they_are_the_answer(self) -> None:
        assert pair_item(two("tie both_good tie"), self.ignore) is Reason.TIE

    def test_both_bad_is_no_tie(self) -> None:
        assert pair_item(two("both_bad tie both_bad a1"), self.ignore) is Reason.BOTH_BAD


class TestRows:
    wanted = recipe(pairs={"aggregation": "per_rater"})

    def test_every_rater_makes_one(self) -> None:
        made = pair_item(two("a3 tie b1"), self.wanted)
        assert not isinstance(made, Reason)
        assert name_pairs(made) == ["a>b", "b>a"]
        assert [pair.consensus.behind for pair in made] == [(0,), (2,)]
        assert [pair.margin for pair in made] == [1.0, 1 / 3]

    def test_those_that_are_too_weak_stay_out(self) -> None:
        strict = recipe(pairs={"aggregation": "per_rater"}, answers={"min_strength": 2})
        assert name_pairs(pair_item(two("a3 b1"), strict)) == ["a>b"]
        assert pair_item(two("a1 b1"), strict) is Reason.WEAK


def test_an_item_of_one_response_makes_no_pair() -> None:
    item = two("")._replace(responses=(make_response(1, "Yes."),), ballots=(make_ballot(1),))
    assert pair_item(item, recipe()) is Reason.NOT_ASKED
    assert pair_item(item._replace(responses=()), recipe()) is Reason.NOT_ASKED


def test_a_ranking_says_why_most_of_its_pairs_stay_out() -> None:
    assert pair_item(ranked("a=b=c", "a>b=c"), recipe()) is Reason.NO_MAJORITY
