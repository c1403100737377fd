"""Forms that begin a project: a new one, and a copy of another."""

from django import forms
from django.utils.html import format_html

from apps.projects.forms import NUMBERS
from apps.projects.models import Project
from apps.projects.presets import USUAL, list_presets


def explain_presets() -> list[tuple[str, str]]:
    return [
        (preset.name, format_html("<b>{}.</b> {}", preset.title, preset.summary)) for preset in list_presets()
    ]


class NewProjectForm(forms.ModelForm[Project]):
    field_order = ("name", "description", "preset", "overlap", "lease_minutes")
    preset = forms.ChoiceField(
        label="What raters are asked",
        choices=explain_presets,
        initial=USUAL,
        required=False,
        widget=forms.RadioSelect,
        help_text="A rubric to begin with. Every question can be changed before and after the first answer.",
    )

    class Meta:
        model = Project
        fields = ("name", "description", "overlap", "lease_minutes")
        widgets = {"description": forms.Textarea(attrs={"rows": 3}), **NUMBERS}
        help_texts = {
            "name": "Raters see it. You can change it later; the address stays.",
            "description": "A sentence or two on what is collected and what for.",
        }

    def clean_preset(self) -> str:
        return self.cleaned_data["preset"] or USUAL


class CloneForm(forms.ModelForm[Project]):
    class Meta:
        model = Project
        fields = ("name",)
        labels = {"name": "Name of the new project"}
        help_texts = {
            "name": "It gets the settings, the rubric, the guideline and the models of this one; no prompts, "
            "people or answers."
        }
