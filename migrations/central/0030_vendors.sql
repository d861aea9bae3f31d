-- What a vendor's people see: the rows of their vendor, and of each the columns that the program shows them. It is said
-- once, in two tables, and all that guards it is made of that: grants of columns, policies, what a pull hands out.

CREATE TABLE hub.vendor_tables (
    name text NOT NULL,
    columns text[] NOT NULL,
    links text[] NOT NULL DEFAULT '{}',
    CONSTRAINT pk_vendor_tables PRIMARY KEY (name)
);
COMMENT ON COLUMN hub.vendor_tables.links IS
    'The columns by which a row, or one that is seen through it, comes into a view or leaves it.';

CREATE TABLE hub.vendor_paths (
    name text NOT NULL,
    no bigint NOT NULL,
    how text NOT NULL,
    via text,
    parent text,
    key text,
    beside text,
    CONSTRAINT pk_vendor_paths PRIMARY KEY (name, no),
    CONSTRAINT fk_vendor_paths_name FOREIGN KEY (name) REFERENCES hub.vendor_tables (name),
    CONSTRAINT fk_vendor_paths_parent FOREIGN KEY (parent) REFERENCES hub.vendor_tables (name),
    CONSTRAINT ck_vendor_paths_how_known CHECK (how IN ('vendor', 'person', 'parent', 'all')),
    CONSTRAINT ck_vendor_paths_whole CHECK (
        (how = 'all') = (via IS NULL) AND (how = 'parent') = (parent IS NOT NULL)
        AND (how = 'parent') = (key IS NOT NULL)
    )
);
COMMENT ON TABLE hub.vendor_paths IS
    'Why a row is seen; one of its table''s paths is enough. vendor: via is the vendor. person: via is who asks. parent: '
    'via is the key of a row of parent that is seen. all: no matter whose. beside: what else has to be so; @ is the row.';

CREATE TABLE hub.left_view (
    vendor_id uuid NOT NULL,
    row_id uuid NOT NULL,
    t text NOT NULL,
    because uuid NOT NULL,
    CONSTRAINT pk_left_view PRIMARY KEY (vendor_id, row_id, t, because)
);
COMMENT ON TABLE hub.left_view IS
    'Rows that a vendor saw until the row because was removed or changed. They may have come back since.';
CREATE INDEX ix_left_view_because ON hub.left_view (because, vendor_id);

CREATE INDEX ix_ledger_vendor_id ON agency.ledger (vendor_id) WHERE vendor_id IS NOT NULL;

INSERT INTO hub.vendor_tables (name, columns, links) VALUES
    ('agencies', ARRAY['id', 'name', 'legal', 'contact', 'zone', 'currency', 'address', 'country', 'payout_minimums',
        'payout_papers', 'payout_weekday'], '{}'),
    -- the account is told by its last characters, on each payout
    ('vendors', ARRAY['id', 'code', 'name', 'legal', 'email', 'phone', 'commission_bps', 'holdback_days', 'search',
        'active', 'schedule', 'payout_way', 'payout_minimums', 'address', 'country', 'tax_number'], '{}'),
    ('users', ARRAY['id', 'email', 'name', 'role', 'vendor_id', 'password_hash', 'must_change', 'active', 'created_at'],
        '{}'),
    ('trips', ARRAY['id', 'vendor_id', 'code', 'title', 'place', 'country', 'description', 'meeting_point',
        'meet_before_min', 'included', 'languages', 'zone', 'duration_min', 'currency', 'tax_bps', 'deposit_bps',
        'balance_days', 'policy', 'search', 'active'], '{vendor_id}'),
    ('trip_prices', ARRAY['id', 'trip_id', 'traveller_type', 'amount', 'takes_seat'], '{trip_id}'),
    ('trip_seasons', ARRAY['id', 'trip_id', 'name', 'first_day', 'last_day'], '{trip_id}'),
    ('season_prices', ARRAY['id', 'season_id', 'traveller_type', 'amount'], '{season_id}'),
    ('trip_pictures', ARRAY['id', 'trip_id', 'position', 'caption', 'media_type', 'data'], '{trip_id}'),
    ('seat_plans', ARRAY['id', 'vendor_id', 'name', 'kind', 'layout', 'active'], '{vendor_id}'),
    ('series', ARRAY['id', 'trip_id', 'weekdays', 'local_time', 'first_day', 'last_day', 'zone', 'capacity',
        'cutoff_min', 'plan_id', 'except_days', 'created_at'], '{trip_id}'),
    ('departures', ARRAY['id', 'trip_id', 'starts_at', 'ends_at', 'cutoff_at', 'zone', 'local_day', 'local_time',
        'capacity', 'state', 'stop_reason', 'note', 'series_id', 'plan_id'], '{trip_id}'),
    ('commission_rates', ARRAY['id', 'vendor_id', 'trip_id', 'bps', 'from_day', 'created_at', 'ended_at'],
        '{vendor_id}'),
    ('vendor_documents', ARRAY['id', 'vendor_id', 'kind', 'received_on', 'expires_on', 'note', 'created_at',
        'ended_at'], '{vendor_id}'),
    ('bookings', ARRAY['id', 'reference', 'voucher_code', 'sale_id', 'departure_id', 'trip_id', 'vendor_id',
        'traveller_id', 'state', 'currency', 'price', 'tax', 'tax_bps', 'deposit', 'balance_due_at', 'commission_bps',
        'holdback_days', 'policy', 'created_at', 'confirmed_at', 'ended_at', 'end_reason'],
        '{vendor_id,sale_id,traveller_id}'),
    ('booking_lines', ARRAY['id', 'booking_id', 'position', 'name', 'traveller_type', 'age', 'price', 'takes_seat',
        'occupies', 'discount', 'own_discount', 'ended_at', 'kept', 'checked_in_at', 'absent'], '{booking_id}'),
    ('discounts', ARRAY['id', 'booking_id', 'kind', 'bps', 'amount', 'parts', 'own', 'reason', 'created_at'],
        '{booking_id,own}'),
    ('sales', ARRAY['id', 'reference', 'currency', 'created_at'], '{}'),
    ('travellers', ARRAY['id', 'name', 'phone', 'name_key', 'phone_key', 'created_at'], '{}'),
    ('seats', ARRAY['id', 'departure_id', 'label', 'line_id', 'position'], '{departure_id,line_id}'),
    ('dispute_parts', ARRAY['id', 'dispute_id', 'booking_id', 'amount'], '{dispute_id,booking_id}'),
    ('disputes', ARRAY['id', 'state'], '{}'),
    ('ledger', ARRAY['id', 'event', 'debit', 'credit', 'amount', 'currency', 'booking_id', 'vendor_id', 'at',
        'available_at'], '{vendor_id,booking_id}'),
    ('vendor_adjustments', ARRAY['id', 'vendor_id', 'ledger_id', 'currency', 'amount', 'reason', 'at'], '{vendor_id}'),
    ('payouts', ARRAY['id', 'vendor_id', 'currency', 'amount', 'state', 'way', 'label', 'root_id', 'number', 'retry_of',
        'created_at', 'first_sent_at', 'ended_at'], '{vendor_id}'),
    ('payout_lines', ARRAY['id', 'payout_id', 'ledger_id'], '{payout_id}'),
    ('payout_entries', ARRAY['id', 'payout_id', 'ledger_id'], '{payout_id}'),
    ('statements', ARRAY['id', 'number', 'vendor_id', 'payout_id', 'currency', 'first', 'last', 'cutoff_at', 'zone',
        'issued_at', 'locale', 'charges', 'refunds', 'adjustments', 'commission', 'carried_in', 'total', 'carried_out',
        'carried_from', 'left_out', 'minimum', 'bookings', 'seller', 'vendor_data', 'outcome', 'outcome_at'],
        '{vendor_id}'),
    ('statement_lines', ARRAY['id', 'statement_id', 'position', 'kind', 'booking_id', 'reference', 'title',
        'departs_at', 'zone', 'pax', 'retail', 'commission', 'net'], '{statement_id}'),
    ('statement_entries', ARRAY['id', 'statement_id', 'ledger_id'], '{statement_id}');

INSERT INTO hub.vendor_paths (name, no, how, via, parent, key, beside) VALUES
    ('agencies', 1, 'all', NULL, NULL, NULL, NULL),
    ('vendors', 1, 'vendor', 'id', NULL, NULL, NULL),
    ('users', 1, 'person', 'id', NULL, NULL, NULL),
    ('trips', 1, 'vendor', 'vendor_id', NULL, NULL, NULL),
    ('trip_prices', 1, 'parent', 'trip_id', 'trips', 'id', NULL),
    ('trip_seasons', 1, 'parent', 'trip_id', 'trips', 'id', NULL),
    ('season_prices', 1, 'parent', 'season_id', 'trip_seasons', 'id', NULL),
    ('trip_pictures', 1, 'parent', 'trip_id', 'trips', 'id', NULL),
    ('series', 1, 'parent', 'trip_id', 'trips', 'id', NULL),
    ('departures', 1, 'parent', 'trip_id', 'trips', 'id', NULL),
    ('seat_plans', 1, 'vendor', 'vendor_id', NULL, NULL, NULL),
    ('seat_plans', 2, 'all', NULL, NULL, NULL, '@.vendor_id IS NULL'),
    ('commission_rates', 1, 'vendor', 'vendor_id', NULL, NULL, NULL),
    ('vendor_documents', 1, 'vendor', 'vendor_id', NULL, NULL, NULL),
    ('bookings', 1, 'vendor', 'vendor_id', NULL, NULL, NULL),
    ('booking_lines', 1, 'parent', 'booking_id', 'bookings', 'id', NULL),
    -- what the agency gives of its own share is no vendor's business
    ('discounts', 1, 'parent', 'booking_id', 'bookings', 'id', 'NOT @.own'),
    ('sales', 1, 'parent', 'id', 'bookings', 'sale_id', NULL),
    ('travellers', 1, 'parent', 'id', 'bookings', 'traveller_id', NULL),
    ('seats', 1, 'parent', 'departure_id', 'departures', 'id', '@.line_id IS NOT NULL'),
    ('dispute_parts', 1, 'parent', 'booking_id', 'bookings', 'id', NULL),
    ('disputes', 1, 'parent', 'id', 'dispute_parts', 'dispute_id', NULL),
    -- what is theirs; and what there is for a booking, and what the agency keeps of it
    ('ledger', 1, 'vendor', 'vendor_id', NULL, NULL, NULL),
    ('ledger', 2, 'parent', 'booking_id', 'bookings', 'id',
        '(@.debit IN (''traveller_funds'', ''commission'', ''cancellation_revenue'') '
        'OR @.credit IN (''traveller_funds'', ''commission'', ''cancellation_revenue''))'),
    ('vendor_adjustments', 1, 'vendor', 'vendor_id', NULL, NULL, NULL),
    ('payouts', 1, 'vendor', 'vendor_id', NULL, NULL, NULL),
    ('payout_lines', 1, 'parent', 'payout_id', 'payouts', 'id', NULL),
    ('payout_entries', 1, 'parent', 'payout_id', 'payouts', 'id', NULL),
    ('statements', 1, 'vendor', 'vendor_id', NULL, NULL, NULL),
    ('statement_lines', 1, 'parent', 'statement_id', 'statements', 'id', NULL),
    ('statement_entries', 1, 'parent', 'statement_id', 'statements', 'id', NULL);

-- Who asks. Policies are read with the rights of who reads, so these two may be called by them; hub is closed to them,
-- so they are called by nothing but policies. Whoever was removed or deactivated is null, and null is nobody's.

CREATE FUNCTION hub.my_vendor() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
    SELECT m.vendor_id FROM hub.members m JOIN agency.users u ON u.id = m.user_id AND u.active AND u.vendor_id = m.vendor_id
    WHERE m.login = session_user AND m.kind = 'vendor'
$$;

CREATE FUNCTION hub.my_person() RETURNS uuid LANGUAGE sql STABLE SECURITY DEFINER PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
    SELECT m.user_id FROM hub.members m WHERE m.login = session_user AND hub.my_vendor() IS NOT NULL
$$;

CREATE FUNCTION hub.me_of_vendor() RETURNS hub.members LANGUAGE plpgsql AS $$
DECLARE
    me hub.members := hub.me();
BEGIN
    IF me.kind <> 'vendor' OR hub.my_vendor() IS DISTINCT FROM me.vendor_id THEN
        RAISE EXCEPTION 'This sign-in may not do that.' USING ERRCODE = 'TR006';
    END IF;
    RETURN me;
END
$$;

-- The words that all of it is made of

CREATE FUNCTION hub.vendor_sees(t text, x text) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    p hub.vendor_paths;
    said text[] := '{}';
BEGIN
    FOR p IN SELECT * FROM hub.vendor_paths WHERE name = t ORDER BY no LOOP
        said := said || (CASE p.how
            WHEN 'vendor' THEN format('%s.%I = the_vendor', x, p.via)
            WHEN 'person' THEN format('%s.%I = the_person', x, p.via)
            WHEN 'parent' THEN format('EXISTS (SELECT FROM agency.%I %s WHERE %s.%I = %s.%I AND %s)', p.parent, x || 'p',
                x || 'p', p.key, x, p.via, hub.vendor_sees(p.parent, x || 'p'))
            ELSE 'true' END || coalesce(' AND ' || replace(p.beside, '@', x), ''));
    END LOOP;
    RETURN '(' || array_to_string(said, ' OR ') || ')';
END
$$;
COMMENT ON FUNCTION hub.vendor_sees IS 'The condition by which the row x of a table is seen by the_vendor, and the_person of theirs.';

CREATE FUNCTION hub.vendor_policy(t text) RETURNS text LANGUAGE sql STABLE AS $$
    -- the parent's rows by the parent's own policy, asked once a statement: an index finds the rest, and no foreign row is
    -- looked at
    SELECT string_agg('(' || CASE how
        WHEN 'vendor' THEN format('%I.%I = (SELECT hub.my_vendor())', name, via)
        WHEN 'person' THEN format('%I.%I = (SELECT hub.my_person())', name, via)
        WHEN 'parent' THEN format('%I.%I = ANY (ARRAY(SELECT p.%I FROM agency.%I p))', name, via, key, parent)
        ELSE '(SELECT hub.my_vendor()) IS NOT NULL' END
        || coalesce(' AND ' || replace(beside, '@', quote_ident(name)), '') || ')', ' OR ' ORDER BY no)
    FROM hub.vendor_paths WHERE name = t
$$;

CREATE FUNCTION hub.vendors_of(t text, x text) RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE
    p hub.vendor_paths;
    said text[] := '{}';
BEGIN
    FOR p IN SELECT * FROM hub.vendor_paths WHERE name = t AND how <> 'all' ORDER BY no LOOP
        said := said || CASE p.how
            WHEN 'vendor' THEN format('SELECT %s.%I', x, p.via)
            WHEN 'person' THEN format('SELECT %s.vendor_id', x)
            ELSE format('SELECT v.id FROM agency.%I %s CROSS JOIN LATERAL (%s) AS v (id) WHERE %s.%I = %s.%I%s', p.parent,
                x || 'p', hub.vendors_of(p.parent, x || 'p'), x || 'p', p.key, x, p.via,
                coalesce(' AND ' || replace(p.beside, '@', x), '')) END;
    END LOOP;
    RETURN nullif(array_to_string(said, ' UNION '), '');
END
$$;
COMMENT ON FUNCTION hub.vendors_of IS 'A query for the vendors that see the row x of a table; null where all do.';

CREATE FUNCTION hub.vendor_below(t text, x text, rows_of text, so text) RETURNS SETOF text LANGUAGE plpgsql STABLE AS $$
DECLARE
    p hub.vendor_paths;
    child text := x || 'c';
    froms text;
    wheres text;
BEGIN
    FOR p IN SELECT * FROM hub.vendor_paths WHERE parent = t ORDER BY name, no LOOP
        froms := concat_ws(', ', rows_of, format('agency.%I %s', p.name, child));
        wheres := concat_ws(' AND ', so, format('%s.%I = %s.%I', child, p.via, x, p.key), replace(p.beside, '@', child));
        RETURN NEXT format('SELECT %L::text, %s.id FROM %s WHERE %s', p.name, child, froms, wheres);
        RETURN QUERY SELECT * FROM hub.vendor_below(p.name, child, froms, wheres);
    END LOOP;
END
$$;
COMMENT ON FUNCTION hub.vendor_below IS 'Queries for (t, id) of what is seen through the row x of a table.';

CREATE FUNCTION hub.make_vendor_views() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    t record;
    images text := '';
    below text := '';
    counts text := '';
    through text;
    whose text;
BEGIN
    FOR t IN
        SELECT v.name, v.links,
            (SELECT string_agg(quote_ident(c), ', ') FROM unnest(v.columns) AS c) AS columns,
            (SELECT string_agg(format('OLD.%1$I IS DISTINCT FROM NEW.%1$I', c), ' OR ') FROM unnest(v.links) AS c) AS turns,
            (SELECT string_agg(format('%L, %s', a.attname, format(
                CASE a.atttypid
                    WHEN 'uuid'::regtype THEN 'hub.digits(x.%I)'
                    WHEN 'timestamptz'::regtype THEN 'hub.moment(x.%I)'
                    WHEN 'boolean'::regtype THEN 'x.%I::integer'
                    ELSE 'x.%I' END, a.attname)), ', ' ORDER BY a.attnum)
             FROM pg_attribute a WHERE a.attrelid = format('agency.%I', v.name)::regclass AND a.attname = ANY (v.columns)
            ) AS image
        FROM hub.vendor_tables v ORDER BY v.name
    LOOP
        EXECUTE format('REVOKE ALL ON agency.%I FROM @vendor@', t.name);
        EXECUTE format('GRANT SELECT (%s) ON agency.%I TO @vendor@', t.columns, t.name);
        EXECUTE format('DROP POLICY IF EXISTS vendor ON agency.%I', t.name);
        EXECUTE format('CREATE POLICY vendor ON agency.%I FOR SELECT TO @vendor@ USING (%s)', t.name,
            hub.vendor_policy(t.name));
        images := images || format('WHEN %L THEN SELECT jsonb_build_object(%s) INTO found FROM agency.%I AS x '
            'WHERE x.id = row_id AND %s;' || E'\n', t.name, t.image, t.name, hub.vendor_sees(t.name, 'x'));
        counts := counts || format('SELECT count(*) INTO rows FROM agency.%I AS x WHERE %s; '
            'counts := counts || jsonb_build_object(%L, rows);' || E'\n', t.name, hub.vendor_sees(t.name, 'x'), t.name);
        SELECT string_agg(q, ' UNION ALL ') INTO through
        FROM hub.vendor_below(t.name, 'x', format('agency.%I x', t.name), 'x.id = of_row') AS q;
        IF through IS NOT NULL THEN
            below := below || format('WHEN %L THEN RETURN QUERY %s;' || E'\n', t.name, through);
        END IF;
        whose := hub.vendors_of(t.name, 'OLD');
        CONTINUE WHEN whose IS NULL;
        SELECT string_agg(' UNION ALL ' || q, '') INTO through FROM hub.vendor_below(t.name, 'OLD', NULL, NULL) AS q;
        EXECUTE format('CREATE OR REPLACE FUNCTION hub.%I() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN '
            'INSERT INTO hub.left_view (vendor_id, row_id, t, because) '
            'SELECT DISTINCT v.id, b.id, b.t, OLD.id FROM (%s) AS v (id) '
            'CROSS JOIN (SELECT %L::text, OLD.id%s) AS b (t, id) WHERE v.id IS NOT NULL ON CONFLICT DO NOTHING; '
            'RETURN NULL; END $f$', 'leaves_' || t.name, whose, t.name, coalesce(through, ''));
        EXECUTE format('CREATE OR REPLACE TRIGGER leaves_view AFTER DELETE ON agency.%I FOR EACH ROW '
            'EXECUTE FUNCTION hub.%I()', t.name, 'leaves_' || t.name);
        IF t.turns IS NOT NULL THEN
            EXECUTE format('CREATE OR REPLACE TRIGGER leaves_view_turned AFTER UPDATE ON agency.%I FOR EACH ROW '
                'WHEN (%s) EXECUTE FUNCTION hub.%I()', t.name, t.turns, 'leaves_' || t.name);
        END IF;
    END LOOP;
    EXECUTE format('CREATE OR REPLACE FUNCTION hub.vendor_image(t text, row_id uuid, the_vendor uuid, the_person uuid) '
        'RETURNS jsonb LANGUAGE plpgsql STABLE AS $f$ DECLARE found jsonb; BEGIN CASE t %s ELSE NULL; END CASE; '
        'RETURN found; END $f$', images);
    EXECUTE format('CREATE OR REPLACE FUNCTION hub.vendor_through(of_t text, of_row uuid) RETURNS TABLE (t text, row_id uuid) '
        'LANGUAGE plpgsql STABLE AS $f$ BEGIN CASE of_t %s ELSE NULL; END CASE; END $f$', below);
    EXECUTE format('CREATE OR REPLACE FUNCTION hub.vendor_sums(the_vendor uuid, the_person uuid) RETURNS jsonb '
        'LANGUAGE sql STABLE AS $f$ SELECT coalesce(jsonb_object_agg(s.currency, s.amount), ''{}'') FROM ('
        'SELECT x.currency, sum(x.amount) AS amount FROM agency.ledger AS x WHERE %s GROUP BY x.currency) AS s $f$',
        hub.vendor_sees('ledger', 'x'));
    EXECUTE format('CREATE OR REPLACE FUNCTION hub.vendor_counts(the_vendor uuid, the_person uuid) RETURNS jsonb '
        'LANGUAGE plpgsql STABLE AS $f$ DECLARE counts jsonb := ''{}''; rows bigint; BEGIN %s RETURN counts; END $f$', counts);
END
$$;
COMMENT ON FUNCTION hub.make_vendor_views IS 'Called by a migration that changes what vendors see.';

SELECT hub.make_vendor_views();

-- A plan's estimates are made of what the server keeps of all rows, others' too. Nothing here is looked for by these
-- columns, so nothing is kept of them. When departures are is no secret, and desks look for it.

DO $$
DECLARE
    c record;
BEGIN
    FOR c IN
        SELECT v.name, a.name AS of FROM hub.vendor_tables v CROSS JOIN LATERAL unnest(v.columns) AS a (name)
        WHERE v.name <> 'departures' OR a.name IN ('note', 'stop_reason', 'capacity')
    LOOP
        EXECUTE format('ALTER TABLE agency.%I ALTER COLUMN %I SET STATISTICS 0', c.name, c.of);
    END LOOP;
END
$$;

GRANT USAGE ON SCHEMA agency, api TO @vendor@;
GRANT EXECUTE ON FUNCTION hub.my_vendor, hub.my_person TO @vendor@;
