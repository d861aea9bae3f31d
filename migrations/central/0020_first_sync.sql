-- Everything at one moment, for a desk's new file; the rows themselves are read by SELECT and COPY.

CREATE FUNCTION api.picture() RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me hub.members := hub.me();
    counts jsonb := '{}';
    t record;
    rows bigint;
BEGIN
    IF me.kind NOT IN ('desk', 'person') THEN
        RAISE EXCEPTION 'This sign-in may not do that.' USING ERRCODE = 'TR006';
    END IF;
    IF current_setting('transaction_isolation') <> 'repeatable read' THEN
        RAISE EXCEPTION 'A picture is taken in REPEATABLE READ alone.' USING ERRCODE = 'TR007';
    END IF;
    FOR t IN SELECT name FROM hub.tables ORDER BY name LOOP
        EXECUTE format('SELECT count(*) FROM agency.%I', t.name) INTO rows;
        counts := counts || jsonb_build_object(t.name, rows);
    END LOOP;
    RETURN jsonb_build_object(
        'pub', (SELECT last_pub FROM hub.state),
        'last_op', (SELECT m.last_op FROM hub.members m WHERE m.id = me.id),
        'counts', counts,
        'ledger', (SELECT coalesce(jsonb_object_agg(currency, amount), '{}') FROM (
            SELECT currency, sum(amount) AS amount FROM agency.ledger GROUP BY currency) AS sums),
        'granted', (SELECT coalesce(jsonb_object_agg(hub.digits(desk_id), seats), '{}') FROM (
            SELECT desk_id, sum(seats) AS seats FROM agency.grants GROUP BY desk_id) AS shares),
        'unpublished', (SELECT coalesce(jsonb_agg(jsonb_build_object('desk_id', desk_id, 'op_no', op_no)), '[]')
            FROM hub.ops WHERE ord IS NOT NULL AND pub IS NULL));
END
$$;
COMMENT ON FUNCTION api.picture IS
    'What a new file is held against, in the transaction that reads its rows: how many of each table, the ledger''s sums, the seats granted by desk, '
    'and which ops are in them that will be published later.';

GRANT EXECUTE ON FUNCTION api.picture TO @desk@, @person@;
