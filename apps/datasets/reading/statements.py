"""What is read of a part of a project's prompts, each table once. The reader makes records of the rows."""

# ruff: noqa: S608 — only constants are put into statements

# What Python's strip takes away, since the gate before release strips so: else an answer of one wide blank
# would be a text here and none there.
BLANKS = "".join(f"\\u{code:04x}" for code in range(0x10000) if chr(code).isspace())
BARE = f"btrim(r.text, E'{BLANKS}')"
TIME = "to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"+00:00\"')"

PROMPTS = """
    SELECT p.id, p.uid::text, coalesce(c.uid, p.uid)::text, p.category, p.language,
        jsonb_path_query_array(p.messages, '$[*].role')::text, f.split, p.cluster_id,
        CASE WHEN p.came_retired THEN 'approved' ELSE p.status END,
        EXISTS (SELECT FROM datasets_heldoutmatch h WHERE h.prompt_id = p.id AND h.list_id = %(held_out)s
            AND (h.is_whole OR h.run >= %(held_out_words)s)),
        p.id > coalesce(l.checked_to, p.id)
    FROM prompts_prompt p
    LEFT JOIN datasets_heldoutlist l ON l.id = %(held_out)s
    LEFT JOIN prompts_promptcluster c ON c.id = p.cluster_id
    LEFT JOIN datasets_frozensplit f ON f.prompt_id = p.id
    WHERE p.project_id = %(project)s AND p.id > %(after)s
        AND (%(only)s::bigint[] IS NULL OR p.id = ANY(%(only)s::bigint[]))
    ORDER BY p.id LIMIT %(limit)s
"""
BRIDGES = """
    SELECT b.prompt_id, b.cluster_id, c.uid::text
    FROM prompts_clusterbridge b JOIN prompts_promptcluster c ON c.id = b.cluster_id
    WHERE b.prompt_id = ANY(%(prompts)s::bigint[]) ORDER BY b.id
"""
# Where a cluster has to be: with what left as a part of it; else with what left while it was known to be like
# a part of it; else with what left and was found to belong there, or to be like it, only since. Of several
# the first. So what has left together with a reason stays together.
CLUSTERS = """
    SELECT DISTINCT ON (cluster_id) cluster_id, split FROM (
        SELECT f.cluster_id, f.split, 0 AS turn, f.created_at, f.prompt_id
        FROM datasets_frozensplit f WHERE f.cluster_id = ANY(%(clusters)s::bigint[])
        UNION ALL
        SELECT b.cluster_id, f.split, CASE WHEN b.created_at <= f.created_at THEN 1 ELSE 3 END,
            f.created_at, f.prompt_id
        FROM datasets_frozensplit f JOIN prompts_clusterbridge b ON b.prompt_id = f.prompt_id
        WHERE b.cluster_id = ANY(%(clusters)s::bigint[])
        UNION ALL
        SELECT p.cluster_id, f.split, 2, f.created_at, f.prompt_id
        FROM datasets_frozensplit f JOIN prompts_prompt p ON p.id = f.prompt_id
        WHERE p.cluster_id = ANY(%(clusters)s::bigint[])
    ) AS left_before ORDER BY cluster_id, turn, created_at, prompt_id
"""
# An item's key lists its responses in their order; it is `prompt N` where there is none.
ITEMS = """
    SELECT i.prompt_id, i.id, i.uid::text, i.kind, i.rubric_id, i.overlap, i.counted, i.responses_key
    FROM rating_item i
    WHERE i.prompt_id = ANY(%(prompts)s::bigint[]) AND i.project_id = %(project)s
        AND (i.counted > 0
            OR EXISTS (SELECT FROM rating_annotation a WHERE a.item_id = i.id AND a.origin <> 'rater'))
    ORDER BY i.prompt_id, i.id
"""
RESPONSES = f"""
    SELECT r.id, r.uid::text, md5(bare.text), char_length(bare.text), coalesce(c.name, r.model),
        r.finish_reason
    FROM generation_response r LEFT JOIN generation_modelconfig c ON c.id = r.config_id
    CROSS JOIN LATERAL (SELECT {BARE} AS text OFFSET 0) AS bare  -- OFFSET: stripped once, not twice
    WHERE r.prompt_id = ANY(%(prompts)s::bigint[]) AND r.status IN ('done', 'no_text')
"""
ANNOTATIONS = f"""
    SELECT a.item_id, a.id, a.uid::text, a.origin, a.rater_id, a.annotator, g.version,
        {TIME.format("a.created_at")}, l.shown_order, a.rubric_id,
        CASE WHEN %(answers)s OR a.answers ?| %(quoted)s::text[] THEN a.answers END
    FROM rating_annotation a
    LEFT JOIN projects_guideline g ON g.id = a.guideline_id
    LEFT JOIN rating_lease l ON l.id = a.lease_id
    WHERE a.item_id = ANY(%(items)s::bigint[])
        AND (a.is_counted OR a.origin <> 'rater' AND a.superseded_at IS NULL)
    ORDER BY a.id
"""
PAIRS = """
    SELECT o.annotation_id, o.a_id, o.b_id, o.relation, o.strength, o.steps
    FROM rating_pairoutcome o WHERE o.item_id = ANY(%(items)s::bigint[])
"""
POINTS = """
    SELECT v.annotation_id, v.question, v.response_id, v.number
    FROM rating_valueoutcome v WHERE v.item_id = ANY(%(items)s::bigint[]) AND v.number IS NOT NULL
"""
WRITTEN = """
    SELECT t.annotation_id, t.use, t.text, t.response_id
    FROM rating_textoutcome t WHERE t.item_id = ANY(%(items)s::bigint[]) ORDER BY t.id
"""
CONVERSATIONS = """
    SELECT p.id, p.messages, p.metadata FROM prompts_prompt p WHERE p.id = ANY(%(prompts)s::bigint[])
"""
TEXTS = f"""
    SELECT r.id, r.text, r.model, r.revision, r.sampling, r.system_prompt, r.tokens_in, r.tokens_out,
        {TIME.format("r.finished_at")}
    FROM generation_response r WHERE r.id = ANY(%(responses)s::bigint[])
"""
