from collections.abc import Mapping

import pytest

from apps.datasets.deciding.labels import Label
from apps.datasets.evidence import ItemFacts
from tests.datasets.deciding.cases import point, ranked, reap, recipe, two


def rate(item: ItemFacts, *points: Mapping[str, int]) -> ItemFacts:
    ballots = tuple(point(one, **given) for one, given in zip(item.ballots, points, strict=True))
    return item._replace(ballots=ballots)


def label(*items: ItemFacts, answers: Mapping[str, object] | None = None, **wanted: object) -> list[Label]:
    made = reap(*items, by=recipe(labels=wanted, answers=answers or {}), scales={1: "quality"})
    return list(made.labels)


def name(labels: list[Label]) -> dict[str, bool]:
    return {chr(97 + one.place): one.is_good for one in labels}


@pytest.mark.parametrize(
    ("points", "is_good"),
    [(4, True), (3, True), (2, None), (1, False), (0, False)],
)
def test_points_are_good_bad_or_say_nothing(points: int, is_good: bool | None) -> None:
    found = label(rate(two("a1"), {"a": points}))
    assert [one.is_good for one in found] == ([] if is_good is None else [is_good])


@pytest.mark.parametrize(
    ("thresholds", "found"),
    [
        ({"good_from": 2.5, "bad_to": 2.4}, {"a": True}),
        ({"good_from": 2.6, "bad_to": 2.5}, {"a": False}),
        ({"good_from": 2.6, "bad_to": 2.4}, {}),
    ],
)
def test_the_thresholds_are_the_recipes(thresholds: dict[str, float], found: dict[str, bool]) -> None:
    assert name(label(rate(two("a1 a1"), {"a": 2}, {"a": 3}), **thresholds)) == found


def test_it_is_the_mean_of_those_who_gave_points() -> None:
    (found,) = label(rate(two("a1 a1 a1"), {"a": 4}, {}, {"a": 3}))
    assert (found.points, found.ballots, found.place) == (3.5, (0, 2), 0)


def test_points_of_other_versions_say_nothing() -> None:
    item = rate(two("a1"), {"a": 4})
    assert reap(item, by=recipe(), scales={2: "quality"}).labels == ()


def test_it_needs_as_many_raters_as_the_recipe_asks() -> None:
    item = rate(two("a1 a1"), {"a": 4, "b": 0}, {"a": 4})
    assert name(label(item, answers={"min_raters": 2})) == {"a": True}


def test_an_empty_text_has_no_label() -> None:
    assert label(rate(two("a1", texts=(" ", "No.")), {"a": 4, "b": 0}))[0].place == 1


def test_a_good_response_is_not_cut_off_unless_asked_for() -> None:
    item = rate(two("a1"), {"a": 4, "b": 0})
    cut = item._replace(responses=tuple(one._replace(finish_reason="length") for one in item.responses))
    assert name(label(cut)) == {"b": False}
    assert name(label(cut, answers={"cut_off": "keep"})) == {"a": True, "b": False}


class TestBothBad:
    def test_it_makes_two_bad_ones(self) -> None:
        found = label(two("both_bad both_bad a1"))
        assert name(found) == {"a": False, "b": False}
        assert {one.ballots for one in found} == {(0, 1)}
        assert {one.points for one in found} == {None}

    def test_half_is_not_enough(self) -> None:
        assert label(two("both_bad a1")) == []

    def test_unless_the_recipe_says_no(self) -> None:
        assert label(two("both_bad"), both_bad=False) == []

    def test_points_say_it_better(self) -> None:
        assert name(label(rate(two("both_bad"), {"a": 4, "b": 2}))) == {"a": True}

    def test_where_they_say_nothing_it_speaks(self) -> None:
        assert name(label(rate(two("both_bad"), {"a": 2, "b": 2}))) == {"a": False, "b": False}

    def test_of_a_ranking_those_that_most_gave_no_place(self) -> None:
        assert name(label(ranked("a>b|cd", "b>a|cd"))) == {"c": False, "d": False}

    def test_an_empty_text_is_not_a_bad_one(self) -> None:
        assert name(label(two("both_bad", texts=("", "No.")))) == {"b": False}


class TestConflicts:
    good, bad = rate(two("a1"), {"a": 4}), rate(two("a1", 2), {"a": 0})

    def test_a_text_that_is_good_here_and_bad_there_has_none(self) -> None:
        assert label(self.good, self.bad) == []

    def test_the_same_text_again_leaves_once(self) -> None:
        again = rate(two("a1", 2), {"a": 3})
        assert [one.item.id for one in label(self.good, again)] == [1]

    def test_another_text_is_not_concerned(self) -> None:
        other = rate(two("a1", 2, ("Other.", "No.")), {"a": 0})
        assert [one.is_good for one in label(self.good, other)] == [True, False]
