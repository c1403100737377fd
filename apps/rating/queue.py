"""The statements of the queue. Each says in one round trip what the database must decide at once.

An item is locked with `SKIP LOCKED`: a claim passes over what somebody else is taking right now.
"""

RETURNED = """
    SELECT i.id, i.sort_key, i.responses_key
    FROM rating_returneditem r JOIN rating_item i ON i.id = r.item_id
    WHERE r.project_id = %(project)s AND i.taken < i.overlap AND NOT EXISTS (
        SELECT 1 FROM rating_lease l WHERE l.item_id = i.id AND l.rater_id = %(rater)s
        AND l.state NOT IN ('expired', 'released'))
    ORDER BY i.sort_key
"""
AHEAD = """
    SELECT i.id, i.sort_key, i.responses_key FROM rating_item i
    WHERE i.project_id = %(project)s AND i.taken < i.overlap AND i.sort_key > %(cursor)s
    AND NOT EXISTS (SELECT 1 FROM rating_lease l WHERE l.item_id = i.id AND l.rater_id = %(rater)s)
"""
LOCKED = "LIMIT 1 FOR NO KEY UPDATE OF i SKIP LOCKED"

# `first` is the nearest item with room, locked by somebody or not: the cursor must not pass it.
PICK = f"""
    WITH returned AS ({RETURNED} {LOCKED}),
    first AS ({AHEAD} ORDER BY i.sort_key LIMIT 1),
    pick AS ({AHEAD} AND NOT EXISTS (SELECT 1 FROM returned) ORDER BY i.sort_key {LOCKED})
    SELECT id, %(cursor)s, responses_key FROM returned
    UNION ALL
    SELECT pick.id, least(pick.sort_key, first.sort_key - 1 + (first.id = pick.id)::int), pick.responses_key
    FROM pick, first
"""  # noqa: S608 — nothing in it comes from outside

# The same choice without a lock: is there anything with room that somebody has in hand right now?
BUSY = f"""
    SELECT id FROM (({RETURNED} LIMIT 1) UNION ALL ({AHEAD} ORDER BY i.sort_key LIMIT 1)) AS found
"""  # noqa: S608

# How many items this rater could still get, counted no further than `limit`.
REACH = f"""
    SELECT count(*) FROM (({RETURNED}) UNION ({AHEAD}) LIMIT %(limit)s) AS reachable
"""  # noqa: S608

OPEN_LEASE = """
    WITH item AS (
        UPDATE rating_item SET taken = taken + 1 WHERE id = %(item)s RETURNING id, taken, overlap
    ), filled AS (
        DELETE FROM rating_returneditem USING item WHERE item_id = item.id AND item.taken = item.overlap
    ), state AS (
        UPDATE rating_raterstate SET cursor = greatest(cursor, %(cursor)s), leases_given = leases_given + (
            NOT EXISTS (SELECT 1 FROM rating_lease WHERE item_id = %(item)s AND rater_id = %(rater)s))::int
        WHERE project_id = %(project)s AND rater_id = %(rater)s
    )
    INSERT INTO rating_lease (uid, project_id, item_id, rater_id, state, shown_order, started_at, expires_at,
        skip_reason, skip_note, draft)
    SELECT %(uid)s, %(project)s, item.id, %(rater)s, 'open', %(order)s, %(now)s, %(end)s, '', '', '{}'
    FROM item
    ON CONFLICT (item_id, rater_id) DO UPDATE SET state = 'open', ended_at = NULL,
        started_at = excluded.started_at, expires_at = excluded.expires_at
    RETURNING *
"""

END_LEASE = """
    WITH freed AS (
        UPDATE rating_item SET taken = taken - 1 WHERE id = %(item)s RETURNING id, project_id
    )
    INSERT INTO rating_returneditem (item_id, project_id) SELECT id, project_id FROM freed
    ON CONFLICT DO NOTHING
"""

# Everything that a submission decides on, locked in the order rater state, lease, item.
WORK = """
    SELECT l.id, l.state, l.started_at, i.id, i.taken < i.overlap, i.rubric_id,
        st.cursor, st.leases_given, st.seed,
        (SELECT g.id FROM projects_guideline g WHERE g.project_id = l.project_id
            ORDER BY g.version DESC LIMIT 1),
        (SELECT coalesce(json_agg(json_build_array(r.id, r.uid) ORDER BY s.position), '[]')
            FROM rating_itemresponse s JOIN generation_response r ON r.id = s.response_id
            WHERE s.item_id = i.id)
    FROM rating_raterstate st
    JOIN rating_lease l ON l.project_id = st.project_id AND l.rater_id = st.rater_id
    JOIN rating_item i ON i.id = l.item_id
    WHERE st.project_id = %(project)s AND st.rater_id = %(rater)s AND l.uid = %(lease)s
    FOR NO KEY UPDATE OF st, l, i
"""

# What a submission changes besides its annotation. `weight` is how much the newest time moves the pace.
SETTLE = """
    WITH lease AS (
        UPDATE rating_lease SET state = 'submitted', ended_at = %(now)s, skip_reason = '', skip_note = ''
        WHERE id = %(lease)s
    ), item AS (
        UPDATE rating_item SET taken = taken + %(takes)s, counted = counted + %(counts)s WHERE id = %(item)s
        RETURNING id, taken, overlap
    ), filled AS (
        DELETE FROM rating_returneditem USING item WHERE item_id = item.id AND item.taken = item.overlap
    )
    UPDATE rating_raterstate SET done = done + 1, seconds_each = CASE
        WHEN %(seconds)s::float IS NULL THEN seconds_each
        WHEN seconds_each IS NULL THEN %(seconds)s::float
        ELSE seconds_each + %(weight)s * (%(seconds)s::float - seconds_each) END
    WHERE project_id = %(project)s AND rater_id = %(rater)s
"""
