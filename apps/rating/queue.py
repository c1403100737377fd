"""The statements of the queue. Each says in one round trip what the database must decide at once.

An item is locked with `SKIP LOCKED`: a claim passes over what somebody else is taking right now.
"""

from functools import reduce

from apps.rating.models import PLACE_BITS

# One row with the rater's skills, where they may have another item now; else none.
MAY = """
    SELECT coalesce(m.skills, '{}') AS skills
    FROM rating_raterstate st JOIN projects_project p ON p.id = st.project_id
    LEFT JOIN projects_membership m ON m.project_id = st.project_id AND m.user_id = st.rater_id
    WHERE st.project_id = %(project)s AND st.rater_id = %(rater)s
    AND p.stage <> 'closed' AND m.paused_at IS NULL
    AND (st.done >= p.rater_cap) IS NOT TRUE
    AND (st.day = %(today)s AND st.done_that_day >= p.daily_cap) IS NOT TRUE
    AND st.guideline_id = (SELECT g.id FROM projects_guideline g WHERE g.project_id = st.project_id
        ORDER BY g.version DESC LIMIT 1)
"""
# Subqueries and not joins, and conditions that the planner takes to be mostly true: so it walks the index
# in its order, from the cursor to the first hit, and does not sort all that may fit.
NEW_TO_THEM = """
    i.id <> coalesce((SELECT l.item_id FROM rating_lease l WHERE l.item_id = i.id
        AND l.rater_id = %(rater)s AND l.state NOT IN ('expired', 'released')), 0)
"""
FOR_THEM = f"""
    i.status = 'open' AND i.taken < i.overlap AND coalesce(i.skills <@ (SELECT skills FROM may), false)
    AND {NEW_TO_THEM}
"""  # noqa: S608 — nothing in any of these comes from outside
RETURNED = f"""
    SELECT i.id, i.place
    FROM rating_returneditem r JOIN rating_item i ON i.id = r.item_id
    WHERE r.project_id = %(project)s AND {FOR_THEM} AND i.place <= %(cursor)s
    ORDER BY i.place
"""  # noqa: S608
AHEAD = f"""
    SELECT i.id, i.place FROM rating_item i
    WHERE i.project_id = %(project)s AND {FOR_THEM} AND i.place > %(cursor)s
"""  # noqa: S608
PRIORITY_BIT = PLACE_BITS + 7
LOCKED = "LIMIT 1 FOR NO KEY UPDATE OF i SKIP LOCKED"

# What was given back behind the cursor comes first; then, where the project wants it, what somebody has
# begun; then the next. `first` is the nearest item with room, locked by somebody or not: the cursor must
# not pass it, and what was begun must not be of a lower priority.
ANY = f"nearest AS ({AHEAD} AND NOT EXISTS (SELECT FROM returned) ORDER BY i.place {LOCKED})"
BEGUN_FIRST = f"""
    begun AS ({AHEAD} AND i.taken > 0 AND NOT EXISTS (SELECT FROM returned)
        AND i.place < (((SELECT place FROM first) >> {PRIORITY_BIT}) + 1) << {PRIORITY_BIT}
        ORDER BY i.place {LOCKED}),
    ahead AS ({AHEAD} AND NOT EXISTS (SELECT FROM returned) AND NOT EXISTS (SELECT FROM begun)
        ORDER BY i.place {LOCKED}),
    nearest AS (SELECT * FROM begun UNION ALL SELECT * FROM ahead)
"""  # noqa: S608
PICK = f"""
    may AS ({MAY}),
    first AS ({AHEAD} ORDER BY i.place LIMIT 1),
    returned AS ({RETURNED} {LOCKED}),
    {{nearest}},
    pick AS (
        SELECT id, %(cursor)s::bigint AS cursor FROM returned
        UNION ALL
        SELECT n.id, least(n.place, first.place - (first.id <> n.id)::int) FROM nearest n, first
    )
"""  # noqa: S608

# The same choice without a lock: is there anything with room that somebody has in hand right now?
BUSY = f"""
    WITH may AS MATERIALIZED ({MAY})
    SELECT id FROM (({RETURNED} LIMIT 1) UNION ALL ({AHEAD} ORDER BY i.place LIMIT 1)) AS found
"""  # noqa: S608

# How many items this rater could still get, counted no further than `limit` on either side of the cursor.
REACH = f"""
    WITH may AS MATERIALIZED ({MAY})
    SELECT least(%(limit)s, count(*)) FROM (
        ({RETURNED} LIMIT %(limit)s) UNION ALL ({AHEAD} ORDER BY i.place LIMIT %(limit)s)
    ) AS reachable
"""  # noqa: S608

# In each of `projects`, what waits for a rater: the item in hand, and all that they could still get, counted
# no further than `limit`. They may not have opened the project yet, nor read what changed in its guideline.
HERE = {"%(project)s": "o.id", "%(cursor)s": "coalesce(at.cursor, 0)"}
MAY_ONCE_READ = """
    SELECT coalesce(m.skills, '{}') AS skills
    FROM projects_project p
    LEFT JOIN rating_raterstate st ON st.project_id = p.id AND st.rater_id = %(rater)s
    LEFT JOIN projects_membership m ON m.project_id = p.id AND m.user_id = %(rater)s
    WHERE p.id = %(project)s AND p.stage <> 'closed' AND m.paused_at IS NULL
    AND (st.done >= p.rater_cap) IS NOT TRUE
    AND (st.day = %(today)s AND st.done_that_day >= p.daily_cap) IS NOT TRUE
"""
_WAITING = f"""
    SELECT o.id, held.n + reach.n
    FROM projects_project o
    LEFT JOIN rating_raterstate at ON at.project_id = o.id AND at.rater_id = %(rater)s, LATERAL (
        SELECT count(*) AS n
        FROM rating_lease l JOIN rating_item i ON i.id = l.item_id
        LEFT JOIN projects_membership m ON m.project_id = l.project_id AND m.user_id = l.rater_id
        WHERE l.project_id = o.id AND l.rater_id = %(rater)s AND l.state = 'open'
        AND o.stage <> 'closed' AND m.paused_at IS NULL
        AND i.status <> 'withdrawn' AND i.skills <@ coalesce(m.skills, '{{}}')
    ) AS held, LATERAL (
        WITH may AS MATERIALIZED ({MAY_ONCE_READ})
        SELECT least(%(limit)s, count(*)) AS n FROM (
            ({RETURNED} LIMIT %(limit)s) UNION ALL ({AHEAD} ORDER BY i.place LIMIT %(limit)s)
        ) AS reachable
    ) AS reach
    WHERE o.id = ANY(%(projects)s)
"""  # noqa: S608
WAITING = reduce(lambda text, swap: text.replace(*swap), HERE.items(), _WAITING)

# The lease in hand, whether the rater was stopped since, and whether its item is still for them.
HELD = """
    SELECT l.id, p.stage = 'closed' OR m.paused_at IS NOT NULL,
        i.status <> 'withdrawn' AND i.skills <@ coalesce(m.skills, '{}')
    FROM rating_lease l JOIN rating_item i ON i.id = l.item_id JOIN projects_project p ON p.id = l.project_id
    LEFT JOIN projects_membership m ON m.project_id = l.project_id AND m.user_id = l.rater_id
    WHERE l.project_id = %(project)s AND l.rater_id = %(rater)s AND l.state = 'open'
"""

# All that decides whether a rater has nothing to do, as of one moment. The order of columns: nothing.py.
STANDING = f"""
    WITH may AS MATERIALIZED ({MAY}),
    mine AS (
        SELECT coalesce(m.skills, '{{}}') AS skills, m.paused_at, coalesce(m.pause_reason, '') AS pause_reason
        FROM projects_project p
        LEFT JOIN projects_membership m ON m.project_id = p.id AND m.user_id = %(rater)s
        WHERE p.id = %(project)s
    ), unfinished AS (
        SELECT i.id, i.skills, i.taken < i.overlap AND NOT i.skills <@ (SELECT skills FROM mine)
            AND {NEW_TO_THEM} AS lacking
        FROM rating_item i
        WHERE i.project_id = %(project)s AND i.status = 'open' AND i.counted < i.overlap
    )
    SELECT p.stage, mine.paused_at, mine.pause_reason,
        (SELECT CASE WHEN g.id <> st.guideline_id THEN g.version END FROM projects_guideline g
            WHERE g.project_id = p.id ORDER BY g.version DESC LIMIT 1),
        st.done, CASE WHEN st.day = %(today)s THEN st.done_that_day ELSE 0 END, p.rater_cap, p.daily_cap,
        (SELECT count(*) FROM rating_item i WHERE i.project_id = p.id AND i.status <> 'withdrawn'),
        (SELECT count(*) FROM rating_item i WHERE i.project_id = p.id AND i.status = 'review'),
        (SELECT count(*) FROM unfinished),
        st.leases_given,
        (SELECT coalesce(json_agg(skill ORDER BY skill), '[]') FROM (
            SELECT DISTINCT unnest(skills) AS skill FROM unfinished WHERE lacking
            EXCEPT SELECT unnest(skills) FROM mine) AS lacking),
        (SELECT count(*) FROM unfinished WHERE lacking),
        (SELECT count(*) FROM (
            ({RETURNED} LIMIT 1) UNION ALL ({AHEAD} ORDER BY i.place LIMIT 1)) AS reachable)
    FROM projects_project p, mine, rating_raterstate st
    WHERE p.id = %(project)s AND st.project_id = p.id AND st.rater_id = %(rater)s
"""  # noqa: S608

# What a page shows of an item and of where the rater stands, as one value. Old HTML is left out.
CONTENT = """
    SELECT json_build_object('rubric', i.rubric_id, 'messages', p.messages, 'turns', rp.turns, 'pace', (
        SELECT json_build_array(st.id, st.done, st.seconds_each, (
            SELECT count(*) FROM rating_flag f WHERE f.rater_id = st.rater_id
            AND f.project_id = st.project_id AND f.answered_at IS NOT NULL AND f.read_at IS NULL),
            CASE WHEN st.day = %(today)s THEN st.active_that_day ELSE 0 END)
        FROM rating_raterstate st
        WHERE st.project_id = i.project_id AND st.rater_id = %(rater)s), 'responses', (
        SELECT json_agg(json_build_object('uid', r.uid, 'text', r.text, 'html', rr.html) ORDER BY s.position)
        FROM rating_itemresponse s JOIN generation_response r ON r.id = s.response_id
        LEFT JOIN rating_renderedresponse rr ON rr.response_id = r.id AND rr.version = %(version)s
        WHERE s.item_id = i.id))
    FROM rating_item i JOIN prompts_prompt p ON p.id = i.prompt_id
    LEFT JOIN rating_renderedprompt rp ON rp.prompt_id = p.id AND rp.version = %(version)s
    WHERE i.id = {item}
"""

# Pick an item and lease it, and bring what its page shows. `orders` has a shuffled order of the responses
# for each number of them.
LEASED = ("id", "uid", "item_id", "shown_order", "draft", "draft_saved_at")
_CLAIM = f"""
    WITH {PICK}, item AS (
        UPDATE rating_item i SET taken = taken + 1 FROM pick WHERE i.id = pick.id
        RETURNING i.id, taken, overlap, cardinality(string_to_array(responses_key, ',')) AS width
    ), filled AS (
        DELETE FROM rating_returneditem USING item WHERE item_id = item.id AND item.taken = item.overlap
    ), state AS (
        UPDATE rating_raterstate st SET cursor = greatest(st.cursor, pick.cursor),
            leases_given = leases_given + 1 - (
                SELECT count(*) FROM rating_lease l WHERE l.item_id = pick.id AND l.rater_id = %(rater)s)
        FROM pick WHERE project_id = %(project)s AND rater_id = %(rater)s
    ), lease AS (
        INSERT INTO rating_lease (uid, project_id, item_id, rater_id, state, shown_order, started_at,
            expires_at, skip_reason, skip_note, draft)
        SELECT %(uid)s, %(project)s, id, %(rater)s, 'open', %(orders)s::jsonb -> width,
            %(now)s, %(end)s, '', '', '{{}}'
        FROM item
        ON CONFLICT (item_id, rater_id) DO UPDATE SET state = 'open', ended_at = NULL,
            started_at = %(now)s, expires_at = %(end)s
        RETURNING id, uid, item_id, shown_order::json, draft::json, draft_saved_at
    )
    SELECT lease.*, ({CONTENT.format(item="lease.item_id")}) FROM lease
"""  # noqa: S608


def _build_claim(nearest: str) -> str:
    """Short: the driver remembers how it understood a statement only up to 4,096 characters."""
    return " ".join(_CLAIM.replace("{nearest}", nearest).split()).replace(", ", ",")


CLAIM = _build_claim(ANY)
CLAIM_BEGUN_FIRST = _build_claim(BEGUN_FIRST)

END_LEASE = """
    WITH freed AS (
        UPDATE rating_item SET taken = taken - 1, skips = skips + %(skips)s,
            status = CASE WHEN status = 'open' AND skips + %(skips)s >= %(review_after)s
                THEN 'review' ELSE status END
        WHERE id = %(item)s RETURNING id, project_id
    )
    INSERT INTO rating_returneditem (item_id, project_id) SELECT id, project_id FROM freed
    ON CONFLICT DO NOTHING
"""

# Everything that a submission decides on, with the rater's state and the lease locked. The item need not be:
# an open lease holds its place there, and what comes after its end needs to TAKE_PLACE.
WORK = """
    SELECT st.project_id, st.rater_id, l.id, l.state, l.told_at IS NOT NULL, l.started_at, i.id, i.rubric_id,
        st.cursor, st.leases_given, st.seed, st.guideline_id, l.shown_order::json,
        (SELECT coalesce(json_agg(json_build_array(r.id, r.uid) ORDER BY s.position), '[]')
            FROM rating_itemresponse s JOIN generation_response r ON r.id = s.response_id
            WHERE s.item_id = i.id)
    FROM rating_raterstate st
    JOIN rating_lease l ON l.project_id = st.project_id AND l.rater_id = st.rater_id
    JOIN rating_item i ON i.id = l.item_id
    WHERE st.project_id = %(project)s AND st.rater_id = %(rater)s AND l.uid = %(lease)s
    FOR NO KEY UPDATE OF st, l
"""
TAKE_PLACE = """
    WITH item AS (
        UPDATE rating_item SET taken = taken + 1
        WHERE id = %(item)s AND taken < overlap AND status <> 'withdrawn' RETURNING id, taken, overlap
    ), filled AS (
        DELETE FROM rating_returneditem USING item WHERE item_id = item.id AND item.taken = item.overlap
    )
    SELECT count(*) FROM item
"""

# What a submission writes: the annotation, its outcomes, the end of its lease, the item's counts and the
# rater's pace, of which `weight` is how much the newest time moves it.
_STORE = """
    WITH annotation AS (
        INSERT INTO rating_annotation (uid, item_id, rater_id, lease_id, revision, rubric_id, guideline_id,
            answers, is_counted, active_seconds, created_at)
        VALUES (%(uid)s, %(item)s, %(rater)s, %(lease)s, 1, %(rubric)s, %(guideline)s, %(answers)s::jsonb,
            %(is_counted)s, %(active)s, %(now)s)
        RETURNING id, item_id
    ), pairs AS (
        INSERT INTO rating_pairoutcome (annotation_id, item_id, a_id, b_id, relation, strength, steps)
        SELECT annotation.id, annotation.item_id, a_id, b_id, relation, strength, steps
        FROM annotation, jsonb_to_recordset(%(pairs)s::jsonb)
            AS pair(a_id bigint, b_id bigint, relation text, strength smallint, steps smallint)
    ){more}, lease AS (
        UPDATE rating_lease SET state = 'submitted', ended_at = %(now)s, skip_reason = '', skip_note = ''
        WHERE id = %(lease)s
    ), item AS (
        UPDATE rating_item SET counted = counted + %(is_counted)s::int
        WHERE id = %(item)s RETURNING rubric_id
    ), state AS (
        UPDATE rating_raterstate SET done = done + 1, day = %(today)s,
            done_that_day = CASE WHEN day = %(today)s THEN done_that_day ELSE 0 END + 1,
            active_that_day = CASE WHEN day = %(today)s THEN active_that_day ELSE 0 END
                + coalesce(%(active)s::int, 0),
            seconds_each = CASE
            WHEN %(seconds)s::float IS NULL THEN seconds_each
            WHEN seconds_each IS NULL THEN %(seconds)s::float
            ELSE seconds_each
                + %(weight)s * (least(%(seconds)s::float, 4 * seconds_each + 30) - seconds_each) END
        WHERE project_id = %(project)s AND rater_id = %(rater)s
    )
    SELECT annotation.id, item.rubric_id FROM annotation, item
"""
_VALUES_AND_TEXTS = """, values AS (
        INSERT INTO rating_valueoutcome (annotation_id, item_id, question, response_id, label, number, start,
            stop)
        SELECT annotation.id, annotation.item_id, question, response_id, label, number, start, stop
        FROM annotation, jsonb_to_recordset(%(values)s::jsonb) AS value(question text, response_id bigint,
            label text, number smallint, start integer, stop integer)
    ), texts AS (
        INSERT INTO rating_textoutcome (annotation_id, item_id, question, response_id, use, text)
        SELECT annotation.id, annotation.item_id, question, response_id, use, text
        FROM annotation, jsonb_to_recordset(%(texts)s::jsonb)
            AS written(question text, response_id bigint, use text, text text)
    )"""
STORE = _STORE.replace("{more}", "")
STORE_ALL = _STORE.replace("{more}", _VALUES_AND_TEXTS)
