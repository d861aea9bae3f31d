-- Ops on their way in. SQLSTATEs that end a call: TR001 the number is known under another hash, TR002 a gap, TR003 another
-- file of this desk, TR004 nobody's sign-in, TR005 a newer shape of changes, TR006 not for this sign-in, TR007 wrong
-- isolation, TR008 what was asked cannot be done, in a sentence.

CREATE FUNCTION hub.role_as_seen(person uuid, desk uuid, seen bigint) RETURNS text LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    role_now text;
    active_now boolean;
    change record;
    active_unseen boolean := false;
    role_unseen boolean := false;
BEGIN
    SELECT u.role, u.active INTO role_now, active_now FROM agency.users u WHERE u.id = person;
    IF NOT FOUND THEN
        RETURN NULL;
    END IF;
    FOR change IN
        SELECT c.f, c.desk_id, o.pub FROM hub.changes c
        JOIN hub.ops o ON o.desk_id = c.desk_id AND o.op_no = c.op_no
        WHERE c.row_id = person AND c.t = 'users' ORDER BY c.seq DESC
    LOOP
        IF change.pub <= seen OR change.desk_id = desk THEN
            -- the newest that the desk has seen: what this one does not name is older, and was not changed since
            IF role_unseen AND change.f ? 'role' THEN
                RETURN CASE WHEN active_now OR active_unseen THEN change.f ->> 'role' END;
            END IF;
            CONTINUE WHEN role_unseen;
            EXIT;
        END IF;
        active_unseen := active_unseen OR change.f ? 'active';
        role_unseen := role_unseen OR change.f ? 'role';
    END LOOP;
    RETURN CASE WHEN active_now OR active_unseen THEN role_now END;
END
$$;
COMMENT ON FUNCTION hub.role_as_seen IS
    'The role of a person as their desk knew them, null of one it must have known as deactivated, or nobody: who was '
    'deactivated, or given another role, later than the desk could know did act in good faith.';

CREATE FUNCTION hub.unseen(change_t text, change_row uuid, desk uuid, seen bigint) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    found jsonb := '{}';
    other record;
BEGIN
    FOR other IN
        SELECT c.f, c.desk_id, c.op_no, c.for_desk, o.pub FROM hub.changes c
        JOIN hub.ops o ON o.desk_id = c.desk_id AND o.op_no = c.op_no
        WHERE c.row_id = change_row AND c.t = change_t ORDER BY c.seq DESC
    LOOP
        EXIT WHEN other.pub <= seen;
        CONTINUE WHEN other.for_desk <> desk;
        SELECT found || coalesce(jsonb_object_agg(e.key, jsonb_build_object('v', e.value)
                || CASE WHEN other.desk_id = desk THEN '{}'
                    ELSE jsonb_build_object('desk', other.desk_id, 'op', other.op_no) END), '{}')
        INTO found FROM jsonb_each(other.f) AS e WHERE NOT found ? e.key;
    END LOOP;
    RETURN found;
END
$$;
COMMENT ON FUNCTION hub.unseen IS
    'The fields of a row that were changed since what a desk had seen, {field: {v, desk, op}}, its newest change of each; '
    'without desk and op where that was the desk''s own. Called with the row locked.';

CREATE TYPE hub.met AS (state text, words text, detail text, rule text, t text, field text);

CREATE FUNCTION hub.apply(desk uuid, op jsonb, firmly jsonb DEFAULT '{}',
    OUT conflicts bigint, OUT reason text, OUT fault jsonb) LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    number bigint := (op ->> 'op_no')::bigint;
    seen_up_to bigint := (op ->> 'seen')::bigint;
    person uuid := (op ->> 'actor')::uuid;
    standing integer;
    at_change jsonb; -- null once all are written
    t text;
    row_id uuid;
    k text;
    what jsonb;
    known hub.tables;
    own_account boolean;
    approved uuid[] := '{}';
    others jsonb;
    field text;
    lost boolean;
    more jsonb;
    raised jsonb := '{}'; -- what the op gave its own desk, by departure
    beyond boolean := hub.takes_beyond(desk);
    cut uuid[] := '{}'; -- departures whose capacity another desk had changed
    met hub.met;
BEGIN
    conflicts := 0;
    -- a program without a person has a manager's rights
    standing := CASE WHEN person IS NULL THEN 2
        ELSE hub.rank(hub.role_as_seen(person, desk, seen_up_to)) END;
    IF hub.strange_events(coalesce(op -> 'events', '[]')) THEN
        PERFORM hub.refuse('What it tells the other desks is not written as it has to be.', 'unreadable');
    END IF;
    FOR at_change IN SELECT value FROM jsonb_array_elements(op -> 'changes') LOOP
        t := at_change ->> 't';
        row_id := (at_change ->> 'id')::uuid;
        k := at_change ->> 'k';
        what := coalesce(at_change -> 'f', '{}');
        SELECT * INTO known FROM hub.tables x WHERE x.name = t;
        IF NOT FOUND THEN
            PERFORM hub.refuse(format('There is no table %s here.', t), 'unknown');
        END IF;
        IF what - known.columns <> '{}' THEN
            PERFORM hub.refuse(format('%s has no %s here.', t,
                (SELECT string_agg(x, ', ') FROM jsonb_object_keys(what - known.columns) AS x)), 'unknown',
                VARIADIC ARRAY(SELECT jsonb_object_keys(what - known.columns)));
        END IF;
        IF what @? known.wrong OR row_id IS NULL OR at_change ->> 'id' <> hub.digits(row_id) THEN
            PERFORM hub.refuse(format('A row of %s is not written as it has to be.', t), 'unreadable',
                VARIADIC ARRAY(SELECT e.key FROM jsonb_each(what) AS e
                    WHERE jsonb_build_object(e.key, e.value) @? known.wrong));
        END IF;
        own_account := t = 'users' AND k = 'U' AND row_id = person AND standing > 0
            AND what - ARRAY['name', 'email', 'password_hash', 'must_change'] = '{}';
        IF standing < hub.rank(CASE k WHEN 'I' THEN known.makes WHEN 'U' THEN known.changes
                ELSE known.removes END)
            AND NOT coalesce(own_account, false)
        THEN
            PERFORM hub.refuse(format('Whoever did this may not write %s.', t), 'rights');
        END IF;
        IF t = 'users' AND own_account IS NOT TRUE AND what <> '{}' AND row_id <> ALL (approved) THEN
            PERFORM hub.spend_approval(row_id);
            approved := approved || row_id;
        END IF;

        IF k = 'I' THEN
            what := what || jsonb_build_object('id', hub.digits(row_id));
            IF t = 'grants' AND (beyond OR (what ->> 'departure_id')::uuid = ANY (cut)) THEN
                what := hub.not_raised(desk, k, row_id, what);
            ELSIF t = 'seats' AND beyond THEN
                what := hub.seat_beyond(desk, number, what);
                CONTINUE WHEN what IS NULL;
            END IF;
            more := CASE WHEN known.owned THEN hub.own_insert(desk, t, what) END;
            PERFORM hub.insert_row(t, what);
        ELSIF k = 'U' THEN
            CONTINUE WHEN what = '{}';
            IF what ? 'id' THEN
                PERFORM hub.refuse('A row keeps its id.', 'rule', 'id');
            END IF;
            CONTINUE WHEN beyond AND t = 'seats' AND hub.sits_on_none(row_id, what);
            IF NOT hub.lock_row(t, row_id) THEN
                CONTINUE WHEN beyond AND t = 'seats' AND hub.seat_again(desk, number, row_id, what);
                PERFORM hub.refuse(format('The row of %s is not there any more.', t), 'gone');
            END IF;
            -- a counter is its desk's alone, and is changed by each sale: nothing to look for, and much to look through
            others := CASE WHEN known.parks THEN hub.unseen(t, row_id, desk, seen_up_to) ELSE '{}' END;
            lost := false;
            IF beyond AND t = 'holds' AND what ? 'labels' THEN
                what := what || hub.labels_beyond(desk, number, row_id, what ->> 'labels');
                others := others - 'labels';
            END IF;
            IF others <> '{}' THEN
                FOR field IN SELECT jsonb_object_keys(what) LOOP
                    CONTINUE WHEN others #> ARRAY[field, 'op'] IS NULL
                        OR firmly #> ARRAY[t || '/' || hub.digits(row_id), field] IS NOT NULL;
                    IF others -> field -> 'v' <> what -> field AND field <> ALL (known.follows) THEN
                        lost := true;
                        conflicts := conflicts + 1;
                        IF t = 'departures' AND field = 'capacity' THEN
                            cut := cut || row_id;
                        END IF;
                        INSERT INTO hub.conflicts (desk_id, op_no, kind, t, row_id, field, mine, theirs, by_desk, by_op)
                        VALUES (desk, number, 'field', t, row_id, field, what -> field,
                            others -> field -> 'v', (others -> field ->> 'desk')::uuid,
                            (others -> field ->> 'op')::bigint);
                    END IF;
                    what := what - field;
                END LOOP;
                IF lost THEN
                    what := what - known.follows;
                END IF;
                CONTINUE WHEN what = '{}';
            END IF;
            IF t = 'grants' AND what ? 'seats' AND (beyond OR (
                SELECT g.departure_id = ANY (cut) FROM agency.grants g WHERE g.id = row_id))
            THEN
                what := hub.not_raised(desk, k, row_id, what);
                CONTINUE WHEN what = '{}';
            END IF;
            more := CASE WHEN known.owned THEN hub.own_update(desk, t, row_id, what) END;
            PERFORM hub.update_row(t, row_id, what);
        ELSIF k = 'D' THEN
            CONTINUE WHEN NOT hub.lock_row(t, row_id);
            IF jsonb_path_exists(hub.unseen(t, row_id, desk, seen_up_to), '$.*.op') THEN
                PERFORM hub.refuse(format('Another desk has changed the row of %s that was removed.', t),
                    'changed');
            END IF;
            what := '{}';
            more := NULL;
            IF known.owned THEN
                PERFORM hub.own_delete(desk, t, row_id);
            END IF;
            PERFORM hub.delete_row(t, row_id);
        ELSE
            PERFORM hub.refuse('A row is made, changed or removed.', 'unknown');
        END IF;
        IF more IS NOT NULL THEN
            raised := hub.more_seats(raised, more);
        END IF;
        INSERT INTO hub.changes (desk_id, op_no, t, row_id, k, f)
        VALUES (desk, number, t, row_id, k, what);
    END LOOP;
    at_change := NULL;
    -- what a desk brought along after a restore may have waited in the inbox until all had spoken
    IF raised <> '{}' AND NOT EXISTS (
        SELECT FROM hub.members m CROSS JOIN hub.state s
        WHERE m.desk_id = desk AND number <= m.tells AND m.epoch = s.epoch AND s.epoch > 1
    ) THEN
        PERFORM hub.guard_raised(raised);
    END IF;
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
    UPDATE hub.conflicts SET op_no = number WHERE desk_id = desk AND op_no IS NULL;
EXCEPTION
    -- what a retry would meet again; whatever else there is ends the call and is tried again by the desk
    WHEN integrity_constraint_violation OR data_exception OR program_limit_exceeded OR SQLSTATE 'TR100' THEN
        GET STACKED DIAGNOSTICS met.state = RETURNED_SQLSTATE, met.words = MESSAGE_TEXT, met.detail = PG_EXCEPTION_DETAIL,
            met.rule = CONSTRAINT_NAME, met.t = TABLE_NAME, met.field = COLUMN_NAME;
        conflicts := 0;
        fault := hub.fault(op -> 'changes', at_change, met);
        reason := fault ->> 'words';
        fault := fault - 'words';
END
$$;
COMMENT ON FUNCTION hub.apply IS
    'Writes the changes of an op, or nothing of it. conflicts: in how many fields another desk was before it. Where the op is '
    'refused, reason is a sentence and fault says which rule of which fields of which row. '
    'firmly: {"table/id": {field: …}} that a person has decided on, having seen both.';

CREATE FUNCTION hub.strange_events(events jsonb) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
DECLARE
    event jsonb;
BEGIN
    IF jsonb_typeof(events) <> 'array' THEN
        RETURN true;
    END IF;
    FOR event IN SELECT value FROM jsonb_array_elements(events) LOOP
        IF jsonb_typeof(event) <> 'object' OR NOT event ? 'payload'
            OR jsonb_typeof(event -> 'event_name') IS DISTINCT FROM 'string'
            OR coalesce(event ->> 'aggregate_id', '') !~ '^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$'
            OR coalesce(event ->> 'timestamp', '') !~
                '^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?(\+00:00|Z)$'
        THEN
            RETURN true;
        END IF;
        PERFORM (event ->> 'timestamp')::timestamptz; -- a day that there is, or a data_exception
    END LOOP;
    RETURN false;
END
$$;

CREATE FUNCTION hub.is_op(op jsonb) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN NOT (pg_column_size(op) > 32000000 OR jsonb_typeof(op -> 'op_no') IS DISTINCT FROM 'number'
        OR jsonb_typeof(op -> 'seen') IS DISTINCT FROM 'number' OR jsonb_typeof(op -> 'hash') IS DISTINCT FROM 'string'
        OR jsonb_typeof(op -> 'changes') IS DISTINCT FROM 'array' OR coalesce(op ->> 'name', '') !~ '^.{1,80}$'
        OR coalesce(op ->> 'at', '') !~ '^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$');
END
$$;

CREATE FUNCTION hub.fields_of(change jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN jsonb_typeof(change -> 'f') = 'object' THEN change -> 'f' ELSE '{}' END
$$;

CREATE FUNCTION hub.stands_on(desk uuid, changes jsonb, before bigint) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    first bigint;
BEGIN
    IF NOT EXISTS (SELECT FROM hub.blocked WHERE desk_id = desk) THEN
        RETURN NULL;
    END IF;
    SELECT min(b.op_no) INTO first
    FROM jsonb_array_elements(changes) AS c
    JOIN hub.tables t ON t.name = c ->> 't' AND t.parks
    CROSS JOIN LATERAL (
        SELECT c ->> 'id' AS row_id, true AS itself
        UNION ALL SELECT v, false FROM jsonb_each_text(hub.fields_of(c)) AS e (k, v)
    ) AS touched
    JOIN hub.blocked b ON b.desk_id = desk AND b.row_id = touched.row_id AND b.op_no < before
        AND (touched.itself OR b.made);
    RETURN first;
END
$$;
COMMENT ON FUNCTION hub.stands_on IS 'The first op before it that waits and has a row in common with these changes, or made one they point at; or null.';

CREATE FUNCTION hub.wait_with(desk uuid, op jsonb, how text, why text, fault jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    number bigint := (op ->> 'op_no')::bigint;
BEGIN
    INSERT INTO hub.blocked (desk_id, row_id, op_no, made)
    SELECT desk, c ->> 'id', number, bool_or(c ->> 'k' = 'I') FROM jsonb_array_elements(op -> 'changes') AS c
    LEFT JOIN hub.tables t ON t.name = c ->> 't' WHERE t.parks IS NOT FALSE AND c ->> 'id' IS NOT NULL
    GROUP BY c ->> 'id';
    INSERT INTO hub.conflicts (desk_id, op_no, kind, reason, fault) VALUES (desk, number, how, why, fault);
END
$$;

CREATE FUNCTION hub.try(desk uuid, op jsonb, firmly jsonb DEFAULT '{}',
    OUT outcome text, OUT reason text, OUT conflicts bigint, OUT fault jsonb) LANGUAGE plpgsql AS $$
DECLARE
    before bigint := hub.stands_on(desk, op -> 'changes', (op ->> 'op_no')::bigint);
    came record;
BEGIN
    conflicts := 0;
    IF before IS NOT NULL THEN
        outcome := 'parked';
        reason := format('It stands on op %s, which waits.', before);
        RETURN;
    END IF;
    came := hub.apply(desk, op, firmly);
    conflicts := came.conflicts;
    reason := came.reason;
    fault := came.fault;
    outcome := CASE WHEN fault IS NOT NULL THEN 'refused' WHEN conflicts > 0 THEN 'merged' ELSE 'applied' END;
END
$$;

CREATE FUNCTION hub.keep(desk uuid, op jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    came record;
    waits boolean;
BEGIN
    came := hub.judge(desk, op);
    waits := came.outcome IN ('refused', 'parked');
    IF waits THEN
        PERFORM hub.wait_with(desk, op, came.outcome, came.reason, came.fault);
    END IF;
    -- the order is taken last, while all that was written is locked
    INSERT INTO hub.ops (desk_id, op_no, hash, incarnation, name, actor, schema, at, seen, outcome, reason, fault,
        conflicts, weight, events, body, ord)
    VALUES (desk, (op ->> 'op_no')::bigint, op ->> 'hash', (op ->> 'incarnation')::uuid, op ->> 'name',
        (op ->> 'actor')::uuid, (op ->> 'schema')::bigint, op ->> 'at', (op ->> 'seen')::bigint, came.outcome,
        came.reason, came.fault, came.conflicts, pg_column_size(op), coalesce(op -> 'events', '[]'),
        CASE WHEN waits THEN op END, CASE WHEN NOT waits THEN nextval('hub.ord') END);
    IF NOT waits THEN
        PERFORM hub.seat_standing(op -> 'changes');
    END IF;
    RETURN hub.answer((op ->> 'op_no')::bigint, came.outcome, came.reason, came.conflicts);
END
$$;

CREATE FUNCTION hub.answer(op_no bigint, outcome text, reason text, conflicts bigint) RETURNS jsonb
LANGUAGE sql IMMUTABLE AS $$
    SELECT jsonb_strip_nulls(jsonb_build_object('op_no', op_no, 'outcome', outcome, 'reason', reason,
        'conflicts', nullif(conflicts, 0)))
$$;

CREATE FUNCTION api.push(ops jsonb) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me hub.members := hub.my_desk();
    newest bigint := (SELECT schema_max FROM hub.state);
    op jsonb;
    number bigint;
    known hub.ops;
    answers jsonb := '[]';
    last_before bigint := me.last_op;
    code text;
    words text;
BEGIN
    FOR op IN SELECT value FROM jsonb_array_elements(ops) LOOP
        IF hub.is_op(op) IS NOT TRUE THEN
            EXIT WHEN answers <> '[]';
            RAISE EXCEPTION 'This is no op, or one of more than 32 MB.' USING ERRCODE = 'TR008';
        END IF;
        number := (op ->> 'op_no')::bigint;
        code := NULL;
        SELECT * INTO known FROM hub.ops o WHERE o.desk_id = me.desk_id AND o.op_no = number;
        IF FOUND AND known.hash = op ->> 'hash' THEN
            answers := answers || hub.answer(known.op_no,
                CASE known.outcome WHEN 'dropped' THEN 'refused' ELSE known.outcome END, known.reason, known.conflicts);
            CONTINUE;
        ELSIF FOUND OR number <= me.last_op THEN
            code := 'TR001';
            words := format('Op %s is known here with other content.', number);
        ELSIF number > me.last_op + 1 THEN
            code := 'TR002';
            words := format('Op %s comes, and op %s is missing.', number, me.last_op + 1);
        ELSIF me.incarnation IS DISTINCT FROM (op ->> 'incarnation')::uuid THEN
            code := 'TR003';
            words := 'This desk is known here by another file.';
        ELSIF (op ->> 'schema')::bigint > newest THEN
            code := 'TR005';
            words := 'This hub is older than the program at the desk.';
        END IF;
        IF code IS NOT NULL THEN
            EXIT WHEN answers <> '[]';
            RAISE EXCEPTION '%', words USING ERRCODE = code;
        END IF;
        answers := answers || hub.keep(me.desk_id, op);
        me.last_op := number;
    END LOOP;
    IF me.last_op > last_before THEN
        UPDATE hub.members SET last_op = me.last_op, seen_at = clock_timestamp(), schema = (op ->> 'schema')::bigint
        WHERE id = me.id;
        PERFORM pg_notify('travellr', '');
    END IF;
    RETURN answers;
END
$$;
COMMENT ON FUNCTION api.push IS
    'Takes ops in their order and answers each: [{op_no, outcome: applied|merged|refused|parked, reason?, conflicts?}]. '
    'What cannot be taken at all ends the answers before it; where it is the first, it is an error.';

GRANT EXECUTE ON FUNCTION api.push TO @desk@;
