"""A project with a million answered comparisons: four responses a prompt, all six pairs of them."""

import json
import os
import random
import time
from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

import psycopg
from django.contrib.auth import get_user_model
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from apps.datasets.counting_work import work_off_counts
from apps.datasets.models import Recipe
from apps.datasets.recipes.parsing import parse_recipe
from apps.datasets.recipes.saving import save_recipe
from apps.datasets.snapshots.states import start_snapshot
from apps.projects.models import Project
from apps.projects.services import create_project
from benchmarks.tables import gather_statistics

MODELS = ("amber", "basalt", "chert", "diorite")
PAIRS = 6  # of four responses
RATERS = 20
WORDS = 60_000  # of the text that everything is cut from
PROMPT = (60, 700)  # characters, shortest and longest
RESPONSE = (300, 2400)

PROMPTS = """
    COPY prompts_prompt (uid, project_id, messages, metadata, digest, status, created_at, findings, words,
        language, tags) FROM STDIN
"""
RESPONSES = """
    COPY generation_response (uid, prompt_id, sample, status, text, reasoning, model, revision, template,
        sampling, system_prompt, finish_reason, tokens_in, tokens_out, error_code, error, finished_at,
        offered_at) FROM STDIN
"""
JUDGED = """
    WITH i AS (
        INSERT INTO rating_item (uid, project_id, prompt_id, rubric_id, kind, responses_key, overlap, taken,
            counted, status, is_outgrown, skips, skills, priority, in_passes, created_at)
        SELECT gen_random_uuid(), %(project)s, a.prompt_id, %(rubric)s, 'ordinary', a.id || ',' || b.id, 1, 1,
            1, 'open', false, 0, '{}', 0, false, now()
        FROM generation_response a JOIN generation_response b ON b.prompt_id = a.prompt_id AND b.id > a.id
        WHERE a.prompt_id BETWEEN %(first)s AND %(last)s ORDER BY a.prompt_id, a.id, b.id
        RETURNING id, prompt_id, responses_key
    ), s AS (
        INSERT INTO rating_itemresponse (item_id, response_id, position)
        SELECT i.id, split_part(responses_key, ',', place + 1)::bigint, place
        FROM i, generate_series(0, 1) AS place
    ), l AS (
        INSERT INTO rating_lease (uid, project_id, item_id, rater_id, state, shown_order, started_at,
            expires_at, ended_at, skip_reason, skip_note, draft)
        SELECT gen_random_uuid(), %(project)s, i.id, (%(raters)s::bigint[])[1 + i.id %% 20], 'submitted',
            CASE WHEN i.id %% 3 = 0 THEN '[1, 0]'::jsonb ELSE '[0, 1]' END, now(), now(), now(), '', '', '{}'
        FROM i RETURNING id, item_id, rater_id
    ), n AS (
        INSERT INTO rating_annotation (uid, item_id, rater_id, lease_id, rubric_id, guideline_id, answers,
            is_counted, revision, created_at)
        SELECT gen_random_uuid(), item_id, rater_id, id, %(rubric)s, %(guideline)s,
            '{"preference": {"choice": "prefers"}}', true, 1, now() FROM l RETURNING id, item_id
    )
    INSERT INTO rating_pairoutcome (annotation_id, item_id, a_id, b_id, relation, strength, steps)
    SELECT n.id, i.id, split_part(responses_key, ',', 1 + (i.id %% 5 > 2)::int)::bigint,
        split_part(responses_key, ',', 2 - (i.id %% 5 > 2)::int)::bigint, 'prefers', 1 + i.id %% 3, 3
    FROM n JOIN i ON i.id = n.item_id
"""
CHUNK = 20_000  # prompts


def fill_project(*, pairs: int) -> Project:
    """A project whose answered items make `pairs` pairs, or up to five more."""
    admin = get_user_model().objects.create_superuser("admin@example.org", "x")
    project = create_project(name="Export", overlap=1, user=admin)
    people = [get_user_model().objects.create_user(f"rater{n}@example.org", "x") for n in range(RATERS)]
    first, last = _fill_texts(project, -(-pairs // PAIRS))
    known: dict[str, object] = {"project": project.pk, "raters": [person.pk for person in people]}
    known |= {"rubric": project.rubric.pk, "guideline": project.guideline.pk}
    for start in range(first, last + 1, CHUNK):
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(JUDGED, known | {"first": start, "last": min(last, start + CHUNK - 1)})
    gather_statistics(os.environ["DATABASE_URL"])
    return project


def _fill_texts(project: Project, prompts: int) -> tuple[int, int]:
    """Returns the first and the last prompt."""
    chance = random.Random(7)
    text = _write_text(chance)
    with psycopg.connect(os.environ["DATABASE_URL"]) as ours:
        with ours.cursor().copy(PROMPTS) as copy:
            for row in _list_prompts(chance, project.pk, prompts, text):
                copy.write_row(row)
        first, last = ours.execute("SELECT min(id), max(id) FROM prompts_prompt").fetchone() or (0, 0)
        with ours.cursor().copy(RESPONSES) as copy:
            for row in _list_responses(chance, range(first, last + 1), text):
                copy.write_row(row)
    return first, last


def _write_text(chance: random.Random) -> str:
    letters = "eeeeeeeaaaaooiinnssrrttlldduuccmmpphhggbbffwwyykvxzjq"
    words = ["".join(chance.choices(letters, k=chance.randint(2, 10))) for _ in range(9000)]
    return " ".join(chance.choices(words, weights=[1 / (n + 3) for n in range(len(words))], k=WORDS))


def _cut(chance: random.Random, text: str, bounds: tuple[int, int]) -> str:
    length = int(chance.triangular(*bounds, bounds[0] * 2))
    start = chance.randrange(len(text) - length)
    return text[start : start + length]


def _uuid(chance: random.Random) -> str:
    digits = f"{chance.getrandbits(128):032x}"
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-a{digits[17:20]}-{digits[20:]}"


NOW = "2026-11-01T12:00:00Z"


def _list_prompts(chance: random.Random, project: int, count: int, text: str) -> Iterator[tuple[Any, ...]]:
    for number in range(count):
        messages = [{"role": "user", "content": _cut(chance, text, PROMPT)}]
        metadata = {"category": f"topic {number % 12}", "source": "benchmark"}
        digest = b"\x00" * 24 + number.to_bytes(8, "big")
        yield (
            *(_uuid(chance), project, json.dumps(messages), json.dumps(metadata), digest, "approved", NOW),
            *("[]", 60, "en", []),
        )


def _list_responses(chance: random.Random, prompts: range, text: str) -> Iterator[tuple[Any, ...]]:
    sampling = json.dumps({"temperature": 0.7, "top_p": 0.95, "max_tokens": 512})
    for prompt in prompts:
        for sample, model in enumerate(MODELS):
            written = _cut(chance, text, RESPONSE)
            yield (
                *(
                    _uuid(chance),
                    prompt,
                    sample,
                    "done",
                    written,
                    "",
                    f"stone/{model}-7b",
                    "main",
                    "",
                    sampling,
                ),
                *("", "stop", 80, len(written) // 5, "", "", NOW, NOW),
            )


# What a row of pairs has, in its texts and in its metadata: the same facts, joined by the database.
COPIED = """
    COPY (
        SELECT p.messages, a.text, b.text, p.uid, p.category, p.language, p.metadata, i.uid, i.kind,
            v.version, g.version, n.uid, u.uid, n.origin, n.created_at, l.shown_order, o.relation,
            o.strength, o.steps, a.uid, a.model, a.revision, a.sampling, a.finish_reason, a.tokens_in,
            a.tokens_out, a.finished_at, b.uid, b.model, b.revision, b.sampling, b.finish_reason, b.tokens_in,
            b.tokens_out, b.finished_at
        FROM rating_pairoutcome o
        JOIN rating_annotation n ON n.id = o.annotation_id
        JOIN rating_lease l ON l.id = n.lease_id
        JOIN projects_guideline g ON g.id = n.guideline_id
        JOIN accounts_user u ON u.id = n.rater_id
        JOIN rating_item i ON i.id = o.item_id
        JOIN projects_rubric v ON v.id = i.rubric_id
        JOIN prompts_prompt p ON p.id = i.prompt_id
        JOIN generation_response a ON a.id = o.a_id
        JOIN generation_response b ON b.id = o.b_id
    ) TO STDOUT
"""


def copy_pairs() -> tuple[int, float]:
    """How many pairs COPY hands out, and the seconds it takes to take them all."""
    count, start = 0, time.perf_counter()
    with psycopg.connect(os.environ["DATABASE_URL"]) as ours, ours.cursor().copy(COPIED) as copy:
        for block in copy:
            count += bytes(block).count(b"\n")
    return count, time.perf_counter() - start


def order_snapshots(project: Project) -> list[tuple[str, int]]:
    """A snapshot of all pairs for each kind of files, waiting for its worker: the kind and the row."""
    orders = []
    for container in ("parquet", "jsonl"):
        document = parse_recipe({"formats": ["preference"], "container": container})
        version = save_recipe(project=project, name=container, document=document, user=None)
        orders.append((container, start_snapshot(version=version, user=None, wake=False).pk))
    return orders


def open_page(project: Project, times: int = 5) -> float:
    """Seconds of the slowest answer of a recipe's page, once a worker has counted what it shows."""
    visitor = Client(raise_request_exception=True)
    visitor.force_login(get_user_model().objects.get(email="admin@example.org"))
    recipe = Recipe.objects.get(project=project, name="parquet")
    address = reverse("datasets:recipe", args=[project.slug, recipe.uid])
    visitor.get(address)  # asks for the count
    work_off_counts()
    slowest = 0.0
    for _ in range(times):
        start = time.perf_counter()
        answer = visitor.get(address)
        slowest = max(slowest, time.perf_counter() - start)
        if answer.status_code != HTTPStatus.OK:
            raise RuntimeError(f"The page answered {answer.status_code}.")
    return slowest
