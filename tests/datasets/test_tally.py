from apps.datasets.deciding.reasons import Reason
from apps.datasets.models import Split
from apps.datasets.tally import Tally, count_all
from tests.datasets.deciding.cases import ranked, reap, recipe, two
from tests.datasets.samples import make_prompt


def test_items_pairs_and_what_stays_out() -> None:
    tally = count_all([reap(two("a2"), two("tie", 2), two("a1 b1", 3)), reap(ranked("a>b>c"))], Tally())
    assert (tally.answered, tally.pairs, tally.prompts) == (4, 4, 2)
    assert tally.left_out == {Reason.TIE: 1, Reason.NO_MAJORITY: 1}
    assert tally.left_out_total == 2


def test_clusters_are_counted_once() -> None:
    prompts = [
        make_prompt(uid="1", cluster="1"),
        make_prompt(uid="2", cluster="2"),
        make_prompt(uid="3", cluster="c"),
        make_prompt(uid="4", cluster="c"),
    ]
    tally = count_all((reap(two("a1"), prompt=prompt) for prompt in prompts), Tally())
    assert (tally.prompts, tally.clusters) == (4, 3)


def test_votes_and_raters_are_those_behind_the_pairs() -> None:
    tally = count_all([reap(two("a2 a1 b1"))], Tally())
    assert (tally.votes, len(tally.raters), tally.shown, tally.chosen_on_left) == (3, 3, 3, 3)
    rows = recipe(pairs={"aggregation": "per_rater", "contradictions": "keep"})
    tally = count_all([reap(two("a2 tie b1"), by=rows)], Tally())
    assert (tally.pairs, tally.votes, dict(tally.raters)) == (2, 2, {"rater-0": 1, "rater-2": 1})
    assert (tally.shown, tally.chosen_on_left) == (2, 1)


def test_agreement_is_a_mean_over_pairs() -> None:
    tally = count_all([reap(two("a1 a1")), reap(two("a2 a1 b1"))], Tally())
    assert (tally.unanimous, round(tally.agreement, 4)) == (1, 0.8333)
    assert Tally().agreement == 0


def test_lengths_grades_and_winners() -> None:
    made = [reap(two("a3", texts=("Long one.", "No."))), reap(two("b1", texts=("Longer.", "No.")))]
    tally = count_all([*made, reap(two("a2", texts=("Yes", "No.")))], Tally())
    assert (tally.chosen_longer, tally.chosen_shorter) == (1, 1)
    assert tally.graded == [("slightly", 1), ("better", 1), ("much", 1)]
    assert (sum(tally.wins.values()), sum(tally.losses.values())) == (3, 3)


def test_the_first_and_the_last_answer() -> None:
    early, late = "2026-01-01T00:00:00.000000+00:00", "2026-02-01T00:00:00.000000+00:00"
    item = two("a1 a1")
    ballots = tuple(one._replace(at=at) for one, at in zip(item.ballots, (late, early), strict=True))
    tally = count_all([reap(item._replace(ballots=ballots)), reap(two("a1"))], Tally())
    assert (tally.first_at, tally.last_at) == (early, "2026-03-01T09:30:00.000000+00:00")


def test_rows_by_format_and_split() -> None:
    tally = Tally(formats=("preference", "sft", "flat"))
    tally.add(reap(two("a3")))
    tally.add(reap(two("a1"), prompt=make_prompt("user", "assistant", "user")))
    assert tally.rows_of("preference") == {Split.TRAIN: 2}
    assert tally.rows_of("sft") == {Split.TRAIN: 1}
    assert (tally.rows_of("flat"), tally.unfit) == ({Split.TRAIN: 1}, {"flat": 1})
