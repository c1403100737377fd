"""Clean a conversation on its way in: mask what was found, hold it for review, or only write it down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from apps.prompts.personal_data.findings import Done, Finding, Placed, Policy, name_mask
from apps.prompts.personal_data.places import join_key
from apps.prompts.personal_data.rules import Rules
from apps.prompts.personal_data.scanning import scan_text

_DONE = {Policy.MASK: Done.MASKED, Policy.HOLD: Done.HELD, Policy.KEEP: Done.KEPT}


@dataclass(frozen=True, slots=True)
class Cleaned:
    """A conversation as it may be stored. `findings` go into `Prompt.findings` by `as_json`."""

    messages: list[dict[str, str]]
    metadata: dict[str, Any]
    findings: list[Placed]
    is_held: bool

    def as_json(self) -> list[dict[str, Any]]:
        return [placed.as_json() for placed in self.findings]


def clean_conversation(
    messages: Sequence[Mapping[str, str]],
    rules: Rules,
    policy: Policy,
    metadata: Mapping[str, Any] | None = None,
) -> Cleaned:
    """Look through all messages and all texts in the metadata. The same input gives the same result."""
    cleaner = _Cleaner(rules, policy)
    cleaned = [
        {**message, "content": cleaner.clean(message["content"], turn, "")}
        for turn, message in enumerate(messages)
    ]
    kept = {key: cleaner.clean_value(value, join_key("", key)) for key, value in (metadata or {}).items()}
    is_held = policy is Policy.HOLD and bool(cleaner.findings)
    return Cleaned(cleaned, kept, cleaner.findings, is_held)


def mask_text(text: str, findings: Sequence[Finding]) -> tuple[str, list[Finding]]:
    """The text with each finding replaced by its mask, and where the masks are."""
    parts: list[str] = []
    masks: list[Finding] = []
    last = length = 0
    for kind, start, end in findings:
        mask = name_mask(kind)
        parts += [text[last:start], mask]
        length += start - last
        masks.append(Finding(kind, length, length + len(mask)))
        length += len(mask)
        last = end
    return "".join([*parts, text[last:]]), masks


class _Cleaner:
    def __init__(self, rules: Rules, policy: Policy) -> None:
        self.rules, self.policy = rules, policy
        self.findings: list[Placed] = []

    def clean(self, text: str, turn: int | None, key: str) -> str:
        found = scan_text(text, self.rules)
        if not found:
            return text
        if self.policy is Policy.MASK:
            text, found = mask_text(text, found)
        done = _DONE[self.policy]
        self.findings += [Placed(kind, start, end, turn, key, done) for kind, start, end in found]
        return text

    def clean_value(self, value: Any, key: str) -> Any:
        """Texts at any depth; keys and numbers stay as they are. Files are read to 32 levels at most."""
        if isinstance(value, str):
            return self.clean(value, None, key)
        if isinstance(value, dict):
            return {name: self.clean_value(inner, join_key(key, name)) for name, inner in value.items()}
        if isinstance(value, list):
            return [self.clean_value(inner, join_key(key, str(index))) for index, inner in enumerate(value)]
        return value
