"""Forms of runs: starting one, pausing it, ordering it."""

from collections.abc import Mapping
from typing import Any

from django import forms

from apps.generation.choosing import dump_choice, find_answerable
from apps.generation.forecasting import Forecast, foresee_run
from apps.generation.models import PRIORITIES, ModelConfig
from apps.generation.services.runs import MOST_SAMPLES, SEEDS
from apps.generation.services.steering import LONGEST_REASON
from apps.projects.models import Project
from apps.prompts.filtering import PromptFilter
from apps.prompts.forms_filter import PromptFilterForm
from apps.prompts.searching import count_unread

NUMERIC = {"inputmode": "numeric"}


class RunForm(PromptFilterForm):
    """Who answers which prompts, and how often."""

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
        super().__init__(data, project=project)
        configs = project.model_configs.offered()
        self.fields["configs"].queryset = configs  # type: ignore[attr-defined]
        self.fields["configs"].initial = configs
        self.approved = find_answerable(project=project).count()
        if data is None:
            new = find_answerable(project=project, only_unanswered=True).count()
            self.fields["which"].initial = "new" if 0 < new < self.approved else "all"

    def read(self) -> dict[str, Any]:
        """The arguments of `start_run` that the form brings."""
        data, wanted = self.cleaned_data, self.read_wanted()
        only_new = data["which"] == "new"
        return {
            "configs": list(data["configs"]),
            "samples": data["samples"],
            "seed": data["seed"],
            "priority": data["priority"] or 0,
            "prompts": find_answerable(project=self.project, wanted=wanted, only_unanswered=only_new),
            "choice": dump_choice(wanted, only_unanswered=only_new),
        }

    def forecast(self) -> Forecast | None:
        """What starting would make, of the values entered or of the initial ones; None of senseless ones."""
        if not self.is_bound:
            wanted, which = PromptFilter(), self.fields["which"].initial
            configs, samples = list(self.fields["configs"].queryset), 1  # type: ignore[attr-defined]
        elif self.is_valid():
            wanted, which = self.read_wanted(), self.cleaned_data["which"]
            configs, samples = list(self.cleaned_data["configs"]), self.cleaned_data["samples"]
        else:
            return None
        found = find_answerable(project=self.project, wanted=wanted, only_unanswered=which == "new")
        return foresee_run(configs=configs, prompts=found.count(), samples=samples)

    @property
    def unread(self) -> int:
        """Prompts that came in a moment ago, where what they say matters."""
        asked = self.is_bound and self.data.get("q")
        return count_unread(project_id=self.project.pk) if asked else 0


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
