"""Sample rows as the page draws them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from apps.datasets.charts.votes import VoteScale, draw_votes
from apps.datasets.deciding.reasons import Reason
from apps.datasets.evidence import ItemFacts
from apps.datasets.formats.base import Need
from apps.datasets.formats.material import Material
from apps.datasets.recipes.document import RecipeDocument
from apps.datasets.wording import describe_reason
from apps.quality.consensus import Vote

EXCERPT = 240  # characters of a text in a table's cell
SOURCES = {"demonstration": "written", "rewrite": "rewritten", "chosen": "chosen"}


@dataclass(frozen=True)
class Cells:
    """A row of the page's table. Which of its cells are filled depends on what rows are made of.

    Attributes:
        more: rows that the same prompt makes besides.
        votes: rings for votes and the streak to what they come to.
        number: a margin, a strength or points.
        why: of an item that stays out, the reason.
    """

    prompt: str
    prompt_uid: str
    item_uid: str
    split: str
    left: str = ""
    right: str = ""
    more: int = 0
    votes: VoteScale | None = None
    told: str = ""
    number: float | None = None
    word: str = ""
    why: str = ""
    code: str = ""


def show_rows(materials: Iterable[Material], need: Need) -> list[Cells]:
    """One row a prompt, the first."""
    show = {Need.PAIRS: _show_pair, Need.LESSONS: _show_lesson, Need.LABELS: _show_label}
    return [show.get(need, _show_prompt)(material) for material in materials]


def show_losses(materials: Iterable[Material], recipe: RecipeDocument, only: Reason | None) -> list[Cells]:
    """An item a row, of the prompts that make none, or of those that stay out for one reason."""
    return [
        _show_loss(material, item, recipe)
        for material in materials
        for item in material.harvest.items
        if only is None or material.harvest.losses.get(item.id) == only
    ]


def _show_pair(material: Material) -> Cells:
    pair = material.harvest.pairs[0]
    answer = pair.consensus
    return replace(
        _begin(material, pair.item),
        left=_cut(material.reply(pair.winner)[0]["content"]),
        right=_cut(material.reply(pair.loser)[0]["content"]),
        more=len(material.harvest.pairs) - 1,
        votes=draw_votes(pair.toward_chosen, answer.strength, answer.steps),
        told=tell_votes(pair.votes, "a" if pair.chosen < pair.rejected else "b"),
        number=answer.strength if pair.margin is None else pair.margin,
    )


def _show_lesson(material: Material) -> Cells:
    lesson = material.harvest.lessons[0]
    text = lesson.text or material.reply(lesson.item.responses[lesson.place or 0])[0]["content"]
    return replace(
        _begin(material, lesson.item),
        left=_cut(text),
        more=len(material.harvest.lessons) - 1,
        number=lesson.strength,
        word=SOURCES.get(lesson.source, lesson.source),
    )


def _show_label(material: Material) -> Cells:
    label = material.harvest.labels[0]
    return replace(
        _begin(material, label.item),
        left=_cut(material.reply(label.item.responses[label.place])[0]["content"]),
        more=len(material.harvest.labels) - 1,
        number=label.points,
        word="good" if label.is_good else "bad",
    )


def _show_prompt(material: Material) -> Cells:
    item = material.harvest.items[0]
    return replace(_begin(material, item), number=len(item.ballots))


def _show_loss(material: Material, item: ItemFacts, recipe: RecipeDocument) -> Cells:
    reason = material.harvest.losses.get(item.id)
    texts = [_cut(material.reply(response)[0]["content"]) for response in item.responses[:2]]
    votes = [ballot.pairs[0, 1] for ballot in item.ballots if (0, 1) in ballot.pairs]
    alike = len({vote.steps for vote in votes}) == 1
    return replace(
        _begin(material, item),
        left=texts[0] if texts else "",
        right=texts[1] if len(texts) > 1 else "",
        votes=draw_votes([vote.toward_a for vote in votes], 0.0, votes[0].steps) if alike else None,
        told=tell_votes(votes, "") if alike else _count_votes(votes),
        why=describe_reason(reason, recipe).label if reason else "makes other rows",
        code=str(reason or ""),
    )


def _count_votes(votes: Sequence[Vote]) -> str:
    """Such as “the first 3, tie 1”: on different scales, steps say nothing beside each other."""
    sides = {"a": "the first", "b": "the second", None: ""}
    counted = Counter(sides[vote.winner] or vote.relation.replace("_", " ") for vote in votes)
    return ", ".join(f"{name} {number}" for name, number in counted.most_common())


def _begin(material: Material, item: ItemFacts) -> Cells:
    prompt = material.harvest.prompt
    return Cells(
        prompt=_cut(material.messages[-1]["content"] if material.messages else ""),
        prompt_uid=prompt.uid,
        item_uid=item.uid,
        split=str(material.harvest.split or ""),
    )


def _cut(text: str) -> str:
    return text if len(text) <= EXCERPT else f"{text[:EXCERPT]}…"


def tell_votes(votes: Sequence[Vote], chosen: str) -> str:
    """Such as “2 for the chosen one, tie”; the first and the second where none is chosen."""
    names = {"a": "the first", "b": "the second"}
    if chosen:
        names = {side: "the chosen one" if side == chosen else "the rejected one" for side in names}
    words = (
        f"{vote.strength} for {names[vote.winner]}" if vote.winner else vote.relation.replace("_", " ")
        for vote in votes
    )
    return ", ".join(words)
