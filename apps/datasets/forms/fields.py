"""A recipe as a form, in the page's words; `apps.datasets.recipes.document` says what each value does."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.datastructures import MultiValueDict

from apps.datasets.forms.choices import Choice, Choices
from apps.rating.models import ItemKind, Origin

ORIGINS = [
    (Origin.RATER, "Human answers"),
    (Origin.IMPORTED, "Imported answers"),
    (Origin.MACHINE, "Machine answers"),
]
GIVE_A_DAY = "Give a day, such as 2026-11-18."
KINDS = [(ItemKind.ORDINARY, "here"), (ItemKind.IMPORTED, "elsewhere")]
AGREEMENTS = [
    ("0", "any"),
    ("0.51", "more than half"),
    ("0.66", "2 of 3"),
    ("0.75", "3 of 4"),
    ("0.8", "4 of 5"),
    ("1", "all agree"),
]
RATERS = [("all", "everybody"), ("without", "everybody but those ticked"), ("only", "only those ticked")]
PERSONAL_DATA = [("mask", "mask it"), ("leave_out", "leave the item out"), ("keep", "keep it")]
LEFT_OR_KEPT = [("leave_out", "leave out"), ("keep", "keep")]
TIES = [("weigh", "count as votes"), ("ignore", "ignore")]
STRATEGIES = [
    ("all_pairs", "all pairs"),
    ("adjacent", "neighbouring places"),
    ("best_vs_rest", "best against the rest"),
    ("best_vs_worst", "best against worst"),
    ("best_vs_random", "best against a random one"),
]
MARGINS = [
    ("share", "share of the scale, 0 to 1"),
    ("strength", "as it is, in steps"),
    ("llama2_large", "Llama 2: 3, 2, 1, 0"),
    ("llama2_small", "Llama 2: 1, ⅔, ⅓, 0"),
    ("none", "none"),
]
CONTRADICTIONS = [("leave_out", "leave both out"), ("keep", "keep both")]
SOURCES = [
    ("", "nothing"),
    ("demonstration", "written answers"),
    ("rewrite", "rewrites"),
    ("chosen", "chosen responses"),
]
CONTAINERS = [("parquet", "Parquet, one per split"), ("jsonl", "JSON Lines, one per split")]


def _one(choices: Sequence[tuple[Any, str]], **more: Any) -> forms.ChoiceField:
    return forms.ChoiceField(choices=choices, error_messages=_say("Choose one of those listed."), **more)


def _many(choices: Sequence[tuple[Any, str]], **more: Any) -> forms.MultipleChoiceField:
    words = _say(more.pop("say", "Choose among those listed."))
    widget = forms.CheckboxSelectMultiple()
    return forms.MultipleChoiceField(choices=choices, error_messages=words, widget=widget, **more)


def _say(words: str) -> dict[str, str]:
    return dict.fromkeys(("required", "invalid", "invalid_choice", "invalid_list"), words)


def _number(least: float, most: float, *, step: float = 1, required: bool = True) -> forms.DecimalField:
    words = f"Give a number from {least:g} to {most:g}."
    messages = dict.fromkeys(
        ("required", "invalid", "min_value", "max_value", "max_digits", "max_decimal_places"), words
    )
    widget = forms.NumberInput(attrs={"min": f"{least:g}", "max": f"{most:g}", "step": f"{step:g}"})
    return forms.DecimalField(
        min_value=least, max_value=most, required=required, error_messages=messages, widget=widget
    )


def _day() -> forms.DateField:
    return forms.DateField(
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[
            MinValueValidator(date(1900, 1, 1), GIVE_A_DAY),
            MaxValueValidator(date(2999, 12, 31), GIVE_A_DAY),
        ],
        error_messages={"invalid": GIVE_A_DAY},
    )


class RecipeForm(forms.Form):
    """Always bound: what is not in the address or the request is as the saved recipe has it."""

    rubrics = _many([], required=False)
    guideline_from = _one([])
    min_raters = _number(1, 99)
    min_agreement = _one(AGREEMENTS)
    min_strength = _one([])
    origins = _many(ORIGINS, say="Choose whose answers are read, at least one kind.")
    complete_only = forms.BooleanField(required=False)
    since = _day()
    until = _day()
    categories = _many([], required=False)
    languages = _many([], required=False)
    item_kinds = _many(KINDS, say="Choose at least one kind of items.")
    rater_mode = _one(RATERS)
    raters = _many([], required=False)
    annotators = forms.CharField(required=False, max_length=10_000)
    cut_off = _one(LEFT_OR_KEPT)
    retired = _one(LEFT_OR_KEPT)
    aggregation = _one([])
    ties = _one(TIES)
    strategy = _one(STRATEGIES)
    most_per_prompt = _number(1, 36, required=False)
    margin = _one(MARGINS)
    contradictions = _one(CONTRADICTIONS)
    source_1 = _one(SOURCES, required=False)
    source_2 = _one(SOURCES, required=False)
    source_3 = _one(SOURCES, required=False)
    sft_strength = _number(0, 4, step=0.1)
    sft_question = _one([], required=False)
    sft_points = _number(-100, 100)
    label_question = _one([], required=False)
    good_from = _number(-100, 100, step=0.1)
    bad_to = _number(-100, 100, step=0.1)
    both_bad = forms.BooleanField(required=False)
    validation = _number(0, 99, step=0.1)
    test = _number(0, 99, step=0.1)
    held_out = forms.ChoiceField(
        required=False,
        error_messages=_say("The list that this recipe names was removed. Choose another, or none."),
    )
    held_out_words = _number(3, 50)
    personal_data = _one(PERSONAL_DATA)
    formats = _many([], say="Choose at least one kind of rows.")
    container = _one(CONTAINERS)

    def __init__(self, data: Mapping[str, list[str]], choices: Choices) -> None:
        super().__init__(MultiValueDict(data), auto_id="recipe-%s", use_required_attribute=False)
        self.given = choices
        listed: dict[str, list[Choice]] = {
            "rubrics": choices.rubrics,
            "guideline_from": choices.guidelines,
            "categories": choices.categories,
            "languages": choices.languages,
            "raters": choices.raters,
            "aggregation": choices.aggregations,
            "sft_question": [("", "strength alone"), *choices.scales],
            "label_question": [("", "the first there is"), *choices.scales],
            "held_out": [("", "none"), *choices.held_out],
            "formats": choices.formats,
            "min_strength": [("0", "any"), *list_strengths(choices.steps)],
        }
        for name, options in listed.items():
            self._offer(name, options)
        self._offer("min_agreement", AGREEMENTS)
        for name, bound in self.fields.items():
            bound.widget.attrs["aria-describedby"] = f"note-{name}"

    def _offer(self, name: str, options: Sequence[Choice]) -> None:
        """Options, and what the recipe says already, though it be in the project no longer."""
        known = {value for value, _ in options}
        said = [one for one in self.data.getlist(name) if one and one not in known and len(one) <= 200]  # type: ignore[attr-defined]
        tell = UNLISTED.get(name)
        more = [(one, tell(one)) for one in said if _is_sound(name, one)] if tell else []
        self.fields[name].choices = [*options, *more]  # type: ignore[attr-defined]


def list_strengths(steps: int) -> list[Choice]:
    """Every half step, from the first on."""
    halves = [number / 2 for number in range(2, 2 * steps + 1)]
    return [(f"{half:g}", f"at least {half:g}") for half in halves]


# What may be said of values that the project does not list, such as a category without answers yet.
UNLISTED: dict[str, Callable[[str], str]] = {
    "rubrics": lambda version: f"{version} (not published)",
    "guideline_from": lambda version: f"from version {version}",
    "categories": str,
    "languages": str,
    "raters": lambda uid: f"somebody ({uid[:8]}…)",
    "min_agreement": lambda share: f"at least {100 * float(share):g}\u00a0%",
    "min_strength": lambda strength: f"at least {float(strength):g}",
    "sft_question": str,
    "label_question": str,
}
_BOUNDS = {"rubrics": (1, 1e6), "guideline_from": (1, 1e6), "min_agreement": (0, 1), "min_strength": (0, 4)}


def _is_sound(name: str, value: str) -> bool:
    if name not in _BOUNDS:
        return True
    low, high = _BOUNDS[name]
    try:
        return low <= float(value) <= high and (high <= 4 or value.isdecimal())
    except ValueError:
        return False
