"""What curators type on the page of the queue."""

from typing import Any

from django import forms

from apps.core.errors import InvalidInputError
from apps.projects.skills import SKILL_LENGTH, parse_skills
from apps.rating.edits import Value
from apps.rating.listing import ALL, QUEUE, ItemFilter
from apps.rating.models import PRIORITIES, EditAction
from apps.rating.models.item_states import ItemState
from apps.rating.models.items import MOST_RATERS

STATES = [
    (QUEUE, "In the queue"),
    *((state.value, state.label.capitalize()) for state in ItemState),
    (ALL, "All items"),
]
HIGHEST_FIRST = range(PRIORITIES[1], PRIORITIES[0] - 1, -1)
PRIORITY_CHOICES = [(number, str(number)) for number in HIGHEST_FIRST]


class FilterForm(forms.Form):
    """Which items the list shows. Nonsense in the address is left out."""

    q = forms.CharField(required=False, max_length=200)
    category = forms.CharField(required=False, max_length=1000, strip=False)
    state = forms.ChoiceField(required=False, choices=STATES)
    priority = forms.TypedChoiceField(required=False, coerce=int, empty_value=None, choices=PRIORITY_CHOICES)
    skill = forms.CharField(required=False, max_length=SKILL_LENGTH)

    def read(self, *, usual: str = QUEUE) -> ItemFilter:
        """`usual` is the state where the address names none."""
        self.is_valid()
        said = {name: self.cleaned_data[name] for name in self.fields if name in self.cleaned_data}
        state = said.pop("state", "") or usual
        return ItemFilter(**said, state="" if state == ALL else state)


class EditForm(forms.Form):
    """One change, to the items that were ticked or to all that the filter finds."""

    SELECTED, FOUND = "selected", "found"

    scope = forms.ChoiceField(choices=[(SELECTED, ""), (FOUND, "")], initial=SELECTED)
    action = forms.ChoiceField(choices=EditAction.choices, initial=EditAction.OVERLAP)
    overlap = forms.IntegerField(required=False, min_value=1, max_value=MOST_RATERS)
    priority = forms.TypedChoiceField(
        required=False,
        coerce=int,
        empty_value=None,
        initial=0,
        choices=PRIORITY_CHOICES,
    )
    skills = forms.CharField(required=False, max_length=1000)

    def clean_skills(self) -> list[str]:
        try:
            return parse_skills(self.cleaned_data["skills"])
        except InvalidInputError as error:
            raise forms.ValidationError(error.message) from None

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        action, field = data.get("action"), self.needed
        wrong = {name for name in self.errors if name not in {field, "action", "scope"}}
        for name in wrong:  # what belongs to another action
            del self._errors[name]  # type: ignore[attr-defined]
        if field in {"overlap", "priority"} and field not in self.errors and data.get(field) is None:
            self.add_error(field, "Which number? Nothing was changed.")
        if action in {EditAction.ADD_SKILLS, EditAction.REMOVE_SKILLS} and not data.get("skills", True):
            self.add_error("skills", "Which skills? Nothing was changed.")
        return data

    @property
    def means_ticked(self) -> bool:
        return bool(self.cleaned_data["scope"] == self.SELECTED)

    @property
    def needed(self) -> str:
        """The field that belongs to the action, if any does."""
        action = self.cleaned_data.get("action", "")
        return {EditAction.OVERLAP: "overlap", EditAction.PRIORITY: "priority"}.get(
            action, "skills" if action.endswith("skills") else ""
        )

    def read(self) -> tuple[EditAction, Value]:
        """What to change, and into what. Only of a valid form."""
        field = self.needed
        return EditAction(self.cleaned_data["action"]), self.cleaned_data[field] if field else None
