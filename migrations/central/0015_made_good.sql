-- What a desk that was written off had sold beyond what there is (hub.make_room) is made good by whoever frees seats of
-- that departure, or gives it more: an allowance below zero, of nobody's name as the one that it answers is.

CREATE FUNCTION hub.still_beyond(departure uuid) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT coalesce(sum(seats), 0)::bigint FROM agency.allowances WHERE departure_id = departure AND created_by IS NULL
$$;
COMMENT ON FUNCTION hub.still_beyond IS 'Seats that were sold beyond what a departure has, and that nobody has made good.';

CREATE FUNCTION hub.made_good() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    beyond bigint := hub.still_beyond(NEW.departure_id);
    again uuid := gen_random_uuid();
    by_whom text := (SELECT name FROM agency.desks WHERE id = NEW.desk_id);
BEGIN
    -- two desks did it at once: what was too much is there again, for whoever asks
    IF beyond < 0 THEN
        INSERT INTO agency.allowances (id, departure_id, desk_id, seats, reason, created_at, created_by)
        VALUES (again, NEW.departure_id, NEW.desk_id, -beyond, 'Two desks had made it good.', clock_timestamp(), NULL);
        PERFORM hub.own_op('seats.made_good', hub.change('allowances', again, 'I'),
            told => hub.departure_told(NEW.departure_id));
    END IF;
    IF beyond <= 0 THEN
        UPDATE hub.conflicts c SET settled_at = clock_timestamp(), settled_by = by_whom, settled_how = 'made_good'
        FROM agency.grants g
        WHERE c.settled_at IS NULL AND c.kind = 'oversale' AND c.mine <> c.theirs AND g.id = c.row_id AND g.departure_id = NEW.departure_id;
    END IF;
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION hub.made_good IS
    'Once a departure has the seats for all that was sold of it, its oversales lie in no inbox any more.';
CREATE TRIGGER made_good AFTER INSERT ON agency.allowances
    FOR EACH ROW WHEN (NEW.seats < 0 AND NEW.created_by IS NULL)
    EXECUTE FUNCTION hub.made_good();
