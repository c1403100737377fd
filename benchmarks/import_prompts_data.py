"""A file of prompts as people collect them, and the same rows for COPY."""

import json
import random
import tempfile
import time
from collections.abc import Iterator
from typing import IO, Any

from django.contrib.auth import get_user_model
from django.db import connection

from apps.projects.services import create_project
from apps.prompts.imports.options import read_options
from apps.prompts.imports.sampling import complete
from apps.prompts.imports.states import start_import
from apps.prompts.imports.uploads import store_upload
from apps.prompts.models import PromptImport

EVERY = 20  # so many lines from one exact repetition to the next
CHUNK = 1_048_576
PEER = "prompts_peer"
COLUMNS = (
    "uid, project_id, messages, metadata, digest, status, source_id, created_at, words, language, tags, "
    "findings"
)


def store_file(rows: int) -> PromptImport:
    """An import of so many lines that waits for its worker."""
    admin = get_user_model().objects.create_superuser("admin@example.org", "x")
    project = create_project(name="Benchmark", user=admin)
    with tempfile.TemporaryFile() as file:
        file.writelines(_write_lines(rows))
        file.seek(0)
        report = store_upload(project=project, file=file, file_name="prompts.jsonl", user=admin)
    options = complete(read_options(report), report.sample or {})
    return start_import(report=report, options=options, user=admin)


def _write_lines(rows: int) -> Iterator[bytes]:
    """Of 10 to 120 words; one in five a conversation, one in ten not in ASCII, one in 200 with an address."""
    chance = random.Random(20_260)
    words = ["".join(chance.choices("etaoinshrdlu", k=chance.randint(2, 9))) for _ in range(20_000)]
    last = b""
    for number in range(rows):
        if number % EVERY == EVERY - 1:
            yield last
            continue
        last = json.dumps(_make_record(number, chance, words), ensure_ascii=False).encode() + b"\n"
        yield last


def _make_record(number: int, chance: random.Random, words: list[str]) -> dict[str, Any]:
    text = f"{number}: {' '.join(chance.choices(words, k=chance.randint(10, 120)))}?"
    if number % 10 == 3:
        text += " Är det så, och varför?"
    if number % 200 == 7:
        text += f" Write to person{number}@example.org."
    record: dict[str, Any] = {"category": f"category {number % 24}", "id": number}
    if number % 5:
        return {"prompt": text, **record}
    turns = [("user", "Hello"), ("assistant", "Hello. How can I help?"), ("user", text)]
    return {"messages": [{"role": role, "content": content} for role, content in turns], **record}


def copy_rows() -> tuple[int, float]:
    """Bring all prompts into an empty table of the same shape: how many, and in how many seconds."""
    with connection.cursor() as cursor, tempfile.TemporaryFile() as file:
        with cursor.copy(f"COPY prompts_prompt ({COLUMNS}) TO STDOUT") as out:
            file.writelines(out)
        cursor.execute(f"CREATE TABLE {PEER} (LIKE prompts_prompt INCLUDING ALL)")
        file.seek(0)
        start = time.perf_counter()
        _copy_in(cursor, file)
        seconds = time.perf_counter() - start
        cursor.execute(f"SELECT count(*) FROM {PEER}")
        return int(cursor.fetchone()[0]), seconds


def _copy_in(cursor: Any, file: IO[bytes]) -> None:
    with cursor.copy(f"COPY {PEER} ({COLUMNS}) FROM STDIN") as copy:
        while chunk := file.read(CHUNK):
            copy.write(chunk)
