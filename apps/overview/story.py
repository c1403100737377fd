"""What people said of the responses to a prompt: every annotation in words, for who curates."""

from collections.abc import Iterator, Mapping, Sequence

from django.db.models import Prefetch

from apps.accounts.models import User
from apps.core.words import count, spell, start_sentence
from apps.overview.judged import LETTERS, MARKS, Judged, Told
from apps.projects.models import get_rubric
from apps.projects.questions.results import PairResult
from apps.prompts.models import Prompt
from apps.quality.aggregation.majority import find_consensus
from apps.quality.consensus import Side, Vote
from apps.rating.models import Annotation, Item, ItemKind, ItemResponse, ItemStatus, Origin
from apps.rating.telling import tell_of
from apps.rating.verdicts import describe_answers

MOST_ITEMS = 50


def read_story(*, prompt: Prompt, reader: User) -> list[Judged]:
    """The items of a prompt, oldest first, each with its current annotations.

    From then on the reader answers none of those whose answers by others they are shown.
    """
    items = list(
        prompt.items.order_by("pk").prefetch_related(
            Prefetch("slots", ItemResponse.objects.order_by("position").select_related("response__config")),
            Prefetch("annotations", Annotation.objects.current().select_related("rater")),
        )[:MOST_ITEMS]
    )
    by_others = {item.pk for item in items for one in item.annotations.all() if one.rater_id != reader.pk}
    kept = tell_of(project=prompt.project, reader=reader, items=by_others) if by_others else {}
    return [_read_item(item, reader=reader, kept=kept.get(item.pk, "")) for item in items]


def describe_story(story: Sequence[Judged]) -> str:
    """The finding: how far the answers are, and whether they agree as far as the reader may know."""
    if not story:
        return "Nothing to judge yet"
    wanted = sum(judged.item.overlap for judged in story if judged.item.status == ItemStatus.OPEN)
    counted = sum(judged.item.counted for judged in story if judged.item.status == ItemStatus.OPEN)
    told = sum(len(judged.told) + judged.hidden for judged in story)
    if not any(judged.is_asked for judged in story):
        return start_sentence(f"{count(told, 'imported annotation')} of {count(len(story), 'item')}")
    if not wanted:
        return start_sentence(
            f"{count(told, 'answer')} to {count(len(story), 'item')}, and no more are wanted"
        )
    if not counted:
        return start_sentence(f"{count(len(story), 'item')}, not rated yet")
    if counted >= wanted:
        so_far = f"All {spell(wanted)} answers are in" if wanted > 1 else "The answer is in"
    else:
        so_far = f"{spell(counted)} of {count(wanted, 'answer')} {'is' if counted == 1 else 'are'} in"
    return start_sentence(so_far + _say_lean(story))


def _say_lean(story: Sequence[Judged]) -> str:
    """Of one item whose votes the reader may see; several speak of different responses."""
    if len(story) != 1 or len(story[0].votes) < 2:
        return ""
    votes = story[0].votes
    sides = {(vote > 0) - (vote < 0) for vote in votes}
    who = "both" if len(votes) == 2 else "all"
    if len(sides) == 1:
        return f", and {who} {'are ties' if 0 in sides else 'lean the same way'}"
    return ", and they lean different ways" if {1, -1} <= sides else ""


def _read_item(item: Item, *, reader: User, kept: str) -> Judged:
    responses = tuple((LETTERS[slot.position % len(LETTERS)], slot.response) for slot in item.slots.all())
    letters = {str(response.uid): letter for letter, response in responses}
    everything = list(item.annotations.all())
    annotations = [one for one in everything if not kept or one.rater_id == reader.pk]
    return Judged(
        item=item,
        responses=responses,
        summary=_say_progress(item) if kept else _summarise(item, annotations, letters),
        told=tuple(_tell(annotation, letters) for annotation in annotations),
        kept=kept,
        hidden=len(everything) - len(annotations),
        votes=tuple(_place_votes(annotations, letters)),
    )


def _place_votes(annotations: Sequence[Annotation], letters: Mapping[str, str]) -> Iterator[float]:
    """Each counted vote on a pair, from -1 (the first response is much better) to 1."""
    if len(letters) != 2:
        return
    for annotation in annotations:
        for pair in _derive_pairs(annotation, letters) if annotation.is_counted else ():
            if pair.relation in {"prefers", "tie", "both_good"}:
                vote = _to_vote(pair, letters)
                yield -vote.toward_a / vote.steps if vote.steps else 0.0


def _tell(annotation: Annotation, letters: Mapping[str, str]) -> Told:
    rubric = get_rubric(annotation.rubric_id)
    return Told(
        who=annotation.given_by,
        at=annotation.created_at,
        said=describe_answers(
            rubric=rubric, answers=annotation.answers, letters=letters, item=annotation.item_id
        ),
        counted=annotation.is_counted,
        mark=MARKS.get(Origin(annotation.origin), ""),
    )


def _derive_pairs(annotation: Annotation, letters: Mapping[str, str]) -> list[PairResult]:
    """From the answers and not from the outcomes, which only counted annotations have."""
    return list(get_rubric(annotation.rubric_id).derive_pairs(annotation.answers, list(letters)))


def _say_progress(item: Item) -> str:
    return f"{item.counted:,} of {item.overlap:,} annotation{'' if item.overlap == 1 else 's'}"


def _summarise(item: Item, annotations: Sequence[Annotation], letters: Mapping[str, str]) -> str:
    """How far the item is, and what its votes come to."""
    if item.kind == ItemKind.IMPORTED:
        return f"{start_sentence(count(len(annotations), 'imported annotation'))}; raters are not asked"
    so_far = _say_progress(item)
    votes = [
        _to_vote(pair, letters)
        for annotation in annotations
        if annotation.is_counted
        for pair in _derive_pairs(annotation, letters)
    ]
    if len(letters) != 2 or item.counted < item.overlap or not votes:
        return so_far
    consensus = find_consensus(votes)
    if consensus.winner is None:
        return f"{so_far}; no better one: {str(consensus.why_not).replace('_', ' ')}"
    return f"{so_far}; {consensus.winner.upper()} is the better one"


def _to_vote(pair: PairResult, letters: Mapping[str, str]) -> Vote:
    better: Side = "a" if letters[pair.a] < letters[pair.b] else "b"
    return Vote(pair.relation, better if pair.relation == "prefers" else None, pair.strength, pair.steps)
