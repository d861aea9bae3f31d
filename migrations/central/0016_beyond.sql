-- Money that a desk has taken for seats which are not there any more: it was written off and another desk sold them, or the
-- capacity that it had raised was cut by another desk that came first. The money is in a till, so the sale stands: the
-- seats are allowed beyond, a numbered one that is somebody's becomes another one or none, and the inbox says so. An op
-- without money, a hold for instance, is refused as ever until there is one that was paid and stands on it.

CREATE TABLE hub.beyond (
    desk_id uuid NOT NULL,
    CONSTRAINT pk_beyond PRIMARY KEY (desk_id)
);
COMMENT ON TABLE hub.beyond IS 'The desk of which an op is being taken that way. No other transaction ever sees a row here.';

CREATE TABLE hub.reseated (
    seat_id uuid NOT NULL,
    desk_id uuid NOT NULL,
    op_no bigint NOT NULL,
    departure_id uuid NOT NULL,
    was text NOT NULL,
    label text,
    line_id uuid,
    said boolean NOT NULL DEFAULT false,
    CONSTRAINT pk_reseated PRIMARY KEY (seat_id)
);
COMMENT ON TABLE hub.reseated IS
    'Numbered seats that a desk had sold, and that were another one''s. label: where that traveller sits now; null where no '
    'seat was left, and there is no row of seats: line_id then says who it was. said: it lies in the inbox.';
CREATE INDEX ix_reseated_unsaid ON hub.reseated (desk_id) WHERE NOT said;

CREATE FUNCTION hub.takes_beyond(desk uuid) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN EXISTS (SELECT FROM hub.beyond b WHERE b.desk_id = desk);
END
$$;

CREATE FUNCTION hub.of_seats(fault jsonb) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(fault ->> 'why' = 'seats'
        OR (fault ->> 't' IN ('seats', 'seat_grants') AND fault ->> 'why' IN ('taken', 'owner', 'gone')), false)
$$;
COMMENT ON FUNCTION hub.of_seats IS 'Whether an op was refused for want of seats, or for a numbered one that is another''s.';

CREATE FUNCTION hub.judge(desk uuid, op jsonb, firmly jsonb DEFAULT '{}',
    OUT outcome text, OUT reason text, OUT conflicts bigint, OUT fault jsonb) LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    came record;
    next bigint;
BEGIN
    came := hub.try(desk, op, firmly);
    IF came.outcome IN ('refused', 'parked') AND hub.wrote_ledger(op) THEN
        BEGIN
            came := hub.take_paid(desk, op, firmly);
            FOR next IN
                SELECT o.op_no FROM hub.ops o
                WHERE o.desk_id = desk AND o.outcome = 'parked' AND o.op_no < (op ->> 'op_no')::bigint ORDER BY o.op_no
            LOOP
                PERFORM hub.try_again(desk, next, '[]', hub.desk_name(desk));
            END LOOP;
            PERFORM hub.say_reseated(desk);
        EXCEPTION WHEN SQLSTATE 'TR101' THEN
            NULL; -- something else is at fault too: it waits as it did
        END;
    END IF;
    outcome := came.outcome;
    reason := came.reason;
    conflicts := came.conflicts;
    fault := came.fault;
END
$$;
COMMENT ON FUNCTION hub.judge IS
    'What becomes of an op, as hub.try. One with money in it does not wait for seats, nor behind ops that do.';

CREATE FUNCTION hub.desk_name(desk uuid) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN coalesce((SELECT d.name FROM agency.desks d WHERE d.id = desk), '');
END
$$;

CREATE FUNCTION hub.take_paid(desk uuid, op jsonb, firmly jsonb DEFAULT '{}',
    OUT outcome text, OUT reason text, OUT conflicts bigint, OUT fault jsonb) LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    first bigint;
    before hub.ops;
    came record;
BEGIN
    LOOP
        first := hub.stands_on(desk, op -> 'changes', (op ->> 'op_no')::bigint);
        EXIT WHEN first IS NULL;
        SELECT * INTO before FROM hub.ops o WHERE o.desk_id = desk AND o.op_no = first;
        came := hub.take_paid(desk, before.body);
        PERFORM hub.took(before, came.outcome, came.conflicts, hub.desk_name(desk));
    END LOOP;
    came := hub.apply(desk, op, firmly);
    IF hub.of_seats(came.fault) THEN
        INSERT INTO hub.beyond VALUES (desk);
        came := hub.apply(desk, op, firmly);
        DELETE FROM hub.beyond b WHERE b.desk_id = desk;
    END IF;
    IF came.fault IS NOT NULL THEN
        RAISE EXCEPTION 'It waits for something else.' USING ERRCODE = 'TR101';
    END IF;
    outcome := CASE WHEN came.conflicts > 0 THEN 'merged' ELSE 'applied' END;
    conflicts := came.conflicts;
END
$$;
COMMENT ON FUNCTION hub.take_paid IS
    'Takes an op, after those that it stands on, with the seats that they lack. TR101 where seats are not all that is lacking.';

CREATE FUNCTION hub.not_raised(desk uuid, k text, row_id uuid, f jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    has bigint := coalesce((SELECT g.seats FROM agency.grants g WHERE g.id = row_id), 0);
BEGIN
    IF (f ->> 'seats')::bigint <= has THEN
        RETURN f;
    END IF;
    PERFORM hub.own_op('seats.put_right', hub.change('grants', row_id, 'U', jsonb_build_object('seats', has)), desk);
    RETURN CASE k WHEN 'I' THEN f || jsonb_build_object('seats', has) ELSE f - 'seats' END;
END
$$;
COMMENT ON FUNCTION hub.not_raised IS
    'What a grant is changed to without more seats: those came of a capacity that is not there. The desk is told.';

-- Numbered seats

CREATE FUNCTION hub.seat_left(of_departure uuid, desk uuid) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    labels text[] := hub.nobodys_labels(of_departure);
BEGIN
    RETURN coalesce(labels[cardinality(labels)], (
        SELECT g.label FROM agency.seat_grants g WHERE g.departure_id = of_departure AND g.desk_id = desk AND NOT EXISTS (
            SELECT FROM agency.seats s WHERE s.departure_id = of_departure AND s.label = g.label)
        ORDER BY g.label DESC LIMIT 1));
END
$$;
COMMENT ON FUNCTION hub.seat_left IS
    'The last seat of the plan that nobody has, for sales begin at its front: a desk that comes back may have sold more. Else '
    'one of the desk''s own; never one that another desk was granted, for it may be offline and sell it.';

CREATE FUNCTION hub.grant_seat(of_departure uuid, desk uuid, of_label text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    seat uuid := gen_random_uuid();
BEGIN
    IF EXISTS (SELECT FROM agency.seat_grants g WHERE g.departure_id = of_departure AND g.label = of_label) THEN
        RETURN '[]';
    END IF;
    INSERT INTO agency.seat_grants (id, departure_id, desk_id, label) VALUES (seat, of_departure, desk, of_label);
    RETURN hub.change('seat_grants', seat, 'I');
END
$$;

CREATE FUNCTION hub.seat_beyond(desk uuid, number bigint, f jsonb, again boolean DEFAULT false) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    departure uuid := (f ->> 'departure_id')::uuid;
    seat uuid := (f ->> 'id')::uuid;
    hold uuid := (f ->> 'hold_id')::uuid;
    wanted text := f ->> 'label';
    sits_on text := f ->> 'label';
    right_now jsonb := '[]';
    granted jsonb;
    labels text;
BEGIN
    PERFORM FROM agency.departures d WHERE d.id = departure FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM agency.seats s WHERE s.departure_id = departure AND s.label = wanted)
        OR EXISTS (SELECT FROM agency.seat_grants g WHERE g.departure_id = departure AND g.label = wanted AND g.desk_id <> desk)
    THEN
        sits_on := hub.seat_left(departure, desk);
        INSERT INTO hub.reseated (seat_id, desk_id, op_no, departure_id, was, label, line_id)
        VALUES (seat, desk, number, departure, wanted, sits_on, (f ->> 'line_id')::uuid)
        ON CONFLICT (seat_id) DO UPDATE
        SET op_no = excluded.op_no, label = excluded.label, line_id = excluded.line_id, said = false;
        IF again THEN
            NULL;
        ELSIF sits_on IS NULL THEN
            right_now := hub.change('seats', seat, 'D');
        ELSE
            right_now := hub.change('seats', seat, 'U', jsonb_build_object('label', sits_on));
            UPDATE agency.holds h SET labels = replace(h.labels, to_json(wanted)::text, to_json(sits_on)::text)
            WHERE h.id = hold RETURNING h.labels INTO labels;
            IF FOUND THEN
                INSERT INTO hub.changes (desk_id, op_no, t, row_id, k, f)
                VALUES (desk, number, 'holds', hold, 'U', jsonb_build_object('labels', labels));
                right_now := right_now || hub.change('holds', hold, 'U', jsonb_build_object('labels', labels));
            END IF;
        END IF;
    END IF;
    IF again AND sits_on IS NOT NULL THEN
        right_now := jsonb_build_array(jsonb_build_object('t', 'seats', 'id', hub.digits(seat), 'k', 'I',
            'f', f || jsonb_build_object('label', sits_on)));
    END IF;
    IF right_now <> '[]' THEN
        PERFORM hub.own_op('seats.put_right', right_now, desk);
    END IF;
    IF sits_on IS NULL THEN
        RETURN NULL;
    END IF;
    granted := hub.grant_seat(departure, desk, sits_on);
    IF granted <> '[]' THEN
        PERFORM hub.own_op('seats.granted', granted);
    END IF;
    RETURN f || jsonb_build_object('label', sits_on);
END
$$;
COMMENT ON FUNCTION hub.seat_beyond IS
    'The row of a numbered seat that a desk sold, as it can be here: on another seat where that one is somebody''s, null where '
    'none is left. The desk is told. again: it was given up by somebody else, so that the desk has no row of it by now.';

CREATE FUNCTION hub.seat_again(desk uuid, number bigint, row_id uuid, f jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
#variable_conflict use_variable
DECLARE
    made jsonb;
BEGIN
    SELECT c.f INTO made FROM hub.changes c
    WHERE c.t = 'seats' AND c.row_id = seat_again.row_id AND c.k = 'I' AND c.for_desk IS NULL ORDER BY c.seq DESC LIMIT 1;
    IF NOT FOUND THEN
        RETURN false;
    END IF;
    made := hub.seat_beyond(desk, number, made || f, true);
    IF made IS NOT NULL THEN
        PERFORM hub.insert_row('seats', made);
        INSERT INTO hub.changes (desk_id, op_no, t, row_id, k, f) VALUES (desk, number, 'seats', row_id, 'I', made);
    END IF;
    RETURN true;
END
$$;
COMMENT ON FUNCTION hub.seat_again IS
    'A hold was let go elsewhere while its seats were sold here: they are taken once more, or others. False where the hub '
    'never had that row.';

CREATE FUNCTION hub.labels_beyond(desk uuid, number bigint, hold uuid, labels text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    found text := labels;
    one record;
BEGIN
    FOR one IN
        SELECT r.was, r.label FROM hub.reseated r JOIN agency.seats s ON s.id = r.seat_id
        WHERE s.hold_id = hold AND r.desk_id = desk AND r.op_no = number
    LOOP
        found := replace(found, to_json(one.was)::text, to_json(one.label)::text);
    END LOOP;
    IF found <> labels THEN
        PERFORM hub.own_op('seats.put_right', hub.change('holds', hold, 'U', jsonb_build_object('labels', found)), desk);
    END IF;
    RETURN jsonb_build_object('labels', found);
END
$$;
COMMENT ON FUNCTION hub.labels_beyond IS 'The seats that a hold says it has, as hub.seat_beyond gave it them.';

CREATE FUNCTION hub.sits_on_none(row_id uuid, f jsonb) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    UPDATE hub.reseated r SET line_id = coalesce((f ->> 'line_id')::uuid, r.line_id)
    WHERE r.seat_id = row_id AND r.label IS NULL;
    RETURN FOUND;
END
$$;

CREATE FUNCTION hub.sitter(line uuid, otherwise text) RETURNS text LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN coalesce((SELECT format('%s (%s)', l.name, b.reference)
        FROM agency.booking_lines l JOIN agency.bookings b ON b.id = l.booking_id WHERE l.id = line), otherwise);
END
$$;

CREATE FUNCTION hub.say_reseated(desk uuid) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    one hub.reseated;
    of_grant uuid;
    whose text;
    who text;
BEGIN
    FOR one IN
        UPDATE hub.reseated r SET said = true WHERE r.desk_id = desk AND NOT r.said RETURNING r.*
    LOOP
        SELECT g.id INTO of_grant FROM agency.grants g WHERE g.departure_id = one.departure_id AND g.desk_id = desk;
        SELECT hub.sitter(s.line_id, 'a hold') INTO whose FROM agency.seats s
        WHERE s.departure_id = one.departure_id AND s.label = one.was;
        whose := coalesce(whose || ' sits on it', (
            SELECT format('it is granted to %s', hub.desk_name(g.desk_id)) FROM agency.seat_grants g
            WHERE g.departure_id = one.departure_id AND g.label = one.was), 'it is taken');
        who := hub.sitter(coalesce((SELECT s.line_id FROM agency.seats s WHERE s.id = one.seat_id), one.line_id),
            format('who bought it at %s', hub.desk_name(desk)));
        INSERT INTO hub.conflicts (desk_id, op_no, kind, t, row_id, mine, theirs, reason)
        VALUES (desk, one.op_no, 'oversale', 'grants', of_grant, to_jsonb(0), to_jsonb(0), format(
            'Seat %s was sold at %s too: %s, and %s %s.', one.was, hub.desk_name(desk), whose, who,
            CASE WHEN one.label IS NULL THEN 'has no seat yet' ELSE format('sits on %s now', one.label) END));
    END LOOP;
END
$$;
COMMENT ON FUNCTION hub.say_reseated IS 'Lays into the inbox which seats were sold twice, and who sits where now.';

CREATE FUNCTION hub.seat_standing(changes jsonb) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    departure uuid;
    line record;
    label text;
    seat uuid;
    written jsonb;
BEGIN
    FOR departure IN
        SELECT DISTINCT (c -> 'f' ->> 'departure_id')::uuid FROM jsonb_array_elements(changes) AS c
        WHERE c ->> 't' = 'allowances'
    LOOP
        CONTINUE WHEN NOT EXISTS (SELECT FROM hub.reseated r WHERE r.departure_id = departure AND r.label IS NULL);
        written := '[]';
        FOR line IN
            SELECT l.id, l.position, g.desk_id FROM agency.bookings b
            JOIN agency.booking_lines l ON l.booking_id = b.id JOIN agency.grants g ON g.id = b.grant_id
            WHERE b.departure_id = departure AND l.occupies
                AND NOT EXISTS (SELECT FROM agency.seats s WHERE s.line_id = l.id)
            ORDER BY b.created_at, l.position
        LOOP
            label := hub.seat_left(departure, line.desk_id);
            EXIT WHEN label IS NULL;
            seat := gen_random_uuid();
            INSERT INTO agency.seats (id, departure_id, label, hold_id, line_id, position)
            VALUES (seat, departure, label, NULL, line.id, line.position);
            written := written || hub.grant_seat(departure, line.desk_id, label) || hub.change('seats', seat, 'I');
        END LOOP;
        IF written <> '[]' THEN
            PERFORM hub.own_op('seats.found', written, told => hub.departure_told(departure));
        END IF;
    END LOOP;
END
$$;
COMMENT ON FUNCTION hub.seat_standing IS
    'Whoever was sold a numbered seat that was somebody else''s gets one that was given back. Called once an op that gave some '
    'back has its order, so that this comes after it.';
