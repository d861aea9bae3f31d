-- The first file of an agency brings everything it has. Its rows come by COPY, which row-level security does not let into
-- the agency's own tables; so they come into tables that nobody else sees before the transaction ends, and are gone then.

GRANT USAGE ON SCHEMA adopting TO @desk@;

CREATE FUNCTION hub.bringer() RETURNS hub.members LANGUAGE plpgsql AS $$
DECLARE
    me hub.members := hub.me();
BEGIN
    IF me.kind <> 'desk' OR me.desk_id IS NOT NULL THEN
        RAISE EXCEPTION 'This sign-in is not of a desk that is to bring its file.' USING ERRCODE = 'TR006';
    END IF;
    PERFORM FROM hub.state FOR UPDATE;
    IF EXISTS (SELECT FROM agency.agencies) THEN
        RAISE EXCEPTION 'There is an agency here already.' USING ERRCODE = 'TR008';
    END IF;
    RETURN me;
END
$$;
COMMENT ON FUNCTION hub.bringer IS 'The desk that calls, if it is the first, and the only one that brings anything now.';

CREATE FUNCTION api.adopt() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    t record;
BEGIN
    PERFORM hub.bringer();
    FOR t IN SELECT name FROM hub.tables ORDER BY name LOOP
        EXECUTE format('CREATE UNLOGGED TABLE adopting.%I (LIKE agency.%I INCLUDING DEFAULTS)', t.name, t.name);
        EXECUTE format('GRANT INSERT ON adopting.%I TO %I', t.name, session_user);
    END LOOP;
END
$$;

CREATE FUNCTION hub.set_aside() RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    one record;
    back text[] := '{}';
BEGIN
    FOR one IN
        SELECT format('ALTER TABLE agency.%I DROP CONSTRAINT %I', r.relname, c.conname) AS away,
            format('ALTER TABLE agency.%I ADD CONSTRAINT %I %s', r.relname, c.conname, pg_get_constraintdef(c.oid)) AS back
        FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
        WHERE c.connamespace = 'agency'::regnamespace AND c.contype = 'f' ORDER BY r.relname, c.conname
    LOOP
        EXECUTE one.away;
        back := back || one.back;
    END LOOP;
    FOR one IN
        SELECT format('DROP INDEX agency.%I', r.relname) AS away, pg_get_indexdef(i.indexrelid) AS back
        FROM pg_index i JOIN pg_class r ON r.oid = i.indexrelid
        WHERE r.relnamespace = 'agency'::regnamespace
            AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)
        ORDER BY r.relname
    LOOP
        EXECUTE one.away;
        back := one.back || back;
    END LOOP;
    RETURN back;
END
$$;
COMMENT ON FUNCTION hub.set_aside IS
    'Drops the agency''s foreign keys, and indexes that are no constraint''s. Returns the statements that make them again, '
    'in their order: each looks at all rows at once, which takes a fraction of row by row.';

CREATE FUNCTION api.adopted(desk uuid, incarnation uuid, last_op bigint, counts jsonb) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me hub.members := hub.bringer();
    t record;
    came bigint;
    back text[] := hub.set_aside();
    statement text;
BEGIN
    -- what triggers would do row by row is done for all of them below
    FOR t IN SELECT name, array_to_string(ARRAY(SELECT format('%I', c) FROM unnest(columns) AS c), ', ') AS columns
             FROM hub.tables ORDER BY name LOOP
        EXECUTE format('ALTER TABLE agency.%I DISABLE TRIGGER USER', t.name);
        EXECUTE format('INSERT INTO agency.%I (%s) SELECT %s FROM adopting.%I', t.name, t.columns, t.columns, t.name);
        GET DIAGNOSTICS came = ROW_COUNT;
        IF came IS DISTINCT FROM (counts ->> t.name)::bigint THEN
            RAISE EXCEPTION 'Of % % rows came, and % were counted.', t.name, came, counts ->> t.name
                USING ERRCODE = 'TR008';
        END IF;
    END LOOP;
    UPDATE agency.grants g SET taken = n.taken FROM (
        SELECT grant_id, sum(seats) AS taken FROM (
            SELECT grant_id, seats FROM agency.holds WHERE state = 'active'
            UNION ALL
            SELECT b.grant_id, 1 FROM agency.bookings b JOIN agency.booking_lines l ON l.booking_id = b.id WHERE l.occupies
        ) AS each GROUP BY grant_id
    ) AS n WHERE n.grant_id = g.id;
    IF EXISTS (SELECT FROM agency.grants g JOIN agency.departures d ON d.id = g.departure_id
               GROUP BY d.id HAVING sum(g.seats) > d.capacity + coalesce((
                   SELECT sum(a.seats) FROM agency.allowances a WHERE a.departure_id = d.id), 0)) THEN
        RAISE EXCEPTION 'More seats of a departure are granted than it has.' USING ERRCODE = 'TR008';
    END IF;
    IF NOT EXISTS (SELECT FROM agency.desks WHERE id = desk) THEN
        RAISE EXCEPTION 'The desk is not among the rows that came.' USING ERRCODE = 'TR008';
    END IF;
    FOREACH statement IN ARRAY back LOOP
        EXECUTE statement;
    END LOOP;
    SET CONSTRAINTS ALL IMMEDIATE;
    FOR t IN SELECT name FROM hub.tables ORDER BY name LOOP
        EXECUTE format('ALTER TABLE agency.%I ENABLE TRIGGER USER', t.name);
        EXECUTE format('DROP TABLE adopting.%I', t.name);
    END LOOP;
    UPDATE hub.members m SET desk_id = desk, incarnation = adopted.incarnation, last_op = adopted.last_op,
        epoch = (SELECT epoch FROM hub.state), seen_at = clock_timestamp() WHERE m.id = me.id;
END
$$;
COMMENT ON FUNCTION api.adopted IS
    'Takes over what came since api.adopt in this transaction. What the desk did up to last_op counts as known.';

GRANT EXECUTE ON FUNCTION api.adopt, api.adopted TO @desk@;
