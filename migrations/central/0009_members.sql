-- What an administrator does, who may act for the owner. Login roles are made beside it.

CREATE FUNCTION hub.add_desk(of_login text, desk_name text, of_desk uuid) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    desk uuid := of_desk;
    number bigint;
BEGIN
    PERFORM FROM hub.state FOR UPDATE; -- two at once do not take one number
    IF desk IS NOT NULL THEN
        UPDATE hub.members SET login = of_login, left_at = NULL WHERE desk_id = desk AND login IS NULL;
        IF NOT FOUND THEN
            IF EXISTS (SELECT FROM hub.members WHERE desk_id = desk)
                OR NOT EXISTS (SELECT FROM agency.desks WHERE id = desk)
            THEN
                RAISE EXCEPTION 'There is no such desk without a sign-in.' USING ERRCODE = 'TR008',
                    HINT = 'See travellr central status; one that it has goes with travellr central remove-user.';
            END IF;
            INSERT INTO hub.members (login, kind, desk_id) VALUES (of_login, 'desk', desk);
        END IF;
    ELSIF EXISTS (SELECT FROM agency.agencies) THEN
        desk := gen_random_uuid();
        INSERT INTO agency.desks (id, number, name)
        SELECT desk, coalesce(max(d.number), 0) + 1, desk_name FROM agency.desks d;
        INSERT INTO hub.members (login, kind, desk_id) VALUES (of_login, 'desk', desk);
        PERFORM hub.own_op('desk.added', jsonb_build_array(jsonb_build_object('t', 'desks', 'id', hub.digits(desk),
            'k', 'I', 'f', hub.image('desks', desk))));
    ELSIF EXISTS (SELECT FROM hub.members WHERE kind = 'desk') THEN
        RAISE EXCEPTION 'The first desk brings the agency''s file before there are others.' USING ERRCODE = 'TR008',
            HINT = 'Let it join with its sign-in, in Settings or with travellr sync join, then add the next one.';
    ELSE
        INSERT INTO hub.members (login, kind) VALUES (of_login, 'desk');
    END IF;
    SELECT d.number, d.name INTO number, desk_name FROM agency.desks d WHERE d.id = desk;
    RETURN jsonb_build_object('desk_id', desk, 'number', number, 'name', desk_name);
END
$$;

CREATE FUNCTION hub.add_person(of_login text, of_email text) RETURNS jsonb LANGUAGE plpgsql AS $$
DECLARE
    person agency.users;
BEGIN
    SELECT * INTO person FROM agency.users WHERE email = of_email AND active;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'There is nobody active with this email.' USING ERRCODE = 'TR008',
            HINT = 'They need an account at a desk first, and that desk has to have told it: Users.';
    END IF;
    IF EXISTS (SELECT FROM hub.members WHERE user_id = person.id) THEN
        RAISE EXCEPTION 'This person has a sign-in already.' USING ERRCODE = 'TR008',
            HINT = 'See travellr central status; for another one take it away first, with travellr central remove-user.';
    END IF;
    INSERT INTO hub.members (login, kind, user_id, vendor_id)
    VALUES (of_login, CASE WHEN person.vendor_id IS NULL THEN 'person' ELSE 'vendor' END, person.id, person.vendor_id);
    RETURN jsonb_build_object('user_id', person.id, 'name', person.name, 'vendor_id', person.vendor_id);
END
$$;

CREATE FUNCTION hub.remove_member(of_login text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    was text;
BEGIN
    SELECT kind INTO was FROM hub.members WHERE login = of_login FOR UPDATE;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'There is no such sign-in.' USING ERRCODE = 'TR008', HINT = 'See travellr central status.';
    END IF;
    DELETE FROM hub.members WHERE login = of_login AND (kind <> 'desk' OR desk_id IS NULL);
    UPDATE hub.members SET login = NULL WHERE login = of_login; -- what the desk told stays its
    RETURN was;
END
$$;

CREATE FUNCTION hub.new_epoch() RETURNS bigint LANGUAGE sql AS $$
    UPDATE hub.state SET epoch = greatest(epoch + 1, (extract(epoch FROM clock_timestamp()) * 1000)::bigint) RETURNING epoch
$$;
COMMENT ON FUNCTION hub.new_epoch IS
    'Milliseconds since 1970, and no count: one back-up may be restored twice, and each time is another history.';
