from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.html import format_html

from apps.projects.item_plan import list_makers
from apps.projects.models import Guideline, Pairing, Project, QueueOrder

NUMBERS = {
    "overlap": forms.NumberInput(attrs={"min": 1, "max": 9, "inputmode": "numeric"}),
    "lease_minutes": forms.NumberInput(attrs={"min": 2, "max": 480, "inputmode": "numeric"}),
}
LIMITS = {
    "review_after_skips": forms.NumberInput(attrs={"min": 1, "max": 99, "inputmode": "numeric"}),
    "daily_cap": forms.NumberInput(attrs={"min": 1, "inputmode": "numeric"}),
    "rater_cap": forms.NumberInput(attrs={"min": 1, "inputmode": "numeric"}),
}
ORDER_WORDS = {
    QueueOrder.OLDEST: "as they came in; the first are finished first",
    QueueOrder.RANDOM: "so that every part of the data grows at the same pace",
    QueueOrder.LEAST_ANNOTATED: "every item once, then every item twice, and so on",
    QueueOrder.FINISH_BEGUN: "what has an answer goes before what has none",
}


PAIRING_WORDS = {
    Pairing.ALL: "two responses make one pair, three make three, five make ten",
    Pairing.RANDOM: "as many for each prompt as you say, spread over all of its responses",
    Pairing.BASELINE: "one model is what the others are measured by; they do not meet each other",
}


def explain_pairings() -> list[tuple[str, str]]:
    return [
        (pairing.value, format_html("<b>{}</b>: {}", pairing.label, words))
        for pairing, words in PAIRING_WORDS.items()
    ]


def explain_orders() -> list[tuple[str, str]]:
    return [
        (order.value, format_html("<b>{}</b>: {}", order.label, words))
        for order, words in ORDER_WORDS.items()
    ]


class SettingsForm(forms.ModelForm[Project]):
    class Meta:
        model = Project
        fields = (
            "name",
            "description",
            "stage",
            "overlap",
            "queue_order",
            "lease_minutes",
            "review_after_skips",
            "is_sensitive",
            "daily_cap",
            "rater_cap",
        )
        widgets = {
            "description": forms.Textarea(attrs={"rows": 3}),
            "queue_order": forms.RadioSelect,
            **NUMBERS,
            **LIMITS,
        }
        help_texts = {
            "name": "Raters see it. The address stays.",
            "overlap": (
                "How many people judge each item; an odd number decides more items. Another number "
                "holds for items built from now on; those that are there keep theirs, until you change "
                "them in the queue."
            ),
            "queue_order": (
                "In what order raters meet items of the same priority. Items that are there move into "
                "another order within seconds of saving; raters go on meanwhile."
            ),
            "daily_cap": "Nobody gets more than this on a day; days begin at midnight UTC. Empty: no limit.",
            "rater_cap": "Nobody gets more than this in this project. Empty: no limit.",
            "stage": "Shown beside the name. A closed project gives out no items; what it has is kept.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["queue_order"].choices = explain_orders()  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        if said.get("is_sensitive") and "daily_cap" in said and said["daily_cap"] is None:
            self.add_error(
                "daily_cap", "Say how much of this one person may read on a day: it may disturb them."
            )
        return said


class ItemPlanForm(forms.Form):
    """`cleaned_data` holds the arguments of `change_item_plan`."""

    pairing = forms.ChoiceField(label="Which responses meet", widget=forms.RadioSelect)
    pairs_per_prompt = forms.IntegerField(
        label="Random pairs per prompt",
        min_value=1,
        max_value=1000,
        required=False,
        help_text="With half as many pairs as responses, nobody is left out. Responses that come later bring "
        "their share of pairs.",
        widget=forms.NumberInput(attrs={"min": 1, "max": 1000, "inputmode": "numeric"}),
    )
    baseline = forms.ChoiceField(
        required=False,
        help_text="Samples meet samples: the second of a model the second of the baseline.",
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, project: Project) -> None:
        now = {name: getattr(project, name) for name in ("pairing", "pairs_per_prompt", "baseline")}
        super().__init__(data, initial=now, auto_id="plan_%s")
        self.project = project
        makers = dict.fromkeys([*list_makers(project=project), *filter(None, [project.baseline])])
        self.fields["pairing"].choices = explain_pairings()  # type: ignore[attr-defined]
        self.fields["baseline"].choices = [("", "None yet"), *((name, name) for name in makers)]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        said = super().clean() or {}
        pairing = said.get("pairing")
        if pairing == Pairing.BASELINE and "baseline" in said and not said["baseline"]:
            self.add_error("baseline", "Choose the model that the others are measured by.")
        if pairing == Pairing.RANDOM and "pairs_per_prompt" in said and not said["pairs_per_prompt"]:
            self.add_error("pairs_per_prompt", "Say how many pairs each prompt gets.")
        if "pairs_per_prompt" in said:
            said["pairs_per_prompt"] = said["pairs_per_prompt"] or self.project.pairs_per_prompt
        return said


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
