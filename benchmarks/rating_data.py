"""A project with many items, written by the database itself."""

import os

from django.contrib.auth import get_user_model
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection, transaction

from apps.accounts.models import User
from apps.core import rendering
from apps.projects.models import Membership, Project
from apps.projects.permissions import Role
from apps.projects.services import create_project
from apps.rating.models import Item, RaterState
from benchmarks.tables import gather_statistics
from benchmarks.texts import TEXT

FILL = """
    WITH p AS (
        INSERT INTO prompts_prompt (uid, project_id, messages, metadata, digest, status, created_at)
        SELECT gen_random_uuid(), %(project)s,
            jsonb_build_array(jsonb_build_object('role', 'user', 'content', 'How would you do ' || n || '?')),
            '{}', decode(md5('p' || n), 'hex'), 'approved', now()
        FROM generate_series(%(first)s::int, %(last)s::int) AS n RETURNING id, messages
    ), t AS (
        INSERT INTO rating_renderedprompt (prompt_id, turns, version)
        SELECT id, jsonb_build_array('<p>' || (messages -> 0 ->> 'content') || '</p>'), %(version)s FROM p
    ), r AS (
        INSERT INTO generation_response (uid, prompt_id, sample, status, text, reasoning, model, revision,
            template, sampling, system_prompt, finish_reason, error_code, error, finished_at, offered_at)
        SELECT gen_random_uuid(), p.id, side, 'done', 'Answer ' || side || ' to ' || p.id || %(text)s,
            '', 'm' || side, '', '', '{}', '', 'stop', '', '', now(), now()
        FROM p, generate_series(0, 1) AS side RETURNING id, prompt_id, sample
    ), i AS (
        INSERT INTO rating_item (uid, project_id, prompt_id, rubric_id, kind, responses_key, overlap, taken,
            counted, status, is_outgrown, skips, skills, priority, in_passes, created_at)
        SELECT gen_random_uuid(), %(project)s, prompt_id, %(rubric)s, 'ordinary',
            string_agg(id::text, ',' ORDER BY id), %(overlap)s, 0,
            0, 'open', false, 0, '{}', 0, false, now()
        FROM r GROUP BY prompt_id ORDER BY prompt_id RETURNING id, prompt_id
    ), h AS (
        INSERT INTO rating_renderedresponse (response_id, html, version)
        SELECT id, replace(%(html)s, '@', sample || ' to ' || prompt_id), %(version)s FROM r
    )
    INSERT INTO rating_itemresponse (item_id, response_id, position)
    SELECT i.id, r.id, r.sample FROM i JOIN r USING (prompt_id)
"""
# Raters who have done the first items long before anybody else, and a second place left on each.
GO_AHEAD = """
    WITH l AS (
        INSERT INTO rating_lease (uid, project_id, item_id, rater_id, state, shown_order, started_at,
            expires_at, ended_at, skip_reason, skip_note, draft)
        SELECT gen_random_uuid(), %(project)s, i.id, %(rater)s, 'submitted', '[0, 1]', now(),
            now(), now(), '', '', '{}'
        FROM rating_item i WHERE i.project_id = %(project)s AND i.place <= %(ahead)s RETURNING id, item_id
    ), u AS (
        UPDATE rating_item SET taken = taken + 1, counted = counted + 1
        WHERE project_id = %(project)s AND place <= %(ahead)s
    )
    INSERT INTO rating_annotation (uid, item_id, rater_id, lease_id, rubric_id, guideline_id, answers,
        is_counted, revision, created_at)
    SELECT gen_random_uuid(), item_id, %(rater)s, id, %(rubric)s, %(guideline)s, '{}', true, 1, now() FROM l
"""
CHUNK = 50_000


def fill_project(*, items: int, raters: int, ahead: int) -> tuple[Project, list[User]]:
    """A project with `items` items and signed-up raters; `ahead` items are done by all of them already."""
    admin = get_user_model().objects.create_superuser("admin@example.org", "x")
    overlap = min(9, raters + 1) if ahead else 1
    project = create_project(name="Benchmark", overlap=overlap, user=admin)
    people = [User.objects.create_user(f"rater{n}@example.org", "x") for n in range(raters)]
    Membership.objects.bulk_create(Membership(project=project, user=user, role=Role.RATER) for user in people)
    for first in range(1, items + 1, CHUNK):
        last = min(items, first + CHUNK - 1)
        known = {"project": project.pk, "rubric": project.rubric.pk, "overlap": overlap, "text": TEXT}
        known |= {"html": rendering.render_markdown(f"Answer @{TEXT}"), "version": rendering.VERSION}
        _execute(FILL, {**known, "first": first, "last": last})
    places = Item.objects.order_by("place").values_list("place", flat=True)
    passed = places[ahead - 1] if ahead else 0
    guideline = project.guideline
    for person in people:
        RaterState.objects.create(
            project=project, rater=person, cursor=passed, leases_given=ahead, guideline=guideline
        )
        if ahead:
            versions = {"rubric": project.rubric.pk, "guideline": guideline.pk}
            _execute(GO_AHEAD, {"project": project.pk, "rater": person.pk, "ahead": passed, **versions})
    gather_statistics(os.environ["DATABASE_URL"])
    return project, people


@transaction.atomic
def _execute(sql: str, values: dict[str, object]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)  # type: ignore[arg-type]


def sign_in(user: User) -> str:
    """A session key, as signing in on the page would make it."""
    session = SessionStore()
    session["_auth_user_id"] = str(user.pk)
    session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    session["_auth_user_hash"] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


OVER = """
    SELECT count(*) FROM rating_item i WHERE i.overlap <
        (SELECT count(DISTINCT a.rater_id) FROM rating_annotation a WHERE a.item_id = i.id AND a.is_counted)
        + (SELECT count(*) FROM rating_lease l WHERE l.item_id = i.id AND l.state = 'open')
"""
# Short of people, and out of everybody's reach: a slot that leaked, or room behind every cursor.
UNDER = """
    SELECT count(*) FROM rating_item i WHERE i.taken <> i.counted
        + (SELECT count(*) FROM rating_lease l WHERE l.item_id = i.id AND l.state = 'open')
    OR i.taken < i.overlap AND NOT EXISTS (SELECT 1 FROM rating_returneditem r WHERE r.item_id = i.id)
        AND EXISTS (SELECT 1 FROM rating_raterstate s WHERE s.project_id = i.project_id AND NOT EXISTS
            (SELECT 1 FROM rating_lease l WHERE l.item_id = i.id AND l.rater_id = s.rater_id))
        AND NOT EXISTS (SELECT 1 FROM rating_raterstate s WHERE s.project_id = i.project_id
            AND s.cursor < i.place)
"""


def count_misallocated() -> tuple[int, int]:
    """Items above their overlap, and items short of it that nobody could claim; counted from the rows."""
    with connection.cursor() as cursor:
        cursor.execute(OVER)
        over = int(cursor.fetchone()[0])
        cursor.execute(UNDER)
        return over, int(cursor.fetchone()[0])
