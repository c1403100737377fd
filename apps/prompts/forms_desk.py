"""What the desk sends: which prompts, and what to do with them."""

from uuid import UUID

from django import forms
from django.http import QueryDict

from apps.core.errors import InvalidInputError
from apps.prompts.changing import Action, Chosen
from apps.prompts.filtering import PromptFilter

MOST_NAMED = 2000  # prompts that a page names one by one; more are meant by their filter
_NONSENSE = "This page asked for something that does not exist; nothing was changed."


class ChangeForm(forms.Form):
    action = forms.ChoiceField(choices=Action.choices)
    scope = forms.ChoiceField(choices=[("ticked", "ticked"), ("all", "all")], required=False)
    tag = forms.CharField(required=False, max_length=500)

    def read(self, *, data: QueryDict, wanted: PromptFilter) -> tuple[Action, Chosen, str]:
        """
        Raises:
            InvalidInputError: nothing was chosen, or what no page of ours sends.
        """
        if not self.is_valid():
            raise InvalidInputError(_NONSENSE)
        action, tag = Action(self.cleaned_data["action"]), self.cleaned_data["tag"]
        if self.cleaned_data["scope"] == "all":
            return action, Chosen(wanted), tag
        try:
            uids = [UUID(uid) for uid in data.getlist("uid")]
        except ValueError:
            raise InvalidInputError(_NONSENSE) from None
        if not uids:
            raise InvalidInputError(
                "No prompt was chosen; nothing was changed. Tick some, or choose all that fit the filter."
            )
        if len(uids) > MOST_NAMED:
            raise InvalidInputError(
                f"At most {MOST_NAMED:,} prompts can be named one by one; nothing was changed. "
                "Choose all that fit the filter instead."
            )
        return action, Chosen(wanted, uids), tag


class EditForm(forms.Form):
    """The texts of the turns come beside it, one field each, all named `turn`."""

    category = forms.CharField(required=False, max_length=100)


class TargetForm(forms.Form):
    by = forms.CharField(max_length=120)
    value = forms.CharField(max_length=200)
    prompts = forms.IntegerField(
        min_value=0,
        max_value=10_000_000,
        error_messages={"invalid": "A target is a whole number of prompts; nothing was changed."},
    )
