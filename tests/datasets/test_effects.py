from dataclasses import replace
from typing import Any

import pytest

from apps.datasets.checks import list_checks
from apps.datasets.deciding.reasons import Reason
from apps.datasets.effects import list_effects
from apps.datasets.figures import Figures, Stops
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.wording import REASONS, describe_reason
from tests.datasets.deciding.test_scales import ask
from tests.datasets.test_forms import CHOICES

STOPS = Stops(
    raters=[(2, 3), (3, 40)], agreement=[(0.5, 2), (0.6667, 20), (1.0, 21)], strength=[(0.5, 4), (3.0, 39)]
)
FIGURES = Figures(answered=60, pairs=43, cut_off=2, stops=STOPS, left_out={Reason.TIE: 5, Reason.CUT_OFF: 1})


def effects(**sections: Any) -> dict[str, str]:
    return list_effects(FIGURES, RecipeDocument.model_validate(sections), CHOICES)


@pytest.mark.parametrize(
    ("answers", "field", "says"),
    [
        ({}, "min_agreement", "more than half would cost 2 pairs"),
        ({"min_agreement": 0.51}, "min_agreement", "2 of 3 would cost 2 pairs"),
        ({"min_agreement": 0.66}, "min_agreement", "3 of 4 would cost 22 pairs"),
        ({}, "min_raters", "at least 3 would cost 3 pairs"),
        ({}, "min_strength", "at least 1 would cost 4 pairs"),
        ({}, "cut_off", "1 item with a chosen response cut off"),
        ({"cut_off": "keep"}, "cut_off", "2 chosen ended at the token limit"),
        ({}, "ties", "5 items without a better one"),
    ],
)
def test_a_stricter_choice_says_what_it_costs(answers: dict[str, Any], field: str, says: str) -> None:
    assert effects(answers=answers)[field] == says


def test_a_choice_that_costs_all_is_none() -> None:
    assert "min_raters" not in effects(answers={"min_raters": 3})


def test_only_pairs_have_effects() -> None:
    assert effects(formats=["sft"]) == {}


def test_points_that_are_not_read_are_told_of() -> None:
    asked = {1: ask(("quality", 1, 7)), 2: ask(("quality", 0, 5))}
    choices = replace(CHOICES, asked=asked)
    kto, read = RecipeDocument(formats=("kto",)), {"answers": {"rubrics": [1]}, "formats": ["kto"]}
    says = "rubric version 1 had other points, which are not read"
    assert list_effects(FIGURES, kto, choices) == {"label_question": says}
    assert list_effects(FIGURES, RecipeDocument.model_validate(read), choices) == {}


def test_every_reason_has_words() -> None:
    assert set(REASONS) == set(Reason)
    document = RecipeDocument.model_validate({"answers": {"min_raters": 3, "min_agreement": 0.66}})
    assert describe_reason(Reason.FEW_RATERS, document).label == "Fewer than 3 raters"
    assert describe_reason(Reason.LOW_AGREEMENT, document).label == "Agreement below 66\u00a0%"
    assert describe_reason(Reason.HELD_OUT, document).note == "13 words in common"


@pytest.mark.parametrize(
    ("figures", "formats", "says"),
    [
        (Figures(unanswerable=1), ["preference"], "1 prompt ends on no user or tool turn"),
        (Figures(good=4, rows={"kto": {"train": 4}}), ["kto"], "Every label is good"),
        (Figures(bad=4, rows={"kto": {"train": 4}}), ["kto"], "Every label is bad"),
    ],
)
def test_what_would_be_refused_is_said_before(figures: Figures, formats: list[str], says: str) -> None:
    problems = [
        one.problem for one in list_checks(figures, RecipeDocument(formats=tuple(formats))) if one.problem
    ]
    assert len(problems) == 1
    assert problems[0].startswith(says)


def test_where_nothing_can_be_good_the_rows_can_be_left_out() -> None:
    figures = Figures(bad=2, rows={"kto": {"train": 2}})
    said = [one.problem for one in list_checks(figures, RecipeDocument(formats=("preference", "kto")))]
    assert any(problem.endswith("or leave out “Good and bad answers”.") for problem in said)


def test_labels_of_both_kinds_are_right() -> None:
    figures = Figures.model_validate({"good": 1, "bad": 1, "rows": {"kto": {"train": 2}}})
    assert not any(one.problem for one in list_checks(figures, RecipeDocument(formats=("kto",))))
