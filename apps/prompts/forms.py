from io import BytesIO
from typing import Any, ClassVar

from django import forms
from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from apps.core.commands import spell_command
from apps.prompts.imports.storage import describe_bytes

NO_CATEGORY = "(none)"


class ImportForm(forms.Form):
    """A file, or its lines in a box: one of the two."""

    command: ClassVar[str] = "import_prompts"

    file = forms.FileField(required=False, allow_empty_file=True)
    lines = forms.CharField(
        label="Or paste lines",
        help_text="A JSON object a line, as in a file; or CSV, whose first line names the columns.",
        required=False,
        strip=False,
        max_length=1_000_000,
        widget=forms.Textarea(attrs={"rows": 4, "class": "mono", "spellcheck": "false"}),
        error_messages={"max_length": "This is too long to paste. Save it as a file and choose that."},
    )

    def clean_file(self) -> UploadedFile[bytes] | None:
        file: UploadedFile[bytes] | None = self.cleaned_data["file"]
        if file and (file.size or 0) > settings.IMPORT_LIMIT:
            raise forms.ValidationError(
                f"This file has {describe_bytes(file.size or 0)}; at most {self.limit} can be sent here. "
                "Nothing was imported. Split it, pack it with gzip, or use on the server: "
                + spell_command(f"{self.command} PROJECT FILE")
            )
        return file

    @property
    def limit(self) -> str:
        return describe_bytes(settings.IMPORT_LIMIT)

    @property
    def limit_bytes(self) -> int:
        return int(settings.IMPORT_LIMIT)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if not self.errors and bool(data.get("file")) == bool(data.get("lines", "").strip()):
            both = data.get("file")
            self.add_error(
                "file",
                "Choose a file or paste lines, not both." if both else "Choose a file or paste lines first.",
            )
        return data

    def open_source(self) -> tuple[UploadedFile[bytes] | BytesIO, str]:
        """What to read, and its name."""
        file = self.cleaned_data["file"]
        if file:
            return file, file.name
        # Browsers send line ends as \r\n; within a quoted cell they would become part of the prompt.
        return BytesIO(self.cleaned_data["lines"].replace("\r\n", "\n").encode()), "pasted lines"


class AddPromptForm(forms.Form):
    text = forms.CharField(
        label="Prompt",
        help_text="What the user says. Markdown is shown as Markdown.",
        max_length=50_000,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    system = forms.CharField(
        label="System turn",
        help_text="Optional: instructions that come before the conversation.",
        required=False,
        strip=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    category = forms.CharField(required=False, max_length=100)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        return {
            name: value.replace("\r\n", "\n") if isinstance(value, str) else value
            for name, value in data.items()
        }
