"""Prompts as they come at size: of 50 to 300 words, some of them copies, some copies with other words."""

import hashlib
import json
import random
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import accumulate
from uuid import uuid4

from django.db import connection

from apps.projects.models import Project

SYLLABLES = re.findall("..", "bacedifoguhajekilomunaperosutavewixozuanerinonuralessted")
CREATED = datetime(2026, 1, 1, tzinfo=UTC)
COLUMNS = "uid, project_id, messages, metadata, digest, status, created_at, words"
FOUND = ("anna.berg@mail.org", "+46 70 123 45 67", "DE89 3704 0044 0532 0130 00", "10.20.30.40")


def write_texts(number: int, *, seed: int = 1) -> Iterator[str]:
    """In a hundred: 5 that differ from an earlier one in case and punctuation, 15 in a few words, 3 short
    ones of one mould, and 2 with personal data."""
    dice = random.Random(seed)
    words = ["".join(dice.choices(SYLLABLES, k=dice.randint(1, 4))) for _ in range(8000)]
    weights = list(accumulate(1 / (rank + 3) for rank in range(len(words))))
    recent: list[list[str]] = []
    for _ in range(number):
        kind = dice.random()
        if recent and kind < 0.05:
            yield " ".join(dice.choice(recent)).upper() + "!"
            continue
        if kind > 0.97:
            yield f"Translate {dice.choice(words)} {dice.choice(words)} to Swedish"
            continue
        text = _vary(dice.choice(recent), words, dice) if recent and kind < 0.2 else None
        text = text or dice.choices(words, cum_weights=weights, k=dice.randint(50, 300))
        recent = [*recent[-2000:], text]
        yield " ".join([*text, dice.choice(FOUND)] if kind > 0.95 else text).capitalize() + "."


def _vary(text: list[str], words: list[str], dice: random.Random) -> list[str]:
    varied = list(text)
    for _ in range(dice.randint(1, max(1, len(text) // 20))):
        varied[dice.randrange(len(varied))] = dice.choice(words)
    return varied


def store_texts(project: Project, texts: Iterator[str]) -> int:
    """By COPY; the number of rows. A text that is there already gets a number."""
    rows = 0
    with connection.cursor() as cursor, cursor.copy(f"COPY prompts_prompt ({COLUMNS}) FROM STDIN") as copy:
        for text in texts:
            messages = json.dumps([{"role": "user", "content": text}])
            digest = hashlib.sha256(f"{rows} {text}".encode()).digest()
            length = text.count(" ") + 1
            copy.write_row((uuid4(), project.pk, messages, "{}", digest, "approved", CREATED, length))
            rows += 1
    return rows
