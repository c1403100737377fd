"""A recipe's form: what it says is the document, and what is wrong is said beside the field."""

from typing import Any

import pytest
from django.http import HttpRequest, QueryDict
from hypothesis import given
from hypothesis import strategies as st

from apps.datasets.forms.changes import describe_changes, list_changes
from apps.datasets.forms.choices import Choices
from apps.datasets.forms.reading import read_document
from apps.datasets.forms.recipe_form import RecipeForm
from apps.datasets.forms.state import FIELDS, read_number, read_state, write_query
from apps.datasets.forms.words import list_notes, list_unfolded, tell_choices
from apps.datasets.forms.writing import fill_form
from apps.datasets.recipes.document import RecipeDocument

LIST = "0b1f3c9e-2222-4222-8333-abcdefabcdef"
CHOICES = Choices(
    rubrics=[("1", "1"), ("2", "2"), ("3", "3")],
    guidelines=[("1", "any version"), ("2", "from version 2")],
    categories=[("law", "law"), ("", "without a category")],
    languages=[("sv", "Swedish")],
    raters=[],
    scales=[("quality", "quality (1 to 5)")],
    held_out=[(LIST, "Quiz")],
    held_out_words={LIST: 8},
    steps=3,
    has_rankings=True,
)
USUAL = RecipeDocument()
RATER = "0b1f3c9e-1111-4222-8333-abcdefabcdef"
FULL = RecipeDocument.model_validate(
    {
        "answers": {
            "rubrics": [3, 2],
            "guideline_from": 2,
            "origins": ["machine", "rater"],
            "without_raters": [RATER, "Judge A"],
            "since": "2026-03-01T00:00:00+00:00",
            "until": "2026-04-01T12:30:00+00:00",
            "categories": ["law", ""],
            "languages": ["sv"],
            "complete_only": False,
            "min_raters": 3,
            "min_agreement": 2 / 3,
            "min_strength": 1.25,
            "cut_off": "keep",
            "retired": "keep",
        },
        "pairs": {"aggregation": "median", "ties": "ignore", "strategy": "adjacent", "most_per_prompt": 4},
        "lessons": {"sources": ["chosen"], "question": "quality", "min_points": 4, "min_strength": 1.5},
        "labels": {"question": "quality", "good_from": 3.5, "bad_to": 2.5, "both_bad": False},
        "splits": {"validation": 0.05, "test": 0.125},
        "personal_data": "leave_out",
        "formats": ["sft", "preference"],
        "container": "jsonl",
    }
)


def ask(query: str = "", method: str = "GET") -> HttpRequest:
    request = HttpRequest()
    request.method = method
    setattr(request, method, QueryDict(query))
    return request


def read(base: RecipeDocument = USUAL, query: str = "") -> tuple[RecipeForm, RecipeDocument | None]:
    form = RecipeForm(read_state(ask(query), base), CHOICES)
    return form, read_document(form, base)


@pytest.mark.parametrize("document", [USUAL, FULL])
def test_a_recipe_comes_back_from_its_form_as_it_was(document: RecipeDocument) -> None:
    form, again = read(document)
    assert form.errors == {}
    assert again == document
    assert again is not None
    assert again.digest == document.digest


@given(st.floats(0, 4, allow_nan=False), st.floats(0, 0.49), st.floats(0, 1))
def test_numbers_of_any_kind_survive_the_form(strength: float, test: float, agreement: float) -> None:
    answers = {"min_strength": round(strength, 3), "min_agreement": agreement}
    document = RecipeDocument.model_validate({"answers": answers, "splits": {"test": round(test, 4)}})
    assert read(document)[1] == document


def test_the_address_says_what_was_changed_and_nothing_else() -> None:
    data = read_state(ask("ties=ignore&categories=law&complete_only="), USUAL)
    assert write_query(data, USUAL) == "complete_only=&categories=law&ties=ignore"
    assert write_query(fill_form(FULL), FULL) == ""
    assert write_query({**fill_form(FULL), "formats": ["preference", "sft"]}, FULL) == ""


def test_the_address_brings_the_form_back() -> None:
    query = write_query(fill_form(FULL), USUAL)
    assert read(USUAL, query)[1] is not None
    again = read_state(ask(query), USUAL)
    assert {name: sorted(filter(None, again[name])) for name in FIELDS} == {
        name: sorted(filter(None, values)) for name, values in fill_form(FULL).items()
    }


def test_in_a_whole_form_what_is_missing_is_unticked() -> None:
    assert read_state(ask("whole=1&ties=ignore", "POST"), USUAL)["complete_only"] == []
    assert read_state(ask("ties=ignore", "POST"), USUAL)["complete_only"] == ["on"]


@pytest.mark.parametrize(
    ("query", "field", "says"),
    [
        ("min_raters=0", "min_raters", "from 1 to 99"),
        ("min_raters=many", "min_raters", "from 1 to 99"),
        ("origins=", "origins", "at least one kind"),
        ("formats=", "formats", "at least one kind of rows"),
        ("formats=csv", "formats", "at least one kind of rows"),
        ("validation=60&test=40", "test", "nothing would train"),
        ("bad_to=3&good_from=3", "bad_to", "must lie below"),
        ("since=2026-05-02&until=2026-05-01", "until", "before the first"),
        ("since=yesterday", "since", "Give a day"),
        ("until=9999-12-31", "until", "Give a day"),
        ("since=0001-01-01", "since", "Give a day"),
        ("source_1=chosen&source_2=chosen", "source_2", "named twice"),
        ("rater_mode=only", "rater_mode", "Tick somebody"),
        ("formats=openai_dpo", "formats", "JSON Lines"),
        ("formats=reward&margin=none", "margin", "margin"),
        ("aggregation=vote", "aggregation", "Choose one"),
        ("min_agreement=nan", "min_agreement", "Choose one"),
        ("min_strength=1e9", "min_strength", "Choose one"),
        ("rubrics=99999999999", "rubrics", "Choose among"),
        (f"held_out={LIST}&held_out_words=7", "held_out_words", "8 words in a row"),
        (f"held_out={RATER}", "held_out", "was removed"),
    ],
)
def test_what_cannot_be_done_is_said_beside_its_field(query: str, field: str, says: str) -> None:
    form, document = read(USUAL, query)
    assert document is None
    assert says in list_notes(form, {})[field].error


@pytest.mark.parametrize("query", ["%00", "min_raters=%00", "categories=%00", "test=1e400", "good_from=NaN"])
def test_hostile_values_break_nothing(query: str) -> None:
    read(USUAL, query)


def test_days_are_whole_and_the_last_one_is_in() -> None:
    document = read(USUAL, "since=2026-05-01&until=2026-05-02")[1]
    assert document is not None
    assert document.answers.since is not None
    assert document.answers.since.isoformat() == "2026-05-01T00:00:00+00:00"
    assert document.answers.until is not None
    assert document.answers.until.isoformat() == "2026-05-03T00:00:00+00:00"


def test_raters_are_left_out_by_name_or_by_tick() -> None:
    document = read(USUAL, f"rater_mode=without&raters={RATER}&annotators=Judge+A,+Judge+B")[1]
    assert document is not None
    assert document.answers.without_raters == (RATER, "Judge A", "Judge B")


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({}, ""),
        ({"pairs": {"ties": "ignore"}}, "tie policy changed"),
        ({"pairs": {"ties": "ignore", "margin": "none"}}, "tie policy and margin changed"),
        (
            {
                "answers": {"min_raters": 2, "languages": ["sv"]},
                "splits": {"test": 0.2},
                "container": "jsonl",
            },
            "languages, raters per item, split and 1 more changed",
        ),
    ],
)
def test_what_was_changed_has_a_name(changed: dict[str, Any], words: str) -> None:
    assert describe_changes(list_changes(USUAL, RecipeDocument.model_validate(changed))) == words


def test_folded_boxes_say_what_is_ticked() -> None:
    said = tell_choices(read(USUAL, "rubrics=2&rubrics=3&categories=")[0])
    assert (said["rubrics"], said["languages"], said["formats"]) == (
        "2 and 3",
        "all",
        "Preference pairs and Fine-tuning conversations",
    )
    assert tell_choices(read(USUAL, "rubrics=1&rubrics=2&rubrics=3")[0])["rubrics"] == "3 of 3"


def test_a_part_is_open_once_it_says_something_of_its_own() -> None:
    assert not any(list_unfolded(read(USUAL)[0]).values())
    assert list_unfolded(read(FULL)[0]) == {
        "answers": True, "lessons": True, "labels": True, "held_out": False, "words": True,
        "rest": False,
    }  # fmt: skip
    assert list_unfolded(read(USUAL, "good_from=x")[0])["labels"]


@pytest.mark.parametrize(
    ("said", "number"), [("12", 12), ("-1", 0), ("x", 0), ("²", 0), ("9" * 30, 0), ("", 0)]
)
def test_a_place_in_the_address_is_a_number(said: str, number: int) -> None:
    query = QueryDict(mutable=True)
    query["after"] = said
    assert read_number(query, "after") == number
