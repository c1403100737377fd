"""The forms between an uploaded file and its import."""

from typing import Any

from django import forms

from apps.core.errors import InvalidInputError
from apps.prompts.imports.options import ImportOptions, Role, check_options, read_options
from apps.prompts.imports.shapes import find_shape
from apps.prompts.models import PromptImport

ROLES = [
    (Role.METADATA, "Metadata, under its name"),
    (Role.PROMPT, "The prompt: a text"),
    (Role.MESSAGES, "The prompt: a list of messages"),
    (Role.TURNS, "The prompt: turns of MT-bench"),
    (Role.SYSTEM, "System turn"),
    (Role.CATEGORY, "Category"),
    (Role.LANGUAGE, "Language"),
    (Role.TAGS, "Tags"),
    (Role.LEAVE_OUT, "Leave it out"),
]
STATUSES = [
    ("approved", "Approved: they go into the next run"),
    ("draft", "Drafts: somebody approves them first"),
]
POLICIES = [
    ("hold", "Hold those prompts for review"),
    ("mask", "Mask it in the text"),
    ("keep", "Keep it, and note what was found"),
]


class ColumnsForm(forms.Form):
    """What each column of an upload is, and how its prompts arrive."""

    status = forms.ChoiceField(label="Prompts arrive as", choices=STATUSES, widget=forms.RadioSelect)
    personal_data = forms.ChoiceField(
        label="If personal data is found",
        help_text="E-mail addresses, phone numbers, IBANs, cards, IP addresses, the project’s patterns.",
        choices=POLICIES,
        widget=forms.RadioSelect,
    )

    def __init__(self, data: Any = None, *, report: PromptImport, shape: str = "") -> None:
        self.report, self.sample = report, report.sample or {}
        self.before = read_options(report)
        shapes = self.sample.get("shapes", [])
        self.shape = find_shape(
            shape if shape in shapes else self.before.shape or self.sample.get("shape", "")
        )
        initial = {"status": self.before.status, "personal_data": self.before.personal_data}
        super().__init__(data, initial=initial)
        self.columns = self.sample.get("columns", []) if self.shape.has_columns else []
        for number, column in enumerate(self.columns):
            name = column["name"]
            guess = self.before.columns.get(name) or self.sample["guess"].get(name, Role.METADATA)
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=name, choices=[(role.value, label) for role, label in ROLES], initial=guess
            )

    def list_columns(self) -> list[tuple[dict[str, Any], forms.BoundField]]:
        return [(column, self[f"column_{number}"]) for number, column in enumerate(self.columns)]

    @property
    def warning(self) -> str:
        return self.shape.warn(self.report.project)

    @property
    def others(self) -> list[Any]:
        """The other shapes that its rows fit too."""
        return [find_shape(code) for code in self.sample.get("shapes", []) if code != self.shape.code]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors:
            try:
                self.options = self._make_options(data)
            except InvalidInputError as error:
                self.add_error(None, error.message)
        return data

    def _make_options(self, data: dict[str, Any]) -> ImportOptions:
        chosen = {column["name"]: data[f"column_{number}"] for number, column in enumerate(self.columns)}
        kept = self.before.model_dump(mode="json", exclude={"columns", "shape", "status", "personal_data"})
        return check_options(
            **kept,
            shape=self.shape.code,
            columns=chosen,
            status=data["status"],
            personal_data=data["personal_data"],
        )

    def read_guess(self) -> ImportOptions:
        """The options as the form shows them before anybody has changed anything."""
        guess = {name: self.get_initial_for_field(field, name) for name, field in self.fields.items()}
        return self._make_options(guess)


class DatasetForm(forms.Form):
    """What the package `datasets` is to load."""

    kind = forms.ChoiceField(choices=[("hub", "An id on the hub"), ("folder", "A folder of the server")])
    path = forms.CharField(
        label="Id or path", max_length=500, widget=forms.TextInput(attrs={"placeholder": "owner/name"})
    )
    name = forms.CharField(
        label="Configuration", required=False, max_length=200, help_text="Where the data set has several."
    )
    split = forms.CharField(initial="train", max_length=200)

    def __init__(self, data: Any = None, *, folders: bool) -> None:
        super().__init__(data)
        if not folders:
            self.fields["kind"].choices = [("hub", "An id on the hub")]  # type: ignore[attr-defined]
            self.fields["kind"].initial = "hub"
            self.fields["kind"].widget = forms.HiddenInput()
