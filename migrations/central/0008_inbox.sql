-- What waits for a person, and what they do about it.

CREATE FUNCTION api.conflicts() RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM hub.my_staff();
    RETURN (
        SELECT coalesce(jsonb_agg(jsonb_build_object(
            'id', c.id, 'kind', c.kind, 'reason', c.reason, 'since', hub.moment(c.at),
            'desk_id', c.desk_id, 'desk_name', d.name, 'op_no', c.op_no, 'name', o.name, 'actor', o.actor,
            'actor_name', u.name, 'at', o.at,
            't', c.t, 'row_id', hub.digits(c.row_id), 'field', c.field, 'fault', c.fault, 'mine', c.mine, 'theirs', c.theirs,
            'by', CASE WHEN c.by_desk IS NOT NULL THEN jsonb_build_object('desk_id', c.by_desk,
                'desk_name', b.name, 'op_no', c.by_op, 'name', w.name, 'actor', w.actor, 'actor_name', v.name,
                'at', w.at) END,
            'changes', o.body -> 'changes',
            'with_money', o.body IS NOT NULL AND hub.wrote_ledger(o.body),
            'stands_on', CASE WHEN o.body IS NOT NULL THEN hub.stands_on(c.desk_id, o.body -> 'changes', c.op_no) END
        ) ORDER BY c.id), '[]')
        FROM hub.conflicts c
        LEFT JOIN hub.ops o ON o.desk_id = c.desk_id AND o.op_no = c.op_no
        LEFT JOIN agency.desks d ON d.id = c.desk_id
        LEFT JOIN agency.users u ON u.id = o.actor
        LEFT JOIN hub.ops w ON w.desk_id = c.by_desk AND w.op_no = c.by_op
        LEFT JOIN agency.desks b ON b.id = c.by_desk
        LEFT JOIN agency.users v ON v.id = w.actor
        WHERE c.settled_at IS NULL
    );
END
$$;

CREATE FUNCTION hub.wrote_ledger(op jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT EXISTS (SELECT FROM jsonb_array_elements(op -> 'changes') AS c WHERE c ->> 't' = 'ledger')
$$;

CREATE FUNCTION hub.cannot(words text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', words USING ERRCODE = 'TR008';
END
$$;

CREATE FUNCTION hub.settler(person uuid) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    me hub.members := hub.my_staff();
    found agency.users;
BEGIN
    SELECT * INTO found FROM agency.users WHERE id = coalesce(me.user_id, person) AND active;
    IF coalesce(hub.rank(found.role), 0) < 2 THEN
        RAISE EXCEPTION 'A manager settles what waits.' USING ERRCODE = 'TR006';
    END IF;
    RETURN found.name;
END
$$;
COMMENT ON FUNCTION hub.settler IS
    'Who decides: the person who calls, or who is named by the desk they sit at. Raises where they may not.';

CREATE FUNCTION api.settle(conflict bigint, person uuid DEFAULT NULL) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    by_whom text := hub.settler(person);
BEGIN
    UPDATE hub.conflicts SET settled_at = clock_timestamp(), settled_by = by_whom, settled_how = 'left'
    WHERE id = conflict AND settled_at IS NULL AND kind IN ('field', 'oversale');
    IF NOT FOUND THEN
        PERFORM hub.cannot('This is settled already, or has to be tried again or dropped.');
    END IF;
    PERFORM pg_notify('travellr', '');
END
$$;
COMMENT ON FUNCTION api.settle IS 'A person has seen a conflict of a field or an oversale: it stays as it is at the hub.';

CREATE FUNCTION hub.waiting(desk uuid, number bigint) RETURNS hub.ops LANGUAGE plpgsql AS $$
DECLARE
    op hub.ops;
BEGIN
    -- the desk tells of nothing meanwhile
    PERFORM FROM hub.members WHERE desk_id = desk FOR NO KEY UPDATE;
    SELECT * INTO op FROM hub.ops o WHERE o.desk_id = desk AND o.op_no = number AND o.outcome IN ('refused', 'parked')
    FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        PERFORM hub.cannot('This does not wait any more.');
    END IF;
    RETURN op;
END
$$;

CREATE FUNCTION hub.patched(changes jsonb, patch jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    one record;
    field record;
    named boolean;
BEGIN
    FOR one IN SELECT p ->> 't' AS t, p ->> 'id' AS id, p -> 'f' AS f FROM jsonb_array_elements(patch) AS p LOOP
        FOR field IN SELECT key, value FROM jsonb_each(one.f) LOOP
            SELECT jsonb_agg(CASE WHEN c ->> 't' = one.t AND c ->> 'id' = one.id AND c -> 'f' ? field.key
                    THEN jsonb_set(c, ARRAY['f', field.key], field.value) ELSE c END ORDER BY i),
                bool_or(c ->> 't' = one.t AND c ->> 'id' = one.id AND c -> 'f' ? field.key)
            INTO changes, named FROM jsonb_array_elements(changes) WITH ORDINALITY AS x (c, i);
            IF named IS NOT TRUE THEN
                PERFORM hub.cannot(format('The op says nothing of %s of this row of %s.', field.key, one.t));
            END IF;
        END LOOP;
    END LOOP;
    RETURN changes;
END
$$;

CREATE FUNCTION hub.took(op hub.ops, how text, met bigint, by_whom text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    DELETE FROM hub.blocked b WHERE b.desk_id = op.desk_id AND b.op_no = op.op_no;
    UPDATE hub.conflicts c SET settled_at = clock_timestamp(), settled_by = by_whom, settled_how = 'applied'
    WHERE c.desk_id = op.desk_id AND c.op_no = op.op_no AND c.kind IN ('refused', 'parked') AND c.settled_at IS NULL;
    UPDATE hub.ops o SET outcome = how, reason = NULL, fault = NULL, conflicts = met, body = NULL,
        weight = pg_column_size(op.body), ord = nextval('hub.ord')
    WHERE o.desk_id = op.desk_id AND o.op_no = op.op_no;
    PERFORM hub.seat_standing(op.body -> 'changes');
END
$$;
COMMENT ON FUNCTION hub.took IS 'What waited is taken after all. Called last, while all that it wrote is locked.';

CREATE FUNCTION hub.try_again(desk uuid, number bigint, patch jsonb, by_whom text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    op hub.ops := hub.waiting(desk, number);
    body jsonb := op.body;
    firmly jsonb := '{}';
    came record;
BEGIN
    IF patch <> '[]' THEN
        body := jsonb_set(body, '{changes}', hub.patched(body -> 'changes', patch));
        SELECT jsonb_object_agg(k, f) INTO firmly FROM (
            SELECT (p ->> 't') || '/' || (p ->> 'id') AS k, jsonb_object_agg(e.key, e.value) AS f
            FROM jsonb_array_elements(patch) AS p, jsonb_each(p -> 'f') AS e GROUP BY 1
        ) AS decided;
    END IF;
    came := hub.judge(desk, body, coalesce(firmly, '{}'));
    IF came.outcome IN ('refused', 'parked') THEN
        UPDATE hub.ops SET outcome = came.outcome, reason = came.reason, fault = came.fault
        WHERE desk_id = desk AND op_no = number;
        UPDATE hub.conflicts SET kind = came.outcome, reason = came.reason, fault = came.fault
        WHERE desk_id = desk AND op_no = number AND kind IN ('refused', 'parked') AND settled_at IS NULL;
    ELSE
        PERFORM hub.took(op, came.outcome, came.conflicts, by_whom);
        IF patch <> '[]' THEN
            PERFORM hub.own_op('inbox.retried', (
                SELECT jsonb_agg(jsonb_build_object('t', p ->> 't', 'id', p ->> 'id', 'k', 'U', 'f', p -> 'f'))
                FROM jsonb_array_elements(patch) AS p
            ), desk);
        END IF;
    END IF;
    RETURN hub.answer(number, came.outcome, came.reason, came.conflicts);
END
$$;

CREATE FUNCTION api.retry(desk uuid, op_no bigint, patch jsonb DEFAULT '[]', person uuid DEFAULT NULL) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    by_whom text := hub.settler(person);
    answers jsonb;
    next bigint;
BEGIN
    answers := jsonb_build_array(hub.try_again(desk, op_no, coalesce(patch, '[]'), by_whom));
    IF answers -> 0 ->> 'outcome' IN ('applied', 'merged') THEN
        FOR next IN
            SELECT o.op_no FROM hub.ops o WHERE o.desk_id = desk AND o.outcome = 'parked' AND o.op_no > retry.op_no
            ORDER BY o.op_no
        LOOP
            answers := answers || hub.try_again(desk, next, '[]', by_whom);
        END LOOP;
    END IF;
    PERFORM pg_notify('travellr', '');
    RETURN answers;
END
$$;
COMMENT ON FUNCTION api.retry IS
    'Tries an op that was refused or waits once more, with other values where patch, [{t, id, f}], gives some; then those '
    'that waited behind it. Answers as push does. Other values reach the op''s desk as an op of the hub.';

CREATE FUNCTION api.drop(desk uuid, op_no bigint, person uuid DEFAULT NULL, why text DEFAULT '') RETURNS void
LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    by_whom text := hub.settler(person);
    op hub.ops;
    later bigint;
    change record;
    there jsonb;
    back jsonb := '[]';
BEGIN
    op := hub.waiting(desk, op_no);
    IF hub.wrote_ledger(op.body) THEN
        PERFORM hub.cannot('Money was booked by it: it can be tried again, and not dropped.');
    END IF;
    SELECT o.op_no INTO later FROM hub.ops o
    WHERE o.desk_id = desk AND o.op_no > drop.op_no AND o.outcome IN ('refused', 'parked') AND EXISTS (
        SELECT FROM jsonb_array_elements(o.body -> 'changes') AS c
        CROSS JOIN LATERAL (
            SELECT c ->> 'id' AS row_id, true AS itself
            UNION ALL SELECT v, false FROM jsonb_each_text(hub.fields_of(c)) AS e (k, v)
        ) AS touched
        JOIN hub.blocked b ON b.desk_id = desk AND b.op_no = drop.op_no AND b.row_id = touched.row_id
            AND (touched.itself OR b.made)
    ) ORDER BY o.op_no LIMIT 1;
    IF later IS NOT NULL THEN
        PERFORM hub.cannot(format('Op %s stands on it: drop that one first.', later));
    END IF;
    -- what was made last goes first
    FOR change IN
        SELECT c ->> 't' AS t, (c ->> 'id')::uuid AS id, string_agg(c ->> 'k', '' ORDER BY i) AS ks,
            array_agg(f.key) AS fields
        FROM jsonb_array_elements(op.body -> 'changes') WITH ORDINALITY AS x (c, i)
        JOIN hub.tables k ON k.name = c ->> 't'
        LEFT JOIN LATERAL jsonb_object_keys(hub.fields_of(c)) AS f (key) ON true
        WHERE c ->> 'id' ~ '^[0-9a-f]{32}$' -- it may be refused for what it has instead
        GROUP BY 1, 2 ORDER BY max(i) DESC
    LOOP
        there := NULL;
        IF hub.lock_row(change.t, change.id) THEN
            there := hub.image(change.t, change.id);
        END IF;
        CONTINUE WHEN there IS NULL AND right(change.ks, 1) = 'D';
        back := back || jsonb_build_object('t', change.t, 'id', hub.digits(change.id),
            'k', CASE WHEN there IS NULL THEN 'D' WHEN right(change.ks, 1) = 'D' THEN 'I' ELSE 'U' END,
            'f', CASE
                WHEN there IS NULL THEN '{}'
                WHEN right(change.ks, 1) = 'D' THEN there
                ELSE (SELECT coalesce(jsonb_object_agg(e.key, e.value), '{}') FROM jsonb_each(there) AS e
                    WHERE e.key = ANY (change.fields) AND e.key <> 'id') END);
    END LOOP;
    DELETE FROM hub.blocked b WHERE b.desk_id = desk AND b.op_no = drop.op_no;
    UPDATE hub.ops o SET outcome = 'dropped' WHERE o.desk_id = desk AND o.op_no = drop.op_no;
    UPDATE hub.conflicts c SET settled_at = clock_timestamp(), settled_by = by_whom, settled_how = 'dropped',
        settled_why = why
    WHERE c.desk_id = desk AND c.op_no = drop.op_no AND c.settled_at IS NULL;
    IF back <> '[]' THEN
        PERFORM hub.own_op('inbox.dropped', back, desk);
    END IF;
    PERFORM pg_notify('travellr', '');
END
$$;
COMMENT ON FUNCTION api.drop IS
    'Gives an op up for good, and tells its desk how the rows are here. Not one that wrote to the ledger, and not before '
    'those that stand on it.';

CREATE FUNCTION api.waiting(desk uuid) RETURNS jsonb LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    PERFORM hub.my_staff();
    RETURN (
        SELECT coalesce(jsonb_agg(o.op_no ORDER BY o.op_no), '[]') FROM hub.ops o
        WHERE o.desk_id = desk AND o.outcome IN ('refused', 'parked')
    );
END
$$;
COMMENT ON FUNCTION api.waiting IS 'The ops of a desk that were refused or wait, [op_no].';

GRANT EXECUTE ON FUNCTION api.waiting, api.conflicts, api.settle, api.retry, api.drop TO @desk@, @person@;
