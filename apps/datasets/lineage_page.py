"""A row's origins as a page tells them: responses by letters, votes in words."""

from dataclasses import dataclass
from datetime import datetime

from apps.datasets.snapshots.trace import Trace, TracedAnnotation, TracedRow

ROWS = {"pair": "a pair", "lesson": "a conversation", "label": "a labelled response"}
RELATIONS = {
    "tie": "A tie",
    "both_good": "Both good",
    "both_bad": "Both bad",
    "cannot_tell": "Could not tell",
}


@dataclass(frozen=True)
class ToldAnswer:
    rater: str
    origin: str
    at: datetime
    guideline: int | None
    said: list[str]
    comment: str
    is_read: bool
    decided: bool


@dataclass(frozen=True)
class Told:
    """`letters` are of the responses, by their uids."""

    letters: dict[str, str]
    answers: list[ToldAnswer]
    rows: list[str]


def tell_trace(trace: Trace) -> Told:
    letters = {one["uid"]: _name(place) for place, one in enumerate(trace.responses)}
    decided = {uid for row in trace.rows for uid in row.decided_by}
    return Told(
        letters,
        [_tell_answer(one, letters, decided) for one in trace.annotations],
        [_tell_row(row, letters) for row in trace.rows],
    )


def _name(place: int) -> str:
    return chr(ord("A") + place) if place < 26 else str(place + 1)


def _tell_answer(one: TracedAnnotation, letters: dict[str, str], decided: set[str]) -> ToldAnswer:
    said = [
        f"{letters[vote.winner]} over {letters[vote.b if vote.winner == vote.a else vote.a]}, "
        f"{vote.strength} of {vote.steps}"
        if vote.winner
        else f"{RELATIONS.get(vote.relation, vote.relation)}: {letters[vote.a]} and {letters[vote.b]}"
        for vote in one.votes
    ]
    said += [
        f"{point['question']} {_of(point['response'], letters)}: {point['points']}" for point in one.points
    ]
    said += [f"{text['use'].capitalize()}: {text['text']}" for text in one.written]
    said += [f"{letters[uid]}: {', '.join(reasons)}" for uid, reasons in one.reasons.items()]
    if one.shown:
        said.append(f"shown from left to right: {', '.join(letters[uid] for uid in one.shown)}")
    return ToldAnswer(
        rater=one.rater,
        origin=one.origin,
        at=datetime.fromisoformat(one.answered_at),
        guideline=one.guideline_version,
        said=said,
        comment=one.comment,
        is_read=one.is_read,
        decided=one.uid in decided,
    )


def _of(response: str | None, letters: dict[str, str]) -> str:
    return f"of {letters[response]}" if response else ""


def _tell_row(row: TracedRow, letters: dict[str, str]) -> str:
    """Such as “a pair: A over B, strength 2.33 of 3, agreed on by all”."""
    begin = ROWS.get(row.kind, row.kind)
    if row.kind == "pair" and row.chosen and row.rejected:
        begin += f": {letters[row.chosen]} over {letters[row.rejected]}"
    elif row.kind == "label":
        named = row.chosen or row.rejected
        begin += f": {letters[named] if named else ''} is {'good' if row.is_good else 'bad'}"
    elif row.source:
        begin += f", {row.source}{f' from {letters[row.chosen]}' if row.chosen else ''}"
    parts = [begin]
    if row.strength is not None:
        parts.append(f"strength {row.strength:.2f}{f' of {row.steps}' if row.steps else ''}")
    if row.agreement is not None:
        parts.append(f"agreement {100 * row.agreement:.0f}\u00a0%")
    if row.margin is not None:
        parts.append(f"margin {row.margin:.2f}")
    return ", ".join(parts)
