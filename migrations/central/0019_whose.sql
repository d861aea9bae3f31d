-- What is one desk's alone. A desk's ops are written by it and nobody else, so what it may write of these tables is asked
-- with each change. Where the desk that has a thing was written off, others do what it would have done.

UPDATE hub.tables SET owned = true WHERE name IN ('allowances', 'amendments', 'bookings', 'departures', 'grants', 'holds',
    'invoices', 'ledger', 'number_series', 'payments', 'payout_batches', 'refund_orders', 'refunds', 'sales', 'seat_grants',
    'seats', 'statements', 'till_counts', 'till_moves', 'till_reads', 'till_sessions');

CREATE FUNCTION hub.is_written_off(desk uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM hub.members m WHERE m.desk_id = desk AND m.written_off IS NOT NULL);
END
$$;

CREATE FUNCTION hub.sold_at(of_sale uuid) RETURNS uuid LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT s.desk_id FROM agency.sales s WHERE s.id = of_sale);
END
$$;

CREATE FUNCTION hub.booked_at(of_booking uuid) RETURNS uuid LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN (SELECT s.desk_id FROM agency.bookings b JOIN agency.sales s ON s.id = b.sale_id WHERE b.id = of_booking);
END
$$;

CREATE FUNCTION hub.refuse_other(t text, VARIADIC fields text[] DEFAULT '{}') RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM hub.refuse(format('This row of %s is another desk''s.', t), 'owner', VARIADIC fields);
END
$$;

CREATE FUNCTION hub.refuse_elsewhere(desk uuid, seller uuid, t text, VARIADIC fields text[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    IF seller <> desk AND NOT hub.is_written_off(seller) THEN
        PERFORM hub.refuse(format('%s sold this: what is changed or given back of it is done there.',
            (SELECT d.name FROM agency.desks d WHERE d.id = seller)), 'owner', VARIADIC fields);
    END IF;
END
$$;

CREATE FUNCTION hub.guard_number(desk uuid, t text, field text, number text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    parts text[] := regexp_match(number, '^([A-Z]{2})-([0-9]{4})-([0-9]{6,9})$');
    block agency.number_series;
BEGIN
    -- of a file that joined: given there to something else than here, so it bears the desk's number too
    IF parts IS NULL AND number LIKE '%/' || (SELECT d.number FROM agency.desks d WHERE d.id = desk) THEN
        RETURN;
    END IF;
    SELECT * INTO block FROM agency.number_series n
    WHERE n.kind = parts[1] AND n.year = parts[2]::bigint AND n.first <= parts[3]::bigint ORDER BY n.first DESC LIMIT 1;
    IF (block.desk_id IS DISTINCT FROM desk OR block.last < parts[3]::bigint) AND hub.gives() IS NULL THEN
        PERFORM hub.refuse(format('%s is not one of the desk''s numbers.', number), 'owner', field);
    END IF;
END
$$;

-- Each gives how many seats, or numbered ones, the desk has more by a change: {departure: seats}. Null where there is
-- nothing to count.

CREATE FUNCTION hub.own_insert(desk uuid, t text, f jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    whose uuid := (f ->> 'desk_id')::uuid;
BEGIN
    CASE t
    WHEN 'ledger', 'till_sessions' THEN
        IF whose <> desk THEN
            PERFORM hub.refuse_other(t, 'desk_id');
        END IF;
    WHEN 'sales', 'invoices' THEN
        IF whose <> desk THEN
            PERFORM hub.refuse_other(t, 'desk_id');
        END IF;
        IF t = 'invoices' THEN
            PERFORM hub.refuse_elsewhere(desk, hub.sold_at((f ->> 'sale_id')::uuid), t, 'sale_id');
            PERFORM hub.guard_number(desk, t, 'number', f ->> 'number');
        ELSE
            PERFORM hub.guard_number(desk, t, 'reference', f ->> 'reference');
        END IF;
    WHEN 'payout_batches' THEN
        PERFORM hub.guard_number(desk, t, 'reference', f ->> 'reference');
    WHEN 'statements' THEN
        PERFORM hub.guard_number(desk, t, 'number', f ->> 'number');
    WHEN 'bookings' THEN
        IF hub.sold_at((f ->> 'sale_id')::uuid) <> desk THEN
            PERFORM hub.refuse_other('sales', 'sale_id');
        END IF;
        IF (SELECT g.desk_id FROM agency.grants g WHERE g.id = (f ->> 'grant_id')::uuid) <> desk THEN
            PERFORM hub.refuse_other('grants', 'grant_id');
        END IF;
        PERFORM hub.guard_number(desk, t, 'reference', f ->> 'reference');
    WHEN 'holds' THEN
        IF (SELECT g.desk_id FROM agency.grants g WHERE g.id = (f ->> 'grant_id')::uuid) <> desk THEN
            PERFORM hub.refuse_other('grants', 'grant_id');
        END IF;
    WHEN 'seats' THEN
        IF EXISTS (SELECT FROM agency.seat_grants s WHERE s.departure_id = (f ->> 'departure_id')::uuid
            AND s.label = f ->> 'label' AND s.desk_id <> desk)
        THEN
            PERFORM hub.refuse_other('seat_grants', 'label');
        END IF;
    WHEN 'payments' THEN
        IF whose <> desk THEN
            PERFORM hub.refuse_other(t, 'desk_id');
        END IF;
    WHEN 'refunds' THEN
        -- what came in too late goes back where it was taken
        IF (SELECT p.desk_id FROM agency.payments p WHERE p.id = (f ->> 'payment_id')::uuid) IS DISTINCT FROM desk THEN
            PERFORM hub.refuse_elsewhere(desk, hub.booked_at((f ->> 'booking_id')::uuid), t, 'booking_id');
        END IF;
    WHEN 'refund_orders' THEN
        PERFORM hub.refuse_elsewhere(desk, hub.sold_at((f ->> 'sale_id')::uuid), t, 'sale_id');
    WHEN 'amendments' THEN
        PERFORM hub.refuse_elsewhere(desk, hub.booked_at((f ->> 'booking_id')::uuid), t, 'booking_id');
    WHEN 'till_counts', 'till_moves', 'till_reads' THEN
        IF (SELECT s.desk_id FROM agency.till_sessions s WHERE s.id = (f ->> 'session_id')::uuid) <> desk THEN
            PERFORM hub.refuse_other('till_sessions', 'session_id');
        END IF;
    WHEN 'number_series' THEN
        -- the hub gives them; after a restore it is told what it gave
        IF whose <> desk OR hub.gives() IS NULL THEN
            PERFORM hub.refuse_other(t, 'first');
        END IF;
    WHEN 'grants' THEN
        IF whose <> desk THEN
            PERFORM hub.refuse_other(t, 'desk_id');
        END IF;
        RETURN jsonb_build_object(f ->> 'departure_id', (f ->> 'seats')::bigint);
    WHEN 'seat_grants' THEN
        IF whose <> desk THEN
            PERFORM hub.refuse_other(t, 'desk_id');
        END IF;
        RETURN jsonb_build_object('numbered ' || (f ->> 'departure_id'), 1);
    WHEN 'departures' THEN
        RETURN jsonb_build_object(f ->> 'id', -(f ->> 'capacity')::bigint,
            'numbered ' || (f ->> 'id'), -(f ->> 'capacity')::bigint);
    WHEN 'allowances' THEN
        RETURN jsonb_build_object(f ->> 'departure_id', -greatest((f ->> 'seats')::bigint, 0));
    ELSE NULL;
    END CASE;
    RETURN NULL;
END
$$;

CREATE FUNCTION hub.own_update(desk uuid, t text, row_id uuid, f jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    of_grant agency.grants;
    departure agency.departures;
    numbered agency.seat_grants;
    block agency.number_series;
BEGIN
    CASE t
    WHEN 'holds' THEN
        IF f ? 'seats' AND (SELECT g.desk_id FROM agency.holds h JOIN agency.grants g ON g.id = h.grant_id
            WHERE h.id = row_id) <> desk
        THEN
            PERFORM hub.refuse_other(t, 'seats');
        END IF;
    WHEN 'bookings' THEN
        IF f ? 'grant_id' AND (SELECT g.desk_id FROM agency.grants g WHERE g.id = (f ->> 'grant_id')::uuid) <> desk THEN
            PERFORM hub.refuse_other('grants', 'grant_id');
        END IF;
        IF f ->> 'state' = 'cancelled' AND EXISTS (
            SELECT FROM agency.bookings b WHERE b.id = row_id AND b.state = 'confirmed')
        THEN
            PERFORM hub.refuse_elsewhere(desk, hub.booked_at(row_id), t, 'state');
        END IF;
    WHEN 'refund_orders' THEN
        IF f ->> 'state' = 'approved' THEN
            PERFORM hub.refuse_elsewhere(desk, (SELECT hub.sold_at(o.sale_id) FROM agency.refund_orders o
                WHERE o.id = row_id), t, 'state');
        END IF;
    WHEN 'till_sessions' THEN
        IF (SELECT s.desk_id FROM agency.till_sessions s WHERE s.id = row_id) <> desk THEN
            PERFORM hub.refuse_other(t, 'state');
        END IF;
    WHEN 'number_series' THEN
        SELECT * INTO block FROM agency.number_series n WHERE n.id = row_id;
        IF block.desk_id <> desk
            OR (coalesce((f ->> 'next')::bigint < block.next, false) AND hub.gives() IS NULL)
            -- a file that joined, and did not hear of it, sold on in numbers that nobody was given since
            OR (coalesce((f ->> 'last')::bigint > block.last, false) AND ((f ->> 'last')::bigint > block.last + 1000
                OR EXISTS (SELECT FROM agency.number_series n WHERE n.kind = block.kind AND n.year = block.year
                    AND n.first > block.last AND n.first <= (f ->> 'last')::bigint)) AND hub.gives() IS NULL)
        THEN
            PERFORM hub.refuse_other(t, VARIADIC ARRAY(SELECT jsonb_object_keys(f)));
        END IF;
    WHEN 'grants' THEN
        SELECT * INTO of_grant FROM agency.grants g WHERE g.id = row_id;
        IF of_grant.desk_id <> desk THEN
            PERFORM hub.refuse_other(t, 'seats');
        END IF;
        RETURN jsonb_build_object(hub.digits(of_grant.departure_id), (f ->> 'seats')::bigint - of_grant.seats);
    WHEN 'seat_grants' THEN
        SELECT * INTO numbered FROM agency.seat_grants s WHERE s.id = row_id;
        IF numbered.desk_id <> desk OR f ? 'desk_id' OR f ? 'departure_id' THEN
            PERFORM hub.refuse_other(t, VARIADIC ARRAY(SELECT jsonb_object_keys(f)));
        END IF;
    WHEN 'departures' THEN
        SELECT * INTO departure FROM agency.departures d WHERE d.id = row_id;
        IF f ? 'capacity' OR f ? 'plan_id' THEN
            RETURN jsonb_build_object(
                hub.digits(row_id), -greatest((f ->> 'capacity')::bigint - departure.capacity, 0),
                'numbered ' || hub.digits(row_id), -greatest((f ->> 'capacity')::bigint, departure.capacity));
        END IF;
    ELSE NULL;
    END CASE;
    RETURN NULL;
END
$$;

CREATE FUNCTION hub.own_delete(desk uuid, t text, row_id uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF (t = 'grants' AND (SELECT g.desk_id FROM agency.grants g WHERE g.id = row_id) <> desk)
        OR (t = 'seat_grants' AND (SELECT s.desk_id FROM agency.seat_grants s WHERE s.id = row_id) <> desk)
        OR (t = 'seats' AND EXISTS (SELECT FROM agency.seats x JOIN agency.seat_grants s
            ON s.departure_id = x.departure_id AND s.label = x.label
            WHERE x.id = row_id AND x.hold_id IS NULL AND s.desk_id <> desk AND NOT hub.is_written_off(s.desk_id)))
    THEN
        PERFORM hub.refuse_other(t);
    END IF;
END
$$;

CREATE FUNCTION hub.more_seats(so_far jsonb, more jsonb) RETURNS jsonb LANGUAGE plpgsql IMMUTABLE AS $$
BEGIN
    RETURN so_far || (SELECT jsonb_object_agg(e.key, coalesce((so_far ->> e.key)::bigint, 0) + coalesce(e.value::bigint, 0))
        FROM jsonb_each_text(more) AS e);
END
$$;

CREATE FUNCTION hub.guard_raised(raised jsonb) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    -- after a restore each desk tells what it was given
    IF EXISTS (SELECT FROM jsonb_each_text(raised) AS e WHERE e.value::bigint > 0) AND hub.gives() IS NULL THEN
        PERFORM hub.refuse('A desk gives itself no seats: the central database does.', 'seats', 'seats');
    END IF;
END
$$;
COMMENT ON FUNCTION hub.guard_raised IS
    'What an op gave its own desk comes of seats that the same op made: a new departure, more of one, an allowance.';

-- The ledger of a desk: each row follows the one before it, and its hash is that of what it says. A row may be missing for
-- as long as its op waits in the inbox.

CREATE FUNCTION hub.iso(at timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')
$$;

CREATE FUNCTION hub.ledger_hash(r agency.ledger) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN encode(sha256(convert_to(format(
        '["%s",{"amount":%s,"at":"%s","available_at":%s,"booking_id":%s,"credit":%s,"currency":%s,"debit":%s,'
        '"desk_id":"%s","event":%s,"id":"%s","payment_id":%s,"refund_id":%s,"seq":%s,"vendor_id":%s}]',
        r.prev_hash, r.amount, hub.iso(r.at), coalesce('"' || hub.iso(r.available_at) || '"', 'null'),
        coalesce('"' || r.booking_id || '"', 'null'), to_json(r.credit), to_json(r.currency), to_json(r.debit),
        r.desk_id, to_json(r.event), r.id, coalesce('"' || r.payment_id || '"', 'null'),
        coalesce('"' || r.refund_id || '"', 'null'), r.seq, coalesce('"' || r.vendor_id || '"', 'null')
    ), 'UTF8')), 'hex');
END
$$;
COMMENT ON FUNCTION hub.ledger_hash IS 'What domain.ledger.chain_hash gives of the row; a test holds the two against each other.';

CREATE FUNCTION hub.guard_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before text := repeat('0', 64);
BEGIN
    IF NEW.seq > 1 THEN
        SELECT l.hash INTO before FROM agency.ledger l WHERE l.desk_id = NEW.desk_id AND l.seq = NEW.seq - 1;
        IF NOT FOUND THEN
            IF NOT EXISTS (SELECT FROM hub.ops o WHERE o.desk_id = NEW.desk_id AND o.outcome IN ('refused', 'parked')
                AND hub.wrote_ledger(o.body))
            THEN
                PERFORM hub.refuse('A row of the ledger is missing before this one.', 'chain', 'seq');
            END IF;
            before := NEW.prev_hash;
        END IF;
    END IF;
    IF NEW.seq < 1 OR NEW.prev_hash <> before OR EXISTS (SELECT FROM agency.ledger l
        WHERE l.desk_id = NEW.desk_id AND l.seq = NEW.seq + 1 AND l.prev_hash <> NEW.hash)
    THEN
        PERFORM hub.refuse('A row of the ledger does not follow the one before it.', 'chain', 'prev_hash');
    END IF;
    IF NEW.hash <> hub.ledger_hash(NEW) THEN
        PERFORM hub.refuse('A row of the ledger is not what its hash says.', 'chain', 'hash');
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER guard_chain AFTER INSERT ON agency.ledger FOR EACH ROW EXECUTE FUNCTION hub.guard_chain();
