from typing import Any

import pytest

from apps.datasets.deciding.reasons import Reason
from apps.datasets.errors import InvalidRecipeError
from apps.datasets.evidence import Ballot
from apps.datasets.recipes.parsing import parse_recipe
from tests.datasets.deciding.cases import name_pairs, reap, recipe, two
from tests.datasets.samples import make_ballot, make_prompt

LOST = Reason.FILTERED


def select(asked: dict[str, Any], *ballots: Ballot, **item: Any) -> Reason | list[str]:
    """What an item with these answers makes under a filter: its raters, or why it makes nothing."""
    prompt = item.pop("prompt", None)
    names = {key: item.pop(key) for key in ("only", "without") if key in item}
    given = two("")._replace(ballots=ballots, counted=len(ballots), overlap=len(ballots))
    made = reap(given._replace(**item), by=recipe(answers=asked), prompt=prompt, **names)
    if made.losses:
        return made.losses[given.id]
    (pair,) = made.pairs
    return [pair.item.ballots[number].rater for number in pair.voters]


ONE, OTHER = make_ballot(1, "a2"), make_ballot(2, "a1")
BOTH = ["rater-1", "rater-2"]


def test_without_a_filter_everything_is_read() -> None:
    assert select({}, ONE, OTHER) == BOTH


@pytest.mark.parametrize(("wanted", "there"), [([1], True), ([1, 3], True), ([2], False)])
def test_rubric_versions(wanted: list[int], there: bool) -> None:
    assert select({"rubrics": wanted}, ONE) == (["rater-1"] if there else Reason.RUBRIC)


def test_guideline_versions() -> None:
    old, new = ONE._replace(guideline=1), OTHER._replace(guideline=3)
    assert select({"guideline_from": 2}, old, new) == ["rater-2"]
    assert select({"guideline_from": 4}, old, new) is LOST


def test_what_came_from_elsewhere_follows_no_guideline() -> None:
    foreign = ONE._replace(origin="imported", guideline=None)
    assert select({"guideline_from": 9, "origins": ["imported"]}, foreign) == ["rater-1"]


def test_raters_in_and_out() -> None:
    assert select({}, ONE, OTHER, only=frozenset({"rater-2"})) == ["rater-2"]
    assert select({}, ONE, OTHER, without=frozenset({"rater-2"})) == ["rater-1"]
    both = {"only": frozenset({"rater-1"}), "without": frozenset({"rater-1"})}
    assert select({}, ONE, OTHER, **both) is LOST


@pytest.mark.parametrize(
    ("asked", "raters"),
    [
        ({"since": "2026-03-02T00:00:00Z"}, ["rater-2"]),
        ({"until": "2026-03-02T00:00:00Z"}, ["rater-1"]),
        ({"since": "2026-03-02T00:00:00.000001Z"}, LOST),
        ({"until": "2026-03-01T23:59:59.999999Z"}, LOST),
        ({"since": "2026-03-02T00:59:00+01:00"}, BOTH),  # other zones
        ({"since": "2026-03-02T01:00:00+01:00"}, ["rater-2"]),
        ({"until": "2026-03-01T19:00:00-05:00"}, ["rater-1"]),
        ({"since": "2026-03-02T00:00:00"}, ["rater-2"]),  # none: UTC
        ({"since": "2026-03-01", "until": "2026-03-03"}, BOTH),
    ],
)
def test_since_and_until(asked: dict[str, str], raters: object) -> None:
    """The first moment is within, the last is not."""
    early = ONE._replace(at="2026-03-01T23:59:59.999999+00:00")
    late = OTHER._replace(at="2026-03-02T00:00:00.000000+00:00")
    assert select(asked, early, late) == raters


@pytest.mark.parametrize(
    "said", ["yesterday", "20261", 20261122, True, "0001-01-01", "9999-12-31", "9999-12-31T23:59:59-12:00"]
)
def test_a_time_that_is_none_is_refused(said: object) -> None:
    with pytest.raises(InvalidRecipeError, match=r"answers\.since: Give a time"):
        parse_recipe({"answers": {"since": said}})


@pytest.mark.parametrize(
    ("wanted", "category", "there"),
    [(["chat"], "chat", True), (["code"], "chat", False), ([""], None, True), (["chat"], None, False)],
)
def test_categories(wanted: list[str], category: str | None, there: bool) -> None:
    found = select({"categories": wanted}, ONE, prompt=make_prompt(category=category))
    assert found == (["rater-1"] if there else Reason.CATEGORY)


@pytest.mark.parametrize(("wanted", "there"), [(["en", "sv"], True), (["sv"], False), ([""], False)])
def test_languages(wanted: list[str], there: bool) -> None:
    assert select({"languages": wanted}, ONE) == (["rater-1"] if there else Reason.LANGUAGE)


def test_kinds_of_items() -> None:
    assert select({"item_kinds": ["ordinary"]}, ONE) == ["rater-1"]
    assert select({"item_kinds": ["imported"]}, ONE) is Reason.KIND
    assert select({"item_kinds": ["imported"]}, ONE, kind="imported") == ["rater-1"]


def test_origins() -> None:
    machine = make_ballot(3, "b1", origin="machine")
    assert select({}, ONE, machine) == ["rater-1"]
    assert select({"origins": ["machine"]}, ONE, machine) == ["rater-3"]
    assert select({"origins": ["imported"]}, ONE, machine) is LOST


def test_an_item_that_still_wants_raters_stays_out_however_clear() -> None:
    assert select({}, ONE, OTHER, overlap=3) is Reason.INCOMPLETE
    assert select({"complete_only": False}, ONE, OTHER, overlap=3) == BOTH


def test_what_came_from_elsewhere_waits_for_no_rater() -> None:
    foreign = ONE._replace(origin="imported")
    assert select({"origins": ["imported"]}, foreign, counted=0, overlap=3) == ["rater-1"]
    assert select({"origins": ["imported", "rater"]}, foreign, counted=0, overlap=3) is Reason.INCOMPLETE
    assert select({"origins": ["imported"]}, foreign, kind="imported", counted=0, overlap=3) == ["rater-1"]


def test_min_raters_counts_people_whose_answers_are_read() -> None:
    machine = make_ballot(3, "a1", origin="machine")
    assert select({"min_raters": 2}, ONE, OTHER) == BOTH
    assert select({"min_raters": 2}, ONE, machine) is Reason.FEW_RATERS
    assert select({"min_raters": 2}, ONE, OTHER._replace(rater="rater-1")) is Reason.FEW_RATERS


def test_answers_that_are_not_read_are_gone_from_the_item() -> None:
    machine = make_ballot(3, "b1", origin="machine")
    made = reap(two("")._replace(ballots=(machine, ONE), counted=1, overlap=1))
    assert [ballot.rater for ballot in made.items[0].ballots] == ["rater-1"]
    assert name_pairs(made.pairs) == ["a>b"]


@pytest.mark.parametrize(
    ("status", "asked", "found"),
    [
        ("retired", {}, Reason.RETIRED),
        ("retired", {"retired": "keep"}, ["rater-1"]),
        ("draft", {"retired": "keep"}, Reason.UNAPPROVED),
        ("held", {"retired": "keep"}, Reason.UNAPPROVED),
    ],
)
def test_prompts_that_nobody_wants_trained_on(status: str, asked: dict[str, Any], found: object) -> None:
    assert select(asked, ONE, prompt=make_prompt(status=status)) == found
