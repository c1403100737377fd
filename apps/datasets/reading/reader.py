"""A project's evidence, a part of its prompts at a time: memory does not grow with their number."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any
from uuid import UUID

import orjson
from django.db import connection, transaction

from apps.accounts.models import User
from apps.datasets.evidence import (
    NONE,
    Ballot,
    Evidence,
    ItemFacts,
    Message,
    PromptFacts,
    ResponseFacts,
    ResponseText,
    Written,
)
from apps.datasets.keys import Pseudonyms
from apps.datasets.overlap.late import LateCheck
from apps.datasets.reading import statements
from apps.projects.models import Project
from apps.quality.consensus import Side, Vote

PART = 300  # prompts read at once
MOST_CLUSTERS = 100_000  # of which the split is kept in mind

Rows = list[tuple[Any, ...]]


@contextmanager
def one_moment() -> Iterator[None]:
    """Let every query inside see the database as it was at the first: counts, splits and rows then agree."""
    nested = connection.in_atomic_block
    with transaction.atomic():
        if not nested:  # PostgreSQL refuses it after the transaction's first query
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        yield


class Reader:
    """Reads a project for one recipe.

    Args:
        held_out: the row of the list that prompts are compared with, if any.
        held_out_words: so many in a row are too much in common with a text of it.
        answers: whether ballots carry the stored answers, for rows that have all of them.
        quoted: keys of questions whose answers they carry anyway.
        late: compares prompts that came in since the list was; without it these are in nobody's way.
    """

    def __init__(
        self,
        project: Project,
        pseudonyms: Pseudonyms,
        *,
        held_out: int | None = None,
        held_out_words: int = 0,
        answers: bool = False,
        quoted: Sequence[str] = (),
        late: LateCheck | None = None,
    ) -> None:
        self._known = {
            "project": project.pk,
            "held_out": held_out,
            "held_out_words": held_out_words,
            "answers": answers,
            "quoted": list(quoted),
        }
        self._pseudonyms = pseudonyms
        self._late = late
        self._rubrics = dict(project.rubrics.values_list("pk", "version"))
        self._raters: dict[int, str] = {}
        self._splits: dict[int, str | None] = {}  # by cluster, of which some have very many prompts

    def iterate(self) -> Iterator[list[Evidence]]:
        """Part after part, in the order of the prompts; prompts without any answer are left out of them."""
        for _, evidence in self.iterate_parts():
            yield evidence

    def iterate_parts(
        self, *, after: int = 0, size: int = PART
    ) -> Iterator[tuple[list[int], list[Evidence]]]:
        """From the prompt behind `after` on, each part with the rows of all prompts that it went through."""
        while prompts := self._run(statements.PROMPTS, after=after, limit=size, only=None):
            after = prompts[-1][0]
            yield [row[0] for row in prompts], self._gather(prompts)

    def read_prompts(self, prompts: Sequence[int]) -> list[Evidence]:
        """These few alone."""
        return self._gather(self._run(statements.PROMPTS, after=0, limit=len(prompts), only=list(prompts)))

    def read_conversations(self, prompts: Sequence[int]) -> dict[int, tuple[list[Message], str]]:
        """Messages, and metadata as JSON, by prompt."""
        rows = self._run(statements.CONVERSATIONS, prompts=list(prompts))
        return {pk: (_read_messages(messages), _sort_json(metadata)) for pk, messages, metadata in rows}

    def read_texts(self, responses: Iterable[int]) -> dict[int, ResponseText]:
        rows = self._run(statements.TEXTS, responses=list(responses))
        return {
            pk: ResponseText(text, model, revision, _sort_sampling(sampling), *rest)
            for pk, text, model, revision, sampling, *rest in rows
        }

    def _run(self, statement: str, **values: Any) -> Rows:
        with connection.cursor() as cursor:
            cursor.execute(statement, self._known | {name: _write(value) for name, value in values.items()})
            rows: Rows = cursor.fetchall()
            return rows

    def _gather(self, prompts: Rows) -> list[Evidence]:
        known = [row[0] for row in prompts]
        rows = self._run(statements.ITEMS, prompts=known)
        items = [row[1] for row in rows]
        if not items:
            return []
        responses = {row[0]: ResponseFacts(*row) for row in self._run(statements.RESPONSES, prompts=known)}
        keys = {row[1]: _read_key(row[7]) for row in rows}
        ballots = self._read_ballots(items, keys)
        by_prompt: dict[int, list[ItemFacts]] = defaultdict(list)
        for prompt, pk, uid, kind, rubric, overlap, counted, _ in rows:
            found = tuple([responses[response] for response in keys[pk]])
            version = self._rubrics[rubric]
            by_prompt[prompt].append(
                ItemFacts(pk, uid, kind, version, overlap, counted, found, tuple(ballots[pk]))
            )
        facts = self._read_facts(prompts, by_prompt.keys())
        return [Evidence(one, tuple(by_prompt[one.id])) for one in facts]

    def _read_facts(self, prompts: Rows, wanted: Collection[int]) -> list[PromptFacts]:
        """Of those that are wanted, in their order."""
        bridges: dict[int, list[tuple[int, str]]] = defaultdict(list)
        for prompt, cluster, uid in self._run(statements.BRIDGES, prompts=list(wanted)):
            bridges[prompt].append((cluster, uid))
        clusters = {row[7] for row in prompts if row[7] is not None}
        clusters.update(cluster for found in bridges.values() for cluster, _ in found)
        splits = self._read_splits(clusters)
        held_out = self._compare([row[0] for row in prompts if row[10] and row[0] in wanted])
        facts = []
        for pk, uid, name, category, language, roles, split, cluster, status, is_held_out, _ in prompts:
            if pk in wanted:
                place = split if cluster is None else splits[cluster]
                like = tuple([(other, splits[far]) for far, other in bridges.get(pk, ())])
                known = (pk, uid, name, category, language, _read_list(roles))
                facts.append(PromptFacts(*known, split, place, like, is_held_out or pk in held_out, status))
        return facts

    def _compare(self, late: list[int]) -> set[int]:
        if not late or self._late is None:
            return set()
        return self._late.find({pk: told for pk, (told, _) in self.read_conversations(late).items()})

    def _read_splits(self, clusters: set[int]) -> Mapping[int, str | None]:
        """Where clusters have to be, None for those that are free. The same cluster is asked for once."""
        if unknown := clusters - self._splits.keys():
            if len(self._splits) > MOST_CLUSTERS:
                self._splits.clear()
                unknown = clusters
            self._splits |= dict.fromkeys(unknown)
            self._splits |= dict(self._run(statements.CLUSTERS, clusters=list(unknown)))
        return self._splits

    def _read_ballots(self, items: list[int], keys: Mapping[int, list[int]]) -> dict[int, list[Ballot]]:
        rows = self._run(statements.ANNOTATIONS, items=items)
        self._name_raters({row[4] for row in rows if row[4] is not None} - self._raters.keys())
        items_of = {row[1]: keys[row[0]] for row in rows}
        pairs = self._read_pairs(items, items_of)
        points: dict[int, dict[tuple[str, int | None], int]] = defaultdict(dict)
        for annotation, question, response, number in self._run(statements.POINTS, items=items):
            if annotation in items_of:
                points[annotation][question, _find_place(items_of[annotation], response)] = number
        written: dict[int, list[Written]] = defaultdict(list)
        for annotation, use, text, response in self._run(statements.WRITTEN, items=items):
            if annotation in items_of:
                place = _find_place(items_of[annotation], response)
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
                    _read_list(shown),
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


def _write(value: Any) -> Any:
    """Thousands of row numbers as the text of an array: three times as fast as one by one."""
    return "{" + ",".join(map(str, value)) + "}" if isinstance(value, list) else value


def _find_place(responses: list[int], response: int | None) -> int | None:
    return None if response is None else responses.index(response)


def _read_key(key: str) -> list[int]:
    return [int(one) for one in key.split(",")] if key[0].isdecimal() else []


@lru_cache(maxsize=1024)
def _read_list(value: str | None) -> tuple[Any, ...]:
    return tuple(orjson.loads(value)) if value else ()


def _read_messages(messages: str) -> list[Message]:
    return [{"role": one["role"], "content": one["content"]} for one in orjson.loads(messages)]


def _sort_json(value: str) -> str:
    """JSON with its keys in order: what is the same is the same text."""
    return orjson.dumps(orjson.loads(value), option=orjson.OPT_SORT_KEYS).decode()


_sort_sampling = lru_cache(maxsize=1024)(_sort_json)  # models have few settings
