from apps.quality.aggregation.per_rater import aggregate
from apps.quality.consensus import Undecided
from tests.quality.votes import say


def test_every_preference_is_an_answer_of_its_own() -> None:
    answers = aggregate(say("a3 tie b1 a2"))
    assert [(one.winner, one.strength, one.behind) for one in answers] == [
        ("a", 3.0, (0,)),
        ("b", 1.0, (2,)),
        ("a", 2.0, (3,)),
    ]
    assert [one.agreement for one in answers] == [1 / 2, 1 / 4, 1 / 2]
    assert {one.n_votes for one in answers} == {4}


def test_nothing_is_averaged_so_scales_may_differ() -> None:
    answers = aggregate((*say("a2", 3), *say("a1", 1)))
    assert [(one.strength, one.steps) for one in answers] == [(2.0, 3), (1.0, 1)]


def test_nobody_prefers_and_nobody_agrees_why() -> None:
    (answer,) = aggregate((*say("tie", 3), *say("both_bad", 1)))
    assert answer.why_not is Undecided.NO_MAJORITY
