from typing import Any

from django import forms
from pydantic import ValidationError

from apps.generation.choosing import find_prompts
from apps.generation.models import ModelConfig, ProviderName
from apps.generation.providers.bundled import BUNDLED
from apps.generation.sampling import Sampling
from apps.generation.services.runs import MOST_SAMPLES, SEEDS
from apps.projects.models import Project

DEFAULT = Sampling()


def _number(field: type[forms.Field], name: str, label: str, help_text: str, step: str) -> Any:
    """A field for one value of Sampling, which itself knows what is allowed."""
    return field(
        label=label,
        initial=getattr(DEFAULT, name),
        help_text=help_text,
        widget=forms.NumberInput(attrs={"step": step, "inputmode": "decimal"}),
    )


class ModelConfigForm(forms.Form):
    """A configuration: `cleaned_data` holds the arguments of `create_model_config`."""

    name = forms.CharField(max_length=80, help_text="Pages and datasets call it so; raters never see it.")
    provider = forms.ChoiceField(
        label="Where it runs",
        choices=ProviderName.choices,
        initial=ProviderName.TRANSFORMERS,
        widget=forms.RadioSelect,
    )
    model = forms.CharField(
        max_length=300,
        initial=BUNDLED,
        help_text=(
            "In the worker: “bundled” is SmolLM2-135M, which comes with Touchstone; or a hub id, or a folder "
            "on the worker’s machine. On a server: the server’s name for it."
        ),
        widget=forms.TextInput(attrs={"autocapitalize": "off", "spellcheck": "false"}),
    )
    revision = forms.CharField(
        max_length=120,
        required=False,
        help_text="A branch, tag or commit of a hub model. Each response stores the commit in any case.",
        widget=forms.TextInput(attrs={"autocapitalize": "off", "spellcheck": "false"}),
    )
    base_url = forms.CharField(
        label="Address of the server",
        max_length=300,
        required=False,
        help_text="Such as http://localhost:11434/v1 or https://api.openai.com/v1.",
        widget=forms.TextInput(attrs={"inputmode": "url", "autocapitalize": "off", "spellcheck": "false"}),
    )
    api_key = forms.CharField(
        label="Key",
        max_length=500,
        required=False,
        help_text="If the server wants one. It is stored encrypted and never shown again.",
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    system_prompt = forms.CharField(
        max_length=20_000,
        required=False,
        help_text="Goes before every prompt. Two configurations of one model may differ in nothing else.",
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    temperature = _number(forms.FloatField, "temperature", "Temperature", "0 to 2; 0 is greedy", "0.05")
    max_new_tokens = _number(forms.IntegerField, "max_new_tokens", "Tokens at most", "cut off after", "1")
    top_p = _number(forms.FloatField, "top_p", "Top-p", "0.01 to 1", "0.01")
    top_k = _number(forms.IntegerField, "top_k", "Top-k", "0 looks at all", "1")
    repetition_penalty = _number(
        forms.FloatField, "repetition_penalty", "Repetition penalty", "1 is none", "0.05"
    )
    stop = forms.CharField(
        label="Stop at",
        required=False,
        help_text="up to four texts, one a line",
        widget=forms.Textarea(attrs={"rows": 2, "class": "mono"}),
    )

    @property
    def sampling_fields(self) -> list[forms.BoundField]:
        return [self[name] for name in Sampling.model_fields]

    def clean_stop(self) -> list[str]:
        return [line for line in self.cleaned_data["stop"].splitlines() if line]

    def clean(self) -> dict[str, Any]:
        """Gather the values of Sampling in one, `sampling`; each fault goes to the field that it is about."""
        data = dict(super().clean() or {})
        values = {name: data.pop(name) for name in Sampling.model_fields if name in data}
        try:
            data["sampling"] = Sampling.model_validate(values)
        except ValidationError as error:
            for fault in error.errors():
                self.add_error(str(fault["loc"][0]), fault["msg"])
        return data


class KeyForm(forms.Form):
    api_key = forms.CharField(label="New key", max_length=500, widget=forms.PasswordInput)


class RunForm(forms.Form):
    configs = forms.ModelMultipleChoiceField(
        label="Who answers",
        queryset=ModelConfig.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": "Choose at least one."},
    )
    which = forms.ChoiceField(label="Which prompts", widget=forms.RadioSelect)
    samples = forms.IntegerField(
        label="Responses per prompt from each",
        min_value=1,
        max_value=MOST_SAMPLES,
        initial=1,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    seed = forms.IntegerField(
        min_value=0,
        max_value=SEEDS - 1,
        required=False,
        help_text="The same seed draws the same responses again. Empty takes a random one.",
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )

    def __init__(self, *args: Any, project: Project, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        configs = project.model_configs.offered()
        self.project = project
        self.counts = {
            "all": find_prompts(project=project).count(),
            "new": find_prompts(project=project, only_unanswered=True).count(),
        }
        self.fields["configs"].queryset = configs  # type: ignore[attr-defined]
        self.fields["configs"].initial = configs
        some_are_new = 0 < self.counts["new"] < self.counts["all"]
        self.fields["which"].initial = "new" if some_are_new else "all"
        self.fields["which"].choices = self._list_choices(some_are_new)  # type: ignore[attr-defined]

    def _list_choices(self, some_are_new: bool) -> list[tuple[str, str]]:
        choices = [("all", f"All {self.counts['all']:,} approved prompts")]
        if some_are_new:
            choices.append(("new", f"Only the {self.counts['new']:,} without a response"))
        return choices

    def read(self) -> dict[str, Any]:
        """The arguments of `start_run` that the form brings."""
        data = dict(self.cleaned_data)
        prompts = find_prompts(project=self.project, only_unanswered=data.pop("which") == "new")
        return {**data, "configs": list(data["configs"]), "prompts": prompts}

    def describe_effect(self) -> str:
        """What starting would make: of the values entered, or of the initial ones."""
        if self.is_bound and not self.is_valid():
            return "Choose who answers, and how often, to see what that makes."
        if self.is_bound:
            data = self.cleaned_data
            prompts, configs, samples = self.counts[data["which"]], len(data["configs"]), data["samples"]
        else:
            prompts = self.counts[str(self.fields["which"].initial)]
            configs, samples = self.fields["configs"].queryset.count(), 1  # type: ignore[attr-defined]
        factors = [_number_of(prompts, "prompt"), _number_of(configs, "configuration")]
        if samples > 1:
            factors.append(f"{samples} each")
        return f"{' × '.join(factors)} makes {_number_of(prompts * configs * samples, 'response')}."


def _number_of(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
