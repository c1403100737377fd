from django import forms
from django.utils.html import format_html

from apps.projects.permissions import Role

ROLE_WORDS = {
    Role.RATER: "rates items, and sees nothing else of the project",
    Role.TRAINER: "sees the progress and downloads datasets",
    Role.CURATOR: "prepares prompts, models, rubric and guideline, and rates",
    Role.OWNER: "does everything, people included",
}


def explain_roles() -> list[tuple[str, str]]:
    return [
        (role.value, format_html("<b>{}</b> {}", role.label, words)) for role, words in ROLE_WORDS.items()
    ]


class RoleForm(forms.Form):
    role = forms.TypedChoiceField(choices=Role.choices, coerce=Role)


class InvitationForm(forms.Form):
    role = forms.TypedChoiceField(
        label="Role", choices=explain_roles, coerce=Role, initial=Role.RATER, widget=forms.RadioSelect
    )
    email = forms.EmailField(
        label="E-mail address",
        required=False,
        max_length=254,
        help_text="The link goes there. Without one you get the link, and hand it on yourself.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
