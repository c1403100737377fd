"""Fields of the kinds that a recipe has, each saying in its own words what is wrong."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

GIVE_A_DAY = "Give a day, such as 2026-11-18."


def one_of(
    choices: Sequence[tuple[Any, str]], *, say: str = "Choose one of those listed.", required: bool = True
) -> forms.ChoiceField:
    return forms.ChoiceField(choices=choices, error_messages=_say(say), required=required)


def some_of(
    choices: Sequence[tuple[Any, str]], *, say: str = "Choose among those listed.", required: bool = True
) -> forms.MultipleChoiceField:
    widget = forms.CheckboxSelectMultiple()
    return forms.MultipleChoiceField(
        choices=choices, error_messages=_say(say), widget=widget, required=required
    )


def _say(words: str) -> dict[str, str]:
    return dict.fromkeys(("required", "invalid", "invalid_choice", "invalid_list"), words)


def number_between(
    least: float, most: float, *, step: float = 1, required: bool = True
) -> forms.DecimalField:
    words = f"Give a number from {least:g} to {most:g}."
    messages = dict.fromkeys(
        ("required", "invalid", "min_value", "max_value", "max_digits", "max_decimal_places"), words
    )
    widget = forms.NumberInput(attrs={"min": f"{least:g}", "max": f"{most:g}", "step": f"{step:g}"})
    return forms.DecimalField(
        min_value=least, max_value=most, required=required, error_messages=messages, widget=widget
    )


def optional_day() -> forms.DateField:
    return forms.DateField(
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        validators=[
            MinValueValidator(date(1900, 1, 1), GIVE_A_DAY),
            MaxValueValidator(date(2999, 12, 31), GIVE_A_DAY),
        ],
        error_messages={"invalid": GIVE_A_DAY},
    )
