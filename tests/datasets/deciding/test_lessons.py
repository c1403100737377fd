from collections.abc import Sequence

import pytest

from apps.datasets.deciding.lessons import Lesson
from apps.datasets.evidence import ItemFacts, Written
from tests.datasets.deciding.cases import point, ranked, reap, recipe, two

ALL = ["demonstration", "rewrite", "chosen"]


def write(item: ItemFacts, *written: Written, by: int = 0) -> ItemFacts:
    ballots = list(item.ballots)
    ballots[by] = ballots[by]._replace(written=written)
    return item._replace(ballots=tuple(ballots))


def learn(*items: ItemFacts, sources: Sequence[str] = ALL, **wanted: object) -> tuple[Lesson, ...]:
    return reap(*items, by=recipe(lessons={"sources": sources, **wanted})).lessons


def name(lessons: Sequence[Lesson]) -> list[tuple[str, str]]:
    """Source and text, or the letter of the response."""
    return [(one.source, one.text or chr(97 + (one.place or 0))) for one in lessons]


DEMONSTRATION = Written("demonstration", "Shown.", None)
REWRITE = Written("rewrite", "Better.", 1)


@pytest.mark.parametrize(
    ("sources", "found"),
    [
        (ALL, [("demonstration", "Shown.")]),
        (["rewrite", "demonstration", "chosen"], [("rewrite", "Better.")]),
        (["chosen", "rewrite"], [("chosen", "a")]),
        (["chosen"], [("chosen", "a")]),
        ([], []),
    ],
)
def test_the_first_source_that_has_something_wins(sources: list[str], found: list[tuple[str, str]]) -> None:
    item = write(two("a3 a3"), REWRITE, DEMONSTRATION)
    assert name(learn(item, sources=sources)) == found


def test_where_the_first_has_nothing_the_next_one_speaks() -> None:
    assert name(learn(write(two("a3"), REWRITE))) == [("rewrite", "Better.")]
    assert name(learn(two("a3"))) == [("chosen", "a")]
    assert learn(two("tie")) == ()


def test_a_correction_is_no_source() -> None:
    assert name(learn(write(two("tie"), Written("correction", "No, this.", 0)))) == []


def test_everything_of_that_source_leaves_and_each_text_once() -> None:
    first = write(write(two("tie tie"), DEMONSTRATION), Written("demonstration", "Shown.\n", None), by=1)
    second = write(two("tie", 2), Written("demonstration", "Otherwise.", None))
    assert name(learn(first, second)) == [("demonstration", "Shown."), ("demonstration", "Otherwise.")]


def test_blanks_are_no_text() -> None:
    assert learn(write(two("tie"), Written("rewrite", " \n", 0))) == ()


def test_what_somebody_wrote_says_who_and_about_what() -> None:
    (lesson,) = learn(write(two("tie tie"), REWRITE, by=1))
    assert (lesson.place, lesson.ballots, lesson.strength, lesson.agreement) == (1, (1,), None, None)


class TestChosen:
    def test_it_says_how_clearly(self) -> None:
        (lesson,) = learn(two("b3 b3 tie"))
        assert (lesson.place, lesson.ballots, lesson.strength) == (1, (0, 1, 2), 2.0)
        assert lesson.agreement == pytest.approx(2 / 3)

    @pytest.mark.parametrize(("words", "there"), [("a2", True), ("a3 a1", True), ("a2 a1", False)])
    def test_it_has_to_be_clearly_better(self, words: str, there: bool) -> None:
        assert bool(learn(two(words), min_strength=2)) == there

    def test_of_a_scale_of_one_step_all_of_it(self) -> None:
        assert name(learn(ranked("a>b", "a>b"), min_strength=2)) == [("chosen", "a")]
        assert learn(ranked("a>b", "a>b", "b>a"), min_strength=2) == ()

    def test_of_a_ranking_the_best_alone(self) -> None:
        assert name(learn(ranked("b>c>a"))) == [("chosen", "b")]
        assert name(learn(ranked("b=c>a"))) == [("chosen", "b"), ("chosen", "c")]

    def test_of_several_items_those_that_nowhere_lose(self) -> None:
        chain = (two("a3", 1, ("Good.", "Fair.")), two("a3", 2, ("Fair.", "Poor.")))
        assert [(one.item.id, one.place) for one in learn(*chain)] == [(1, 0)]

    def test_not_even_in_a_pair_that_stays_out(self) -> None:
        capped = recipe(pairs={"most_per_prompt": 1})
        for number in range(2, 12):
            chain = (two("a3", number, ("Good.", "Fair.")), two("a3", 90 + number, ("Fair.", "Poor.")))
            made = reap(*chain, by=capped)
            taught = {lesson.item.responses[lesson.place or 0].digest for lesson in made.lessons}
            assert chain[1].responses[0].digest not in taught

    def test_raters_who_disagree_teach_nothing(self) -> None:
        rows = recipe(pairs={"aggregation": "per_rater", "contradictions": "keep"})
        made = reap(two("a3 b3"), by=rows)
        assert (len(made.pairs), made.lessons) == (2, ())

    @pytest.mark.parametrize(("points", "there"), [((4, 4), True), ((4, 2), True), ((2, 3), False)])
    def test_above_a_threshold_of_points(self, points: tuple[int, int], there: bool) -> None:
        item = two("a3 a3")
        ballots = tuple(point(one, a=n) for one, n in zip(item.ballots, points, strict=True))
        found = learn(item._replace(ballots=ballots), question="quality", min_points=3)
        assert bool(found) == there

    def test_without_points_nobody_knows(self) -> None:
        assert learn(two("a3"), question="quality", min_points=0) == ()
