-- How states move: the program's own tables, row by row; a test holds the two against each other. before is empty where
-- a row begins in that state.

CREATE TABLE hub.steps (
    t text NOT NULL,
    before text NOT NULL,
    after text NOT NULL,
    CONSTRAINT pk_steps PRIMARY KEY (t, before, after)
);

INSERT INTO hub.steps (t, before, after)
SELECT t, split_part(step, '>', 1), split_part(step, '>', 2)
FROM (VALUES
    ('holds', '>active active>consumed active>released active>expired'),
    ('bookings', '>pending pending>confirmed pending>cancelled confirmed>completed confirmed>cancelled '
        'confirmed>no_show'),
    ('payments', '>created created>processing created>requires_action created>completed created>failed '
        'created>abandoned processing>requires_action processing>unknown processing>completed processing>failed '
        'processing>abandoned requires_action>processing requires_action>unknown requires_action>completed '
        'requires_action>failed requires_action>abandoned unknown>completed unknown>failed unknown>abandoned'),
    ('refunds', '>requested >approved requested>approved approved>pending approved>completed approved>failed '
        'approved>unknown unknown>pending unknown>completed unknown>failed pending>completed pending>failed '
        'completed>failed'),
    ('refund_orders', '>requested >approved requested>approved requested>rejected requested>withdrawn'),
    ('disputes', '>inquiry >open >won >lost >closed inquiry>open inquiry>won inquiry>lost inquiry>closed open>won '
        'open>lost closed>open closed>won closed>lost'),
    ('departures', '>open open>stopped open>cancelled open>done stopped>open stopped>cancelled stopped>done'),
    ('waiting_list', '>waiting waiting>offered waiting>withdrawn waiting>lapsed offered>taken offered>withdrawn '
        'offered>lapsed'),
    ('amendments', '>pending >done pending>done pending>abandoned'),
    ('payout_batches', '>draft draft>approved draft>discarded approved>sending approved>done sending>paused '
        'sending>approved sending>done paused>sending paused>approved paused>done'),
    ('payouts', '>approved approved>sending approved>failed sending>paid sending>failed sending>unknown unknown>paid '
        'unknown>failed paid>reversed paid>returned'),
    ('take_backs', '>sending >done sending>done sending>failed sending>unknown unknown>done unknown>failed'),
    ('till_sessions', '>open open>closed')
) AS allowed (t, steps), unnest(string_to_array(steps, ' ')) AS step;

CREATE FUNCTION hub.guard_step() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM hub.refuse(CASE TG_OP
        WHEN 'INSERT' THEN format('A row of %s does not begin as %s.', TG_TABLE_NAME, NEW.state)
        ELSE format('A row of %s that is %s cannot become %s.', TG_TABLE_NAME, OLD.state, NEW.state) END,
        'state', 'state');
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION hub.guard_step IS 'Called where a step is none of hub.steps, which its triggers are made from.';

DO $$
DECLARE
    of record;
BEGIN
    FOR of IN
        SELECT t, string_agg(quote_literal(after), ', ') FILTER (WHERE before = '') AS begins,
            string_agg(quote_literal(before || '>' || after), ', ') FILTER (WHERE before <> '') AS steps
        FROM hub.steps GROUP BY t
    LOOP
        EXECUTE format('CREATE TRIGGER guard_begins AFTER INSERT ON agency.%I FOR EACH ROW '
            'WHEN (NEW.state NOT IN (%s)) EXECUTE FUNCTION hub.guard_step()', of.t, of.begins);
        EXECUTE format('CREATE TRIGGER guard_step AFTER UPDATE ON agency.%I FOR EACH ROW '
            'WHEN (NEW.state <> OLD.state AND (OLD.state || ''>'' || NEW.state) NOT IN (%s)) '
            'EXECUTE FUNCTION hub.guard_step()', of.t, of.steps);
    END LOOP;
END
$$;
