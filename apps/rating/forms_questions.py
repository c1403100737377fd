"""What curators type on the page of questions."""

from typing import Any

from django import forms

from apps.rating.answering import ANSWER_LENGTH
from apps.rating.asked import Asked
from apps.rating.edge_cases import compose_entry

ENTRY_LENGTH = 5_000


class ChangeForm(forms.Form):
    """Another answer in the place of one; `seen` is the one that stood there."""

    answer = forms.CharField(
        label="Answer, in Markdown",
        max_length=ANSWER_LENGTH,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write an answer. The one before stands."},
    )
    seen = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)

    def __init__(self, asked: Asked, data: Any = None) -> None:
        answer = asked.flag.answer
        super().__init__(
            data,
            auto_id=f"answer-{asked.flag.pk}-%s",
            initial={"answer": answer, "seen": answer},
            label_suffix="",
        )


class AnswerForm(forms.Form):
    """An answer to a rater, and the entry that it becomes in the guideline if wanted."""

    answer = forms.CharField(
        label="Answer, in Markdown",
        max_length=ANSWER_LENGTH,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Write an answer. Nothing was sent yet."},
    )
    add_entry = forms.BooleanField(label="Also add to the guideline as an edge case", required=False)
    entry = forms.CharField(
        label="Entry in the guideline, in Markdown",
        max_length=ENTRY_LENGTH,
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 5, "class": "mono"}),
    )

    def __init__(self, asked: Asked, data: Any = None) -> None:
        self.start = compose_entry(situation=asked.situation, answer="")
        super().__init__(
            data, auto_id=f"question-{asked.flag.pk}-%s", initial={"entry": self.start}, label_suffix=""
        )
        self.situation = asked.situation

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("add_entry") and not data.get("entry", "").strip():
            self.add_error("entry", "Write the entry, or take the tick away. Nothing was sent yet.")
        return data

    def read(self) -> dict[str, str]:
        """The answer, and the entry; one that was left as it stood gets the answer."""
        answer, entry = self.cleaned_data["answer"], self.cleaned_data["entry"]
        if not self.cleaned_data["add_entry"]:
            return {"answer": answer, "entry": ""}
        if entry.split() == self.start.split():
            entry = compose_entry(situation=self.situation, answer=answer)
        return {"answer": answer, "entry": entry}
