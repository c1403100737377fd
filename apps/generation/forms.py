from typing import Any

from django import forms
from pydantic import ValidationError

from apps.generation.models import BATCH_TOKENS, IN_FLIGHT, ModelConfig, ProviderName
from apps.generation.providers.bundled import BUNDLED
from apps.generation.sampling import Sampling

DEFAULT = Sampling()


def _number(field: type[forms.Field], name: str, label: str, help_text: str, step: str) -> Any:
    """A field for one value of Sampling, which itself knows what is allowed."""
    return field(
        label=label,
        initial=getattr(DEFAULT, name),
        help_text=help_text,
        widget=forms.NumberInput(attrs={"step": step, "inputmode": "decimal"}),
    )


def _pace(name: str, label: str, allowed: tuple[int, int], help_text: str = "") -> forms.IntegerField:
    """A field for how much goes to the model at once; it may be left out."""
    return forms.IntegerField(
        label=label,
        min_value=allowed[0],
        max_value=allowed[1],
        initial=getattr(ModelConfig(), name),
        required=False,
        help_text=help_text,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
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
    in_flight = _pace(
        "in_flight",
        "Requests at once",
        IN_FLIGHT,
        "As many are under way at the server from each worker. More is faster until the server says no.",
    )
    batch_tokens = _pace(
        "batch_tokens",
        "Tokens of one call",
        BATCH_TOKENS,
        "Rows of a batch, times the tokens of the longest prompt and answer. 4,096 suits a processor; a GPU "
        "holds 65,536 and more.",
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
        for name in ("in_flight", "batch_tokens"):
            if data.get(name) is None:
                data[name] = self.fields[name].initial
        values = {name: data.pop(name) for name in Sampling.model_fields if name in data}
        try:
            data["sampling"] = Sampling.model_validate(values)
        except ValidationError as error:
            for fault in error.errors():
                self.add_error(str(fault["loc"][0]), fault["msg"])
        return data


class PaceForm(forms.Form):
    """What is left out stays."""

    in_flight = _pace("in_flight", "Requests at once", IN_FLIGHT)
    batch_tokens = _pace("batch_tokens", "Tokens of one call", BATCH_TOKENS)


class KeyForm(forms.Form):
    api_key = forms.CharField(label="New key", max_length=500, widget=forms.PasswordInput)
