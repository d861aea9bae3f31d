-- Why an op was refused, so that a person can be told of it, and shown the field to put right. Called once the op is
-- undone, and never for one that is taken: what is looked up here costs nothing else anything.

CREATE FUNCTION hub.fault(changes jsonb, at_change jsonb, met hub.met) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    t text := at_change ->> 't';
    found jsonb := jsonb_build_object('t', t, 'id', at_change ->> 'id', 'fields', '[]'::jsonb);
    named text;
BEGIN
    IF met.state = 'TR100' THEN
        RETURN jsonb_strip_nulls(found || met.detail::jsonb || jsonb_build_object('words', met.words));
    END IF;
    found := found || jsonb_build_object('rule', nullif(met.rule, ''));
    found := found || CASE
        WHEN met.state = '23503' THEN hub.fault_of_key(changes, met)
        WHEN met.state = '23505' THEN hub.fault_of_unique(at_change, met)
        WHEN met.rule = 'ck_grants_not_oversold' THEN
            jsonb_build_object('why', 'seats', 'words', 'More seats than the desk was granted.')
        WHEN met.state = '23514' AND met.t = t THEN
            jsonb_build_object('why', 'value', 'fields', hub.fields_of_check(at_change -> 'f', met))
        WHEN met.state = '23502' AND met.t = t THEN
            jsonb_build_object('why', 'empty', 'fields', jsonb_build_array(met.field))
        WHEN met.state LIKE '22%' THEN
            jsonb_build_object('why', 'unreadable', 'fields', hub.unreadable(at_change))
        ELSE jsonb_build_object('why', 'rule')
    END;
    IF NOT found ? 'words' THEN
        named := (SELECT string_agg(x, ', ') FROM jsonb_array_elements_text(found -> 'fields') AS x);
        found := found || jsonb_build_object('words', CASE found ->> 'why'
            WHEN 'missing' THEN format('The %s of a row of %s is not there.', named, found ->> 't')
            WHEN 'used' THEN format('A row of %s is in use, and was removed.', found ->> 't')
            WHEN 'taken' THEN format('Another row of %s has the same %s.', t, named)
            WHEN 'value' THEN format('This is no value for %s of %s.', named, t)
            WHEN 'empty' THEN format('%s of %s has to be there.', named, t)
            WHEN 'unreadable' THEN format('%s of %s is not written as it has to be.', named, t)
            ELSE met.words END);
    END IF;
    RETURN jsonb_strip_nulls(found);
END
$$;
COMMENT ON FUNCTION hub.fault IS
    'What refused an op: {why, words, t?, id?, fields, rule?, other?: {t, id?}}, the row in a desk''s words. at_change: the one '
    'that was being written; null where all were.';

CREATE FUNCTION hub.fault_of_key(changes jsonb, met hub.met) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    key record;
    change record;
    there boolean;
BEGIN
    SELECT a.attname AS field, p.relname AS parent INTO key
    FROM pg_constraint c JOIN pg_class p ON p.oid = c.confrelid
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = c.conkey[1]
    WHERE c.conrelid = format('agency.%I', met.t)::regclass AND c.conname = met.rule;
    FOR change IN
        SELECT c ->> 'id' AS id, c -> 'f' ->> key.field AS points FROM jsonb_array_elements(changes) AS c
        WHERE c ->> 't' = met.t AND c ->> 'k' <> 'D' AND c -> 'f' ->> key.field IS NOT NULL
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM agency.%I WHERE id = $1)', key.parent)
        INTO there USING change.points::uuid;
        IF NOT there AND NOT changes @> jsonb_build_array(
            jsonb_build_object('t', key.parent, 'id', change.points, 'k', 'I'))
        THEN
            RETURN jsonb_build_object('why', 'missing', 't', met.t, 'id', change.id,
                'fields', jsonb_build_array(key.field),
                'other', jsonb_build_object('t', key.parent, 'id', change.points));
        END IF;
    END LOOP;
    FOR change IN
        SELECT c ->> 'id' AS id FROM jsonb_array_elements(changes) AS c WHERE c ->> 't' = key.parent AND c ->> 'k' = 'D'
    LOOP
        EXECUTE format('SELECT EXISTS (SELECT FROM agency.%I WHERE %I = $1)', met.t, key.field)
        INTO there USING change.id::uuid;
        IF there THEN
            RETURN jsonb_build_object('why', 'used', 't', key.parent, 'id', change.id,
                'other', jsonb_build_object('t', met.t));
        END IF;
    END LOOP;
    RETURN jsonb_build_object('why', 'missing', 't', met.t, 'id', NULL, 'fields', jsonb_build_array(key.field));
END
$$;

CREATE FUNCTION hub.fault_of_unique(at_change jsonb, met hub.met) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    fields text[];
    row_now jsonb;
    other text;
BEGIN
    SELECT array_agg(a.attname::text ORDER BY a.attnum) INTO fields
    FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'agency'::regnamespace AND c.relname = met.rule;
    IF at_change ->> 't' IS DISTINCT FROM met.t OR fields IS NULL THEN
        RETURN jsonb_build_object('why', 'rule');
    END IF;
    row_now := coalesce(hub.image(met.t, (at_change ->> 'id')::uuid), '{}') || (at_change -> 'f')
        || jsonb_build_object('id', at_change -> 'id');
    EXECUTE format('SELECT hub.digits(x.id) FROM agency.%1$I AS x, jsonb_populate_record(NULL::agency.%1$I, $1) AS r '
        'WHERE %2$s LIMIT 1', met.t,
        (SELECT string_agg(format('x.%1$I = r.%1$I', f), ' AND ') FROM unnest(fields) AS f))
    INTO other USING row_now;
    RETURN jsonb_build_object('why', 'taken', 'fields', to_jsonb(fields),
        'other', CASE WHEN other IS NOT NULL THEN jsonb_build_object('t', met.t, 'id', other) END);
END
$$;

CREATE FUNCTION hub.fields_of_check(f jsonb, met hub.met) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    fields text[];
    given text[];
BEGIN
    SELECT array_agg(a.attname::text ORDER BY a.attnum), array_agg(a.attname::text ORDER BY a.attnum) FILTER (WHERE f ? a.attname)
    INTO fields, given
    FROM pg_constraint c JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = ANY (c.conkey)
    WHERE c.conrelid = format('agency.%I', met.t)::regclass AND c.conname = met.rule;
    RETURN to_jsonb(coalesce(given, fields, '{}'));
END
$$;
COMMENT ON FUNCTION hub.fields_of_check IS 'Those that a constraint speaks of and the op has written; all of them where it has written none.';

CREATE FUNCTION hub.unreadable(at_change jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    given record;
    found jsonb := '[]';
BEGIN
    IF NOT EXISTS (SELECT FROM hub.tables WHERE name = at_change ->> 't') OR jsonb_typeof(at_change -> 'f') <> 'object' THEN
        RETURN found;
    END IF;
    FOR given IN SELECT key, value FROM jsonb_each(at_change -> 'f') LOOP
        BEGIN
            EXECUTE format('SELECT jsonb_populate_record(NULL::agency.%I, $1)', at_change ->> 't')
            USING jsonb_build_object(given.key, given.value);
        EXCEPTION WHEN data_exception THEN
            found := found || jsonb_build_array(given.key);
        END;
    END LOOP;
    RETURN found;
END
$$;
