"""A project with as many prompts as a desk may hold, written by PostgreSQL itself."""

from django.db import connection

from apps.projects.models import Project

# Words of three to nine letters, in texts of 12 to 108 of them; one prompt in four is a conversation.
_SENTENCES = """
    CREATE TEMPORARY TABLE sentence AS
    SELECT place, (
        SELECT string_agg(substr(md5(chosen::text), 1, 3 + word % 7), ' ')
        FROM generate_series(1, 12) word, LATERAL (
            SELECT (random() * random() * 20000)::int + place * 0 + word * 0 AS chosen) one
    ) AS text FROM generate_series(0, 4999) place;
    CREATE INDEX ON sentence (place);
    ANALYZE sentence;
"""
_PROMPTS = """
    INSERT INTO prompts_prompt (uid, project_id, messages, metadata, digest, status, words, language, tags,
        created_at, findings)
    SELECT gen_random_uuid(), %s,
        CASE WHEN n %% 4 = 0 THEN jsonb_build_array(
            jsonb_build_object('role', 'user', 'content', text),
            jsonb_build_object('role', 'assistant', 'content', text),
            jsonb_build_object('role', 'user', 'content', 'And then? ' || text))
        ELSE jsonb_build_array(jsonb_build_object('role', 'user', 'content', text)) END,
        jsonb_build_object('category', 'category ' || n * 7919 %% 25, 'intent', 'intent ' || n %% 9, 'id', n),
        decode(md5(n::text) || md5((n + 1)::text), 'hex'),
        (ARRAY['approved', 'approved', 'approved', 'approved', 'draft', 'approved'])[1 + n %% 6],
        12 * (1 + n %% 9), (ARRAY['en', 'sv', 'ar', 'es', 'de', 'zh', ''])[1 + n * 31 %% 7],
        CASE WHEN n %% 40 = 0 THEN ARRAY['tag' || n %% 7] ELSE '{}'::text[] END, now(), '[]'
    FROM (
        SELECT n, (
            SELECT string_agg(sentence.text, ' ') FROM generate_series(0, n %% 9) part
            JOIN sentence ON sentence.place = (n * 7919 + part * 104729) %% 5000
        ) AS text FROM generate_series(1::bigint, %s) n
    ) written
"""
_COVERAGE = """
    INSERT INTO prompts_promptcoverage (prompt_id, asked, answered)
    SELECT id, 3, (random() * 3.4)::int FROM prompts_prompt WHERE id %% 2 = 0 AND project_id = %s
"""


def fill_project(project: Project, prompts: int) -> None:
    """Prompts with categories, languages, tags, metadata and answers, and the words that a search reads."""
    from apps.prompts.searching import read_words

    with connection.cursor() as cursor:
        cursor.execute(_SENTENCES)
        cursor.execute(_PROMPTS, [project.pk, prompts])
        cursor.execute(_COVERAGE, [project.pk])
    while read_words():
        pass
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
