-- A file that has a history comes to the hub with everything it has: the agency's first one, or one that has sold by
-- itself and comes beside what is here. Its rows come by COPY, which row-level security does not let into the agency's own
-- tables; so they come into tables that nobody else sees before the transaction ends, and are gone then.

GRANT USAGE ON SCHEMA adopting TO @desk@;

CREATE TABLE hub.adopted (
    desk_id uuid NOT NULL,
    incarnation uuid NOT NULL,
    last_op bigint NOT NULL,
    mark text NOT NULL,
    people jsonb NOT NULL,
    own_op bigint,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT pk_adopted PRIMARY KEY (desk_id)
);
COMMENT ON TABLE hub.adopted IS
    'Files that came beside others, up to which op, and how they are written here: people are ids of the file and of the '
    'hub. own_op is the last op of the hub that tells the other desks of it.';

CREATE FUNCTION hub.bringer() RETURNS hub.members LANGUAGE plpgsql AS $$
DECLARE
    me hub.members := hub.me();
    has_agency boolean := EXISTS (SELECT FROM agency.agencies);
BEGIN
    IF me.kind <> 'desk' OR me.incarnation IS NOT NULL THEN
        RAISE EXCEPTION 'This sign-in is not of a desk that is to bring its file.' USING ERRCODE = 'TR006';
    END IF;
    IF NOT has_agency THEN
        PERFORM FROM hub.state FOR UPDATE;
        has_agency := EXISTS (SELECT FROM agency.agencies);
    END IF;
    IF has_agency <> (me.desk_id IS NOT NULL) THEN
        RAISE EXCEPTION 'There is an agency here already.' USING ERRCODE = 'TR008';
    END IF;
    SELECT * INTO me FROM hub.members m WHERE m.id = me.id FOR NO KEY UPDATE;
    RETURN me;
END
$$;
COMMENT ON FUNCTION hub.bringer IS
    'The desk that calls, if it has no file here yet. The first is the only one that brings anything now.';

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

-- Taking over. What becomes of a file beside others is in 0022_beside.sql.

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

CREATE FUNCTION api.adopted(desk uuid, incarnation uuid, last_op bigint, counts jsonb, trying boolean DEFAULT false)
RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me hub.members := hub.bringer();
    beside boolean := me.desk_id IS NOT NULL;
    place uuid := me.desk_id;
    plan jsonb := '{}';
    own_op bigint;
    t record;
    came bigint;
    back text[] := '{}';
    statement text;
BEGIN
    FOR t IN SELECT name FROM hub.tables ORDER BY name LOOP
        EXECUTE format('SELECT count(*) FROM adopting.%I', t.name) INTO came;
        IF came IS DISTINCT FROM (counts ->> t.name)::bigint THEN
            RAISE EXCEPTION 'Of % % rows came, and % were counted.', t.name, came, counts ->> t.name
                USING ERRCODE = 'TR008';
        END IF;
    END LOOP;
    IF NOT EXISTS (SELECT FROM adopting.desks WHERE id = desk) THEN
        RAISE EXCEPTION 'The desk is not among the rows that came.' USING ERRCODE = 'TR008';
    END IF;
    IF beside THEN
        plan := hub.write_as_here(me, desk);
        IF trying THEN
            RETURN plan;
        END IF;
        IF plan -> 'in_the_way' <> '[]' THEN
            RAISE EXCEPTION '%', plan -> 'in_the_way' ->> 0 USING ERRCODE = 'TR008';
        END IF;
        PERFORM hub.tell_adopted(hub.change('desks', place, 'D'));
        -- who is in the middle of telling something ends it first; then nothing may have come in between
        FOR t IN SELECT name FROM hub.tables ORDER BY name LOOP
            EXECUTE format('LOCK TABLE agency.%I IN SHARE ROW EXCLUSIVE MODE', t.name);
        END LOOP;
        IF hub.in_the_way() <> '{}' THEN
            RAISE EXCEPTION '%', (hub.in_the_way())[1] USING ERRCODE = 'TR008';
        END IF;
    ELSIF trying THEN
        RETURN plan;
    ELSE
        back := hub.set_aside();
    END IF;
    -- what triggers would do row by row is done for all of them below
    FOR t IN SELECT name, array_to_string(ARRAY(SELECT format('%I', c) FROM unnest(columns) AS c), ', ') AS columns
             FROM hub.tables ORDER BY name LOOP
        EXECUTE format('ALTER TABLE agency.%I DISABLE TRIGGER USER', t.name);
        EXECUTE format('INSERT INTO agency.%I (%s) SELECT %s FROM adopting.%I', t.name, t.columns, t.columns, t.name);
    END LOOP;
    UPDATE agency.grants g SET taken = n.taken FROM (
        SELECT grant_id, sum(seats) AS taken FROM (
            SELECT grant_id, seats FROM adopting.holds WHERE state = 'active'
            UNION ALL
            SELECT b.grant_id, 1 FROM adopting.bookings b JOIN adopting.booking_lines l ON l.booking_id = b.id
            WHERE l.occupies
        ) AS each GROUP BY grant_id
    ) AS n WHERE n.grant_id = g.id;
    IF EXISTS (SELECT FROM adopting.grants g JOIN adopting.departures d ON d.id = g.departure_id
               GROUP BY d.id, d.capacity HAVING sum(g.seats) > d.capacity + coalesce((
                   SELECT sum(a.seats) FROM adopting.allowances a WHERE a.departure_id = d.id), 0)) THEN
        RAISE EXCEPTION 'More seats of a departure are granted than it has.' USING ERRCODE = 'TR008';
    END IF;
    FOREACH statement IN ARRAY back LOOP
        EXECUTE statement;
    END LOOP;
    SET CONSTRAINTS ALL IMMEDIATE;
    FOR t IN SELECT name FROM hub.tables ORDER BY name LOOP
        EXECUTE format('ALTER TABLE agency.%I ENABLE TRIGGER USER', t.name);
    END LOOP;
    IF beside THEN
        own_op := hub.own_op('desk.joined', '[]', told => (
            SELECT coalesce(jsonb_agg(e), '[]') FROM (
                SELECT d.id FROM adopting.departures d WHERE d.state = 'open' AND d.starts_at > clock_timestamp()
                ORDER BY d.starts_at LIMIT 200
            ) AS d CROSS JOIN LATERAL jsonb_array_elements(hub.departure_told(d.id)) AS e));
        INSERT INTO hub.adopted (desk_id, incarnation, last_op, mark, people, own_op)
        SELECT desk, adopted.incarnation, adopted.last_op, plan ->> 'mark', coalesce(
            jsonb_object_agg(hub.digits((p ->> 'was')::uuid), hub.digits((p ->> 'is_now')::uuid))
            FILTER (WHERE p IS NOT NULL), '{}'), own_op
        FROM (VALUES (1)) AS one LEFT JOIN jsonb_array_elements(plan -> 'people') AS p ON true;
        PERFORM pg_notify('travellr', '');
    END IF;
    -- desks that this one met elsewhere before: nobody speaks for them any more
    INSERT INTO hub.members (kind, desk_id, written_off)
    SELECT 'desk', d.id, clock_timestamp() FROM adopting.desks d WHERE d.id <> desk;
    FOR t IN SELECT name FROM hub.tables ORDER BY name LOOP
        EXECUTE format('DROP TABLE adopting.%I', t.name);
    END LOOP;
    UPDATE hub.members m SET desk_id = desk, incarnation = adopted.incarnation, last_op = adopted.last_op,
        epoch = (SELECT epoch FROM hub.state), seen_at = clock_timestamp() WHERE m.id = me.id;
    RETURN plan;
END
$$;
COMMENT ON FUNCTION api.adopted IS
    'Takes over what came since api.adopt in this transaction. What the desk did up to last_op counts as known. Returns '
    'what is otherwise than in the file, as hub.write_as_here; trying, no more than that, and the transaction is given up.';

CREATE FUNCTION api.adopted_as() RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me hub.members := hub.me();
BEGIN
    RETURN (
        SELECT jsonb_build_object('desk_id', a.desk_id, 'incarnation', a.incarnation, 'last_op', a.last_op,
            'mark', a.mark, 'people', a.people, 'pub', o.pub)
        FROM hub.adopted a JOIN hub.state s ON true
        JOIN hub.ops o ON o.desk_id = s.hub_id AND o.op_no = a.own_op WHERE a.desk_id = me.desk_id);
END
$$;
COMMENT ON FUNCTION api.adopted_as IS
    'How the file of the desk that calls came beside others, or null: {desk_id, incarnation, last_op, mark, people, pub}; '
    'pub is null before it is published.';

GRANT EXECUTE ON FUNCTION api.adopt, api.adopted, api.adopted_as TO @desk@;
