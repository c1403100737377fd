"""Forms about personal data and near-duplicates."""

from typing import Any, NamedTuple
from uuid import UUID

from django import forms
from django.http import QueryDict

from apps.core.errors import InvalidInputError
from apps.prompts.models import CurationSettings
from apps.prompts.personal_data import Kind, Policy
from apps.prompts.personal_data.review import Decision

POLICIES = [
    (Policy.HOLD.value, "Hold the prompt for review: it is used once somebody has looked at it"),
    (Policy.MASK.value, "Mask it: “[e-mail masked]” stands in the text, and the data is never stored"),
    (Policy.KEEP.value, "Keep it: the text stays, and what was found is written down"),
]
KINDS = [
    (Kind.EMAIL.value, "E-mail addresses"),
    (Kind.PHONE.value, "Telephone numbers"),
    (Kind.IBAN.value, "IBANs, confirmed by their check digits"),
    (Kind.CARD.value, "Card numbers, confirmed by issuer and check digit"),
    (Kind.IP.value, "IP addresses, but not versions, sections and loopbacks"),
]


class CurationForm(forms.Form):
    policy = forms.ChoiceField(label="When something is found", choices=POLICIES, widget=forms.RadioSelect)
    kinds = forms.MultipleChoiceField(
        label="What is looked for", choices=KINDS, required=False, widget=forms.CheckboxSelectMultiple
    )
    regions = forms.CharField(
        label="Countries of telephone numbers",
        help_text="Two letters each, such as SE, DE. Numbers that begin with + are found in any case.",
        required=False,
        max_length=400,
    )
    likeness = forms.FloatField(
        label="Near-duplicates are alike from",
        help_text=(
            "0.6 to 1: the share of five-letter runs that two prompts have in common. At 0.7 one word in ten "
            "may differ. A new value holds for prompts that come from now on; groups that exist stay."
        ),
        min_value=0.6,
        max_value=1,
        widget=forms.NumberInput(attrs={"step": "0.05"}),
    )

    @classmethod
    def for_settings(cls, settings: CurationSettings) -> "CurationForm":
        rules = settings.read_rules()
        return cls(
            initial={
                "policy": settings.policy,
                "kinds": [kind.value for kind in rules.kinds],
                "regions": ", ".join(rules.regions),
                "likeness": settings.likeness,
            }
        )

    def read_changes(self, data: QueryDict) -> dict[str, Any]:
        """What `change_settings` takes; the patterns come in rows of their own."""
        regions = self.cleaned_data["regions"].replace(",", " ").split()
        return {**self.cleaned_data, "regions": regions, "patterns": read_patterns(data)}


def read_patterns(data: QueryDict) -> list[dict[str, str]]:
    """The rows in which something stands."""
    rows = zip(data.getlist("pattern_name"), data.getlist("pattern_expression"), strict=False)
    return [
        {"name": name, "expression": expression} for name, expression in rows if name.strip() or expression
    ]


class HeldDecision(NamedTuple):
    """`uids` is None for all that are held (of a kind)."""

    decision: Decision
    uids: list[UUID] | None
    kind: str


class HeldForm(forms.Form):
    """`do` is what to do and with which: `mask:all`, `mask:chosen` or `mask:<uid>`."""

    do = forms.CharField()
    kind = forms.CharField(required=False, max_length=60)

    def read(self, data: QueryDict) -> HeldDecision:
        decision, _, which = data.get("do", "").partition(":")
        try:
            named = data.getlist("uid") if which == "chosen" else [which]
            uids = None if which == "all" else [UUID(uid) for uid in named]
            chosen = HeldDecision(Decision(decision), uids, data.get("kind", "")[:60])
        except ValueError:
            raise InvalidInputError(
                "This page asked for something that does not exist; nothing was changed."
            ) from None
        if chosen.uids == []:
            raise InvalidInputError(
                "No prompt was chosen; nothing was changed. Tick some, or decide about all."
            )
        return chosen


class ClusterDecision(NamedTuple):
    action: str
    keep: UUID


class ClusterForm(forms.Form):
    action = forms.ChoiceField(choices=[(name, name) for name in ("one", "all", "merge", "back")])
    keep = forms.UUIDField(required=False)

    def read(self) -> ClusterDecision:
        if not self.is_valid():
            raise InvalidInputError("This page asked for something that does not exist; nothing was changed.")
        keep, action = self.cleaned_data["keep"], self.cleaned_data["action"]
        if keep is None and action in {"one", "merge"}:
            raise InvalidInputError("Choose the prompt that stays first; nothing was changed.")
        return ClusterDecision(action, keep or UUID(int=0))
