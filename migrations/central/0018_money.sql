-- Money that came in, goes back and goes out: what a desk's own file refuses of it, refused here once more, where the
-- rows of all desks are.

CREATE FUNCTION hub.guard_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM hub.refuse(format('What a row of %s was made with stays.', TG_TABLE_NAME), 'kept', VARIADIC ARRAY(
        SELECT n.key FROM jsonb_each(to_jsonb(NEW)) AS n JOIN jsonb_each(to_jsonb(OLD)) AS o USING (key)
        WHERE n.value <> o.value AND n.key = ANY (TG_ARGV)));
    RETURN NULL;
END
$$;
COMMENT ON FUNCTION hub.guard_kept IS 'Called where one of the columns that are its arguments has changed.';

DO $$
DECLARE
    kept record;
BEGIN
    FOR kept IN SELECT * FROM (VALUES
        ('sales', '{reference,desk_id,currency}'::text[]),
        ('bookings', '{reference,voucher_code,sale_id,currency}'),
        ('payments', '{sale_id,way,amount,currency}'),
        ('payment_shares', '{payment_id,booking_id,amount}'),
        ('refunds', '{booking_id,payment_id,amount,currency,order_id,destination,beyond,retry_of,excess}'),
        ('refund_orders', '{sale_id,asked,amount,policy_amount,currency,borne_by,destination,reason,approval_above,'
            'counted,requested_at,requested_by}'),
        ('credit_moves', '{currency,amount,refund_id,payment_id}'),
        ('write_offs', '{booking_id,amount,currency,reason,created_at,created_by}'),
        ('payout_batches', '{reference,kind,zone,first,last,cutoff_at,vendors,created_at,created_by}'),
        ('payouts', '{batch_id,vendor_id,currency,amount,way,label,account_ref,iban,bic,holder,root_id,number,retry_of,'
            'created_at}'),
        ('take_backs', '{payout_id,amount,currency,reason,created_at,created_by}'),
        ('statements', '{number,batch_id,vendor_id,payout_id,currency,total,carried_out}'),
        ('disputes', '{ref,payment_id,currency}'),
        ('provider_moves', '{ref,kind,amount,fee,currency}'),
        ('till_sessions', '{desk_id,number,from_seq,opened_seq,opened_at,opened_by,opened_reason}'),
        ('number_series', '{desk_id,kind,year,first}')
    ) AS rows (t, columns) LOOP
        EXECUTE format('CREATE TRIGGER guard_kept AFTER UPDATE ON agency.%I FOR EACH ROW WHEN (%s) '
            'EXECUTE FUNCTION hub.guard_kept(%s)', kept.t,
            (SELECT string_agg(format('NEW.%1$I IS DISTINCT FROM OLD.%1$I', c), ' OR ') FROM unnest(kept.columns) AS c),
            (SELECT string_agg(quote_literal(c), ', ') FROM unnest(kept.columns) AS c));
    END LOOP;
END
$$;

-- Sums are taken with the row locked that they are of: of two desks that add to one, the second counts what the first did.

CREATE FUNCTION hub.guard_share() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    paid bigint;
    same_sale boolean;
BEGIN
    SELECT p.amount, p.sale_id = b.sale_id INTO paid, same_sale
    FROM agency.payments p LEFT JOIN agency.bookings b ON b.id = NEW.booking_id
    WHERE p.id = NEW.payment_id FOR NO KEY UPDATE OF p;
    IF same_sale IS FALSE THEN
        PERFORM hub.refuse('A payment is for bookings of its sale.', 'value', 'booking_id');
    END IF;
    IF (SELECT sum(amount) FROM agency.payment_shares WHERE payment_id = NEW.payment_id) > paid THEN
        PERFORM hub.refuse('More would be shared out than was paid.', 'money', 'amount');
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER guard_share AFTER INSERT ON agency.payment_shares
    FOR EACH ROW EXECUTE FUNCTION hub.guard_share();

CREATE FUNCTION hub.guard_refund() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    payment agency.payments;
BEGIN
    SELECT * INTO payment FROM agency.payments WHERE id = NEW.payment_id FOR NO KEY UPDATE;
    IF NOT FOUND THEN -- nor by what the same op writes after it, which nobody would hold it against
        PERFORM hub.refuse('The payment of this refund is not there.', 'missing', 'payment_id');
    END IF;
    IF payment.state <> 'completed' THEN
        PERFORM hub.refuse('Only what came in goes back.', 'money', 'payment_id');
    END IF;
    IF payment.currency <> NEW.currency THEN
        PERFORM hub.refuse('A payment goes back in its own currency.', 'money', 'currency');
    END IF;
    IF (SELECT sum(amount) FROM agency.refunds WHERE payment_id = NEW.payment_id AND booking_id = NEW.booking_id
            AND state <> 'failed')
        > coalesce((SELECT sum(amount) FROM agency.payment_shares WHERE payment_id = NEW.payment_id
            AND booking_id = NEW.booking_id), 0)
        OR (SELECT sum(amount) FROM agency.refunds WHERE payment_id = NEW.payment_id AND state <> 'failed') > payment.amount
    THEN
        PERFORM hub.refuse('More would go back than came in for the booking.', 'money', 'amount');
    END IF;
    IF TG_OP = 'INSERT' AND NEW.order_id IS NOT NULL
        AND NOT EXISTS (SELECT FROM agency.refund_orders WHERE id = NEW.order_id AND state = 'approved')
    THEN
        PERFORM hub.refuse('This refund was not approved.', 'approval', 'order_id');
    END IF;
    IF TG_OP = 'INSERT' AND NEW.retry_of IS NOT NULL AND NOT EXISTS (
        SELECT FROM agency.refunds r WHERE r.id = NEW.retry_of AND r.state = 'failed' AND r.booking_id = NEW.booking_id
            AND r.payment_id = NEW.payment_id AND r.amount = NEW.amount)
    THEN
        PERFORM hub.refuse('Only a refund that failed is tried again, as it was.', 'state', 'retry_of');
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER guard_refund AFTER INSERT ON agency.refunds
    FOR EACH ROW WHEN (NEW.state <> 'failed') EXECUTE FUNCTION hub.guard_refund();
-- a failed one does not come back to life (0017), so no other change adds to what goes back

CREATE FUNCTION hub.guard_credit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM agency.travellers WHERE id = NEW.traveller_id FOR NO KEY UPDATE;
    IF (SELECT sum(amount) FROM agency.credit_moves WHERE traveller_id = NEW.traveller_id AND currency = NEW.currency) < 0
    THEN
        PERFORM hub.refuse('More credit would be spent than there is.', 'money', 'amount');
    END IF;
    IF NEW.refund_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM agency.refunds r WHERE r.id = NEW.refund_id AND r.destination = 'credit' AND r.amount = NEW.amount
            AND r.currency = NEW.currency)
    THEN
        PERFORM hub.refuse('Credit comes from a refund that becomes credit.', 'money', 'refund_id');
    END IF;
    IF NEW.payment_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM agency.payments p WHERE p.id = NEW.payment_id AND p.way = 'credit' AND p.amount = -NEW.amount
            AND p.currency = NEW.currency)
    THEN
        PERFORM hub.refuse('Credit is spent on a payment by credit.', 'money', 'payment_id');
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER guard_credit AFTER INSERT ON agency.credit_moves
    FOR EACH ROW EXECUTE FUNCTION hub.guard_credit();

CREATE FUNCTION hub.guard_currency() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.currency <> (SELECT currency FROM agency.sales WHERE id = NEW.sale_id) THEN
        PERFORM hub.refuse('A sale is in one currency.', 'money', 'currency');
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER guard_currency AFTER INSERT ON agency.payments FOR EACH ROW EXECUTE FUNCTION hub.guard_currency();
CREATE TRIGGER guard_currency AFTER INSERT ON agency.bookings FOR EACH ROW EXECUTE FUNCTION hub.guard_currency();

-- Payouts: of an approved batch, by lines of their own vendor, and no more than those add up to once they leave.

CREATE FUNCTION hub.guard_payout() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    batch text := (SELECT state FROM agency.payout_batches WHERE id = NEW.batch_id);
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF batch IN ('draft', 'discarded') THEN
            PERFORM hub.refuse('A payout is of an approved batch.', 'approval', 'batch_id');
        END IF;
        IF (NEW.retry_of IS NULL AND (NEW.root_id <> NEW.id OR NEW.number <> 1)) OR (NEW.retry_of IS NOT NULL
            AND NOT EXISTS (SELECT FROM agency.payouts p WHERE p.id = NEW.retry_of AND p.state = 'failed'
                AND p.vendor_id = NEW.vendor_id AND p.currency = NEW.currency AND p.amount = NEW.amount
                AND p.batch_id = NEW.batch_id AND p.root_id = NEW.root_id AND p.number + 1 = NEW.number))
        THEN
            PERFORM hub.refuse('Only a payout that failed is tried again, as it was.', 'state', 'retry_of');
        END IF;
    ELSIF NEW.amount IS DISTINCT FROM (
        SELECT sum(CASE WHEN l.credit = 'vendor_payable' THEN l.amount ELSE -l.amount END)
        FROM agency.payout_lines p JOIN agency.ledger l ON l.id = p.ledger_id
        -- a line that was told before its payout has not been looked at
        WHERE p.payout_id = NEW.id AND l.vendor_id = NEW.vendor_id AND l.currency = NEW.currency)
    THEN
        PERFORM hub.refuse('A payout is what its lines add up to.', 'money', 'amount');
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER guard_insert AFTER INSERT ON agency.payouts FOR EACH ROW EXECUTE FUNCTION hub.guard_payout();
CREATE TRIGGER guard_whole AFTER UPDATE ON agency.payouts
    FOR EACH ROW WHEN (OLD.state = 'approved' AND NEW.state <> 'approved') EXECUTE FUNCTION hub.guard_payout();

CREATE FUNCTION hub.guard_payout_line() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    payout agency.payouts;
BEGIN
    SELECT * INTO payout FROM agency.payouts WHERE id = NEW.payout_id FOR NO KEY UPDATE;
    IF payout.state <> 'approved' THEN
        PERFORM hub.refuse('Nothing is added to a payout that was sent.', 'state', 'payout_id');
    END IF;
    IF payout.id IS NOT NULL AND NOT EXISTS (
        SELECT FROM agency.ledger l WHERE l.id = NEW.ledger_id AND l.vendor_id = payout.vendor_id
            AND l.currency = payout.currency AND l.event <> 'payout_sending'
            AND 'vendor_payable' IN (l.credit, l.debit))
    THEN
        PERFORM hub.refuse('This is no line of the vendor in that currency.', 'money', 'ledger_id');
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER guard_line AFTER INSERT ON agency.payout_lines
    FOR EACH ROW EXECUTE FUNCTION hub.guard_payout_line();

CREATE FUNCTION hub.guard_take_back() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    payout agency.payouts;
BEGIN
    SELECT * INTO payout FROM agency.payouts WHERE id = NEW.payout_id FOR NO KEY UPDATE;
    IF payout.way <> 'transfer' OR payout.state <> 'paid' OR payout.currency <> NEW.currency THEN
        PERFORM hub.refuse('Only a transfer that was paid is taken back.', 'state', 'payout_id');
    END IF;
    IF payout.amount < (SELECT sum(amount) FROM agency.take_backs WHERE payout_id = NEW.payout_id AND state <> 'failed') THEN
        PERFORM hub.refuse('More would be taken back than was paid.', 'money', 'amount');
    END IF;
    RETURN NULL;
END
$$;
CREATE TRIGGER guard_take_back AFTER INSERT ON agency.take_backs
    FOR EACH ROW EXECUTE FUNCTION hub.guard_take_back();
