-- What becomes of a file that comes beside others.
--
-- A row keeps its id, so none comes twice, none becomes another, and what the ledger's chain covers stays as it was hashed.
-- These are written otherwise than in the file: a person who has an account here by the same email is that account from
-- now on; a number (of a sale, a booking, an invoice, a batch, a statement) and a code that is taken end in the desk's
-- mark, /2 of desk 2; series of numbers are closed; the agency's settings are those of the hub.

-- What is there twice

CREATE FUNCTION hub.known_rows() RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    t record;
    came bigint;
    total bigint := 0;
BEGIN
    FOR t IN SELECT name FROM hub.tables LOOP
        EXECUTE format('SELECT count(*) FROM adopting.%I JOIN agency.%I USING (id)', t.name, t.name) INTO came;
        total := total + came;
    END LOOP;
    RETURN total;
END
$$;

CREATE FUNCTION hub.in_the_way() RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
    key record;
    came bigint;
    example text;
    found text[] := '{}';
BEGIN
    FOR key IN
        SELECT c.relname AS name, pg_get_expr(i.indpred, i.indrelid) AS pred,
            string_agg(format('a.%1$I = h.%1$I', a.attname), ' AND ') AS same,
            string_agg(format('a.%I::text', a.attname), ' || '' '' || ' ORDER BY a.attnum) AS shown,
            string_agg(a.attname, ', ' ORDER BY a.attnum) AS named
        FROM pg_index i
        JOIN pg_class c ON c.oid = i.indrelid AND c.relnamespace = 'agency'::regnamespace
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey::smallint[])
        WHERE i.indisunique AND NOT i.indisprimary
        GROUP BY c.relname, i.indexrelid, i.indpred, i.indrelid ORDER BY c.relname, i.indexrelid
    LOOP
        EXECUTE format('SELECT count(*), min(%s) FROM (SELECT * FROM adopting.%I WHERE %s) a '
            'JOIN (SELECT * FROM agency.%I WHERE %s) h ON %s',
            key.shown, key.name, coalesce(key.pred, 'true'), key.name, coalesce(key.pred, 'true'), key.same)
        INTO came, example;
        IF came > 0 THEN
            found := found || format('%s of %s with the same %s are here already: %s.', came,
                replace(key.name, '_', ' '), replace(key.named, '_', ' '), example);
        END IF;
    END LOOP;
    RETURN found;
END
$$;
COMMENT ON FUNCTION hub.in_the_way IS
    'What of the rows that came may be there only once and is there, by any unique index: a sentence each.';

CREATE FUNCTION hub.looks_alike() RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
    RETURN (WITH vendors AS (
        SELECT a.id AS theirs, h.id AS ours, a.name FROM adopting.vendors a
        JOIN agency.vendors h ON lower(h.name) = lower(a.name)
    ), trips AS (
        SELECT a.id AS theirs, h.id AS ours, a.title FROM adopting.trips a
        JOIN agency.trips h ON lower(h.title) = lower(a.title)
    ), departures AS (
        SELECT t.title, a.local_day, a.local_time FROM trips t
        JOIN adopting.departures a ON a.trip_id = t.theirs
        JOIN agency.departures h ON h.trip_id = t.ours AND h.starts_at = a.starts_at
        WHERE a.starts_at > clock_timestamp() AND a.state = 'open' AND h.state = 'open'
    )
    SELECT jsonb_build_object(
        'vendors', (SELECT coalesce(jsonb_agg(DISTINCT name), '[]') FROM vendors),
        'trips', (SELECT coalesce(jsonb_agg(DISTINCT title), '[]') FROM trips),
        'departures', (SELECT coalesce(jsonb_agg(DISTINCT format('%s, %s %s', title, local_day, local_time)), '[]')
            FROM departures),
        'travellers', (SELECT count(*) FROM adopting.travellers a WHERE a.merged_into IS NULL AND EXISTS (
            SELECT FROM agency.travellers h WHERE h.name_key = a.name_key AND h.name_key <> ''
                AND ((h.email = a.email AND a.email <> '') OR (h.phone_key = a.phone_key AND a.phone_key <> ''))))));
END
$$;
COMMENT ON FUNCTION hub.looks_alike IS 'What may be the same and stays two: whether it is, a person knows.';

-- How it is written here

CREATE FUNCTION hub.same_people() RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    key record;
    found jsonb;
BEGIN
    CREATE TABLE adopting.same_people AS
        SELECT a.id AS was, h.id AS is_now, h.email, h.name, h.role, a.role AS role_was,
            (a.vendor_id IS NULL) = (h.vendor_id IS NULL) AS fits
        FROM adopting.users a JOIN agency.users h ON h.email = a.email;
    SELECT coalesce(jsonb_agg(to_jsonb(p) ORDER BY p.email), '[]') INTO found FROM adopting.same_people p;
    IF found <> '[]' THEN
        FOR key IN
            SELECT r.relname AS name, a.attname AS field
            FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
            WHERE c.contype = 'f' AND c.confrelid = 'agency.users'::regclass
        LOOP
            EXECUTE format('UPDATE adopting.%I AS t SET %I = p.is_now FROM adopting.same_people p WHERE t.%I = p.was',
                key.name, key.field, key.field);
        END LOOP;
        UPDATE adopting.audit t SET entity_id = p.is_now FROM adopting.same_people p
        WHERE t.entity = 'user' AND t.entity_id = p.was;
        DELETE FROM adopting.users u USING adopting.same_people p WHERE u.id = p.was;
    END IF;
    DROP TABLE adopting.same_people;
    RETURN found;
END
$$;
COMMENT ON FUNCTION hub.same_people IS
    'Whoever has an account here by the same email is that account in the rows that came. Their ledger names nobody.';

CREATE FUNCTION hub.mark_numbers(mark text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    total bigint := 0;
    came bigint;
    field record;
BEGIN
    FOR field IN
        SELECT * FROM (VALUES ('sales', 'reference'), ('bookings', 'reference'), ('invoices', 'number'),
            ('payout_batches', 'reference'), ('bank_files', 'message_id'), ('statements', 'number'),
            ('statements', 'carried_from')) AS x (t, name)
    LOOP
        -- a bank file is called by its number
        EXECUTE format('UPDATE adopting.%I SET %I = %I || %L WHERE %I <> %L', field.t, field.name, field.name,
            CASE WHEN field.t = 'bank_files' THEN replace(mark, '/', '-') ELSE mark END, field.name, '');
        GET DIAGNOSTICS came = ROW_COUNT;
        total := total + CASE WHEN field.name IN ('reference', 'number') THEN came ELSE 0 END;
    END LOOP;
    UPDATE adopting.number_series SET kind = kind || mark, last = next - 1;
    RETURN total;
END
$$;

CREATE FUNCTION hub.mark_codes(mark text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    found jsonb;
BEGIN
    WITH vendors AS (
        UPDATE adopting.vendors a SET code = a.code || mark
        WHERE a.code <> '' AND EXISTS (SELECT FROM agency.vendors h WHERE h.code = a.code) RETURNING a.code
    ), trips AS (
        UPDATE adopting.trips a SET code = a.code || mark
        WHERE a.code <> '' AND EXISTS (SELECT FROM agency.trips h WHERE h.code = a.code) RETURNING a.code
    ), promos AS (
        UPDATE adopting.promo_codes a SET code = left(a.code, 40 - length(mark)) || mark
        WHERE EXISTS (SELECT FROM agency.promo_codes h WHERE h.code = a.code) RETURNING a.code
    ), batches AS (
        -- of the same week or month as one that is here: a batch of chosen days, which there may be any number of
        UPDATE adopting.payout_batches a SET kind = 'extra'
        WHERE a.kind <> 'extra' AND a.state <> 'discarded' AND EXISTS (
            SELECT FROM agency.payout_batches h WHERE h.kind = a.kind AND h.first = a.first AND h.last = a.last
                AND h.state <> 'discarded')
    )
    SELECT jsonb_build_object('vendors', (SELECT coalesce(jsonb_agg(code ORDER BY code), '[]') FROM vendors),
        'trips', (SELECT coalesce(jsonb_agg(code ORDER BY code), '[]') FROM trips),
        'promo_codes', (SELECT coalesce(jsonb_agg(code ORDER BY code), '[]') FROM promos))
    INTO found;
    RETURN found;
END
$$;

CREATE FUNCTION hub.other_settings() RETURNS jsonb LANGUAGE plpgsql AS $$
BEGIN
    RETURN (
    SELECT coalesce(jsonb_agg(DISTINCT a.key ORDER BY a.key), '[]')
    FROM adopting.agencies t CROSS JOIN LATERAL jsonb_each_text(to_jsonb(t) - 'id') AS a
    CROSS JOIN agency.agencies o CROSS JOIN LATERAL jsonb_each_text(to_jsonb(o) - 'id') AS h
    WHERE h.key = a.key AND h.value IS DISTINCT FROM a.value);
END
$$;

CREATE FUNCTION hub.write_as_here(me hub.members, desk uuid) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    own agency.desks;
    mark text;
    people jsonb;
    plan jsonb;
    stands text[] := '{}';
    known bigint := hub.known_rows();
    ours text;
    theirs text;
BEGIN
    IF known > 0 THEN
        RETURN jsonb_build_object('in_the_way', jsonb_build_array(format('%s rows of this file are here already: it is '
            'a copy of a file that is known here, or one that has left. Take everything from here instead.', known)));
    END IF;
    SELECT d.* INTO STRICT own FROM agency.desks d WHERE d.id = me.desk_id;
    mark := format('/%s', own.number);
    SELECT o.currency, t.currency INTO ours, theirs FROM agency.agencies o, adopting.agencies t LIMIT 1;
    IF theirs <> ours THEN
        stands := stands || format('The books here are kept in %s, and those of this file in %s.', ours, theirs);
    END IF;
    plan := jsonb_build_object('settings', hub.other_settings(), 'alike', hub.looks_alike(), 'mark', mark,
        'desk', own.name);
    DELETE FROM adopting.agencies;
    people := hub.same_people();
    stands := stands || ARRAY(SELECT format('%s is of the agency here or there, and of a vendor at the other.', p ->> 'email')
        FROM jsonb_array_elements(people) AS p WHERE NOT (p ->> 'fits')::boolean);
    UPDATE adopting.desks SET number = own.number, name = own.name WHERE id = desk;
    UPDATE adopting.desks d SET number = n.number FROM (
        SELECT t.id, (SELECT max(number) FROM agency.desks) + row_number() OVER (ORDER BY t.number) AS number
        FROM adopting.desks t WHERE t.id <> desk) AS n WHERE n.id = d.id;
    plan := plan || jsonb_build_object('people', people, 'numbers', hub.mark_numbers(mark), 'codes', hub.mark_codes(mark));
    -- the sign-in's place, which the file's own desk takes
    DELETE FROM agency.desks d WHERE d.id = own.id;
    SET CONSTRAINTS ALL IMMEDIATE;
    SET CONSTRAINTS ALL DEFERRED;
    RETURN plan || jsonb_build_object('in_the_way', to_jsonb(stands || hub.in_the_way()));
END
$$;
COMMENT ON FUNCTION hub.write_as_here IS
    'Has the rows that came be written as they are to be beside those that are here, and says what that is: {mark, desk, '
    'people, numbers, codes, settings, alike, in_the_way}; what is in the way are sentences.';

-- Telling the others

CREATE FUNCTION hub.levels() RETURNS TABLE (name text, level integer) LANGUAGE sql STABLE AS $$
    WITH RECURSIVE points AS (
        SELECT c.oid, 0 AS level FROM pg_class c WHERE c.relnamespace = 'agency'::regnamespace AND c.relkind = 'r'
        UNION
        SELECT f.conrelid, p.level + 1 FROM points p
        JOIN pg_constraint f ON f.contype = 'f' AND f.confrelid = p.oid AND f.conrelid <> f.confrelid
    )
    SELECT c.relname::text, max(p.level) FROM points p JOIN pg_class c ON c.oid = p.oid GROUP BY c.relname
$$;
COMMENT ON FUNCTION hub.levels IS 'The agency''s tables; a table comes after those that it points at.';

CREATE FUNCTION hub.tell_adopted(before jsonb) RETURNS void LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    at_once CONSTANT bigint := 500;
    own uuid;
    newest bigint;
    t record;
    rows bigint;
    part bigint;
    op_no bigint := hub.own_op('desk.joined', before);
BEGIN
    SELECT hub_id, schema_max INTO own, newest FROM hub.state;
    FOR t IN
        SELECT l.name, (
            SELECT string_agg(format('%L, %s', a.attname, format(CASE a.atttypid
                WHEN 'uuid'::regtype THEN 'hub.digits(x.%I)' WHEN 'timestamptz'::regtype THEN 'hub.moment(x.%I)'
                WHEN 'boolean'::regtype THEN 'x.%I::integer' ELSE 'x.%I' END, a.attname)), ', ' ORDER BY a.attnum)
            FROM pg_attribute a WHERE a.attrelid = format('agency.%I', l.name)::regclass AND a.attname = ANY (k.columns)
        ) AS image, (
            SELECT a.attname FROM pg_constraint f
            JOIN pg_attribute a ON a.attrelid = f.conrelid AND a.attnum = f.conkey[1]
            WHERE f.contype = 'f' AND f.conrelid = f.confrelid AND f.conrelid = format('agency.%I', l.name)::regclass
        ) AS itself
        FROM hub.levels() l JOIN hub.tables k ON k.name = l.name ORDER BY l.level, l.name
    LOOP
        -- what points at another of the same table comes after it
        EXECUTE format('CREATE TABLE adopting.told AS WITH RECURSIVE depths AS ('
            'SELECT a.id, 0 AS depth FROM adopting.%1$I a WHERE %2$s '
            'UNION ALL SELECT a.id, d.depth + 1 FROM depths d JOIN adopting.%1$I a ON %3$s) '
            'SELECT row_number() OVER (ORDER BY depth, id) AS n, id FROM depths', t.name,
            CASE WHEN t.itself IS NULL THEN 'true'
                ELSE format('NOT EXISTS (SELECT FROM adopting.%I b WHERE b.id = a.%I)', t.name, t.itself) END,
            CASE WHEN t.itself IS NULL THEN 'false' ELSE format('a.%I = d.id', t.itself) END);
        GET DIAGNOSTICS rows = ROW_COUNT;
        ALTER TABLE adopting.told ADD PRIMARY KEY (n);
        EXECUTE format('CREATE INDEX ON adopting.%I (id)', t.name);
        EXECUTE format('ANALYZE adopting.told, adopting.%I', t.name);
        FOR part IN 0 .. (rows - 1) / at_once LOOP
            EXIT WHEN rows = 0;
            op_no := nextval('hub.own_op_no');
            -- as hub.image has them, of many rows at once
            EXECUTE format('INSERT INTO hub.changes (desk_id, op_no, t, row_id, k, f) '
                'SELECT $1, $2, %L, x.id, ''I'', jsonb_build_object(%s) FROM adopting.told o JOIN adopting.%I x USING (id) '
                'WHERE o.n > $3 AND o.n <= $4 ORDER BY o.n', t.name, t.image, t.name)
            USING own, op_no, part * at_once, (part + 1) * at_once;
            INSERT INTO hub.ops (desk_id, op_no, hash, name, schema, at, seen, outcome, weight, ord)
            SELECT own, op_no, '', 'desk.joined', newest, hub.moment(clock_timestamp()), 0, 'applied',
                sum(pg_column_size(c.f)), nextval('hub.ord')
            FROM hub.changes c WHERE c.desk_id = own AND c.op_no = op_no;
        END LOOP;
        DROP TABLE adopting.told;
    END LOOP;
END
$$;
COMMENT ON FUNCTION hub.tell_adopted IS
    'Every row that came, as the hub''s own ops of some hundred each, so that the desks that are here pull them.';
