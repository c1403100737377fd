"""A recipe as a form, in the page's words; `apps.datasets.recipes.document` says what each value does."""

from collections.abc import Mapping, Sequence

from django import forms
from django.utils.datastructures import MultiValueDict

from apps.datasets.forms.choices import Choice, Choices
from apps.datasets.forms.fields import number_between, one_of, optional_day, some_of
from apps.datasets.forms.options import (
    AGREEMENTS,
    CONTAINERS,
    CONTRADICTIONS,
    KINDS,
    LEFT_OR_KEPT,
    MARGINS,
    ORIGINS,
    PERSONAL_DATA,
    RATERS,
    SOURCES,
    STRATEGIES,
    TIES,
    list_strengths,
)
from apps.datasets.forms.unlisted import tell_unlisted


class RecipeForm(forms.Form):
    """Always bound: what is not in the address or the request is as the saved recipe has it."""

    rubrics = some_of([], required=False)
    guideline_from = one_of([])
    min_raters = number_between(1, 99)
    min_agreement = one_of(AGREEMENTS)
    min_strength = one_of([])
    origins = some_of(ORIGINS, say="Choose whose answers are read, at least one kind.")
    complete_only = forms.BooleanField(required=False)
    since = optional_day()
    until = optional_day()
    categories = some_of([], required=False)
    languages = some_of([], required=False)
    item_kinds = some_of(KINDS, say="Choose at least one kind of items.")
    rater_mode = one_of(RATERS)
    raters = some_of([], required=False)
    annotators = forms.CharField(required=False, max_length=10_000)
    cut_off = one_of(LEFT_OR_KEPT)
    retired = one_of(LEFT_OR_KEPT)
    aggregation = one_of([])
    ties = one_of(TIES)
    strategy = one_of(STRATEGIES)
    most_per_prompt = number_between(1, 36, required=False)
    margin = one_of(MARGINS)
    contradictions = one_of(CONTRADICTIONS)
    source_1 = one_of(SOURCES, required=False)
    source_2 = one_of(SOURCES, required=False)
    source_3 = one_of(SOURCES, required=False)
    sft_strength = number_between(0, 4, step=0.1)
    sft_question = one_of([], required=False)
    sft_points = number_between(-100, 100)
    label_question = one_of([], required=False)
    good_from = number_between(-100, 100, step=0.1)
    bad_to = number_between(-100, 100, step=0.1)
    both_bad = forms.BooleanField(required=False)
    validation = number_between(0, 99, step=0.1)
    test = number_between(0, 99, step=0.1)
    held_out = one_of(
        [],
        say="The list that this recipe names was removed. Choose another, or none.",
        required=False,
    )
    held_out_words = number_between(3, 50)
    personal_data = one_of(PERSONAL_DATA)
    formats = some_of([], say="Choose at least one kind of rows.")
    container = one_of(CONTAINERS)

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
        self.fields[name].choices = [*options, *tell_unlisted(name, said)]  # type: ignore[attr-defined]
