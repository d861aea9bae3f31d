-- Seats that a desk was not granted. Each of these locks the departure's row first, so that two who ask for the last
-- seat are one after the other; each is an op of the hub that every desk pulls.

CREATE TABLE hub.grants_asked (
    departure_id uuid NOT NULL,
    by_desk uuid NOT NULL,
    seats bigint NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT pk_grants_asked PRIMARY KEY (departure_id, by_desk),
    CONSTRAINT ck_grants_asked_some CHECK (seats > 0)
);
COMMENT ON TABLE hub.grants_asked IS
    'What a desk lacks, and nobody had to give: others who are online give what they do not need of it, within minutes.';
CREATE INDEX ix_grants_asked_at ON hub.grants_asked (at);

CREATE FUNCTION hub.gives() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT format('The central database was restored; it waits for desk %s.', coalesce(d.name, m.login))
    FROM hub.members m CROSS JOIN hub.state s LEFT JOIN agency.desks d ON d.id = m.desk_id
    WHERE m.kind = 'desk' AND m.login IS NOT NULL AND m.incarnation IS NOT NULL AND m.written_off IS NULL
        AND (m.epoch < s.epoch OR (s.epoch > 1 AND m.last_op < m.tells))
    ORDER BY d.number LIMIT 1
$$;
COMMENT ON FUNCTION hub.gives IS
    'Why nothing scarce is given now, as a sentence; null where it is. After a restore every desk has to have been there '
    'first: what it was given since the back-up is known to it alone.';

CREATE FUNCTION hub.change(t text, row_id uuid, k text, f jsonb DEFAULT '{}') RETURNS jsonb LANGUAGE sql AS $$
    SELECT jsonb_build_array(jsonb_build_object('t', t, 'id', hub.digits(row_id), 'k', k, 'f',
        CASE WHEN k = 'I' THEN hub.image(t, row_id) ELSE f END))
$$;

CREATE FUNCTION hub.departure_told(departure uuid) RETURNS jsonb LANGUAGE sql STABLE AS $$
    SELECT jsonb_build_array(jsonb_build_object('event_name', 'DepartureChanged', 'aggregate_id', d.id,
        'timestamp', to_char(clock_timestamp() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'),
        'payload', jsonb_build_object('trip_id', d.trip_id, 'vendor_id', t.vendor_id, 'state', d.state)))
    FROM agency.departures d JOIN agency.trips t ON t.id = d.trip_id WHERE d.id = departure
$$;

CREATE FUNCTION hub.nobodys_labels(departure uuid) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT array_agg(s.label ORDER BY s.deck, s.place)
    FROM (
        SELECT seat ->> 'label' AS label, deck_no AS deck, place
        FROM agency.departures d JOIN agency.seat_plans p ON p.id = d.plan_id
        CROSS JOIN LATERAL jsonb_array_elements(p.layout::jsonb -> 'decks') WITH ORDINALITY AS x (deck, deck_no)
        CROSS JOIN LATERAL jsonb_array_elements(deck -> 'seats') WITH ORDINALITY AS y (seat, place)
        WHERE d.id = departure AND coalesce(seat ->> 'blocked', '') = ''
    ) s
    WHERE NOT EXISTS (SELECT FROM agency.seat_grants g WHERE g.departure_id = departure AND g.label = s.label)
        AND NOT EXISTS (SELECT FROM agency.seats t WHERE t.departure_id = departure AND t.label = s.label)
$$;
COMMENT ON FUNCTION hub.nobodys_labels IS 'Numbered seats of a departure that no desk was granted, in the order of the plan.';

CREATE FUNCTION hub.grant_waits(desk uuid, of_departure uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (
        SELECT FROM hub.ops o CROSS JOIN LATERAL jsonb_array_elements(o.body -> 'changes') AS c
        WHERE o.desk_id = desk AND o.outcome IN ('refused', 'parked') AND c ->> 't' = 'grants' AND c ->> 'k' = 'I'
            AND hub.fields_of(c) ->> 'departure_id' = hub.digits(of_departure));
END
$$;
COMMENT ON FUNCTION hub.grant_waits IS
    'Whether a desk has made a grant of a departure for itself by an op that waits: another one would leave no room for it.';

CREATE FUNCTION hub.give(desk uuid, of_departure uuid, most bigint, wanted text[] DEFAULT '{}',
    OUT given bigint, OUT written jsonb) LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    departure agency.departures;
    of_grant uuid;
    now_granted bigint;
    labels text[];
    label text;
    seat uuid;
BEGIN
    given := 0;
    written := '[]';
    SELECT * INTO departure FROM agency.departures WHERE id = of_departure FOR NO KEY UPDATE;
    -- whether it may still be sold the desk knows, by its own clock
    IF NOT FOUND OR departure.state <> 'open' OR hub.grant_waits(desk, of_departure) THEN
        RETURN;
    END IF;
    given := greatest(least(most, hub.free_seats(of_departure)), 0);
    IF departure.plan_id IS NOT NULL THEN
        -- those that are wanted; of the others as many as nobody has named
        SELECT coalesce(array_agg(l ORDER BY l = ANY (wanted) DESC, i), '{}') INTO labels
        FROM unnest(hub.nobodys_labels(of_departure)) WITH ORDINALITY AS x (l, i);
        given := least(given, (SELECT count(*) FROM unnest(labels) AS l WHERE l = ANY (wanted))
            + least(greatest(most - cardinality(wanted), 0),
                (SELECT count(*) FROM unnest(labels) AS l WHERE l <> ALL (wanted))));
    END IF;
    IF given = 0 THEN
        RETURN;
    END IF;
    UPDATE agency.grants g SET seats = g.seats + given
    WHERE g.departure_id = of_departure AND g.desk_id = desk RETURNING g.id, g.seats INTO of_grant, now_granted;
    IF FOUND THEN
        written := hub.change('grants', of_grant, 'U', jsonb_build_object('seats', now_granted));
    ELSE
        of_grant := gen_random_uuid();
        INSERT INTO agency.grants (id, departure_id, desk_id, seats) VALUES (of_grant, of_departure, desk, given);
        written := hub.change('grants', of_grant, 'I');
    END IF;
    IF departure.plan_id IS NOT NULL THEN
        FOREACH label IN ARRAY labels[1:given] LOOP
            seat := gen_random_uuid();
            INSERT INTO agency.seat_grants (id, departure_id, desk_id, label) VALUES (seat, of_departure, desk, label);
            written := written || hub.change('seat_grants', seat, 'I');
        END LOOP;
    END IF;
END
$$;
COMMENT ON FUNCTION hub.give IS
    'Seats that nobody was granted of a departure on sale are a desk''s, at most so many; of numbered ones the first on the '
    'plan, where none are wanted by their labels. Gives how many, and what was written in a desk''s words.';

CREATE FUNCTION api.ask_seats(departure uuid, seats bigint, labels text[] DEFAULT '{}') RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me hub.members := hub.my_desk();
    why text := hub.gives();
    came record;
BEGIN
    IF seats < 1 OR seats > 10000 THEN
        RAISE EXCEPTION 'Ask for 1 to 10,000 seats.' USING ERRCODE = 'TR008';
    END IF;
    IF why IS NOT NULL THEN
        RETURN jsonb_build_object('given', 0, 'why', why);
    END IF;
    came := hub.give(me.desk_id, departure, seats, labels);
    IF came.given < seats THEN
        INSERT INTO hub.grants_asked AS a (departure_id, by_desk, seats)
        SELECT departure, me.desk_id, seats - came.given
        WHERE EXISTS (SELECT FROM agency.departures d WHERE d.id = departure)
        ON CONFLICT (departure_id, by_desk) DO UPDATE SET seats = excluded.seats, at = clock_timestamp();
    ELSE
        DELETE FROM hub.grants_asked a WHERE a.departure_id = departure AND a.by_desk = me.desk_id;
    END IF;
    IF came.given > 0 THEN
        PERFORM hub.own_op('seats.granted', came.written, told => hub.departure_told(departure));
    END IF;
    PERFORM pg_notify('travellr', '');
    RETURN jsonb_build_object('given', came.given);
END
$$;
COMMENT ON FUNCTION api.ask_seats IS
    'So many more of a departure for the desk that calls, as far as nobody has them: {given, why?}. What is short is asked of '
    'the others. The grant comes with the next page.';

CREATE FUNCTION api.asked_of_me() RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me hub.members := hub.my_desk();
    lately timestamptz := clock_timestamp() - interval '15 min'; -- once: no index is asked for what may change row by row
BEGIN
    RETURN (
        SELECT coalesce(jsonb_agg(jsonb_build_object('departure_id', a.departure_id, 'seats', a.seats, 'by', d.name)
            ORDER BY a.at), '[]')
        FROM hub.grants_asked a
        JOIN agency.grants g ON g.departure_id = a.departure_id AND g.desk_id = me.desk_id AND g.taken < g.seats
        JOIN agency.desks d ON d.id = a.by_desk
        WHERE a.by_desk <> me.desk_id AND a.at > lately
    );
END
$$;
COMMENT ON FUNCTION api.asked_of_me IS 'What others lack of departures of which the desk that calls has some: [{departure_id, seats, by}].';

CREATE FUNCTION api.allot() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me hub.members := hub.my_desk();
    little CONSTANT bigint := 4;
    moment CONSTANT timestamptz := clock_timestamp(); -- once: so what is past is passed by, through the index
    desks bigint := (
        SELECT count(*) FROM hub.members
        WHERE kind = 'desk' AND login IS NOT NULL AND incarnation IS NOT NULL AND written_off IS NULL
    );
    usual_days bigint := (SELECT a.release_days FROM agency.agencies a);
    low record;
    came record;
    written jsonb := '[]';
    told jsonb := '[]';
    total bigint := 0;
BEGIN
    IF hub.gives() IS NOT NULL THEN
        RETURN 0;
    END IF;
    FOR low IN
        SELECT d.id, d.capacity + coalesce((SELECT sum(a.seats) FROM agency.allowances a WHERE a.departure_id = d.id), 0)
                - coalesce((SELECT sum(g.seats) FROM agency.grants g WHERE g.departure_id = d.id), 0) AS free,
            coalesce(mine.seats - mine.taken, 0) AS left
        FROM agency.departures d
        LEFT JOIN agency.grants mine ON mine.departure_id = d.id AND mine.desk_id = me.desk_id
        WHERE (d.starts_at - make_interval(days => coalesce(d.release_days, usual_days)::integer) > moment) IS NOT FALSE
            AND d.starts_at > moment AND d.cutoff_at > moment AND d.state = 'open'
            AND coalesce(mine.seats - mine.taken, 0) < little
            AND d.capacity + coalesce((SELECT sum(a.seats) FROM agency.allowances a WHERE a.departure_id = d.id), 0)
                > coalesce((SELECT sum(g.seats) FROM agency.grants g WHERE g.departure_id = d.id), 0)
        ORDER BY d.starts_at, d.id LIMIT 200
    LOOP
        -- a share of what is there, so that the others find some too
        came := hub.give(me.desk_id, low.id,
            least(little - low.left, ceil(low.free / greatest(desks, 1)))::bigint);
        IF came.given > 0 THEN
            total := total + came.given;
            written := written || came.written;
            told := told || hub.departure_told(low.id);
        END IF;
    END LOOP;
    IF total > 0 THEN
        PERFORM hub.own_op('seats.granted', written, told => told);
        PERFORM pg_notify('travellr', '');
    END IF;
    RETURN total;
END
$$;
COMMENT ON FUNCTION api.allot IS
    'Of departures on sale of which the desk that calls has little, a share of what nobody has; nothing from the release '
    'date on. Returns how many seats.';

CREATE FUNCTION hub.free_grants(desk uuid, by_whom uuid, op_name text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    of_grant record;
    seat record;
    written jsonb := '[]';
    told jsonb := '[]';
    total bigint := 0;
    moment CONSTANT timestamptz := clock_timestamp();
BEGIN
    UPDATE hub.members m SET written_off = coalesce(m.written_off, clock_timestamp())
    WHERE m.kind = 'desk' AND m.desk_id = desk;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'There is no such desk.' USING ERRCODE = 'TR008';
    END IF;
    PERFORM FROM agency.departures d
    WHERE d.id IN (SELECT g.departure_id FROM agency.grants g WHERE g.desk_id = desk AND g.seats > g.taken)
        AND d.starts_at > moment
    ORDER BY d.starts_at, d.id FOR NO KEY UPDATE; -- as api.allot comes to them
    FOR of_grant IN
        UPDATE agency.grants g SET seats = g.taken FROM agency.departures d
        WHERE d.id = g.departure_id AND d.starts_at > moment AND g.desk_id = desk AND g.seats > g.taken
        RETURNING g.id, g.departure_id, g.taken, d.capacity
    LOOP
        total := total + 1;
        written := written || hub.change('grants', of_grant.id, 'U', jsonb_build_object('seats', of_grant.taken));
        told := told || hub.departure_told(of_grant.departure_id);
        FOR seat IN
            DELETE FROM agency.seat_grants s
            WHERE s.departure_id = of_grant.departure_id AND s.desk_id = desk AND NOT EXISTS (
                SELECT FROM agency.seats t WHERE t.departure_id = s.departure_id AND t.label = s.label)
            RETURNING s.id
        LOOP
            written := written || hub.change('seat_grants', seat.id, 'D');
        END LOOP;
    END LOOP;
    DELETE FROM hub.grants_asked a WHERE a.by_desk = desk;
    IF total > 0 THEN
        PERFORM hub.own_op(op_name, written, by_actor => by_whom, told => told);
        PERFORM pg_notify('travellr', '');
    END IF;
    RETURN total;
END
$$;
COMMENT ON FUNCTION hub.free_grants IS
    'What a desk has left of departures to come is nobody''s again, and its claims may be taken over: it is written off. '
    'Returns of how many departures.';

CREATE FUNCTION api.write_off(desk uuid, person uuid DEFAULT NULL) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me hub.members := hub.my_staff();
    by_whom uuid := coalesce(me.user_id, person);
BEGIN
    IF coalesce((SELECT hub.rank(u.role) FROM agency.users u WHERE u.id = by_whom AND u.active), 0) < 2 THEN
        RAISE EXCEPTION 'A manager writes seats off.' USING ERRCODE = 'TR006';
    END IF;
    IF desk = me.desk_id THEN
        RAISE EXCEPTION 'A desk that can say so is not silent.' USING ERRCODE = 'TR008';
    END IF;
    RETURN hub.free_grants(desk, by_whom, 'seats.written_off');
END
$$;
COMMENT ON FUNCTION api.write_off IS
    'What a silent desk has left of departures to come is nobody''s again, and its claims may be taken over. Said by a '
    'manager: the person who calls, or who is named by the desk they sit at. Returns of how many departures.';

CREATE FUNCTION api.come_back() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me hub.members := hub.my_desk();
BEGIN
    UPDATE hub.members SET written_off = NULL WHERE id = me.id;
END
$$;
COMMENT ON FUNCTION api.come_back IS
    'Called by a desk that was written off, once it has told all its ops: from now on it is as any other.';

-- A desk that leaves

CREATE FUNCTION api.leave() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me hub.members := hub.my_desk();
BEGIN
    RETURN hub.free_grants(me.desk_id, NULL, 'desk.leaves');
END
$$;
COMMENT ON FUNCTION api.leave IS
    'The desk that calls is about to leave, and has told all its ops: its seats are nobody''s, others take its claims over '
    'and deal with its sales. It pulls this, then says api.left. Returns of how many departures.';

CREATE FUNCTION api.left() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me hub.members := hub.my_desk();
BEGIN
    UPDATE hub.members m SET left_at = clock_timestamp(), written_off = coalesce(m.written_off, clock_timestamp())
    WHERE m.id = me.id;
END
$$;
COMMENT ON FUNCTION api.left IS 'The sign-in that calls is over.';

GRANT EXECUTE ON FUNCTION api.ask_seats, api.asked_of_me, api.allot, api.come_back, api.leave, api.left TO @desk@;
GRANT EXECUTE ON FUNCTION api.write_off TO @desk@, @person@;
