"""What a change to many items was, how far it is, and what came of it, in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.core.words import count, describe_span, start_sentence
from apps.rating.models import EditAction, ItemEdit

MEANT = {
    EditAction.OVERLAP: "{raters} per item",
    EditAction.PRIORITY: "priority {value}",
    EditAction.SET_SKILLS: "ask {skills}",
    EditAction.ADD_SKILLS: "ask {skills} too",
    EditAction.REMOVE_SKILLS: "ask {skills} no more",
    EditAction.WITHDRAW: "withdraw",
    EditAction.RETURN: "put back into the queue",
}
DONE = {
    EditAction.OVERLAP: "{items} changed to {raters} each.",
    EditAction.PRIORITY: "{items} moved to priority {value}.",
    EditAction.SET_SKILLS: "{items} changed to ask {skills}.",
    EditAction.ADD_SKILLS: "{items} changed to ask {skills} too.",
    EditAction.REMOVE_SKILLS: "{items} changed to ask {skills} no more.",
    EditAction.WITHDRAW: "{items} withdrawn.",
    EditAction.RETURN: "{items} put back into the queue.",
}


@dataclass(frozen=True)
class EditReport:
    """`left` is the time that an edit under way still takes, None before there is a pace."""

    edit: ItemEdit
    each_second: int
    left: timedelta | None

    @property
    def what(self) -> str:
        """Such as: priority 5."""
        return MEANT[EditAction(self.edit.action)].format(**self._words)

    @property
    def result(self) -> str:
        """A sentence or two, once it is finished."""
        said = "Nothing had to be changed: it is so already."
        if self.edit.changed:
            said = start_sentence(DONE[EditAction(self.edit.action)].format(**self._words))
        return f"{said} {self.held_up}".strip()

    @property
    def _words(self) -> dict[str, str]:
        value = self.edit.value
        return {
            "items": count(self.edit.changed, "item"),
            "raters": count(value, "rater") if isinstance(value, int) else "",
            "skills": (", ".join(value) or "no skill") if isinstance(value, list) else "",
            "value": str(value),
        }

    @property
    def held_up(self) -> str:
        """Which items could not have so few raters."""
        if not self.edit.held_up:
            return ""
        keeps = "keeps the raters who" if self.edit.held_up == 1 else "keep the raters who"
        return start_sentence(f"{count(self.edit.held_up, 'item')} {keeps} have answered or hold it.")

    @property
    def progress(self) -> str:
        """Such as: 122,000 of 395,841 · 12,000 a second · done in one minute."""
        said = f"{self.edit.seen:,} of {self.edit.found:,}"
        if self.left is None:
            return said
        return f"{said} · {self.each_second:,} a second · done in {describe_span(self.left)}"


def report_edit(edit: ItemEdit, *, now: datetime) -> EditReport:
    passed = (now - edit.created_at).total_seconds()
    if edit.finished_at or not edit.seen or passed <= 0:
        return EditReport(edit, 0, None)
    rate = edit.seen / passed
    return EditReport(edit, round(rate), timedelta(seconds=max(0, edit.found - edit.seen) / rate))
