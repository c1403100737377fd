"""A trace, written from an item and what the recipe makes of it. Pure."""

from typing import Any

from apps.datasets.deciding.harvest import Harvest
from apps.datasets.deciding.labels import Label
from apps.datasets.deciding.lessons import Lesson
from apps.datasets.deciding.pairs import Pair
from apps.datasets.evidence import Ballot, ItemFacts
from apps.datasets.formats.material import Material
from apps.datasets.snapshots.trace import Trace, TracedAnnotation, TracedRow, TracedVote


def describe_trace(item: ItemFacts, harvest: Harvest, material: Material) -> Trace:
    prompt = harvest.prompt
    read = {ballot.annotation for one in harvest.items if one.id == item.id for ballot in one.ballots}
    reason = harvest.losses.get(item.id)
    return Trace(
        item=item.uid,
        item_kind=item.kind,
        rubric_version=item.rubric,
        overlap=item.overlap,
        counted=item.counted,
        prompt=prompt.uid,
        messages=material.messages,
        cluster=prompt.cluster,
        category=prompt.category,
        language=prompt.language,
        split=str(harvest.split) if harvest.split else None,
        left_out=str(reason) if reason else None,
        responses=[
            {**material.trace(response), "text": material.texts[response.id].text}
            for response in item.responses
        ],
        annotations=[_describe_ballot(item, ballot, material, read) for ballot in item.ballots],
        rows=[
            *(_describe_pair(one) for one in harvest.pairs if one.item.id == item.id),
            *(_describe_lesson(one) for one in harvest.lessons if one.item.id == item.id),
            *(_describe_label(one) for one in harvest.labels if one.item.id == item.id),
        ],
    )


def _describe_ballot(item: ItemFacts, ballot: Ballot, material: Material, read: set[str]) -> TracedAnnotation:
    uids = [response.uid for response in item.responses]
    remark = material.read_remark(item, ballot)
    return TracedAnnotation(
        uid=ballot.annotation,
        origin=ballot.origin,
        rater=ballot.rater,
        guideline_version=ballot.guideline,
        answered_at=ballot.at,
        is_read=ballot.annotation in read,
        shown=[uids[place] for place in ballot.shown],
        votes=[
            TracedVote(
                *(uids[a], uids[b], vote.relation),
                winner=uids[a if vote.winner == "a" else b] if vote.winner else None,
                strength=vote.strength,
                steps=vote.steps,
            )
            for (a, b), vote in sorted(ballot.pairs.items())
        ],
        points=[
            {"question": question, "response": None if place is None else uids[place], "points": points}
            for (question, place), points in ballot.points.items()
        ],
        written=[
            {"use": one.use, "about": None if one.about is None else uids[one.about], "text": one.text}
            for one in ballot.written
        ],
        reasons={uids[place]: list(reasons) for place, reasons in remark.reasons.items()},
        comment=remark.comment,
    )


NO_ROW: dict[str, Any] = dict.fromkeys(
    ("chosen", "rejected", "is_good", "source", "strength", "steps", "agreement", "margin", "points")
)


def _describe_pair(pair: Pair) -> TracedRow:
    answer = pair.consensus
    voters = [pair.item.ballots[number].annotation for number in pair.voters]
    said = {
        "chosen": pair.winner.uid,
        "rejected": pair.loser.uid,
        "strength": answer.strength,
        "steps": answer.steps,
        "agreement": answer.agreement,
        "margin": pair.margin,
    }
    decided = [voters[number] for number in answer.behind]
    return TracedRow("pair", **{**NO_ROW, **said}, annotations=voters, decided_by=decided)


def _describe_lesson(lesson: Lesson) -> TracedRow:
    behind = [lesson.item.ballots[number].annotation for number in lesson.ballots]
    said = {
        "chosen": None if lesson.place is None else lesson.item.responses[lesson.place].uid,
        "source": lesson.source,
        "strength": lesson.strength,
        "agreement": lesson.agreement,
    }
    return TracedRow("lesson", **{**NO_ROW, **said}, annotations=behind, decided_by=behind)


def _describe_label(label: Label) -> TracedRow:
    behind = [label.item.ballots[number].annotation for number in label.ballots]
    response = label.item.responses[label.place].uid
    said = {
        "chosen" if label.is_good else "rejected": response,
        "is_good": label.is_good,
        "points": label.points,
    }
    return TracedRow("label", **{**NO_ROW, **said}, annotations=behind, decided_by=behind)
