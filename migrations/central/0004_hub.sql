-- What the hub itself keeps. Ids of rows are uuid here; what goes to a desk is put into its words on the way out.

CREATE TABLE hub.state (
    one boolean NOT NULL DEFAULT true,
    hub_id uuid NOT NULL DEFAULT gen_random_uuid(),
    epoch bigint NOT NULL DEFAULT 1,
    schema_min bigint NOT NULL DEFAULT 2,
    schema_max bigint NOT NULL DEFAULT 2,
    last_pub bigint NOT NULL DEFAULT 0,
    CONSTRAINT pk_state PRIMARY KEY (one),
    CONSTRAINT ck_state_one_row CHECK (one)
);
COMMENT ON COLUMN hub.state.schema_max IS 'The newest shape of changes that is understood; older ones are.';
INSERT INTO hub.state DEFAULT VALUES;

CREATE TABLE hub.members (
    id bigint GENERATED ALWAYS AS IDENTITY,
    login text,
    kind text NOT NULL,
    desk_id uuid,
    user_id uuid,
    vendor_id uuid,
    incarnation uuid,
    epoch bigint NOT NULL DEFAULT 0,
    last_op bigint NOT NULL DEFAULT 0,
    tells bigint NOT NULL DEFAULT 0,
    cursor bigint NOT NULL DEFAULT 0,
    schema bigint,
    program text,
    made_at timestamptz NOT NULL DEFAULT now(),
    seen_at timestamptz,
    written_off timestamptz,
    left_at timestamptz,
    CONSTRAINT pk_members PRIMARY KEY (id),
    CONSTRAINT uq_members_login UNIQUE (login),
    CONSTRAINT uq_members_desk_id UNIQUE (desk_id),
    CONSTRAINT uq_members_user_id UNIQUE (user_id),
    CONSTRAINT ck_members_kind_known CHECK (kind IN ('desk', 'person', 'vendor')),
    CONSTRAINT ck_members_own_columns CHECK (
        (kind = 'desk' OR (desk_id IS NULL AND login IS NOT NULL))
        AND (kind = 'desk') = (user_id IS NULL)
        AND (kind = 'vendor') = (vendor_id IS NOT NULL)
    )
);
COMMENT ON TABLE hub.members IS
    'Whom a login is. A desk without a login was removed; one without a desk_id is the first, which is to bring its file. '
    'epoch: the last one in which the desk was enrolled; tells: the last of the ops that it brought along then. cursor: up to where it has pulled; '
    'left_at: when it said that it leaves, which ends its sign-in.';

CREATE TABLE hub.ops (
    desk_id uuid NOT NULL,
    op_no bigint NOT NULL,
    hash text NOT NULL,
    incarnation uuid,
    name text NOT NULL,
    actor uuid,
    schema bigint NOT NULL,
    at text NOT NULL,
    seen bigint NOT NULL,
    outcome text NOT NULL,
    reason text,
    fault jsonb,
    conflicts bigint NOT NULL DEFAULT 0,
    received_at timestamptz NOT NULL DEFAULT now(),
    weight bigint NOT NULL DEFAULT 0,
    events jsonb NOT NULL DEFAULT '[]',
    body jsonb,
    ord bigint,
    pub bigint,
    CONSTRAINT pk_ops PRIMARY KEY (desk_id, op_no),
    CONSTRAINT ck_ops_outcome_known CHECK (outcome IN ('applied', 'merged', 'refused', 'parked', 'dropped')),
    CONSTRAINT ck_ops_ordered CHECK ((ord IS NOT NULL) = (outcome IN ('applied', 'merged'))),
    CONSTRAINT ck_ops_body_kept CHECK ((body IS NOT NULL) = (outcome IN ('refused', 'parked', 'dropped'))),
    CONSTRAINT ck_ops_published_is_ordered CHECK (pub IS NULL OR ord IS NOT NULL),
    CONSTRAINT ck_ops_fault_of_refused CHECK (fault IS NULL OR outcome IN ('refused', 'dropped'))
);
COMMENT ON TABLE hub.ops IS
    'Every op and what became of it, for ever. Those of the hub itself have the hub''s id as their desk.';
CREATE UNIQUE INDEX uq_ops_pub ON hub.ops (pub) WHERE pub IS NOT NULL;
CREATE INDEX ix_ops_unpublished ON hub.ops (ord) WHERE pub IS NULL AND ord IS NOT NULL;
CREATE INDEX ix_ops_waiting ON hub.ops (desk_id, op_no) WHERE outcome IN ('refused', 'parked');
CREATE SEQUENCE hub.ord;
CREATE SEQUENCE hub.own_op_no;

CREATE TABLE hub.changes (
    seq bigint GENERATED ALWAYS AS IDENTITY,
    desk_id uuid NOT NULL,
    op_no bigint NOT NULL,
    t text NOT NULL,
    row_id uuid NOT NULL,
    k text NOT NULL,
    f jsonb NOT NULL,
    for_desk uuid,
    CONSTRAINT pk_changes PRIMARY KEY (seq),
    CONSTRAINT ck_changes_kind_known CHECK (k IN ('I', 'U', 'D'))
);
COMMENT ON TABLE hub.changes IS
    'What really came of the ops, in a desk''s words. for_desk: for that desk alone, to put its own rows right.';
CREATE INDEX ix_changes_op ON hub.changes (desk_id, op_no, seq);
CREATE INDEX ix_changes_row ON hub.changes (row_id, seq);
CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON hub.changes
    FOR EACH ROW EXECUTE FUNCTION hub.only_added();

CREATE TABLE hub.blocked (
    desk_id uuid NOT NULL,
    row_id text NOT NULL,
    op_no bigint NOT NULL,
    made boolean NOT NULL,
    CONSTRAINT pk_blocked PRIMARY KEY (desk_id, row_id, op_no)
);
COMMENT ON TABLE hub.blocked IS 'Rows, as 32 digits, of ops that were refused or wait: what touches them waits behind, and what points at one that such '
    'an op made.';
CREATE INDEX ix_blocked_op ON hub.blocked (desk_id, op_no);

CREATE TABLE hub.conflicts (
    id bigint GENERATED ALWAYS AS IDENTITY,
    desk_id uuid NOT NULL,
    op_no bigint,
    kind text NOT NULL,
    t text,
    row_id uuid,
    field text,
    mine jsonb,
    theirs jsonb,
    by_desk uuid,
    by_op bigint,
    reason text NOT NULL DEFAULT '',
    fault jsonb,
    at timestamptz NOT NULL DEFAULT now(),
    settled_at timestamptz,
    settled_by text,
    settled_how text,
    settled_why text NOT NULL DEFAULT '',
    CONSTRAINT pk_conflicts PRIMARY KEY (id),
    CONSTRAINT ck_conflicts_kind_known CHECK (kind IN ('field', 'refused', 'parked', 'oversale')),
    CONSTRAINT ck_conflicts_settled_whole CHECK (
        (settled_at IS NULL) = (settled_by IS NULL) AND (settled_at IS NULL) = (settled_how IS NULL)
    ),
    CONSTRAINT ck_conflicts_settled_how_known CHECK (settled_how IN ('left', 'applied', 'dropped', 'made_good'))
);
COMMENT ON TABLE hub.conflicts IS
    'The inbox. field: mine is what the op wanted, theirs what stands, by the op (by_desk, by_op). fault: what refused an '
    'op, as hub.fault says it.';
CREATE INDEX ix_conflicts_open ON hub.conflicts (id) WHERE settled_at IS NULL;
CREATE INDEX ix_conflicts_op ON hub.conflicts (desk_id, op_no);

-- Rights by table: the least role that may make, change and remove rows of it. What a program does without a person has
-- a manager's.

CREATE TABLE hub.tables (
    name text NOT NULL,
    makes text NOT NULL,
    changes text NOT NULL,
    removes text NOT NULL,
    parks boolean NOT NULL DEFAULT true,
    owned boolean NOT NULL DEFAULT false,
    follows text[] NOT NULL DEFAULT '{}',
    columns text[] NOT NULL DEFAULT '{}',
    wrong jsonpath,
    CONSTRAINT pk_tables PRIMARY KEY (name)
);
COMMENT ON COLUMN hub.tables.parks IS
    'Whether ops wait behind one that was refused when both touch a row of it. Not of counters that every sale moves.';
COMMENT ON COLUMN hub.tables.owned IS 'Whether it is asked whose a row of it is before that is written (hub.own_insert and others).';
COMMENT ON COLUMN hub.tables.follows IS
    'What is made of other fields of a row, and is no value of its own to anybody: never a conflict. It goes with the value '
    'that stands, and a desk that wrote one of two that did not know of each other makes it anew.';
COMMENT ON COLUMN hub.tables.wrong IS 'Finds fields that are not in a desk''s words. Made by hub.make_writers, as columns are.';

INSERT INTO hub.tables (name, makes, changes, removes)
SELECT name, makes, changes, removes FROM (VALUES
    ('agent', 'agent', 'agent', ARRAY[
        'amendments', 'attempts', 'audit', 'booking_lines', 'bookings', 'credit_moves', 'discounts', 'grants', 'holds',
        'invoice_lines', 'invoices', 'ledger', 'notes', 'number_series', 'payment_shares', 'payments', 'refund_lines',
        'refund_orders', 'refunds', 'sales', 'saved_cards', 'seat_grants', 'seats', 'till_counts', 'till_moves',
        'till_reads', 'till_sessions', 'travel_documents', 'traveller_accounts', 'traveller_merges', 'traveller_pairs',
        'travellers', 'waiting_list']),
    ('manager', 'agent', 'manager', ARRAY['departures']),
    ('manager', 'manager', 'manager', ARRAY[
        'agencies', 'allowances', 'bank_files', 'batch_exclusions', 'batch_left_out', 'commission_rates', 'desks',
        'dispute_parts', 'disputes', 'match_notes', 'payout_attempts', 'payout_batches', 'payout_entries',
        'payout_lines', 'payouts', 'promo_codes', 'provider_moves', 'season_prices', 'seat_plans', 'series',
        'statement_entries', 'statement_lines', 'statements', 'take_backs', 'trip_pictures', 'trip_prices',
        'trip_seasons', 'trips', 'vendor_adjustments', 'vendor_documents', 'vendors', 'write_offs']),
    ('admin', 'admin', 'admin', ARRAY['users'])
) AS rights (makes, changes, removes, names), unnest(names) AS name;
UPDATE hub.tables SET parks = false WHERE name = 'number_series';
UPDATE hub.tables SET follows = '{search,name_key,phone_key}' WHERE name = 'travellers';
UPDATE hub.tables SET follows = '{search}' WHERE name IN ('trips', 'vendors');

CREATE FUNCTION hub.rank(role text) RETURNS integer LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE role WHEN 'admin' THEN 3 WHEN 'manager' THEN 2 WHEN 'agent' THEN 1 ELSE 0 END
$$;

-- Words

CREATE FUNCTION hub.digits(id uuid) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT replace(id::text, '-', '') $$;

CREATE FUNCTION hub.moment(at timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

-- Who calls

CREATE FUNCTION hub.me() RETURNS hub.members LANGUAGE plpgsql AS $$
DECLARE
    me hub.members;
BEGIN
    SELECT * INTO me FROM hub.members WHERE login = session_user;
    IF NOT FOUND OR me.left_at IS NOT NULL OR EXISTS (SELECT FROM agency.users WHERE id = me.user_id AND NOT active) THEN
        RAISE EXCEPTION 'This sign-in is nobody''s here.' USING ERRCODE = 'TR004';
    END IF;
    RETURN me;
END
$$;

CREATE FUNCTION hub.my_desk() RETURNS hub.members LANGUAGE plpgsql AS $$
DECLARE
    me hub.members;
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'This is called in READ COMMITTED alone.' USING ERRCODE = 'TR007';
    END IF;
    SELECT * INTO me FROM hub.members WHERE login = session_user FOR NO KEY UPDATE;
    IF NOT FOUND OR me.kind <> 'desk' OR me.desk_id IS NULL OR me.left_at IS NOT NULL THEN
        RAISE EXCEPTION 'This sign-in is no desk''s.' USING ERRCODE = 'TR004';
    END IF;
    RETURN me;
END
$$;
COMMENT ON FUNCTION hub.my_desk IS 'The desk that calls, alone until the transaction ends.';

CREATE FUNCTION hub.my_staff() RETURNS hub.members LANGUAGE plpgsql AS $$
DECLARE
    me hub.members := hub.me();
BEGIN
    IF current_setting('transaction_isolation') <> 'read committed' THEN
        RAISE EXCEPTION 'This is called in READ COMMITTED alone.' USING ERRCODE = 'TR007';
    END IF;
    IF me.kind NOT IN ('desk', 'person') THEN
        RAISE EXCEPTION 'This sign-in may not do that.' USING ERRCODE = 'TR006';
    END IF;
    RETURN me;
END
$$;

-- What the hub does itself

CREATE FUNCTION hub.own_op(op_name text, changes jsonb, only_for uuid DEFAULT NULL, by_actor uuid DEFAULT NULL,
    told jsonb DEFAULT '[]') RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    number bigint := nextval('hub.own_op_no');
    own uuid;
    newest bigint;
BEGIN
    SELECT hub_id, schema_max INTO own, newest FROM hub.state;
    INSERT INTO hub.changes (desk_id, op_no, t, row_id, k, f, for_desk)
    SELECT own, number, c ->> 't', (c ->> 'id')::uuid, c ->> 'k', coalesce(c -> 'f', '{}'), only_for
    FROM jsonb_array_elements(changes) WITH ORDINALITY AS x (c, i) ORDER BY i;
    INSERT INTO hub.ops (desk_id, op_no, hash, name, actor, schema, at, seen, outcome, events, weight, ord)
    VALUES (own, number, '', op_name, by_actor, newest, hub.moment(clock_timestamp()), 0, 'applied', told,
        pg_column_size(changes), nextval('hub.ord'));
    RETURN number;
END
$$;
COMMENT ON FUNCTION hub.own_op IS
    'Writes down what the hub did itself, [{t, id, k, f}] in a desk''s words, as an op that every desk pulls, or one alone. '
    'Called last: while the rows that were written are locked.';

CREATE FUNCTION hub.make_room(of_grant uuid, more bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    granted agency.grants;
    beyond bigint;
    free bigint;
    allowance uuid;
    reason text;
    written jsonb := '[]';
BEGIN
    SELECT * INTO granted FROM agency.grants WHERE id = of_grant FOR NO KEY UPDATE;
    beyond := granted.taken + more - granted.seats;
    IF beyond IS NULL OR beyond <= 0
        OR NOT (hub.is_written_off(granted.desk_id) OR hub.takes_beyond(granted.desk_id))
    THEN
        RETURN;
    END IF;
    free := hub.free_seats(granted.departure_id);
    IF free < beyond THEN
        allowance := gen_random_uuid();
        reason := format(CASE WHEN hub.is_written_off(granted.desk_id)
            THEN 'Sold at %s after its seats had been written off.'
            ELSE 'Sold at %s, which did not know that there were fewer.' END, hub.desk_name(granted.desk_id));
        INSERT INTO agency.allowances (id, departure_id, desk_id, seats, reason, created_at, created_by)
        VALUES (allowance, granted.departure_id, granted.desk_id, beyond - free, reason, clock_timestamp(), NULL);
        written := jsonb_build_array(jsonb_build_object('t', 'allowances', 'id', hub.digits(allowance), 'k', 'I',
            'f', hub.image('allowances', allowance)));
        INSERT INTO hub.conflicts (desk_id, kind, t, row_id, mine, theirs, reason)
        VALUES (granted.desk_id, 'oversale', 'grants', granted.id, to_jsonb(granted.taken + more),
            to_jsonb(granted.seats + free), format('%s beyond what there is. %s', beyond - free, reason));
    END IF;
    UPDATE agency.grants SET seats = seats + beyond WHERE id = of_grant;
    PERFORM hub.own_op('seats.oversold', written || jsonb_build_array(jsonb_build_object('t', 'grants',
        'id', hub.digits(granted.id), 'k', 'U', 'f', jsonb_build_object('seats', granted.seats + beyond))));
END
$$;
COMMENT ON FUNCTION hub.make_room IS
    'A desk whose grants were written off, or that took money for more than it has, has sold it: the sale stands. It is '
    'given what nobody has, and beyond that what the departure has not; that lies in the inbox. The op of it comes before that of the sale.';
