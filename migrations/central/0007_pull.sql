-- Joining in, and what goes out.

CREATE FUNCTION api.hello(program text DEFAULT NULL) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me hub.members := hub.me();
BEGIN
    IF me.kind = 'desk' AND me.program IS DISTINCT FROM hello.program AND hello.program IS NOT NULL THEN
        UPDATE hub.members m SET program = left(hello.program, 40)
        WHERE m.id = (SELECT id FROM hub.members WHERE id = me.id FOR NO KEY UPDATE SKIP LOCKED);
    END IF;
    RETURN (
        SELECT jsonb_build_object('hub_id', s.hub_id, 'epoch', s.epoch, 'schema_min', s.schema_min,
            'schema_max', s.schema_max, 'last_pub', s.last_pub, 'kind', me.kind, 'desk_id', me.desk_id,
            'desk_name', (SELECT name FROM agency.desks WHERE id = me.desk_id), 'user_id', me.user_id,
            'incarnation', me.incarnation, 'last_op', me.last_op, 'written_off', me.written_off IS NOT NULL,
            'agency', (SELECT name FROM agency.agencies), 'has_agency', EXISTS (SELECT FROM agency.agencies))
        FROM hub.state s
    );
END
$$;

CREATE FUNCTION api.enroll(incarnation uuid, brings bigint DEFAULT 0) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me hub.members := hub.my_desk();
BEGIN
    UPDATE hub.members m SET incarnation = enroll.incarnation, tells = m.last_op + brings, epoch = (SELECT s.epoch FROM hub.state s),
        seen_at = clock_timestamp()
    WHERE m.id = me.id;
    RETURN me.last_op;
END
$$;
COMMENT ON FUNCTION api.enroll IS 'From now on the desk is the file of that incarnation alone. It brings so many ops that are not '
    'known here. Returns its last op here.';

CREATE FUNCTION hub.publish() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    last bigint;
    given bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM hub.ops WHERE ord IS NOT NULL AND pub IS NULL) THEN
        RETURN (SELECT last_pub FROM hub.state);
    END IF;
    SELECT last_pub INTO last FROM hub.state FOR UPDATE;
    -- a statement of its own: it sees what was committed until the lock was had
    WITH numbered AS (
        SELECT desk_id, op_no, last + row_number() OVER (ORDER BY ord) AS number
        FROM hub.ops WHERE ord IS NOT NULL AND pub IS NULL
    )
    UPDATE hub.ops o SET pub = n.number FROM numbered n WHERE o.desk_id = n.desk_id AND o.op_no = n.op_no;
    GET DIAGNOSTICS given = ROW_COUNT;
    UPDATE hub.state SET last_pub = last + given WHERE given > 0;
    RETURN last + given;
END
$$;
COMMENT ON FUNCTION hub.publish IS 'Numbers the ops that were committed since. Returns the last number.';

CREATE FUNCTION api.publish() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM hub.my_staff();
    RETURN hub.publish();
END
$$;

CREATE FUNCTION api.pull(after bigint, most bigint) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me hub.members := hub.my_staff();
    page jsonb;
    last bigint;
BEGIN
    -- one statement, so that the end and what is before it are of one moment
    SELECT s.last_pub, coalesce((
        SELECT jsonb_agg(jsonb_build_object(
            'pub', o.pub, 'desk_id', o.desk_id, 'op_no', o.op_no, 'name', o.name, 'actor', o.actor, 'at', o.at,
            'events', o.events, 'earlier', o.desk_id IS NOT DISTINCT FROM me.desk_id, 'changes', (
                SELECT coalesce(jsonb_agg(jsonb_strip_nulls(jsonb_build_object('t', c.t, 'id', hub.digits(c.row_id),
                    'k', c.k, 'for_desk', c.for_desk)) || jsonb_build_object('f', c.f) ORDER BY c.seq), '[]')
                FROM hub.changes c WHERE c.desk_id = o.desk_id AND c.op_no = o.op_no
                    AND (c.for_desk IS NULL OR c.for_desk = me.desk_id)
            )) ORDER BY o.pub)
        FROM (
            SELECT p.*, sum(p.weight) OVER (ORDER BY p.pub) - p.weight AS before
            FROM (SELECT * FROM hub.ops WHERE pub > after
                AND (desk_id IS DISTINCT FROM me.desk_id OR incarnation IS DISTINCT FROM me.incarnation)
                ORDER BY pub LIMIT most) p
        ) o WHERE o.before < 4000000
    ), '[]') INTO last, page FROM hub.state s;
    IF me.kind = 'desk' AND (me.cursor <> after OR me.seen_at IS NULL OR me.seen_at < clock_timestamp() - interval '10 s')
    THEN
        -- not at the cost of waiting for a push of the same desk that hangs somewhere
        UPDATE hub.members SET cursor = after, seen_at = clock_timestamp()
        WHERE id = (SELECT id FROM hub.members WHERE id = me.id FOR NO KEY UPDATE SKIP LOCKED);
    END IF;
    RETURN jsonb_build_object('ops', page, 'up_to', CASE
        WHEN jsonb_array_length(page) = 0 THEN greatest(last, after)
        WHEN EXISTS (
            SELECT FROM hub.ops WHERE pub > (page -> -1 ->> 'pub')::bigint AND pub <= last
                AND (desk_id IS DISTINCT FROM me.desk_id OR incarnation IS DISTINCT FROM me.incarnation)
        ) THEN (page -> -1 ->> 'pub')::bigint
        ELSE last END,
        'inbox', (SELECT count(*) || '.' || coalesce(max(id), 0) FROM hub.conflicts WHERE settled_at IS NULL));
END
$$;
COMMENT ON FUNCTION api.pull IS
    'Whole ops of others in the order of their publication, at most so many, some megabytes: {ops, up_to, inbox}; inbox is '
    'another text whenever something came into the inbox or left it. A desk''s own '
    'are left out, but for those of an earlier file of it, which were taken after this one was made: earlier. What puts its '
    'rows right comes as ops of the hub.';

CREATE FUNCTION api.rows(wanted jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM hub.my_staff();
    RETURN (
        SELECT coalesce(jsonb_agg(jsonb_build_object('t', w ->> 't', 'id', w ->> 'id',
            'f', hub.image(w ->> 't', (w ->> 'id')::uuid)) ORDER BY i), '[]')
        FROM jsonb_array_elements(wanted) WITH ORDINALITY AS x (w, i)
        JOIN hub.tables k ON k.name = w ->> 't'
    );
END
$$;
COMMENT ON FUNCTION api.rows IS 'Rows as they are now, [{t, id}] → [{t, id, f}] in a desk''s words; f is null where there is none.';

CREATE FUNCTION api.known(ops jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me hub.members := hub.my_desk();
BEGIN
    RETURN (
        SELECT coalesce(jsonb_agg((x ->> 'op_no')::bigint), '[]') FROM jsonb_array_elements(ops) AS x
        WHERE EXISTS (SELECT FROM hub.ops o
                WHERE o.desk_id = me.desk_id AND o.op_no = (x ->> 'op_no')::bigint AND o.hash = x ->> 'hash')
            OR EXISTS (SELECT FROM hub.changes c
                WHERE c.row_id = (x ->> 'made')::uuid AND c.k = 'I' AND c.desk_id = me.desk_id)
            OR EXISTS (SELECT FROM hub.blocked b
                WHERE b.desk_id = me.desk_id AND b.row_id = x ->> 'made' AND b.made)
    );
END
$$;
COMMENT ON FUNCTION api.known IS
    'Which ops of an earlier file of the desk that calls the hub has, maybe under another number: [{op_no, hash, made}] → '
    '[op_no]; made is the id of a row that the op made, or null.';

CREATE FUNCTION api.status() RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM hub.my_staff();
    RETURN hub.status(false);
END
$$;

CREATE FUNCTION hub.status(with_seats boolean DEFAULT true) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_object(
        'hub_id', s.hub_id, 'epoch', s.epoch, 'last_pub', s.last_pub, 'schema_min', s.schema_min,
        'schema_max', s.schema_max,
        'unpublished', (SELECT count(*) FROM hub.ops WHERE ord IS NOT NULL AND pub IS NULL),
        'inbox', (SELECT count(*) FROM hub.conflicts WHERE settled_at IS NULL),
        'desks', coalesce((
            SELECT jsonb_agg(jsonb_build_object(
                'desk_id', m.desk_id, 'number', d.number, 'name', d.name, 'login', m.login,
                'enrolled', m.incarnation IS NOT NULL, 'last_op', m.last_op, 'schema', m.schema, 'program', m.program,
                'epoch', m.epoch, 'seen_at', hub.moment(m.seen_at), 'behind', s.last_pub - m.cursor,
                'written_off', hub.moment(m.written_off), 'left', m.left_at IS NOT NULL,
                'waiting', (SELECT count(*) FROM hub.ops o WHERE o.desk_id = m.desk_id
                    AND o.outcome IN ('refused', 'parked')),
                'granted', CASE WHEN with_seats THEN g.seats END, 'taken', CASE WHEN with_seats THEN g.taken END
            ) ORDER BY d.number NULLS FIRST, m.id)
            FROM hub.members m LEFT JOIN agency.desks d ON d.id = m.desk_id
            LEFT JOIN LATERAL (
                SELECT coalesce(sum(g.seats), 0) AS seats, coalesce(sum(g.taken), 0) AS taken
                FROM agency.departures p JOIN agency.grants g ON g.departure_id = p.id
                WHERE with_seats AND p.starts_at > now() AND g.desk_id = m.desk_id
            ) AS g ON true
            WHERE m.kind = 'desk'
        ), '[]'),
        'people', coalesce((
            SELECT jsonb_agg(jsonb_build_object('user_id', m.user_id, 'name', u.name, 'login', m.login, 'kind', m.kind)
                ORDER BY m.id)
            FROM hub.members m LEFT JOIN agency.users u ON u.id = m.user_id WHERE m.kind <> 'desk'
        ), '[]'))
    FROM hub.state s
$$;
COMMENT ON FUNCTION hub.status IS
    'with_seats: what each desk has of departures to come, too. Desks ask every half minute, and have that in their files.';

GRANT EXECUTE ON FUNCTION api.hello, api.publish, api.rows, api.status TO @desk@, @person@;
GRANT EXECUTE ON FUNCTION api.enroll, api.pull, api.known TO @desk@;
