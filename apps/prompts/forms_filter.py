"""The form part that says which prompts are meant, with the names that addresses and programs use."""

from collections.abc import Mapping
from typing import Any

from django import forms

from apps.projects.models import Project
from apps.prompts.filtering import BY_HAND, COVERAGES, MOST_TURNS, PromptFilter
from apps.prompts.forms import NO_CATEGORY
from apps.prompts.languages import name_language
from apps.prompts.offering import list_offer


def read_filter(data: Mapping[str, Any]) -> PromptFilter:
    """From an address or a form; two fields of a form may say together how long."""
    values: dict[str, Any] = {name: data.get(name) for name in data if data.get(name) is not None}
    if not values.get("words"):
        least, most = values.get("least", ""), values.get("most", "")
        values["words"] = f"{least}-{most}" if (least, most) != ("", "") else ""
    return PromptFilter.read(values)


def _select(**kwargs: Any) -> forms.CharField:
    """Whatever is sent is taken: what no prompt has chooses none, and says so."""
    return forms.CharField(required=False, max_length=300, widget=forms.Select, **kwargs)


def _words(label: str) -> forms.IntegerField:
    number = forms.NumberInput(attrs={"inputmode": "numeric"})
    return forms.IntegerField(label=label, required=False, min_value=0, max_value=9_999_999, widget=number)


class PromptFilterForm(forms.Form):
    q = forms.CharField(
        label="Saying",
        required=False,
        max_length=200,
        help_text="All words must be there. “In quotes” is a phrase, -word leaves out.",
    )
    category = _select()
    language = _select()
    tag = _select()
    source = _select()
    coverage = forms.ChoiceField(
        label="Answers by people", required=False, choices=[("", "Any"), *COVERAGES.items()]
    )
    turns = forms.ChoiceField(
        required=False,
        choices=[
            ("", "Any"),
            *((str(n), str(n)) for n in range(1, MOST_TURNS)),
            (str(MOST_TURNS), f"{MOST_TURNS} or more"),
        ],
    )
    least = _words("Words, at least")
    most = _words("Words, at most")
    key = _select(label="Metadata")
    value = forms.CharField(
        label="is",
        required=False,
        max_length=300,
        widget=forms.TextInput(attrs={"placeholder": "any value"}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, project: Project) -> None:
        super().__init__(data)
        self.project = project

    def offer_choices(self) -> None:
        """Fill the lists to choose from, which only a page needs."""
        offer = list_offer(project=self.project)
        self._offer("category", [(name, _name_category(name)) for name in offer.categories])
        self._offer("language", [(code, name_language(code)) for code in offer.languages])
        self._offer("tag", [(tag, tag) for tag in offer.tags])
        self._offer("source", [*offer.sources, (BY_HAND, "Written by hand")] if offer.sources else [])
        self._offer("key", [(key, key) for key in offer.keys])

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].widget.choices = [("", "Any"), *choices]

    @property
    def filters(self) -> list[forms.BoundField]:
        """What there is something to choose of."""
        lists = ("category", "language", "tag", "source")
        offered = [self[name] for name in lists if self._has_choice(name)]
        return [*offered, *(self[name] for name in ("coverage", "turns", "least", "most"))]

    @property
    def metadata(self) -> list[forms.BoundField]:
        return [self["key"], self["value"]] if self._has_choice("key") else []

    def _has_choice(self, name: str) -> bool:
        return len(list(self[name].field.widget.choices)) > 1

    @property
    def narrows(self) -> bool:
        return self.is_bound and read_filter(self.data) != PromptFilter()

    def read_wanted(self) -> PromptFilter:
        return read_filter(self.cleaned_data)


def _name_category(name: str) -> str:
    return "Without a category" if name == NO_CATEGORY else name
