-- Reading and writing rows in a desk's words: a function for all tables each, made from the tables as they are, so that
-- the server plans every statement once a connection. Made anew after each migration.

CREATE FUNCTION hub.in_words(name text, kind regtype) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT format('exists($.%s ? (@ != null && (%s)))', to_json(name), CASE kind
        WHEN 'bigint'::regtype THEN '@.type() != "number"'
        WHEN 'boolean'::regtype THEN '@.type() != "number" || (@ != 0 && @ != 1)'
        ELSE '@.type() != "string"' || CASE kind
            WHEN 'uuid'::regtype THEN ' || !(@ like_regex "^[0-9a-f]{32}$")'
            WHEN 'date'::regtype THEN ' || !(@ like_regex "^[0-9]{4}-[0-9]{2}-[0-9]{2}$")'
            WHEN 'timestamptz'::regtype THEN ' || !(@ like_regex '
                '"^[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9][.][0-9]{6}Z$")'
            ELSE '' END
        END)
$$;
COMMENT ON FUNCTION hub.in_words IS
    'A jsonpath that is true where a field is not written as desks write it. Postgres reads more than they can: numbers as '
    'text, text as moments, infinity. What it let in would be pulled by every other desk.';

CREATE FUNCTION hub.make_writers() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    t record;
    inserts text := '';
    updates text := '';
    deletes text := '';
    locks text := '';
    images text := '';
    body text;
BEGIN
    FOR t IN
        SELECT c.relname AS name,
            array_agg(a.attname::text ORDER BY a.attnum) AS columns,
            format('strict $ ? (%s)', string_agg(hub.in_words(a.attname, a.atttypid), ' || '))::jsonpath AS wrong,
            string_agg(format('%I', a.attname), ', ' ORDER BY a.attnum) AS named,
            string_agg(CASE WHEN d.oid IS NULL THEN format('r.%I', a.attname)
                ELSE format('coalesce(r.%I, %s)', a.attname, pg_get_expr(d.adbin, d.adrelid)) END,
                ', ' ORDER BY a.attnum) AS given,
            string_agg(format('%1$I = CASE WHEN f ? %1$L THEN r.%1$I ELSE x.%1$I END', a.attname), ', '
                ORDER BY a.attnum) FILTER (WHERE a.attname <> 'id') AS sets,
            string_agg(format('%L, %s', a.attname, format(
                CASE a.atttypid
                    WHEN 'uuid'::regtype THEN 'hub.digits(x.%I)'
                    WHEN 'timestamptz'::regtype THEN 'hub.moment(x.%I)'
                    WHEN 'boolean'::regtype THEN 'x.%I::integer'
                    ELSE 'x.%I' END, a.attname)), ', ' ORDER BY a.attnum) AS image
        FROM pg_class c
        JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
        LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'agency'::regnamespace AND c.relkind = 'r'
            AND NOT (c.relname = 'grants' AND a.attname = 'taken')
        GROUP BY c.relname ORDER BY c.relname
    LOOP
        UPDATE hub.tables SET columns = t.columns, wrong = t.wrong WHERE name = t.name;
        inserts := inserts || format(
            'WHEN %L THEN INSERT INTO agency.%I (%s) SELECT %s FROM jsonb_populate_record(NULL::agency.%I, f) AS r;'
            || E'\n', t.name, t.name, t.named, t.given, t.name);
        updates := updates || format(
            'WHEN %L THEN UPDATE agency.%I AS x SET %s FROM jsonb_populate_record(NULL::agency.%I, f) AS r '
            'WHERE x.id = row_id;' || E'\n', t.name, t.name, t.sets, t.name);
        deletes := deletes || format(
            'WHEN %L THEN DELETE FROM agency.%I WHERE id = row_id;' || E'\n', t.name, t.name);
        locks := locks || format(
            'WHEN %L THEN PERFORM FROM agency.%I WHERE id = row_id FOR NO KEY UPDATE;' || E'\n', t.name, t.name);
        images := images || format(
            'WHEN %L THEN SELECT jsonb_build_object(%s) INTO found FROM agency.%I AS x WHERE x.id = row_id;'
            || E'\n', t.name, t.image, t.name);
    END LOOP;
    body := 'CREATE OR REPLACE FUNCTION %s LANGUAGE plpgsql AS $f$ #variable_conflict use_column' || E'\n'
        || '%s BEGIN CASE t %s END CASE; %s END $f$';
    EXECUTE format(body, 'hub.insert_row(t text, f jsonb) RETURNS void', '', inserts, '');
    EXECUTE format(body, 'hub.update_row(t text, row_id uuid, f jsonb) RETURNS void', '', updates, '');
    EXECUTE format(body, 'hub.delete_row(t text, row_id uuid) RETURNS void', '', deletes, '');
    EXECUTE format(body, 'hub.lock_row(t text, row_id uuid) RETURNS boolean', '', locks, 'RETURN FOUND;');
    EXECUTE format(body, 'hub.image(t text, row_id uuid) RETURNS jsonb', 'DECLARE found jsonb;', images,
        'RETURN found;');
END
$$;

-- Row-level security, forced on the owner too, on whatever there is. Staff read the agency's rows, until they are removed,
-- deactivated or have left; nobody else has a policy or a grant here.

CREATE FUNCTION hub.is_staff() RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
    SELECT EXISTS (SELECT FROM hub.members m WHERE m.login = session_user AND m.kind <> 'vendor' AND m.left_at IS NULL
        AND NOT EXISTS (SELECT FROM agency.users u WHERE u.id = m.user_id AND NOT u.active))
$$;
COMMENT ON FUNCTION hub.is_staff IS
    'Whether who calls reads the agency''s rows. hub is closed to them, so nothing but policies call it: once a statement.';
GRANT EXECUTE ON FUNCTION hub.is_staff TO @desk@, @person@;

CREATE FUNCTION hub.protect() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    t record;
BEGIN
    FOR t IN
        SELECT c.oid, n.nspname AS schema, c.relname AS name, c.relrowsecurity AND c.relforcerowsecurity AS is_protected
        FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
        WHERE n.nspname IN ('agency', 'hub') AND c.relkind = 'r'
    LOOP
        IF NOT t.is_protected THEN
            EXECUTE format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', t.schema, t.name);
        END IF;
        IF NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = t.oid AND polname = 'owner') THEN
            EXECUTE format('CREATE POLICY owner ON %I.%I TO @owner@ USING (true) WITH CHECK (true)', t.schema, t.name);
        END IF;
        IF t.schema = 'agency' AND NOT EXISTS (SELECT FROM pg_policy WHERE polrelid = t.oid AND polname = 'staff') THEN
            EXECUTE format('CREATE POLICY staff ON agency.%I FOR SELECT TO @desk@, @person@ '
                'USING ((SELECT hub.is_staff()))', t.name);
            EXECUTE format('GRANT SELECT ON agency.%I TO @desk@, @person@', t.name);
        END IF;
    END LOOP;
    REVOKE ALL ON ALL TABLES IN SCHEMA agency, hub FROM PUBLIC;
    REVOKE ALL ON ALL SEQUENCES IN SCHEMA agency, hub FROM PUBLIC;
    REVOKE ALL ON ALL FUNCTIONS IN SCHEMA agency, hub, api FROM PUBLIC;
END
$$;
COMMENT ON FUNCTION hub.protect IS 'Called by the installer after migrations: a new table is protected like the others.';

SELECT hub.make_writers();
