from django import forms

from apps.datasets.formats import FORMATS

CONTAINER_CHOICES = [
    ("parquet", "Parquet: small, every type kept"),
    ("jsonl", "JSON Lines: readable in any editor"),
]


class ExportForm(forms.Form):
    formats = forms.MultipleChoiceField(
        choices=[(name, one.TITLE) for name, one in FORMATS.items()],
        error_messages={"required": "Choose at least one format; nothing was downloaded."},
    )
    container = forms.ChoiceField(choices=CONTAINER_CHOICES)

    @property
    def first_error(self) -> str:
        return next(str(error) for errors in self.errors.values() for error in errors)
