from typing import Any

from django import forms

from apps.projects.models import Guideline, Project

NUMBERS = {
    "overlap": forms.NumberInput(attrs={"min": 1, "max": 9, "inputmode": "numeric"}),
    "lease_minutes": forms.NumberInput(attrs={"min": 2, "max": 480, "inputmode": "numeric"}),
}


class NewProjectForm(forms.ModelForm[Project]):
    class Meta:
        model = Project
        fields = ("name", "description", "overlap", "lease_minutes")
        widgets = {"description": forms.Textarea(attrs={"rows": 3}), **NUMBERS}
        help_texts = {
            "name": "Raters see it. You can change it later; the address stays.",
            "description": "A sentence or two on what is collected and what for.",
        }


class SettingsForm(forms.ModelForm[Project]):
    class Meta:
        model = Project
        fields = ("name", "description", "overlap", "lease_minutes", "stage")
        widgets = {"description": forms.Textarea(attrs={"rows": 3}), **NUMBERS}
        help_texts = {
            "name": "Raters see it. The address stays.",
            "overlap": (
                "How many people judge each item; an odd number decides more items. Another number "
                "holds for items built from now on; those that are there keep theirs."
            ),
            "stage": "Shown beside the name. A closed project gives out no items; what it has is kept.",
        }


class GuidelineForm(forms.Form):
    text = forms.CharField(
        label="Guideline in Markdown",
        max_length=Guideline._meta.get_field("text").max_length,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 26, "class": "mono", "spellcheck": "true"}),
        error_messages={"required": "A guideline needs a text. The version before is still in force."},
    )
    based_on = forms.IntegerField(min_value=1, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
