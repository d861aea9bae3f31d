-- What changed of what a vendor's people see. They are told rows, as they are now or that they are gone; who did what,
-- when and where is the agency's.

CREATE FUNCTION api.pull_mine(after bigint, most bigint) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me hub.members := hub.me_of_vendor();
    last bigint;
    changed jsonb;
BEGIN
    SELECT max(o.pub) INTO last FROM (
        SELECT p.pub, sum(p.weight) OVER (ORDER BY p.pub) - p.weight AS before
        FROM (SELECT pub, weight FROM hub.ops WHERE pub > after ORDER BY pub LIMIT least(most, 2000)) p
    ) o WHERE o.before < 4000000;
    IF last IS NULL THEN
        RETURN jsonb_build_object('rows', '[]'::jsonb, 'up_to',
            (SELECT greatest(s.last_pub, after) FROM hub.state s));
    END IF;
    WITH touched AS MATERIALIZED (
        SELECT c.t, c.row_id, bool_or(c.k = 'I' OR c.f ?| v.links) AS turned
        FROM hub.ops o
        JOIN hub.changes c ON c.desk_id = o.desk_id AND c.op_no = o.op_no AND c.for_desk IS NULL
        JOIN hub.vendor_tables v ON v.name = c.t
        WHERE o.pub > after AND o.pub <= last
        GROUP BY 1, 2
    ), seen AS MATERIALIZED (
        SELECT t, row_id, turned, hub.vendor_image(t, row_id, me.vendor_id, me.user_id) AS f FROM touched
    ), beside AS (
        SELECT b.t, b.row_id FROM seen s CROSS JOIN LATERAL hub.vendor_through(s.t, s.row_id) AS b
        WHERE s.turned AND s.f IS NOT NULL
        UNION
        SELECT l.t, l.row_id FROM touched c JOIN hub.left_view l ON l.because = c.row_id AND l.vendor_id = me.vendor_id
        EXCEPT
        SELECT t, row_id FROM touched
    ), rows AS (
        SELECT t, row_id, f FROM seen
        UNION ALL
        SELECT t, row_id, hub.vendor_image(t, row_id, me.vendor_id, me.user_id) FROM beside
    )
    SELECT coalesce(jsonb_agg(jsonb_build_object('t', r.t, 'id', hub.digits(r.row_id), 'f', r.f)), '[]') INTO changed
    FROM rows r
    WHERE r.f IS NOT NULL OR EXISTS (
        SELECT FROM hub.left_view l WHERE l.vendor_id = me.vendor_id AND l.row_id = r.row_id AND l.t = r.t
    );
    RETURN jsonb_build_object('rows', changed, 'up_to', last);
END
$$;
COMMENT ON FUNCTION api.pull_mine IS
    'What of a vendor''s view was touched by publications after that number: {rows: [{t, id, f}], up_to}. f is the row as '
    'it is now, in a desk''s words, the columns that vendors see; null: take it out. Each row once, in no order. A row '
    'may be told again as it is.';

CREATE FUNCTION api.picture_mine() RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me hub.members := hub.me_of_vendor();
BEGIN
    IF current_setting('transaction_isolation') <> 'repeatable read' THEN
        RAISE EXCEPTION 'A picture is taken in REPEATABLE READ alone.' USING ERRCODE = 'TR007';
    END IF;
    RETURN jsonb_build_object('pub', (SELECT last_pub FROM hub.state),
        'whole', NOT EXISTS (SELECT FROM hub.ops WHERE ord IS NOT NULL AND pub IS NULL),
        'counts', hub.vendor_counts(me.vendor_id, me.user_id),
        'ledger', hub.vendor_sums(me.vendor_id, me.user_id),
        'columns', (SELECT jsonb_object_agg(name, columns) FROM hub.vendor_tables));
END
$$;
COMMENT ON FUNCTION api.picture_mine IS
    'What a vendor''s file is held against, in the transaction that reads its rows: how many of each table, the sums of '
    'the entries that they see, and the columns that can be read. What was committed and not published is in it, and '
    'told once more when it is; whole: there is nothing of that.';

GRANT EXECUTE ON FUNCTION api.hello, api.pull_mine, api.picture_mine TO @vendor@;
