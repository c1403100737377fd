"""Search in what prompts say: PostgreSQL's full-text search without stemming, for prompts in all languages.

Chinese, Japanese, Korean, Thai, Lao, Khmer and Burmese put no spaces between words. Each of their letters is
indexed as a word of its own and a run of them is looked for as a phrase, which finds it anywhere in a text.
"""

import re
from dataclasses import dataclass

from django.db import connection
from django.db.models.expressions import RawSQL

from apps.prompts.models import Prompt, PromptQuerySet, PromptSearch

CHUNK = 2000
# Prompts come in parts of a thousand or so, a transaction each: one that commits late has ids this near.
NEAR = 10_000
# Thai to Lao, Burmese, Khmer, kana and the rest of CJK, Hangul, and the ideographs beyond.
_DENSE = (
    "\u0e01-\u0eff\u1000-\u109f\u1780-\u17ff\u3041-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_RUN = re.compile(f"[{_DENSE}]+")
_LETTER = re.compile(f"([{_DENSE}])")
_MOST = 200_000  # letters of a prompt that are indexed; a tsvector holds a megabyte
# PostgreSQL leaves tags out, and prompts are full of code: a “<” with a space after it begins none.
_FILL = """
    INSERT INTO prompts_promptsearch (prompt_id, words)
    SELECT p.id, to_tsvector('simple',
        regexp_replace(replace(left(said.text, %(most)s), '<', '< '), %(letter)s, ' \\1 ', 'g'))
    FROM (SELECT id, messages FROM prompts_prompt q WHERE id > %(after)s
            AND NOT EXISTS (SELECT FROM prompts_promptsearch s WHERE s.prompt_id = q.id)
            ORDER BY id LIMIT %(chunk)s) p,
        LATERAL (SELECT string_agg(turn ->> 'content', E'\\n\\n') AS text
            FROM jsonb_array_elements(p.messages) AS turn) AS said
    ON CONFLICT DO NOTHING
"""
# The last word may be the beginning of one, unless a quotation mark ended it.
_QUERY = """
    (SELECT CASE WHEN %s AND right(t, 1) = '''' THEN (t || ':*')::tsquery ELSE t::tsquery END
    FROM (SELECT websearch_to_tsquery('simple', %s)::text AS t) AS read)
"""
BEGIN, END = "\ue000", "\ue001"  # of a hit; nobody types these
_SPACED = re.compile(f" *({BEGIN}?[{_DENSE}]{END}?) *")
_HEADLINE = f"StartSel={BEGIN}, StopSel={END}, MaxWords=24, MinWords=12, ShortWord=0, MaxFragments=1"


@dataclass(frozen=True)
class Piece:
    text: str
    is_hit: bool = False


def read_words(*, all_of_them: bool = False) -> int:
    """Index a chunk of prompts that are not yet; returns how many. Two at once disturb nobody."""
    after = 0
    if not all_of_them:
        newest = PromptSearch.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        after = newest - NEAR
    with connection.cursor() as cursor:
        known: dict[str, str | int] = {"most": _MOST, "letter": _LETTER.pattern}
        known |= {"after": after, "chunk": CHUNK}
        cursor.execute(_FILL, known)
        return int(cursor.rowcount)


def count_unread(*, project_id: int) -> int:
    """How many prompts of the project cannot be found by their words yet."""
    return Prompt.objects.filter(project=project_id, search=None).count()


def part_letters(text: str) -> str:
    """Runs of letters that no spaces part, each as a phrase; what is in quotation marks stays there."""
    parts = text.replace("\0", " ").replace("<", "< ").split('"')
    for place, part in enumerate(parts):
        spaced = _LETTER.sub(r" \1 ", part)
        parts[place] = spaced if place % 2 else _RUN.sub(lambda run: f' "{" ".join(run[0])}" ', part)
    return '"'.join(parts).strip()


def find_saying(prompts: PromptQuerySet, text: str) -> PromptQuerySet:
    """Those with all words of `text`; `"in quotes"` as a phrase, `or`, `-not`; the last may be a beginning.

    What holds no word at all, such as a lone comma, is in no prompt.
    """
    found = f"SELECT prompt_id FROM prompts_promptsearch WHERE words @@ {_QUERY}"  # noqa: S608 — a constant
    return prompts.filter(pk__in=RawSQL(found, _ask(text)))  # noqa: S611 — the text is a parameter


def show_hits(texts: list[str], text: str) -> list[list[Piece]]:
    """Of each text the passage around the first hits, in pieces."""
    if not texts:
        return []
    statement = f"""
        SELECT ts_headline('simple', left(t, 20000), {_QUERY}, %s)
        FROM unnest(%s::text[]) WITH ORDINALITY AS texts (t, place) ORDER BY place
    """  # noqa: S608
    spaced = [_LETTER.sub(r" \1 ", one.replace("<", "< ")) for one in texts]
    with connection.cursor() as cursor:
        cursor.execute(statement, [*_ask(text), _HEADLINE, spaced])
        return [_split(row[0]) for row in cursor.fetchall()]


def _ask(text: str) -> list[str | bool]:
    parted = part_letters(text)
    return [not text.rstrip().endswith('"') and not parted.endswith('"'), parted]


def _split(headline: str) -> list[Piece]:
    """The spaces that were put round letters go again, and hits that touch are one."""
    whole = _SPACED.sub(r"\1", headline).replace(END + BEGIN, "").replace("< ", "<")
    pieces: list[Piece] = []
    for part in whole.split(BEGIN):
        hit, end, rest = part.partition(END)
        pieces += [Piece(hit, True), Piece(rest)] if end else [Piece(part)]
    return [piece for piece in pieces if piece.text]
