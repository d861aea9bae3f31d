-- What is one desk's alone: money that goes out, blocks of numbers, the chores of the agency; and what a person decides by
-- their own login.

CREATE TABLE hub.claims (
    kind text NOT NULL,
    id uuid NOT NULL,
    desk_id uuid NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    taken_over_from uuid,
    CONSTRAINT pk_claims PRIMARY KEY (kind, id),
    CONSTRAINT ck_claims_kind_known CHECK (kind IN ('refund', 'payout', 'take_back')),
    CONSTRAINT ck_claims_amount_positive CHECK (amount > 0)
);
COMMENT ON TABLE hub.claims IS 'Who sends what. Kept for ever: what was sent is not sent again by anybody else.';

CREATE FUNCTION api.claim(kind text, id uuid, amount bigint, currency text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
#variable_conflict use_variable
DECLARE
    me hub.members := hub.my_desk();
    why text := hub.gives();
    held hub.claims;
    over boolean := false;
BEGIN
    IF why IS NOT NULL THEN
        RETURN jsonb_build_object('word', 'waits', 'why', why);
    END IF;
    INSERT INTO hub.claims AS c (kind, id, desk_id, amount, currency) VALUES (kind, id, me.desk_id, amount, currency)
    ON CONFLICT ON CONSTRAINT pk_claims DO NOTHING;
    SELECT * INTO STRICT held FROM hub.claims c WHERE c.kind = kind AND c.id = id FOR UPDATE;
    IF held.amount <> amount OR held.currency <> currency THEN
        RAISE EXCEPTION 'It was claimed for another amount.' USING ERRCODE = 'TR008';
    END IF;
    IF held.desk_id <> me.desk_id
        AND EXISTS (SELECT FROM hub.members m WHERE m.desk_id = held.desk_id AND m.written_off IS NOT NULL)
    THEN
        UPDATE hub.claims c SET desk_id = me.desk_id, taken_over_from = held.desk_id, at = clock_timestamp()
        WHERE c.kind = kind AND c.id = id RETURNING * INTO held;
    END IF;
    IF held.desk_id <> me.desk_id THEN
        RETURN jsonb_build_object('word', 'no', 'held_by', (SELECT d.name FROM agency.desks d WHERE d.id = held.desk_id));
    END IF;
    RETURN jsonb_build_object('word', 'yes', 'taken_over', held.taken_over_from IS NOT NULL);
END
$$;
COMMENT ON FUNCTION api.claim IS
    'Whether the desk that calls sends it: {word: yes|no|waits, held_by?, why?, taken_over?}. To the same desk always the '
    'same. taken_over: a desk that was written off had it, and may have sent it.';

-- Numbers

CREATE FUNCTION api.numbers(of_kind text, of_year bigint, least_many bigint DEFAULT 1000) RETURNS bigint
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me hub.members := hub.my_desk();
    block uuid := gen_random_uuid();
    begins bigint;
BEGIN
    IF of_kind !~ '^[A-Z]{2}$' OR of_year NOT BETWEEN 2000 AND 2999 OR least_many NOT BETWEEN 1 AND 100000 THEN
        RAISE EXCEPTION 'There are no such numbers.' USING ERRCODE = 'TR008';
    END IF;
    -- one after the other; by a row, which nobody can lock who may not write it
    PERFORM FROM hub.state FOR UPDATE;
    -- whose answer was lost asks again, and has it already
    SELECT n.first INTO begins FROM agency.number_series n
    WHERE n.desk_id = me.desk_id AND n.kind = of_kind AND n.year = of_year AND n.next = n.first
        AND n.last - n.first + 1 >= least_many;
    IF FOUND THEN
        RETURN begins;
    END IF;
    SELECT coalesce(max(n.last), 0) + 1 INTO begins FROM agency.number_series n
    WHERE n.kind = of_kind AND n.year = of_year;
    INSERT INTO agency.number_series (id, desk_id, kind, year, first, last, next)
    VALUES (block, me.desk_id, of_kind, of_year, begins, begins + least_many - 1, begins);
    PERFORM hub.own_op('numbers.given', hub.change('number_series', block, 'I'));
    PERFORM pg_notify('travellr', '');
    RETURN begins;
END
$$;
COMMENT ON FUNCTION api.numbers IS
    'The next block of a series for the desk that calls; its first number. It comes with the next page.';

-- Chores

CREATE TABLE hub.leases (
    name text NOT NULL,
    desk_id uuid NOT NULL,
    until timestamptz NOT NULL,
    CONSTRAINT pk_leases PRIMARY KEY (name)
);

CREATE FUNCTION api.lease(of_what text) RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me hub.members := hub.my_desk();
    held hub.leases;
BEGIN
    IF of_what <> 'chores' THEN
        RAISE EXCEPTION 'There is no such lease.' USING ERRCODE = 'TR008';
    END IF;
    IF hub.gives() IS NOT NULL OR me.written_off IS NOT NULL THEN
        RETURN NULL;
    END IF;
    INSERT INTO hub.leases AS l (name, desk_id, until)
    VALUES (of_what, me.desk_id, clock_timestamp() + interval '5 min')
    ON CONFLICT (name) DO UPDATE SET desk_id = excluded.desk_id, until = clock_timestamp() + interval '5 min'
    WHERE l.desk_id = excluded.desk_id OR l.until <= clock_timestamp()
        OR EXISTS (SELECT FROM hub.members m WHERE m.desk_id = l.desk_id AND m.written_off IS NOT NULL)
    RETURNING * INTO held;
    RETURN held.until;
END
$$;
COMMENT ON FUNCTION api.lease IS
    'Until when the desk that calls does the agency''s chores, by the hub''s clock; null where another one does. The same '
    'desk has it renewed.';

-- By one's own login

CREATE TABLE hub.approvals (
    kind text NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp(),
    times bigint NOT NULL DEFAULT 1,
    CONSTRAINT pk_approvals PRIMARY KEY (kind, id, user_id),
    CONSTRAINT ck_approvals_times_not_negative CHECK (times >= 0),
    CONSTRAINT ck_approvals_kind_known CHECK (kind IN ('payout_batch', 'refund_order', 'user'))
);

COMMENT ON COLUMN hub.approvals.times IS
    'Of people''s accounts: how many changes it is still good for, each for a day at most. What else is approved happens once.';

CREATE FUNCTION api.approve(of_kind text, of_id uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    me hub.members := hub.me();
BEGIN
    IF me.kind <> 'person' OR coalesce((SELECT hub.rank(u.role) FROM agency.users u WHERE u.id = me.user_id AND u.active), 0)
        < (CASE of_kind WHEN 'user' THEN 3 ELSE 2 END)
    THEN
        RAISE EXCEPTION 'This sign-in may not approve that.' USING ERRCODE = 'TR006';
    END IF;
    INSERT INTO hub.approvals AS a (kind, id, user_id) VALUES (of_kind, of_id, me.user_id)
    ON CONFLICT ON CONSTRAINT pk_approvals DO UPDATE SET at = clock_timestamp(),
        times = CASE WHEN a.at > clock_timestamp() - interval '1 day' THEN a.times ELSE 0 END + 1;
END
$$;
COMMENT ON FUNCTION api.approve IS 'The person who calls has decided on it, whatever desk tells of it.';

CREATE FUNCTION hub.guard_approved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    who uuid := (to_jsonb(NEW) ->> TG_ARGV[1])::uuid;
BEGIN
    IF NOT EXISTS (SELECT FROM hub.approvals a WHERE a.kind = TG_ARGV[0] AND a.id = NEW.id AND a.user_id = who) THEN
        PERFORM hub.refuse('Who approved this has not said so by their own sign-in.', 'approval', TG_ARGV[1]);
    END IF;
    RETURN NULL;
END
$$;

CREATE FUNCTION hub.spend_approval(person uuid) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE hub.approvals a SET times = a.times - 1
    WHERE (a.kind, a.id, a.user_id) = (SELECT b.kind, b.id, b.user_id FROM hub.approvals b
        WHERE b.kind = 'user' AND b.id = person AND b.times > 0 AND b.at > clock_timestamp() - interval '1 day'
        ORDER BY b.at LIMIT 1 FOR NO KEY UPDATE);
    IF NOT FOUND THEN
        PERFORM hub.refuse('Nobody has approved this of the person''s account by their own sign-in.', 'approval');
    END IF;
END
$$;
COMMENT ON FUNCTION hub.spend_approval IS
    'Asked before somebody else''s account is made, changed or removed. A desk names whom it likes; an administrator''s own '
    'sign-in it has not.';

CREATE TRIGGER guard_approved AFTER UPDATE ON agency.payout_batches
    FOR EACH ROW WHEN (OLD.state = 'draft' AND NEW.state NOT IN ('draft', 'discarded'))
    EXECUTE FUNCTION hub.guard_approved('payout_batch', 'approved_by');
CREATE TRIGGER guard_approved AFTER UPDATE ON agency.refund_orders
    FOR EACH ROW WHEN (OLD.state = 'requested' AND NEW.state = 'approved')
    EXECUTE FUNCTION hub.guard_approved('refund_order', 'decided_by');
CREATE TRIGGER guard_approved_at_once AFTER INSERT ON agency.refund_orders
    FOR EACH ROW WHEN (NEW.state = 'approved' AND NEW.counted > NEW.approval_above)
    EXECUTE FUNCTION hub.guard_approved('refund_order', 'decided_by');

GRANT EXECUTE ON FUNCTION api.claim, api.numbers, api.lease TO @desk@;
GRANT EXECUTE ON FUNCTION api.approve TO @person@;
