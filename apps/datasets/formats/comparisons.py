"""Every annotation by itself, as it was given: ties, both bad and opposed votes too. No trainer takes it."""

from collections.abc import Iterator
from typing import Any

from apps.datasets.evidence import Ballot
from apps.datasets.formats.base import (
    BOTH,
    MESSAGES,
    Checks,
    Columns,
    ColumnType,
    Names,
    Need,
    Row,
    Snippet,
    Snippets,
    add_nothing,
    find_nothing,
    take_any,
)
from apps.datasets.formats.checks import check_prompt, check_texts
from apps.datasets.formats.material import Material
from apps.datasets.formats.metadata.answers import ANSWER, describe_answer

NAME = "comparisons"
TITLE = "Every answer"
SUMMARY = (
    "One row per annotation: `responses` and the `models` that wrote them, what was said of each pair of "
    "them (`votes`, which name responses by their place, the first being 0), the `points` that they were "
    "given, `reasons` by response, the `comment`, and the `texts` that the rater wrote. Ties and both bad "
    "are in it; nothing is aggregated."
)
NEED = Need.ANSWERS
VOTE: ColumnType = {
    "first": "int64",
    "second": "int64",
    "winner": "int64",
    "relation": "string",
    "strength": "int64",
    "steps": "int64",
}
POINT: ColumnType = {"question": "string", "response": "int64", "points": "int64"}
TEXT: ColumnType = {"use": "string", "response": "int64", "text": "string"}
COLUMNS: Columns = {
    "prompt": MESSAGES,
    "responses": ["string"],
    "models": ["string"],
    "votes": [VOTE],
    "points": [POINT],
    "reasons": [["string"]],
    "comment": "string",
    "texts": [TEXT],
    "metadata": ANSWER,
}
CHECKS: Checks = {"prompt": check_prompt, "responses": check_texts, "models": check_texts}
SIDES: Names = ()
CONTAINERS = BOTH
ASIDE = False
USED: frozenset[str] = frozenset()
takes = take_any
find_problems = find_nothing
extra_files = add_nothing
LOOK = """\
from collections import Counter

from datasets import load_dataset

rows = load_dataset("FOLDER", "comparisons", split="train")
votes = [(row["models"], vote) for row in rows for vote in row["votes"]]
wins = Counter(models[vote["winner"]] for models, vote in votes if vote["relation"] == "prefers")
print(wins, len(votes))
"""
SNIPPETS: Snippets = (Snippet("datasets", "python", LOOK),)


def make_rows(material: Material) -> Iterator[Row]:
    """A row for every annotation that the recipe reads, item after item."""
    for item in material.harvest.items:
        texts = [material.texts[response.id] for response in item.responses]
        responses, models = [one.text for one in texts], [one.model for one in texts]
        for ballot in item.ballots:
            remark = material.read_remark(item, ballot)
            yield {
                "prompt": material.messages,
                "responses": responses,
                "models": models,
                "votes": _list_votes(ballot),
                "points": _list_points(ballot),
                "reasons": [list(remark.reasons.get(place, ())) for place in range(len(texts))],
                "comment": remark.comment,
                "texts": [
                    {"use": one.use, "response": one.about, "text": one.text} for one in ballot.written
                ],
                "metadata": describe_answer(item, ballot, material),
            }


def _list_votes(ballot: Ballot) -> list[Row]:
    return [
        {
            "first": first,
            "second": second,
            "winner": {"a": first, "b": second, None: None}[vote.winner],
            "relation": vote.relation,
            "strength": vote.strength,
            "steps": vote.steps,
        }
        for (first, second), vote in sorted(ballot.pairs.items(), key=_read_places)
    ]


def _list_points(ballot: Ballot) -> list[Row]:
    return [
        {"question": question, "response": place, "points": points}
        for (question, place), points in sorted(ballot.points.items(), key=_read_question)
    ]


def _read_places(entry: tuple[tuple[int, int], Any]) -> tuple[int, int]:
    return entry[0]


def _read_question(entry: tuple[tuple[str, int | None], int]) -> tuple[str, int]:
    question, place = entry[0]
    return question, -1 if place is None else place
