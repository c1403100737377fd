"""The whole card of a small dataset, word by word, and what it says of others."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from apps.datasets.cards.card import write_card
from apps.datasets.cards.croissant import write_croissant
from apps.datasets.digests import FileFacts
from apps.datasets.evidence import Written
from apps.datasets.formats.material import Material
from apps.datasets.recipes.document import RecipeDocument
from apps.projects.rubrics import RubricDocument
from tests.datasets.cards.conftest import Write, write_dataset
from tests.datasets.samples import harvest, make_ballot, make_item, make_material, talk

GOLDEN = Path(__file__).with_name("golden.md")
THREE = {1: "Yes, it is.", 2: "No.", 3: "Yes.", 4: "No, it is not.", 5: "So.", 6: "Not so."}

EVERYBODY = {"origins": ["rater", "imported", "machine"]}
VOTES = ("a2 a1", "b3 tie b1", "tie")


def write_small(write: Write, *formats: str, asked: dict[str, Any] | None = None, **more: Any) -> str:
    """Three items of one prompt: a unanimous one, a divided one and a tie."""
    asked = asked or {}
    material = make_material(THREE, *VOTES, recipe=RecipeDocument.model_validate(asked))
    return write_card(write(*formats or ("preference",), materials=(material,), asked=asked, **more))


def test_a_small_dataset_word_by_word(write: Write) -> None:
    materials = (make_material(THREE, *VOTES),)
    facts = write("preference", container="jsonl", materials=materials, asked={"answers": {}})
    rows = FileFacts("preference/train.jsonl", 2988, "ab" * 32, 0, rows=2)
    said = write_card(replace(facts, files=[rows], guideline=(1, "# Be fair\n\nRead **both**.")))
    assert said == GOLDEN.read_text(encoding="utf-8")


def test_the_same_data_gives_the_same_text(tmp_path: Path) -> None:
    first, second = (write_dataset(tmp_path / name, "preference", "sft") for name in ("one", "two"))
    assert write_card(first) == write_card(second)
    assert write_croissant(first) == write_croissant(second)


def test_formats_without_rows_are_named_but_not_configured(write: Write) -> None:
    said = write_small(write, "preference", "kto", asked={"labels": {"both_bad": False}})
    assert "config_name: kto" not in said
    assert "**`kto` has no rows**" in said


def test_conversations_without_a_place_in_a_format_are_counted(write: Write) -> None:
    assert "3 rows had no place in `flat`" in write_card(write("preference", "flat"))


def test_where_a_row_comes_from_lies_beside_some(write: Write) -> None:
    assert "`SPLIT.origin.jsonl`" in write_small(write, "llama_factory_preference", container="jsonl")
    assert "origin.jsonl" not in write_small(write, "preference", container="jsonl")


def test_names_of_raters_in_the_recipe_stay_here(write: Write) -> None:
    said = write_small(write, asked={"answers": {"without_raters": ["anna@example.org", "bo"]}})
    assert "anna" not in said
    assert said.count("(withheld)") == 2


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"pairs": {"aggregation": "mean_strength"}}, "The response toward which the mean of the signed"),
        ({"pairs": {"ties": "ignore"}}, "Answers that say that there is a tie were left aside before."),
        ({"pairs": {"most_per_prompt": 1}}, "At most 1 pair of a prompt were taken."),
        (
            {"pairs": {"aggregation": "per_rater", "contradictions": "keep"}},
            "Pairs may contradict each other.",
        ),
        ({"pairs": {"aggregation": "per_rater", "contradictions": "keep"}}, "no agreement to tell of"),
        ({"splits": {"test": 0.2, "validation": 0.1}}, "| validation | 10.0% | 0 | 0.0% | 0 |"),
        ({"answers": {"min_raters": 3}}, "| 2 | Fewer than 3 raters | your filter |"),
        ({"answers": {"complete_only": True}}, "Only items with all the answers that they ask for"),
    ],
)
def test_what_the_recipe_asks_for_is_said(write: Write, changed: dict[str, Any], words: str) -> None:
    assert words in write_small(write, asked=changed)


def test_rankings_say_how_they_became_pairs(write: Write) -> None:
    said = write_card(write("preference", asked={"pairs": {"strategy": "adjacent"}, "answers": EVERYBODY}))
    assert "the pairs are: those of neighbouring ranks." in said
    assert "the pairs are" not in write_small(write)


def test_margins_are_explained_where_there_are_any(write: Write) -> None:
    words = "The margin is 3, 2, 1 or 0 by the grade"
    asked = {"pairs": {"margin": "llama2_large"}}
    assert words in write_small(write, "reward", asked=asked)
    assert words not in write_small(write, "preference", asked=asked)


def test_a_dataset_without_pairs_says_nothing_of_pairs(write: Write) -> None:
    said = write_card(write("sft"))
    for word in ("Agreement", "What stayed out", "Length:", "chosen in"):
        assert word not in said
    assert "Fine-tuning conversations end with answers that raters wrote" in said


def test_labels_name_their_scale(write: Write) -> None:
    said = write_card(write("kto"))
    assert "good from a mean of 3 points on and bad up to 1, on a scale from 0 to 2; what lies" in said


RANKED, PAIRED = (
    RubricDocument.model_validate({"responses": number, "questions": [question]})
    for number, question in (
        (4, {"kind": "ranking", "key": "order", "title": "Which is better?"}),
        (2, {"kind": "preference", "key": "better", "title": "Which is better?", "steps": 3}),
    )
)


@pytest.mark.parametrize(
    ("rubrics", "words"),
    [
        ([RANKED], "chosen for it wherever it was the better one."),
        ([RANKED, PAIRED], "from a strength of 2 on, or of all the steps that its question has."),
        ([PAIRED], "from a strength of 2 on."),
    ],
)
def test_no_more_steps_are_told_of_than_there_are(
    write: Write, rubrics: list[RubricDocument], words: str
) -> None:
    assert words in write_card(replace(write("sft"), rubrics=dict(enumerate(rubrics, start=1))))


def test_nobody_judged_what_raters_wrote_themselves(write: Write) -> None:
    written = make_ballot(1, written=(Written("demonstration", "It is.", None),))
    made = harvest([make_item(1, [], [written])])
    said = write_card(write("sft", materials=(Material(made, talk("Is it?"), "{}", {}),)))
    assert "Raters wrote the answers to prompts themselves." in said
    assert "Items behind the rows (prompts that raters answered): 1." in said
    for word in ("judged items", "Preferences", "human preferences"):
        assert word not in said
