"""Everybody's answers to some items, as ballots."""

from collections import defaultdict
from collections.abc import Mapping
from functools import lru_cache
from uuid import UUID

import orjson

from apps.accounts.models import User
from apps.datasets.evidence import NONE, Ballot, Written
from apps.datasets.keys import Pseudonyms
from apps.datasets.reading import statements
from apps.datasets.reading.queries import Queries
from apps.datasets.reading.values import find_place, read_list
from apps.quality.consensus import Side, Vote


class BallotReader:
    """Knows raters by their names in the dataset, and rubrics by their versions.

    Args:
        rubrics: the version of each, by row number.
    """

    def __init__(self, queries: Queries, pseudonyms: Pseudonyms, rubrics: Mapping[int, int]) -> None:
        self._run = queries.run
        self._pseudonyms = pseudonyms
        self._rubrics = rubrics
        self._raters: dict[int, str] = {}

    def read(self, items: list[int], keys: Mapping[int, list[int]]) -> dict[int, list[Ballot]]:
        """Of each item, `keys` being its responses in their order."""
        rows = self._run(statements.ANNOTATIONS, items=items)
        self._name_raters({row[4] for row in rows if row[4] is not None} - self._raters.keys())
        items_of = {row[1]: keys[row[0]] for row in rows}
        pairs = self._read_pairs(items, items_of)
        points: dict[int, dict[tuple[str, int | None], int]] = defaultdict(dict)
        for annotation, question, response, number in self._run(statements.POINTS, items=items):
            if annotation in items_of:
                points[annotation][question, find_place(items_of[annotation], response)] = number
        written: dict[int, list[Written]] = defaultdict(list)
        for annotation, use, text, response in self._run(statements.WRITTEN, items=items):
            if annotation in items_of:
                place = find_place(items_of[annotation], response)
                written[annotation].append(Written(use, text, place))
        ballots: dict[int, list[Ballot]] = defaultdict(list)
        for item, pk, uid, origin, rater, annotator, guideline, at, shown, rubric, answers in rows:
            ballots[item].append(
                Ballot(
                    uid,
                    origin,
                    self._raters[rater] if rater else self._pseudonyms.name_annotator(origin, annotator),
                    guideline,
                    at,
                    read_list(shown),
                    pairs.get(pk, NONE),
                    points.get(pk, NONE),
                    tuple(written.get(pk, ())),
                    orjson.loads(answers) if answers else NONE,
                    self._rubrics[rubric],
                )
            )
        return ballots

    def _read_pairs(
        self, items: list[int], items_of: Mapping[int, list[int]]
    ) -> dict[int, dict[tuple[int, int], Vote]]:
        found: dict[int, dict[tuple[int, int], Vote]] = defaultdict(dict)
        for annotation, a, b, relation, strength, steps in self._run(statements.PAIRS, items=items):
            known = items_of.get(annotation)
            if known is None:
                continue
            first, second = known.index(a), known.index(b)
            winner: Side | None = ("a" if first < second else "b") if relation == "prefers" else None
            pair = (first, second) if first < second else (second, first)
            found[annotation][pair] = _make_vote(relation, winner, strength, steps)
        return found

    def _name_raters(self, unknown: set[int]) -> None:
        people: dict[int, UUID] = dict(User.objects.filter(pk__in=unknown).values_list("pk", "uid"))
        self._raters.update((pk, self._pseudonyms.name_rater(str(uid))) for pk, uid in people.items())


@lru_cache(maxsize=1024)
def _make_vote(relation: str, winner: Side | None, strength: int, steps: int) -> Vote:
    return Vote(relation, winner, strength, steps)
