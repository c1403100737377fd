"""Forms of runs: starting one, pausing it, ordering it."""

from collections.abc import Mapping
from typing import Any

from django import forms

from apps.core.words import start_sentence
from apps.generation.choosing import PromptChoice, find_prompts, list_offer
from apps.generation.forecasting import Forecast, foresee_run
from apps.generation.models import PRIORITIES, ModelConfig
from apps.generation.services.runs import MOST_SAMPLES, SEEDS
from apps.generation.services.steering import LONGEST_REASON
from apps.projects.models import Project
from apps.prompts.forms import NO_CATEGORY
from apps.prompts.languages import name_language

NUMERIC = {"inputmode": "numeric"}


def _select(**kwargs: Any) -> forms.CharField:
    """Whatever is sent is taken: what no prompt has chooses none, and says so."""
    return forms.CharField(required=False, max_length=300, widget=forms.Select, **kwargs)


class RunForm(forms.Form):
    configs = forms.ModelMultipleChoiceField(
        label="Who answers",
        queryset=ModelConfig.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one."},
    )
    which = forms.ChoiceField(
        label="Which prompts",
        choices=[("all", "All approved prompts"), ("new", "Only those without a response")],
        widget=forms.RadioSelect,
    )
    category = _select()
    language = _select()
    tag = _select()
    text = forms.CharField(label="Saying", required=False, max_length=200)
    key = _select(label="Metadata")
    value = forms.CharField(label="is", required=False, max_length=300)
    samples = forms.IntegerField(
        label="Responses per prompt from each",
        min_value=1,
        max_value=MOST_SAMPLES,
        initial=1,
        widget=forms.NumberInput(attrs=NUMERIC),
    )
    seed = forms.IntegerField(
        min_value=0,
        max_value=SEEDS - 1,
        required=False,
        help_text="The same seed draws the same responses again. Empty takes a random one.",
        widget=forms.NumberInput(attrs=NUMERIC),
    )
    priority = forms.IntegerField(
        min_value=PRIORITIES[0],
        max_value=PRIORITIES[1],
        initial=0,
        required=False,
        help_text="Runs with a higher one are worked at first; 0 is usual.",
        widget=forms.NumberInput(attrs={}),
    )

    def __init__(self, data: Mapping[str, Any] | None = None, *, project: Project) -> None:
        super().__init__(data)
        self.project = project
        configs = project.model_configs.offered()
        self.fields["configs"].queryset = configs  # type: ignore[attr-defined]
        self.fields["configs"].initial = configs
        self.approved = find_prompts(project=project).count()
        if data is None:
            new = find_prompts(project=project, choice=PromptChoice(only_unanswered=True)).count()
            self.fields["which"].initial = "new" if 0 < new < self.approved else "all"

    def offer_choices(self) -> "RunForm":
        """Fill the lists to choose from, which only a page needs."""
        offer = list_offer(project=self.project)
        self._offer("category", [(name, _name_category(name)) for name in offer.categories])
        self._offer("language", [(code, name_language(code)) for code in offer.languages])
        self._offer("tag", [(tag, tag) for tag in offer.tags])
        self._offer("key", [(key, key) for key in offer.keys])
        return self

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].widget.choices = [("", "Any"), *choices]

    @property
    def filters(self) -> list[forms.BoundField]:
        """What there is something to choose of."""
        lists = ("category", "language", "tag")
        return [*(self[name] for name in lists if self._has_choice(name)), self["text"]]

    @property
    def metadata(self) -> list[forms.BoundField]:
        return [self["key"], self["value"]] if self._has_choice("key") else []

    def _has_choice(self, name: str) -> bool:
        return len(list(self[name].field.widget.choices)) > 1

    @property
    def narrows(self) -> bool:
        return self.is_bound and PromptChoice.read(self.data).narrows

    def read(self) -> dict[str, Any]:
        """The arguments of `start_run` that the form brings."""
        data, choice = self.cleaned_data, self._read_choice()
        return {
            "configs": list(data["configs"]),
            "samples": data["samples"],
            "seed": data["seed"],
            "priority": data["priority"] or 0,
            "prompts": find_prompts(project=self.project, choice=choice),
            "choice": choice.dump(),
        }

    def _read_choice(self) -> PromptChoice:
        only_new = self.cleaned_data["which"] == "new"
        return PromptChoice.read({**self.cleaned_data, "only_unanswered": only_new})

    def forecast(self) -> Forecast | None:
        """What starting would make, of the values entered or of the initial ones; None of senseless ones."""
        if not self.is_bound:
            choice = PromptChoice(only_unanswered=self.fields["which"].initial == "new")
            configs, samples = list(self.fields["configs"].queryset), 1  # type: ignore[attr-defined]
        elif self.is_valid():
            choice, configs = self._read_choice(), list(self.cleaned_data["configs"])
            samples = self.cleaned_data["samples"]
        else:
            return None
        prompts = find_prompts(project=self.project, choice=choice).count()
        return foresee_run(configs=configs, prompts=prompts, samples=samples)


def _name_category(name: str) -> str:
    return "Without a category" if name == NO_CATEGORY else start_sentence(name)


class PauseForm(forms.Form):
    reason = forms.CharField(
        required=False,
        max_length=LONGEST_REASON,
        error_messages={"max_length": f"Give a reason of at most {LONGEST_REASON} characters."},
    )


class PriorityForm(forms.Form):
    priority = forms.IntegerField(min_value=PRIORITIES[0], max_value=PRIORITIES[1])


class ResumeForm(forms.Form):
    retry = forms.BooleanField(required=False)
