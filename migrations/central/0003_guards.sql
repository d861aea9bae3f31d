-- What the hub refuses of the agency's rows, whoever writes. SQLSTATE TR100: the reason is a sentence for a person, and
-- an op that meets it is refused alone.

CREATE FUNCTION hub.refuse(reason text, why text DEFAULT 'rule', VARIADIC fields text[] DEFAULT '{}') RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', reason USING ERRCODE = 'TR100',
        DETAIL = jsonb_build_object('why', why, 'fields', to_jsonb(fields))::text;
END
$$;
COMMENT ON FUNCTION hub.refuse IS 'why and fields are those of the fault (hub.fault).';

-- Seats. Who gives or takes some of a departure's locks its row first; what is counted then is counted anew, so that two
-- who give at once cannot both count what was there before.

CREATE FUNCTION hub.free_seats(departure uuid) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    has bigint;
BEGIN
    SELECT capacity INTO has FROM agency.departures WHERE id = departure FOR NO KEY UPDATE;
    RETURN coalesce(has, 0)
        + coalesce((SELECT sum(seats) FROM agency.allowances WHERE departure_id = departure), 0)
        - coalesce((SELECT sum(seats) FROM agency.grants WHERE departure_id = departure), 0);
END
$$;
COMMENT ON FUNCTION hub.free_seats IS
    'What nobody was granted of a departure, which is locked until the transaction ends. Below zero never.';

CREATE FUNCTION hub.guard_grant() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.departure_id <> OLD.departure_id OR NEW.desk_id <> OLD.desk_id) THEN
        PERFORM hub.refuse('A grant stays with its departure and its desk.', 'kept', 'departure_id', 'desk_id');
    END IF;
    -- after a restore each desk tells what it was given, before others have told what they had let go for it
    IF hub.free_seats(NEW.departure_id) < 0 AND hub.gives() IS NULL THEN
        PERFORM hub.refuse('More seats would be granted than the departure has.', 'seats', 'seats');
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER guard_insert AFTER INSERT ON agency.grants
    FOR EACH ROW EXECUTE FUNCTION hub.guard_grant();
CREATE TRIGGER guard_update AFTER UPDATE ON agency.grants
    FOR EACH ROW WHEN (NEW.seats > OLD.seats OR NEW.departure_id <> OLD.departure_id OR NEW.desk_id <> OLD.desk_id)
    EXECUTE FUNCTION hub.guard_grant();

CREATE FUNCTION hub.guard_capacity() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF hub.free_seats(NEW.id) < 0 THEN
        PERFORM hub.refuse('The capacity would be below what is granted. Stop the sale instead.', 'seats', 'capacity');
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER guard_capacity AFTER UPDATE ON agency.departures
    FOR EACH ROW WHEN (NEW.capacity < OLD.capacity) EXECUTE FUNCTION hub.guard_capacity();

CREATE FUNCTION hub.guard_allowance() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF hub.free_seats(NEW.departure_id) < 0 THEN
        PERFORM hub.refuse('These seats are granted already.', 'seats', 'seats');
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER guard_allowance AFTER INSERT ON agency.allowances
    FOR EACH ROW EXECUTE FUNCTION hub.guard_allowance();

-- taken: active holds and lines that sit. It is counted here and nowhere sent.

CREATE FUNCTION hub.take_seats(of_grant uuid, more bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    IF more > 0 THEN
        PERFORM hub.make_room(of_grant, more);
    END IF;
    IF more <> 0 THEN
        UPDATE agency.grants SET taken = taken + more WHERE id = of_grant;
        IF NOT FOUND THEN
            PERFORM hub.refuse('There is no grant to take these seats from.', 'seats', 'grant_id');
        END IF;
    END IF;
END
$$;

CREATE FUNCTION hub.count_hold() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was bigint := 0;
    is_now bigint := 0;
BEGIN
    IF TG_OP = 'UPDATE' AND (NEW.grant_id <> OLD.grant_id OR NEW.departure_id <> OLD.departure_id) THEN
        PERFORM hub.refuse('A hold stays where it is.', 'kept', 'grant_id', 'departure_id');
    END IF;
    IF TG_OP = 'INSERT' AND NOT EXISTS (
        SELECT FROM agency.grants WHERE id = NEW.grant_id AND departure_id = NEW.departure_id
    ) THEN
        PERFORM hub.refuse('The grant is of another departure.', 'value', 'grant_id');
    END IF;
    IF TG_OP <> 'INSERT' AND OLD.state = 'active' THEN
        was := OLD.seats;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.state = 'active' THEN
        is_now := NEW.seats;
    END IF;
    PERFORM hub.take_seats(CASE WHEN TG_OP = 'DELETE' THEN OLD.grant_id ELSE NEW.grant_id END, is_now - was);
    RETURN NULL;
END
$$;
CREATE TRIGGER count_taken AFTER INSERT OR DELETE ON agency.holds
    FOR EACH ROW EXECUTE FUNCTION hub.count_hold();
CREATE TRIGGER count_taken_anew AFTER UPDATE ON agency.holds
    FOR EACH ROW WHEN (NEW.state <> OLD.state OR NEW.seats <> OLD.seats OR NEW.grant_id <> OLD.grant_id
        OR NEW.departure_id <> OLD.departure_id)
    EXECUTE FUNCTION hub.count_hold();

CREATE FUNCTION hub.count_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_grant uuid;
    was bigint := 0;
    is_now bigint := 0;
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.booking_id <> OLD.booking_id THEN
        PERFORM hub.refuse('A line stays on its booking.', 'kept', 'booking_id');
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.occupies AND (NOT NEW.takes_seat OR NEW.ended_at IS NOT NULL) THEN
        PERFORM hub.refuse('A line takes one seat, or none.', 'value', 'occupies');
    END IF;
    IF TG_OP <> 'INSERT' AND OLD.occupies THEN
        was := 1;
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.occupies THEN
        is_now := 1;
    END IF;
    IF is_now <> was THEN
        SELECT grant_id INTO of_grant FROM agency.bookings
        WHERE id = CASE WHEN TG_OP = 'DELETE' THEN OLD.booking_id ELSE NEW.booking_id END;
        PERFORM hub.take_seats(of_grant, is_now - was);
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER count_taken AFTER INSERT OR DELETE ON agency.booking_lines
    FOR EACH ROW EXECUTE FUNCTION hub.count_line();
CREATE TRIGGER count_taken_anew AFTER UPDATE ON agency.booking_lines
    FOR EACH ROW WHEN (NEW.occupies <> OLD.occupies OR NEW.takes_seat <> OLD.takes_seat
        OR NEW.ended_at IS DISTINCT FROM OLD.ended_at OR NEW.booking_id <> OLD.booking_id)
    EXECUTE FUNCTION hub.count_line();

CREATE FUNCTION hub.guard_booking() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (SELECT FROM agency.grants WHERE id = NEW.grant_id AND departure_id = NEW.departure_id) THEN
        PERFORM hub.refuse('The grant is of another departure.', 'value', 'grant_id');
    END IF;
    IF TG_OP = 'UPDATE' AND NEW.grant_id <> OLD.grant_id
        AND EXISTS (SELECT FROM agency.booking_lines WHERE booking_id = NEW.id AND occupies)
    THEN
        PERFORM hub.refuse('A booking that sits on a grant stays on it.', 'kept', 'grant_id');
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER guard_insert AFTER INSERT ON agency.bookings
    FOR EACH ROW EXECUTE FUNCTION hub.guard_booking();
CREATE TRIGGER guard_update AFTER UPDATE ON agency.bookings
    FOR EACH ROW WHEN (NEW.grant_id <> OLD.grant_id OR NEW.departure_id <> OLD.departure_id)
    EXECUTE FUNCTION hub.guard_booking();

-- What is only ever added to, and what is ended but never deleted: by nobody, the owner included.

CREATE FUNCTION hub.only_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM hub.refuse(format('Rows of %s are only ever added.', TG_TABLE_NAME), 'kept');
    RETURN NULL;
END
$$;

CREATE FUNCTION hub.never_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM hub.refuse(format('A row of %s is ended, never deleted.', TG_TABLE_NAME), 'kept');
    RETURN NULL;
END
$$;

DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY[
        'ledger', 'audit', 'allowances', 'invoices', 'invoice_lines', 'till_counts', 'till_moves', 'till_reads',
        'refund_lines', 'match_notes', 'payout_lines', 'payout_entries', 'payout_attempts', 'bank_files',
        'batch_left_out', 'statement_lines', 'statement_entries', 'vendor_adjustments'
    ] LOOP
        EXECUTE format('CREATE TRIGGER only_added BEFORE UPDATE OR DELETE ON agency.%I '
            'FOR EACH ROW EXECUTE FUNCTION hub.only_added()', name);
        EXECUTE format('CREATE TRIGGER never_emptied BEFORE TRUNCATE ON agency.%I '
            'FOR EACH STATEMENT EXECUTE FUNCTION hub.only_added()', name);
    END LOOP;
    FOREACH name IN ARRAY ARRAY[
        'sales', 'bookings', 'payments', 'payment_shares', 'refunds', 'attempts', 'amendments', 'discounts',
        'traveller_merges', 'waiting_list', 'disputes', 'dispute_parts', 'refund_orders', 'credit_moves',
        'provider_moves', 'write_offs', 'till_sessions', 'payout_batches', 'payouts', 'take_backs', 'statements'
    ] LOOP
        EXECUTE format('CREATE TRIGGER never_deleted BEFORE DELETE ON agency.%I '
            'FOR EACH ROW EXECUTE FUNCTION hub.never_deleted()', name);
        EXECUTE format('CREATE TRIGGER never_emptied BEFORE TRUNCATE ON agency.%I '
            'FOR EACH STATEMENT EXECUTE FUNCTION hub.never_deleted()', name);
    END LOOP;
END
$$;
