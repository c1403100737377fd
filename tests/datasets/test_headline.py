from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apps.datasets.deciding.reasons import Reason
from apps.datasets.figures import Figures
from apps.datasets.headline import write_age, write_headline, write_measure
from apps.datasets.recipes.document import RecipeDocument

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("figures", "formats", "says"),
    [
        (
            {"answered": 2912, "pairs": 2043, "left_out": {"tie": 869}},
            ["reward"],
            "2,043 pairs would train; 869 items stay out",
        ),
        ({"answered": 1, "pairs": 1}, ["preference"], "1 pair would train; nothing stays out"),
        (
            {"answered": 1, "left_out": {"tie": 1}},
            ["preference"],
            "No pair would train yet; 1 item stays out",
        ),
        (
            {"answered": 9, "lessons": {"chosen": 4}},
            ["sft"],
            "4 conversations would train, from 9 answered items",
        ),
        (
            {"answered": 9, "good": 3, "bad": 1},
            ["kto"],
            "4 labelled responses would train, from 9 answered items",
        ),
        (
            {"answered": 9, "pairs": 9, "lessons": {"chosen": 4}},
            ["preference", "sft"],
            "9 pairs and 4 conversations would train; nothing stays out",
        ),
        (
            {"answered": 9, "rows": {"prompts": {"train": 7}}},
            ["prompts"],
            "7 prompts would leave, from 9 answered items",
        ),
        ({}, ["preference"], "There is no dataset yet: nobody has answered an item"),
    ],
)
def test_the_finding(figures: dict[str, Any], formats: list[str], says: str) -> None:
    assert write_headline(Figures.model_validate(figures), RecipeDocument(formats=tuple(formats))) == says


def test_how_it_was_measured() -> None:
    figures = Figures(answered=9, pairs=5, prompts=4, clusters=3, raters=2, waiting=1)
    document = RecipeDocument()
    said = "From 4 prompts in 3 clusters, judged by 2 raters. 1 more item waits for a first answer."
    assert write_measure(figures, document) == said
    assert write_measure(figures, RecipeDocument(formats=("sft",))) == "1 more item waits for a first answer."


@pytest.mark.parametrize(
    ("past", "says"),
    [
        (timedelta(seconds=20), "Counted less than a minute ago."),
        (timedelta(minutes=4), "Counted 4 min ago."),
        (timedelta(hours=7), "Counted 7 hours ago."),
        (timedelta(days=3), "Counted 3 days ago."),
    ],
)
def test_how_old_it_is(past: timedelta, says: str) -> None:
    assert write_age(NOW - past, 3, is_fresh=False, now=NOW) == says
    assert write_age(NOW, 0.31, is_fresh=True, now=NOW) == "Counted just now, in 0.3 s."
    assert write_age(NOW, 0.04, is_fresh=True, now=NOW) == "Counted just now."


def test_losses_are_summed() -> None:
    figures = Figures(answered=9, left_out={Reason.TIE: 2, Reason.EMPTY: 1})
    assert (figures.left_out_total, figures.pair_items) == (3, 6)
