-- The synced tables as desks have them, without what is a desk's own business: versions, and columns that mean something
-- on one desk alone. A test holds this against the models of the program.

CREATE TABLE agency.agencies (
    id uuid NOT NULL,
    name text NOT NULL,
    legal text NOT NULL,
    tax_number text NOT NULL,
    contact text NOT NULL,
    zone text NOT NULL,
    currency text NOT NULL,
    discount_limit_bps bigint NOT NULL,
    offer_hours bigint NOT NULL,
    cash_needs_till boolean NOT NULL,
    pay_out_limit bigint NOT NULL,
    refund_limits text NOT NULL DEFAULT '{}',
    address text NOT NULL,
    country text NOT NULL,
    registration text NOT NULL,
    bank text NOT NULL,
    invoice_footer text NOT NULL,
    invoiced_since timestamptz,
    payout_minimums text NOT NULL DEFAULT '{}',
    payout_papers text NOT NULL DEFAULT '[]',
    payout_weekday bigint NOT NULL DEFAULT 0,
    payouts_alone boolean NOT NULL DEFAULT false,
    payouts_run boolean NOT NULL DEFAULT false,
    iban text NOT NULL DEFAULT '',
    bic text NOT NULL DEFAULT '',
    completes_after bigint,
    release_days bigint,
    CONSTRAINT pk_agencies PRIMARY KEY (id),
    CONSTRAINT ck_agencies_name_length CHECK (length(name) BETWEEN 1 AND 120),
    CONSTRAINT ck_agencies_release_days_known CHECK (release_days BETWEEN 0 AND 365)
);

CREATE TABLE agency.desks (
    id uuid NOT NULL,
    number bigint NOT NULL,
    name text NOT NULL,
    reader_ref text,
    reader_label text,
    CONSTRAINT pk_desks PRIMARY KEY (id),
    CONSTRAINT uq_desks_number UNIQUE (number),
    CONSTRAINT ck_desks_name_length CHECK (length(name) BETWEEN 1 AND 120),
    CONSTRAINT ck_desks_number_positive CHECK (number > 0)
);

CREATE TABLE agency.provider_moves (
    id uuid NOT NULL,
    ref text NOT NULL,
    kind text NOT NULL,
    amount bigint NOT NULL,
    fee bigint NOT NULL,
    currency text NOT NULL,
    source_ref text,
    source_amount bigint NOT NULL,
    source_currency text NOT NULL,
    payment_ref text,
    our_id uuid,
    created_at timestamptz NOT NULL,
    available_at timestamptz NOT NULL,
    posted text NOT NULL,
    is_open boolean NOT NULL,
    CONSTRAINT pk_provider_moves PRIMARY KEY (id),
    CONSTRAINT uq_provider_moves_ref UNIQUE (ref),
    CONSTRAINT ck_provider_moves_fee_not_negative CHECK (fee >= 0),
    CONSTRAINT ck_provider_moves_kind_known CHECK (kind IN ('payment', 'refund', 'refund_failed', 'dispute', 'dispute_won', 'transfer', 'transfer_reversed', 'bank', 'bank_failed', 'fee', 'other'))
);

CREATE TABLE agency.travellers (
    id uuid NOT NULL,
    name text NOT NULL,
    email text NOT NULL,
    phone text NOT NULL,
    born date,
    language text NOT NULL,
    address text NOT NULL,
    country text NOT NULL,
    search text NOT NULL,
    name_key text NOT NULL,
    phone_key text NOT NULL,
    created_at timestamptz NOT NULL,
    merged_into uuid,
    CONSTRAINT pk_travellers PRIMARY KEY (id),
    CONSTRAINT ck_travellers_name_length CHECK (length(name) BETWEEN 1 AND 200),
    CONSTRAINT ck_travellers_not_into_itself CHECK (merged_into IS NULL OR merged_into <> id)
);

CREATE TABLE agency.vendors (
    id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    legal text NOT NULL,
    email text NOT NULL,
    phone text NOT NULL,
    commission_bps bigint NOT NULL,
    holdback_days bigint NOT NULL,
    search text NOT NULL,
    active boolean NOT NULL,
    schedule text NOT NULL DEFAULT 'weekly',
    payout_way text,
    account_ref text,
    iban text NOT NULL DEFAULT '',
    bic text NOT NULL DEFAULT '',
    holder text NOT NULL DEFAULT '',
    payout_minimums text NOT NULL DEFAULT '{}',
    address text NOT NULL DEFAULT '',
    country text NOT NULL DEFAULT '',
    tax_number text NOT NULL DEFAULT '',
    CONSTRAINT pk_vendors PRIMARY KEY (id),
    CONSTRAINT ck_vendors_commission_share CHECK (commission_bps BETWEEN 0 AND 10000),
    CONSTRAINT ck_vendors_holdback_positive CHECK (holdback_days >= 0),
    CONSTRAINT ck_vendors_name_length CHECK (length(name) BETWEEN 1 AND 200),
    CONSTRAINT ck_vendors_payout_way_known CHECK (payout_way IS NULL OR payout_way IN ('transfer', 'bank')),
    CONSTRAINT ck_vendors_schedule_known CHECK (schedule IN ('weekly', 'monthly'))
);

CREATE TABLE agency.number_series (
    id uuid NOT NULL,
    desk_id uuid NOT NULL,
    kind text NOT NULL,
    year bigint NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL,
    next bigint NOT NULL,
    CONSTRAINT pk_number_series PRIMARY KEY (id),
    CONSTRAINT uq_number_series_kind_year_first UNIQUE (kind, year, first),
    CONSTRAINT ck_number_series_within_block CHECK (first > 0 AND next BETWEEN first AND last + 1)
);

CREATE TABLE agency.seat_plans (
    id uuid NOT NULL,
    vendor_id uuid,
    name text NOT NULL,
    kind text NOT NULL,
    layout text NOT NULL,
    active boolean NOT NULL,
    CONSTRAINT pk_seat_plans PRIMARY KEY (id),
    CONSTRAINT ck_seat_plans_kind_known CHECK (kind IN ('coach', 'boat', 'decks')),
    CONSTRAINT ck_seat_plans_layout_is_json CHECK ((layout::json IS NOT NULL)),
    CONSTRAINT ck_seat_plans_name_length CHECK (length(name) BETWEEN 1 AND 120)
);

CREATE TABLE agency.travel_documents (
    id uuid NOT NULL,
    traveller_id uuid NOT NULL,
    kind text NOT NULL,
    number text NOT NULL,
    country text NOT NULL,
    expires_on date,
    note text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_travel_documents PRIMARY KEY (id),
    CONSTRAINT ck_travel_documents_kind_known CHECK (kind IN ('passport', 'identity', 'visa', 'licence', 'other')),
    CONSTRAINT ck_travel_documents_number_length CHECK (length(number) BETWEEN 1 AND 60)
);

CREATE TABLE agency.traveller_accounts (
    id uuid NOT NULL,
    traveller_id uuid NOT NULL,
    kind text NOT NULL,
    customer_ref text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_traveller_accounts PRIMARY KEY (id),
    CONSTRAINT uq_traveller_accounts_customer_ref UNIQUE (customer_ref),
    CONSTRAINT ck_traveller_accounts_kind_known CHECK (kind IN ('sandbox', 'test', 'live'))
);

CREATE TABLE agency.trips (
    id uuid NOT NULL,
    vendor_id uuid NOT NULL,
    code text NOT NULL,
    title text NOT NULL,
    place text NOT NULL,
    country text NOT NULL,
    description text NOT NULL,
    meeting_point text NOT NULL,
    meet_before_min bigint NOT NULL,
    included text NOT NULL,
    languages text NOT NULL,
    zone text NOT NULL,
    duration_min bigint NOT NULL,
    currency text NOT NULL,
    tax_bps bigint NOT NULL,
    deposit_bps bigint NOT NULL,
    balance_days bigint NOT NULL,
    policy text NOT NULL,
    search text NOT NULL,
    active boolean NOT NULL,
    CONSTRAINT pk_trips PRIMARY KEY (id),
    CONSTRAINT ck_trips_balance_days_known CHECK (balance_days BETWEEN 0 AND 1000),
    CONSTRAINT ck_trips_deposit_share CHECK (deposit_bps BETWEEN 0 AND 10000),
    CONSTRAINT ck_trips_duration_positive CHECK (duration_min > 0),
    CONSTRAINT ck_trips_policy_is_json CHECK ((policy::json IS NOT NULL)),
    CONSTRAINT ck_trips_tax_share CHECK (tax_bps BETWEEN 0 AND 10000),
    CONSTRAINT ck_trips_title_length CHECK (length(title) BETWEEN 1 AND 200)
);

CREATE TABLE agency.users (
    id uuid NOT NULL,
    email text NOT NULL,
    name text NOT NULL,
    role text NOT NULL,
    vendor_id uuid,
    password_hash text NOT NULL,
    must_change boolean NOT NULL,
    active boolean NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_users PRIMARY KEY (id),
    CONSTRAINT uq_users_email UNIQUE (email),
    CONSTRAINT ck_users_email_length CHECK (length(email) BETWEEN 3 AND 254),
    CONSTRAINT ck_users_name_length CHECK (length(name) BETWEEN 1 AND 120),
    CONSTRAINT ck_users_role_known CHECK (role IN ('agent', 'vendor', 'manager', 'admin')),
    CONSTRAINT ck_users_vendor_person_has_vendor CHECK ((role = 'vendor') = (vendor_id IS NOT NULL))
);

CREATE TABLE agency.audit (
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    actor_id uuid,
    action text NOT NULL,
    entity text NOT NULL,
    entity_id uuid NOT NULL,
    detail text NOT NULL,
    CONSTRAINT pk_audit PRIMARY KEY (id)
);

CREATE TABLE agency.commission_rates (
    id uuid NOT NULL,
    vendor_id uuid NOT NULL,
    trip_id uuid,
    bps bigint NOT NULL,
    from_day date NOT NULL,
    note text NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    ended_at timestamptz,
    CONSTRAINT pk_commission_rates PRIMARY KEY (id),
    CONSTRAINT ck_commission_rates_commission_share CHECK (bps BETWEEN 0 AND 10000)
);

CREATE TABLE agency.match_notes (
    id uuid NOT NULL,
    key text NOT NULL,
    reason text NOT NULL,
    at timestamptz NOT NULL,
    by uuid,
    CONSTRAINT pk_match_notes PRIMARY KEY (id),
    CONSTRAINT uq_match_notes_key UNIQUE (key),
    CONSTRAINT ck_match_notes_reason_given CHECK (length(trim(reason)) > 0)
);

CREATE TABLE agency.payout_batches (
    id uuid NOT NULL,
    reference text NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    zone text NOT NULL,
    first date NOT NULL,
    last date NOT NULL,
    cutoff_at timestamptz NOT NULL,
    vendors text NOT NULL,
    note text NOT NULL,
    sent_back text NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    prepared_by uuid,
    approved_at timestamptz,
    approved_by uuid,
    alone boolean NOT NULL,
    stopped_at timestamptz,
    ended_at timestamptz,
    CONSTRAINT pk_payout_batches PRIMARY KEY (id),
    CONSTRAINT uq_payout_batches_reference UNIQUE (reference),
    CONSTRAINT ck_payout_batches_approved_whole CHECK ((approved_at IS NULL) = (state IN ('draft', 'discarded'))),
    CONSTRAINT ck_payout_batches_days_in_order CHECK (last >= first),
    CONSTRAINT ck_payout_batches_kind_known CHECK (kind IN ('weekly', 'monthly', 'extra')),
    CONSTRAINT ck_payout_batches_state_known CHECK (state IN ('draft', 'approved', 'sending', 'paused', 'done', 'discarded'))
);

CREATE TABLE agency.promo_codes (
    id uuid NOT NULL,
    code text NOT NULL,
    name text NOT NULL,
    kind text NOT NULL,
    bps bigint NOT NULL,
    amount bigint NOT NULL,
    currency text,
    own boolean NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    most_uses bigint,
    trip_id uuid,
    vendor_id uuid,
    active boolean NOT NULL,
    CONSTRAINT pk_promo_codes PRIMARY KEY (id),
    CONSTRAINT uq_promo_codes_code UNIQUE (code),
    CONSTRAINT ck_promo_codes_amount_has_currency CHECK ((kind = 'amount') = (currency IS NOT NULL)),
    CONSTRAINT ck_promo_codes_code_length CHECK (length(code) BETWEEN 2 AND 40),
    CONSTRAINT ck_promo_codes_days_in_order CHECK (first_day <= last_day),
    CONSTRAINT ck_promo_codes_kind_known CHECK (kind IN ('percent', 'amount')),
    CONSTRAINT ck_promo_codes_one_value CHECK ((kind = 'percent') = (amount = 0 AND bps > 0)),
    CONSTRAINT ck_promo_codes_some_use CHECK (most_uses IS NULL OR most_uses > 0),
    CONSTRAINT ck_promo_codes_value_in_range CHECK (bps BETWEEN 0 AND 10000 AND amount >= 0)
);

CREATE TABLE agency.sales (
    id uuid NOT NULL,
    reference text NOT NULL,
    desk_id uuid NOT NULL,
    traveller_id uuid NOT NULL,
    currency text NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    CONSTRAINT pk_sales PRIMARY KEY (id),
    CONSTRAINT uq_sales_reference UNIQUE (reference)
);

CREATE TABLE agency.series (
    id uuid NOT NULL,
    trip_id uuid NOT NULL,
    weekdays text NOT NULL,
    local_time text NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    zone text NOT NULL,
    capacity bigint NOT NULL,
    cutoff_min bigint NOT NULL,
    plan_id uuid,
    except_days text NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT pk_series PRIMARY KEY (id),
    CONSTRAINT ck_series_capacity_positive CHECK (capacity > 0),
    CONSTRAINT ck_series_cutoff_not_negative CHECK (cutoff_min >= 0),
    CONSTRAINT ck_series_days_in_order CHECK (first_day <= last_day),
    CONSTRAINT ck_series_some_weekday CHECK (length(weekdays) BETWEEN 1 AND 7)
);

CREATE TABLE agency.till_sessions (
    id uuid NOT NULL,
    desk_id uuid NOT NULL,
    number bigint NOT NULL,
    state text NOT NULL,
    from_seq bigint NOT NULL,
    opened_seq bigint NOT NULL,
    counted_seq bigint,
    closed_seq bigint,
    opened_at timestamptz NOT NULL,
    opened_by uuid,
    opened_reason text NOT NULL,
    closed_at timestamptz,
    closed_by uuid,
    closed_reason text NOT NULL,
    CONSTRAINT pk_till_sessions PRIMARY KEY (id),
    CONSTRAINT uq_till_sessions_desk_id_number UNIQUE (desk_id, number),
    CONSTRAINT ck_till_sessions_closed_whole CHECK ((state = 'open' AND closed_at IS NULL AND counted_seq IS NULL AND closed_seq IS NULL) OR (state = 'closed' AND closed_at IS NOT NULL AND counted_seq >= opened_seq AND closed_seq >= counted_seq)),
    CONSTRAINT ck_till_sessions_number_positive CHECK (number > 0),
    CONSTRAINT ck_till_sessions_opened_in_order CHECK (from_seq >= 0 AND opened_seq >= from_seq),
    CONSTRAINT ck_till_sessions_state_known CHECK (state IN ('open', 'closed'))
);

CREATE TABLE agency.traveller_merges (
    id uuid NOT NULL,
    kept_id uuid NOT NULL,
    other_id uuid NOT NULL,
    before text NOT NULL,
    moved text NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    undone_at timestamptz,
    CONSTRAINT pk_traveller_merges PRIMARY KEY (id),
    CONSTRAINT ck_traveller_merges_two_records CHECK (kept_id <> other_id)
);

CREATE TABLE agency.traveller_pairs (
    id uuid NOT NULL,
    first_id uuid NOT NULL,
    second_id uuid NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    CONSTRAINT pk_traveller_pairs PRIMARY KEY (id),
    CONSTRAINT uq_traveller_pairs_first_id_second_id UNIQUE (first_id, second_id),
    CONSTRAINT ck_traveller_pairs_in_order CHECK (first_id < second_id)
);

CREATE TABLE agency.trip_pictures (
    id uuid NOT NULL,
    trip_id uuid NOT NULL,
    position bigint NOT NULL,
    caption text NOT NULL,
    media_type text NOT NULL,
    data text NOT NULL,
    CONSTRAINT pk_trip_pictures PRIMARY KEY (id),
    CONSTRAINT ck_trip_pictures_data_length CHECK (length(data) BETWEEN 1 AND 700000),
    CONSTRAINT ck_trip_pictures_media_type_known CHECK (media_type IN ('image/jpeg', 'image/png'))
);

CREATE TABLE agency.trip_prices (
    id uuid NOT NULL,
    trip_id uuid NOT NULL,
    traveller_type text NOT NULL,
    amount bigint NOT NULL,
    takes_seat boolean NOT NULL,
    CONSTRAINT pk_trip_prices PRIMARY KEY (id),
    CONSTRAINT uq_trip_prices_trip_id_traveller_type UNIQUE (trip_id, traveller_type),
    CONSTRAINT ck_trip_prices_amount_not_negative CHECK (amount >= 0),
    CONSTRAINT ck_trip_prices_traveller_type_known CHECK (traveller_type IN ('adult', 'child', 'infant'))
);

CREATE TABLE agency.trip_seasons (
    id uuid NOT NULL,
    trip_id uuid NOT NULL,
    name text NOT NULL,
    first_day date NOT NULL,
    last_day date NOT NULL,
    CONSTRAINT pk_trip_seasons PRIMARY KEY (id),
    CONSTRAINT ck_trip_seasons_days_in_order CHECK (first_day <= last_day),
    CONSTRAINT ck_trip_seasons_name_length CHECK (length(name) BETWEEN 1 AND 120)
);

CREATE TABLE agency.vendor_documents (
    id uuid NOT NULL,
    vendor_id uuid NOT NULL,
    kind text NOT NULL,
    received_on date NOT NULL,
    expires_on date,
    note text NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    ended_at timestamptz,
    CONSTRAINT pk_vendor_documents PRIMARY KEY (id),
    CONSTRAINT ck_vendor_documents_kind_known CHECK (kind IN ('contract', 'tax_form', 'licence', 'insurance', 'identity'))
);

CREATE TABLE agency.bank_files (
    id uuid NOT NULL,
    batch_id uuid NOT NULL,
    message_id text NOT NULL,
    form text NOT NULL,
    currency text NOT NULL,
    total bigint NOT NULL,
    count bigint NOT NULL,
    execute_on date NOT NULL,
    content text NOT NULL,
    made_at timestamptz NOT NULL,
    made_by uuid,
    CONSTRAINT pk_bank_files PRIMARY KEY (id),
    CONSTRAINT uq_bank_files_message_id UNIQUE (message_id),
    CONSTRAINT ck_bank_files_pays_something CHECK (total > 0 AND count > 0)
);

CREATE TABLE agency.batch_exclusions (
    id uuid NOT NULL,
    batch_id uuid NOT NULL,
    vendor_id uuid NOT NULL,
    reason text NOT NULL,
    at timestamptz NOT NULL,
    by uuid,
    ended_at timestamptz,
    CONSTRAINT pk_batch_exclusions PRIMARY KEY (id),
    CONSTRAINT uq_batch_exclusions_batch_id_vendor_id UNIQUE (batch_id, vendor_id)
);

CREATE TABLE agency.batch_left_out (
    id uuid NOT NULL,
    batch_id uuid NOT NULL,
    vendor_id uuid NOT NULL,
    currency text NOT NULL,
    amount bigint NOT NULL,
    reason text NOT NULL,
    detail text NOT NULL,
    CONSTRAINT pk_batch_left_out PRIMARY KEY (id),
    CONSTRAINT uq_batch_left_out_batch_id_vendor_id_currency UNIQUE (batch_id, vendor_id, currency),
    CONSTRAINT ck_batch_left_out_reason_known CHECK (reason IN ('negative', 'below_minimum', 'no_minimum', 'holdback', 'disputed', 'no_account', 'account_not_ready', 'document_missing', 'no_funds', 'inactive', 'other_schedule', 'by_hand'))
);

CREATE TABLE agency.departures (
    id uuid NOT NULL,
    trip_id uuid NOT NULL,
    starts_at timestamptz NOT NULL,
    ends_at timestamptz NOT NULL,
    cutoff_at timestamptz NOT NULL,
    zone text NOT NULL,
    local_day date NOT NULL,
    local_time text NOT NULL,
    capacity bigint NOT NULL,
    state text NOT NULL,
    stop_reason text NOT NULL,
    note text NOT NULL,
    series_id uuid,
    plan_id uuid,
    release_days bigint,
    CONSTRAINT pk_departures PRIMARY KEY (id),
    CONSTRAINT ck_departures_capacity_positive CHECK (capacity > 0),
    CONSTRAINT ck_departures_release_days_known CHECK (release_days BETWEEN 0 AND 365),
    CONSTRAINT ck_departures_state_known CHECK (state IN ('open', 'stopped', 'cancelled', 'done')),
    CONSTRAINT ck_departures_times_in_order CHECK (cutoff_at <= starts_at AND starts_at < ends_at)
);

CREATE TABLE agency.invoices (
    id uuid NOT NULL,
    number text NOT NULL,
    kind text NOT NULL,
    desk_id uuid NOT NULL,
    sale_id uuid NOT NULL,
    of_id uuid,
    issued_at timestamptz NOT NULL,
    issued_on date NOT NULL,
    issued_by uuid,
    locale text NOT NULL,
    currency text NOT NULL,
    net bigint NOT NULL,
    tax bigint NOT NULL,
    gross bigint NOT NULL,
    paid bigint NOT NULL,
    seller text NOT NULL,
    buyer text NOT NULL,
    reason text NOT NULL,
    CONSTRAINT pk_invoices PRIMARY KEY (id),
    CONSTRAINT uq_invoices_number UNIQUE (number),
    CONSTRAINT ck_invoices_amounts_agree CHECK (gross > 0 AND tax BETWEEN 0 AND gross AND net = gross - tax),
    CONSTRAINT ck_invoices_credit_of_something CHECK ((kind = 'credit_note') = (of_id IS NOT NULL)),
    CONSTRAINT ck_invoices_kind_known CHECK (kind IN ('invoice', 'credit_note')),
    CONSTRAINT ck_invoices_locale_length CHECK (length(locale) BETWEEN 2 AND 40),
    CONSTRAINT ck_invoices_not_of_itself CHECK (of_id IS NULL OR of_id <> id),
    CONSTRAINT ck_invoices_number_length CHECK (length(number) BETWEEN 8 AND 40),
    CONSTRAINT ck_invoices_paid_of_gross CHECK (paid BETWEEN 0 AND gross),
    CONSTRAINT ck_invoices_parties_are_json CHECK ((seller::json IS NOT NULL) AND (buyer::json IS NOT NULL))
);

CREATE TABLE agency.payments (
    id uuid NOT NULL,
    sale_id uuid NOT NULL,
    way text NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    state text NOT NULL,
    provider_ref text,
    label text NOT NULL,
    decline_code text,
    decline_message text,
    created_at timestamptz NOT NULL,
    created_by uuid,
    ended_at timestamptz,
    reads bigint NOT NULL,
    next_read_at timestamptz,
    link_ref text,
    link_url text,
    link_expires_at timestamptz,
    reader_ref text,
    keeps_card boolean NOT NULL,
    customer_ref text,
    card_ref text,
    CONSTRAINT pk_payments PRIMARY KEY (id),
    CONSTRAINT uq_payments_provider_ref UNIQUE (provider_ref),
    CONSTRAINT ck_payments_amount_positive CHECK (amount > 0),
    CONSTRAINT ck_payments_state_known CHECK (state IN ('created', 'processing', 'requires_action', 'completed', 'failed', 'abandoned', 'unknown')),
    CONSTRAINT ck_payments_way_known CHECK (way IN ('card', 'cash', 'link', 'reader', 'saved', 'credit', 'bank'))
);

CREATE TABLE agency.refund_orders (
    id uuid NOT NULL,
    sale_id uuid NOT NULL,
    state text NOT NULL,
    asked text NOT NULL,
    amount bigint NOT NULL,
    policy_amount bigint NOT NULL,
    currency text NOT NULL,
    borne_by text,
    destination text NOT NULL,
    reason text NOT NULL,
    approval_above bigint,
    counted bigint NOT NULL,
    requested_at timestamptz NOT NULL,
    requested_by uuid NOT NULL,
    decided_at timestamptz,
    decided_by uuid,
    decision text NOT NULL,
    CONSTRAINT pk_refund_orders PRIMARY KEY (id),
    CONSTRAINT ck_refund_orders_amount_positive CHECK (amount > 0),
    CONSTRAINT ck_refund_orders_borne_by_known CHECK (borne_by IN ('agency', 'vendor')),
    CONSTRAINT ck_refund_orders_counted_whole CHECK (counted >= amount),
    CONSTRAINT ck_refund_orders_decided_by_somebody CHECK ((decided_at IS NULL) = (decided_by IS NULL)),
    CONSTRAINT ck_refund_orders_destination_known CHECK (destination IN ('payment', 'credit')),
    CONSTRAINT ck_refund_orders_policy_of_amount CHECK (policy_amount BETWEEN 0 AND amount),
    CONSTRAINT ck_refund_orders_reason_length CHECK (length(reason) BETWEEN 0 AND 500),
    CONSTRAINT ck_refund_orders_state_known CHECK (state IN ('requested', 'approved', 'rejected', 'withdrawn')),
    CONSTRAINT ck_refund_orders_undecided_waits CHECK (state <> 'requested' OR decided_at IS NULL)
);

CREATE TABLE agency.season_prices (
    id uuid NOT NULL,
    season_id uuid NOT NULL,
    traveller_type text NOT NULL,
    amount bigint NOT NULL,
    CONSTRAINT pk_season_prices PRIMARY KEY (id),
    CONSTRAINT uq_season_prices_season_id_traveller_type UNIQUE (season_id, traveller_type),
    CONSTRAINT ck_season_prices_amount_not_negative CHECK (amount >= 0),
    CONSTRAINT ck_season_prices_traveller_type_known CHECK (traveller_type IN ('adult', 'child', 'infant'))
);

CREATE TABLE agency.till_counts (
    id uuid NOT NULL,
    session_id uuid NOT NULL,
    kind text NOT NULL,
    currency text NOT NULL,
    expected bigint NOT NULL,
    counted bigint NOT NULL,
    difference bigint NOT NULL,
    safe bigint NOT NULL,
    stays bigint NOT NULL,
    pieces text NOT NULL,
    stays_pieces text NOT NULL,
    CONSTRAINT pk_till_counts PRIMARY KEY (id),
    CONSTRAINT uq_till_counts_session_id_kind_currency UNIQUE (session_id, kind, currency),
    CONSTRAINT ck_till_counts_counted_positive CHECK (counted >= 0),
    CONSTRAINT ck_till_counts_difference_agrees CHECK (difference = counted - expected),
    CONSTRAINT ck_till_counts_kind_known CHECK (kind IN ('float', 'close')),
    CONSTRAINT ck_till_counts_stays_agrees CHECK ((kind = 'float' AND stays = counted) OR (kind = 'close' AND stays BETWEEN 0 AND counted AND safe = stays - counted))
);

CREATE TABLE agency.till_moves (
    id uuid NOT NULL,
    session_id uuid NOT NULL,
    seq bigint NOT NULL,
    kind text NOT NULL,
    account text NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    reason text NOT NULL,
    at timestamptz NOT NULL,
    by uuid,
    CONSTRAINT pk_till_moves PRIMARY KEY (id),
    CONSTRAINT uq_till_moves_session_id_seq UNIQUE (session_id, seq),
    CONSTRAINT ck_till_moves_account_known CHECK (account IN ('safe', 'bank', 'own_funds', 'office_expenses')),
    CONSTRAINT ck_till_moves_amount_positive CHECK (amount > 0),
    CONSTRAINT ck_till_moves_kind_known CHECK (kind IN ('pay_in', 'pay_out', 'drop', 'pickup')),
    CONSTRAINT ck_till_moves_reason_length CHECK (length(reason) BETWEEN 1 AND 200)
);

CREATE TABLE agency.till_reads (
    id uuid NOT NULL,
    session_id uuid NOT NULL,
    number bigint NOT NULL,
    seq bigint NOT NULL,
    at timestamptz NOT NULL,
    by uuid,
    CONSTRAINT pk_till_reads PRIMARY KEY (id),
    CONSTRAINT uq_till_reads_session_id_number UNIQUE (session_id, number),
    CONSTRAINT ck_till_reads_number_positive CHECK (number > 0)
);

CREATE TABLE agency.allowances (
    id uuid NOT NULL,
    departure_id uuid NOT NULL,
    desk_id uuid NOT NULL,
    seats bigint NOT NULL,
    reason text NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    CONSTRAINT pk_allowances PRIMARY KEY (id),
    CONSTRAINT ck_allowances_reason_length CHECK (length(reason) BETWEEN 1 AND 500),
    CONSTRAINT ck_allowances_seats_not_nothing CHECK (seats <> 0)
);

CREATE TABLE agency.disputes (
    id uuid NOT NULL,
    ref text NOT NULL,
    payment_id uuid NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    fee bigint NOT NULL,
    fee_currency text NOT NULL,
    reason text NOT NULL,
    state text NOT NULL,
    due_by timestamptz,
    opened_at timestamptz NOT NULL,
    taken_at timestamptz,
    ended_at timestamptz,
    CONSTRAINT pk_disputes PRIMARY KEY (id),
    CONSTRAINT uq_disputes_ref UNIQUE (ref),
    CONSTRAINT ck_disputes_amount_positive CHECK (amount > 0),
    CONSTRAINT ck_disputes_fee_not_negative CHECK (fee >= 0),
    CONSTRAINT ck_disputes_state_known CHECK (state IN ('inquiry', 'open', 'won', 'lost', 'closed'))
);

CREATE TABLE agency.grants (
    id uuid NOT NULL,
    departure_id uuid NOT NULL,
    desk_id uuid NOT NULL,
    seats bigint NOT NULL,
    taken bigint NOT NULL DEFAULT 0,
    CONSTRAINT pk_grants PRIMARY KEY (id),
    CONSTRAINT uq_grants_departure_id_desk_id UNIQUE (departure_id, desk_id),
    CONSTRAINT ck_grants_not_oversold CHECK (taken BETWEEN 0 AND seats),
    CONSTRAINT ck_grants_seats_not_negative CHECK (seats >= 0)
);

CREATE TABLE agency.payouts (
    id uuid NOT NULL,
    batch_id uuid NOT NULL,
    vendor_id uuid NOT NULL,
    currency text NOT NULL,
    amount bigint NOT NULL,
    state text NOT NULL,
    way text NOT NULL,
    label text NOT NULL,
    account_ref text,
    iban text,
    bic text,
    holder text,
    root_id uuid NOT NULL,
    number bigint NOT NULL,
    retry_of uuid,
    file_id uuid,
    provider_ref text,
    failure text,
    created_at timestamptz NOT NULL,
    first_sent_at timestamptz,
    ended_at timestamptz,
    reads bigint NOT NULL,
    next_read_at timestamptz,
    CONSTRAINT pk_payouts PRIMARY KEY (id),
    CONSTRAINT uq_payouts_provider_ref UNIQUE (provider_ref),
    CONSTRAINT ck_payouts_amount_positive CHECK (amount > 0),
    CONSTRAINT ck_payouts_number_positive CHECK (number > 0),
    CONSTRAINT ck_payouts_state_known CHECK (state IN ('approved', 'sending', 'paid', 'failed', 'unknown', 'reversed', 'returned')),
    CONSTRAINT ck_payouts_way_known CHECK (way IN ('transfer', 'bank'))
);

CREATE TABLE agency.saved_cards (
    id uuid NOT NULL,
    account_id uuid NOT NULL,
    payment_id uuid NOT NULL,
    card_ref text NOT NULL,
    label text NOT NULL,
    expires_year bigint NOT NULL,
    expires_month bigint NOT NULL,
    agreed_at timestamptz NOT NULL,
    agreed_with uuid,
    forgotten_at timestamptz,
    CONSTRAINT pk_saved_cards PRIMARY KEY (id),
    CONSTRAINT uq_saved_cards_card_ref UNIQUE (card_ref),
    CONSTRAINT ck_saved_cards_expires_in_a_month CHECK (expires_month BETWEEN 1 AND 12)
);

CREATE TABLE agency.holds (
    id uuid NOT NULL,
    departure_id uuid NOT NULL,
    grant_id uuid NOT NULL,
    seats bigint NOT NULL,
    party text NOT NULL,
    state text NOT NULL,
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    kind text NOT NULL,
    traveller_id uuid,
    note text NOT NULL,
    remind_at timestamptz,
    reminded_at timestamptz,
    labels text NOT NULL,
    CONSTRAINT pk_holds PRIMARY KEY (id),
    CONSTRAINT ck_holds_kind_known CHECK (kind IN ('hold', 'option', 'offer', 'change')),
    CONSTRAINT ck_holds_seats_positive CHECK (seats > 0),
    CONSTRAINT ck_holds_state_known CHECK (state IN ('active', 'consumed', 'released', 'expired'))
);

CREATE TABLE agency.payout_attempts (
    id uuid NOT NULL,
    payout_id uuid NOT NULL,
    action text NOT NULL,
    key text,
    at timestamptz NOT NULL,
    outcome text NOT NULL,
    detail text NOT NULL,
    CONSTRAINT pk_payout_attempts PRIMARY KEY (id)
);

CREATE TABLE agency.statements (
    id uuid NOT NULL,
    number text NOT NULL,
    batch_id uuid NOT NULL,
    vendor_id uuid NOT NULL,
    payout_id uuid,
    currency text NOT NULL,
    first date NOT NULL,
    last date NOT NULL,
    cutoff_at timestamptz NOT NULL,
    zone text NOT NULL,
    issued_at timestamptz NOT NULL,
    locale text NOT NULL,
    charges bigint NOT NULL,
    refunds bigint NOT NULL,
    adjustments bigint NOT NULL,
    commission bigint NOT NULL,
    carried_in bigint NOT NULL,
    total bigint NOT NULL,
    carried_out bigint NOT NULL,
    carried_from text NOT NULL,
    left_out text NOT NULL,
    minimum bigint,
    bookings bigint NOT NULL,
    seller text NOT NULL,
    vendor_data text NOT NULL,
    outcome text NOT NULL,
    outcome_at timestamptz,
    CONSTRAINT pk_statements PRIMARY KEY (id),
    CONSTRAINT uq_statements_batch_id_vendor_id_currency UNIQUE (batch_id, vendor_id, currency),
    CONSTRAINT uq_statements_number UNIQUE (number),
    CONSTRAINT uq_statements_payout_id UNIQUE (payout_id),
    CONSTRAINT ck_statements_adds_up CHECK (total = charges + refunds + adjustments + commission + carried_in),
    CONSTRAINT ck_statements_paid_or_carried CHECK (carried_out = CASE WHEN payout_id IS NULL THEN total ELSE 0 END)
);

CREATE TABLE agency.bookings (
    id uuid NOT NULL,
    reference text NOT NULL,
    voucher_code text NOT NULL,
    sale_id uuid NOT NULL,
    departure_id uuid NOT NULL,
    trip_id uuid NOT NULL,
    vendor_id uuid NOT NULL,
    traveller_id uuid NOT NULL,
    grant_id uuid NOT NULL,
    hold_id uuid,
    state text NOT NULL,
    currency text NOT NULL,
    price bigint NOT NULL,
    tax bigint NOT NULL,
    tax_bps bigint NOT NULL,
    deposit bigint NOT NULL,
    balance_due_at timestamptz,
    commission_bps bigint NOT NULL,
    holdback_days bigint NOT NULL,
    policy text NOT NULL,
    created_at timestamptz NOT NULL,
    confirmed_at timestamptz,
    ended_at timestamptz,
    end_reason text NOT NULL,
    CONSTRAINT pk_bookings PRIMARY KEY (id),
    CONSTRAINT uq_bookings_hold_id UNIQUE (hold_id),
    CONSTRAINT uq_bookings_reference UNIQUE (reference),
    CONSTRAINT uq_bookings_voucher_code UNIQUE (voucher_code),
    CONSTRAINT ck_bookings_commission_share CHECK (commission_bps BETWEEN 0 AND 10000),
    CONSTRAINT ck_bookings_policy_is_json CHECK ((policy::json IS NOT NULL)),
    CONSTRAINT ck_bookings_price_not_negative CHECK (price >= 0 AND tax BETWEEN 0 AND price),
    CONSTRAINT ck_bookings_state_known CHECK (state IN ('pending', 'confirmed', 'completed', 'cancelled', 'no_show'))
);

CREATE TABLE agency.waiting_list (
    id uuid NOT NULL,
    departure_id uuid NOT NULL,
    traveller_id uuid NOT NULL,
    party text NOT NULL,
    seats bigint NOT NULL,
    state text NOT NULL,
    note text NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    offered_at timestamptz,
    hold_id uuid,
    ended_at timestamptz,
    CONSTRAINT pk_waiting_list PRIMARY KEY (id),
    CONSTRAINT uq_waiting_list_hold_id UNIQUE (hold_id),
    CONSTRAINT ck_waiting_list_seats_positive CHECK (seats > 0),
    CONSTRAINT ck_waiting_list_state_known CHECK (state IN ('waiting', 'offered', 'taken', 'withdrawn', 'lapsed'))
);

CREATE TABLE agency.amendments (
    id uuid NOT NULL,
    booking_id uuid NOT NULL,
    kind text NOT NULL,
    state text NOT NULL,
    plan text NOT NULL,
    difference bigint NOT NULL,
    hold_id uuid,
    payment_id uuid,
    created_at timestamptz NOT NULL,
    created_by uuid,
    ended_at timestamptz,
    CONSTRAINT pk_amendments PRIMARY KEY (id),
    CONSTRAINT uq_amendments_hold_id UNIQUE (hold_id),
    CONSTRAINT ck_amendments_state_known CHECK (state IN ('pending', 'done', 'abandoned'))
);

CREATE TABLE agency.booking_lines (
    id uuid NOT NULL,
    booking_id uuid NOT NULL,
    position bigint NOT NULL,
    name text NOT NULL,
    traveller_type text NOT NULL,
    age bigint,
    price bigint NOT NULL,
    takes_seat boolean NOT NULL,
    occupies boolean NOT NULL,
    discount bigint NOT NULL,
    own_discount bigint NOT NULL,
    ended_at timestamptz,
    kept bigint NOT NULL,
    checked_in_at timestamptz,
    absent boolean NOT NULL,
    CONSTRAINT pk_booking_lines PRIMARY KEY (id),
    CONSTRAINT ck_booking_lines_age_of_a_person CHECK (age IS NULL OR age BETWEEN 0 AND 130),
    CONSTRAINT ck_booking_lines_discount_parts CHECK (own_discount BETWEEN 0 AND discount),
    CONSTRAINT ck_booking_lines_kept_of_price CHECK (kept BETWEEN 0 AND price),
    CONSTRAINT ck_booking_lines_name_length CHECK (length(name) BETWEEN 1 AND 200),
    CONSTRAINT ck_booking_lines_price_not_negative CHECK (price >= 0),
    CONSTRAINT ck_booking_lines_traveller_type_known CHECK (traveller_type IN ('adult', 'child', 'infant'))
);

CREATE TABLE agency.discounts (
    id uuid NOT NULL,
    sale_id uuid NOT NULL,
    booking_id uuid NOT NULL,
    kind text NOT NULL,
    bps bigint NOT NULL,
    amount bigint NOT NULL,
    parts text NOT NULL,
    own boolean NOT NULL,
    reason text NOT NULL,
    promo_id uuid,
    created_at timestamptz NOT NULL,
    created_by uuid,
    CONSTRAINT pk_discounts PRIMARY KEY (id),
    CONSTRAINT ck_discounts_amount_not_negative CHECK (amount >= 0),
    CONSTRAINT ck_discounts_bps_in_range CHECK (bps BETWEEN 0 AND 10000),
    CONSTRAINT ck_discounts_kind_known CHECK (kind IN ('percent', 'amount')),
    CONSTRAINT ck_discounts_reason_length CHECK (length(reason) BETWEEN 1 AND 500)
);

CREATE TABLE agency.dispute_parts (
    id uuid NOT NULL,
    dispute_id uuid NOT NULL,
    booking_id uuid NOT NULL,
    amount bigint NOT NULL,
    CONSTRAINT pk_dispute_parts PRIMARY KEY (id),
    CONSTRAINT uq_dispute_parts_dispute_id_booking_id UNIQUE (dispute_id, booking_id),
    CONSTRAINT ck_dispute_parts_amount_not_negative CHECK (amount >= 0)
);

CREATE TABLE agency.invoice_lines (
    id uuid NOT NULL,
    invoice_id uuid NOT NULL,
    position bigint NOT NULL,
    booking_id uuid NOT NULL,
    item text NOT NULL,
    title text NOT NULL,
    about text NOT NULL,
    text text NOT NULL,
    quantity bigint NOT NULL,
    net bigint NOT NULL,
    tax_bps bigint NOT NULL,
    tax bigint NOT NULL,
    gross bigint NOT NULL,
    CONSTRAINT pk_invoice_lines PRIMARY KEY (id),
    CONSTRAINT uq_invoice_lines_invoice_id_position UNIQUE (invoice_id, position),
    CONSTRAINT ck_invoice_lines_amounts_agree CHECK (gross > 0 AND tax BETWEEN 0 AND gross AND net = gross - tax),
    CONSTRAINT ck_invoice_lines_counts_positive CHECK (position > 0 AND quantity > 0),
    CONSTRAINT ck_invoice_lines_item_known CHECK (item IN ('adult', 'child', 'infant', 'kept', 'change')),
    CONSTRAINT ck_invoice_lines_tax_share CHECK (tax_bps BETWEEN 0 AND 10000)
);

CREATE TABLE agency.notes (
    id uuid NOT NULL,
    traveller_id uuid,
    booking_id uuid,
    text text NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    CONSTRAINT pk_notes PRIMARY KEY (id),
    CONSTRAINT ck_notes_one_owner CHECK ((traveller_id IS NULL) <> (booking_id IS NULL)),
    CONSTRAINT ck_notes_text_length CHECK (length(text) BETWEEN 1 AND 4000)
);

CREATE TABLE agency.payment_shares (
    id uuid NOT NULL,
    payment_id uuid NOT NULL,
    booking_id uuid NOT NULL,
    amount bigint NOT NULL,
    owed bigint NOT NULL DEFAULT 0,
    excess bigint NOT NULL DEFAULT 0,
    CONSTRAINT pk_payment_shares PRIMARY KEY (id),
    CONSTRAINT uq_payment_shares_payment_id_booking_id UNIQUE (payment_id, booking_id),
    CONSTRAINT ck_payment_shares_amount_positive CHECK (amount > 0),
    CONSTRAINT ck_payment_shares_parts_of_amount CHECK (owed >= 0 AND excess >= 0 AND owed + excess <= amount)
);

CREATE TABLE agency.refunds (
    id uuid NOT NULL,
    booking_id uuid NOT NULL,
    payment_id uuid NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    state text NOT NULL,
    reason text NOT NULL,
    provider_ref text,
    failure text,
    created_at timestamptz NOT NULL,
    created_by uuid,
    first_sent_at timestamptz,
    ended_at timestamptz,
    reads bigint NOT NULL,
    next_read_at timestamptz,
    order_id uuid,
    destination text NOT NULL DEFAULT 'payment',
    beyond bigint NOT NULL DEFAULT 0,
    retry_of uuid,
    excess boolean NOT NULL DEFAULT false,
    CONSTRAINT pk_refunds PRIMARY KEY (id),
    CONSTRAINT uq_refunds_provider_ref UNIQUE (provider_ref),
    CONSTRAINT ck_refunds_amount_positive CHECK (amount > 0),
    CONSTRAINT ck_refunds_beyond_of_amount CHECK (beyond = 0 OR beyond BETWEEN 0 AND amount),
    CONSTRAINT ck_refunds_destination_known CHECK (destination IN ('payment', 'credit')),
    CONSTRAINT ck_refunds_excess_is_beyond CHECK (NOT excess OR beyond = amount),
    CONSTRAINT ck_refunds_state_known CHECK (state IN ('requested', 'approved', 'pending', 'completed', 'failed', 'unknown'))
);

CREATE TABLE agency.statement_lines (
    id uuid NOT NULL,
    statement_id uuid NOT NULL,
    position bigint NOT NULL,
    kind text NOT NULL,
    booking_id uuid,
    reference text NOT NULL,
    title text NOT NULL,
    departs_at timestamptz,
    zone text NOT NULL,
    pax bigint NOT NULL,
    retail bigint NOT NULL,
    commission bigint NOT NULL,
    net bigint NOT NULL,
    CONSTRAINT pk_statement_lines PRIMARY KEY (id),
    CONSTRAINT uq_statement_lines_statement_id_position UNIQUE (statement_id, position),
    CONSTRAINT ck_statement_lines_adds_up CHECK (net = retail + commission),
    CONSTRAINT ck_statement_lines_kind_known CHECK (kind IN ('normal', 'reversed', 'adjustment', 'returned'))
);

CREATE TABLE agency.write_offs (
    id uuid NOT NULL,
    booking_id uuid NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    reason text NOT NULL,
    created_at timestamptz NOT NULL,
    created_by uuid,
    undone_at timestamptz,
    undone_by uuid,
    payment_id uuid,
    CONSTRAINT pk_write_offs PRIMARY KEY (id),
    CONSTRAINT ck_write_offs_amount_positive CHECK (amount > 0),
    CONSTRAINT ck_write_offs_paid_is_undone CHECK (payment_id IS NULL OR undone_at IS NOT NULL),
    CONSTRAINT ck_write_offs_reason_given CHECK (length(trim(reason)) BETWEEN 1 AND 500)
);

CREATE TABLE agency.attempts (
    id uuid NOT NULL,
    payment_id uuid,
    refund_id uuid,
    action text NOT NULL,
    key text,
    at timestamptz NOT NULL,
    outcome text NOT NULL,
    detail text NOT NULL,
    CONSTRAINT pk_attempts PRIMARY KEY (id),
    CONSTRAINT ck_attempts_one_owner CHECK ((payment_id IS NULL) <> (refund_id IS NULL))
);

CREATE TABLE agency.credit_moves (
    id uuid NOT NULL,
    traveller_id uuid NOT NULL,
    currency text NOT NULL,
    amount bigint NOT NULL,
    refund_id uuid,
    payment_id uuid,
    created_at timestamptz NOT NULL,
    created_by uuid,
    CONSTRAINT pk_credit_moves PRIMARY KEY (id),
    CONSTRAINT ck_credit_moves_given_or_spent CHECK ((refund_id IS NOT NULL AND payment_id IS NULL AND amount > 0) OR (refund_id IS NULL AND payment_id IS NOT NULL AND amount < 0))
);

CREATE TABLE agency.ledger (
    id uuid NOT NULL,
    desk_id uuid NOT NULL,
    seq bigint NOT NULL,
    event text NOT NULL,
    debit text NOT NULL,
    credit text NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    booking_id uuid,
    vendor_id uuid,
    payment_id uuid,
    refund_id uuid,
    at timestamptz NOT NULL,
    available_at timestamptz,
    prev_hash text NOT NULL,
    hash text NOT NULL,
    CONSTRAINT pk_ledger PRIMARY KEY (id),
    CONSTRAINT uq_ledger_desk_id_seq UNIQUE (desk_id, seq),
    CONSTRAINT uq_ledger_hash UNIQUE (hash),
    CONSTRAINT ck_ledger_amount_positive CHECK (amount > 0),
    CONSTRAINT ck_ledger_credit_known CHECK (credit IN ('stripe', 'stripe_in_transit', 'till', 'safe', 'bank', 'payouts_in_transit', 'disputed_funds', 'exchange', 'traveller_funds', 'traveller_receivable', 'overpayment', 'agency_credit', 'refunds_payable', 'vendor_payable', 'commission', 'cancellation_revenue', 'processor_fees', 'goodwill', 'bad_debts', 'cash_over_short', 'office_expenses', 'vendor_adjustments', 'own_funds')),
    CONSTRAINT ck_ledger_debit_known CHECK (debit IN ('stripe', 'stripe_in_transit', 'till', 'safe', 'bank', 'payouts_in_transit', 'disputed_funds', 'exchange', 'traveller_funds', 'traveller_receivable', 'overpayment', 'agency_credit', 'refunds_payable', 'vendor_payable', 'commission', 'cancellation_revenue', 'processor_fees', 'goodwill', 'bad_debts', 'cash_over_short', 'office_expenses', 'vendor_adjustments', 'own_funds')),
    CONSTRAINT ck_ledger_two_accounts CHECK (debit <> credit)
);

CREATE TABLE agency.refund_lines (
    id uuid NOT NULL,
    refund_id uuid NOT NULL,
    line_id uuid NOT NULL,
    amount bigint NOT NULL,
    CONSTRAINT pk_refund_lines PRIMARY KEY (id),
    CONSTRAINT ck_refund_lines_amount_positive CHECK (amount > 0)
);

CREATE TABLE agency.seats (
    id uuid NOT NULL,
    departure_id uuid NOT NULL,
    label text NOT NULL,
    hold_id uuid,
    line_id uuid,
    position bigint NOT NULL,
    CONSTRAINT pk_seats PRIMARY KEY (id),
    CONSTRAINT uq_seats_departure_id_label UNIQUE (departure_id, label),
    CONSTRAINT ck_seats_one_owner CHECK ((hold_id IS NULL) <> (line_id IS NULL))
);

CREATE TABLE agency.payout_entries (
    id uuid NOT NULL,
    payout_id uuid NOT NULL,
    ledger_id uuid NOT NULL,
    CONSTRAINT pk_payout_entries PRIMARY KEY (id),
    CONSTRAINT uq_payout_entries_ledger_id UNIQUE (ledger_id)
);

CREATE TABLE agency.payout_lines (
    id uuid NOT NULL,
    payout_id uuid NOT NULL,
    ledger_id uuid NOT NULL,
    CONSTRAINT pk_payout_lines PRIMARY KEY (id),
    CONSTRAINT uq_payout_lines_ledger_id UNIQUE (ledger_id)
);

CREATE TABLE agency.statement_entries (
    id uuid NOT NULL,
    statement_id uuid NOT NULL,
    ledger_id uuid NOT NULL,
    CONSTRAINT pk_statement_entries PRIMARY KEY (id),
    CONSTRAINT uq_statement_entries_ledger_id UNIQUE (ledger_id)
);

CREATE TABLE agency.take_backs (
    id uuid NOT NULL,
    payout_id uuid NOT NULL,
    amount bigint NOT NULL,
    currency text NOT NULL,
    state text NOT NULL,
    reason text NOT NULL,
    provider_ref text,
    failure text,
    ledger_id uuid,
    created_at timestamptz NOT NULL,
    created_by uuid,
    first_sent_at timestamptz,
    ended_at timestamptz,
    reads bigint NOT NULL,
    next_read_at timestamptz,
    CONSTRAINT pk_take_backs PRIMARY KEY (id),
    CONSTRAINT uq_take_backs_ledger_id UNIQUE (ledger_id),
    CONSTRAINT uq_take_backs_provider_ref UNIQUE (provider_ref),
    CONSTRAINT ck_take_backs_amount_positive CHECK (amount > 0),
    CONSTRAINT ck_take_backs_state_known CHECK (state IN ('sending', 'done', 'failed', 'unknown'))
);

CREATE TABLE agency.vendor_adjustments (
    id uuid NOT NULL,
    vendor_id uuid NOT NULL,
    ledger_id uuid NOT NULL,
    currency text NOT NULL,
    amount bigint NOT NULL,
    reason text NOT NULL,
    at timestamptz NOT NULL,
    by uuid,
    CONSTRAINT pk_vendor_adjustments PRIMARY KEY (id),
    CONSTRAINT uq_vendor_adjustments_ledger_id UNIQUE (ledger_id),
    CONSTRAINT ck_vendor_adjustments_amount_not_nothing CHECK (amount <> 0)
);

-- Which rows must be there is looked at when an op is over: rows come in the order in which they were written.

ALTER TABLE agency.travellers ADD CONSTRAINT fk_travellers_merged_into FOREIGN KEY (merged_into)
    REFERENCES agency.travellers (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_travellers_merged_into ON agency.travellers (merged_into);
CREATE UNIQUE INDEX uq_vendors_code ON agency.vendors (code)
    WHERE code <> '';
ALTER TABLE agency.number_series ADD CONSTRAINT fk_number_series_desk_id FOREIGN KEY (desk_id)
    REFERENCES agency.desks (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.seat_plans ADD CONSTRAINT fk_seat_plans_vendor_id FOREIGN KEY (vendor_id)
    REFERENCES agency.vendors (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_seat_plans_vendor_id ON agency.seat_plans (vendor_id);
ALTER TABLE agency.travel_documents ADD CONSTRAINT fk_travel_documents_traveller_id FOREIGN KEY (traveller_id)
    REFERENCES agency.travellers (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_travel_documents_traveller_id ON agency.travel_documents (traveller_id);
ALTER TABLE agency.traveller_accounts ADD CONSTRAINT fk_traveller_accounts_traveller_id FOREIGN KEY (traveller_id)
    REFERENCES agency.travellers (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_traveller_accounts_traveller_id ON agency.traveller_accounts (traveller_id);
ALTER TABLE agency.trips ADD CONSTRAINT fk_trips_vendor_id FOREIGN KEY (vendor_id)
    REFERENCES agency.vendors (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_trips_vendor_id ON agency.trips (vendor_id);
CREATE UNIQUE INDEX uq_trips_code ON agency.trips (code)
    WHERE code <> '';
ALTER TABLE agency.users ADD CONSTRAINT fk_users_vendor_id FOREIGN KEY (vendor_id)
    REFERENCES agency.vendors (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.audit ADD CONSTRAINT fk_audit_actor_id FOREIGN KEY (actor_id)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.commission_rates ADD CONSTRAINT fk_commission_rates_created_by FOREIGN KEY (created_by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.commission_rates ADD CONSTRAINT fk_commission_rates_trip_id FOREIGN KEY (trip_id)
    REFERENCES agency.trips (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.commission_rates ADD CONSTRAINT fk_commission_rates_vendor_id FOREIGN KEY (vendor_id)
    REFERENCES agency.vendors (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_commission_rates_trip_id ON agency.commission_rates (trip_id);
CREATE INDEX ix_commission_rates_vendor_id ON agency.commission_rates (vendor_id);
ALTER TABLE agency.match_notes ADD CONSTRAINT fk_match_notes_by FOREIGN KEY (by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.payout_batches ADD CONSTRAINT fk_payout_batches_approved_by FOREIGN KEY (approved_by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.payout_batches ADD CONSTRAINT fk_payout_batches_created_by FOREIGN KEY (created_by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.payout_batches ADD CONSTRAINT fk_payout_batches_prepared_by FOREIGN KEY (prepared_by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
CREATE UNIQUE INDEX uq_payout_batches_days ON agency.payout_batches (kind, first, last)
    WHERE state <> 'discarded' AND kind <> 'extra';
ALTER TABLE agency.promo_codes ADD CONSTRAINT fk_promo_codes_trip_id FOREIGN KEY (trip_id)
    REFERENCES agency.trips (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.promo_codes ADD CONSTRAINT fk_promo_codes_vendor_id FOREIGN KEY (vendor_id)
    REFERENCES agency.vendors (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.sales ADD CONSTRAINT fk_sales_created_by FOREIGN KEY (created_by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.sales ADD CONSTRAINT fk_sales_desk_id FOREIGN KEY (desk_id)
    REFERENCES agency.desks (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.sales ADD CONSTRAINT fk_sales_traveller_id FOREIGN KEY (traveller_id)
    REFERENCES agency.travellers (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_sales_traveller_id ON agency.sales (traveller_id);
ALTER TABLE agency.series ADD CONSTRAINT fk_series_plan_id FOREIGN KEY (plan_id)
    REFERENCES agency.seat_plans (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.series ADD CONSTRAINT fk_series_trip_id FOREIGN KEY (trip_id)
    REFERENCES agency.trips (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_series_trip_id ON agency.series (trip_id);
ALTER TABLE agency.till_sessions ADD CONSTRAINT fk_till_sessions_closed_by FOREIGN KEY (closed_by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.till_sessions ADD CONSTRAINT fk_till_sessions_desk_id FOREIGN KEY (desk_id)
    REFERENCES agency.desks (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.till_sessions ADD CONSTRAINT fk_till_sessions_opened_by FOREIGN KEY (opened_by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
CREATE UNIQUE INDEX uq_till_sessions_open ON agency.till_sessions (desk_id)
    WHERE state = 'open';
ALTER TABLE agency.traveller_merges ADD CONSTRAINT fk_traveller_merges_created_by FOREIGN KEY (created_by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.traveller_merges ADD CONSTRAINT fk_traveller_merges_kept_id FOREIGN KEY (kept_id)
    REFERENCES agency.travellers (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.traveller_merges ADD CONSTRAINT fk_traveller_merges_other_id FOREIGN KEY (other_id)
    REFERENCES agency.travellers (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_traveller_merges_kept_id ON agency.traveller_merges (kept_id);
CREATE INDEX ix_traveller_merges_other_id ON agency.traveller_merges (other_id);
ALTER TABLE agency.traveller_pairs ADD CONSTRAINT fk_traveller_pairs_created_by FOREIGN KEY (created_by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.traveller_pairs ADD CONSTRAINT fk_traveller_pairs_first_id FOREIGN KEY (first_id)
    REFERENCES agency.travellers (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.traveller_pairs ADD CONSTRAINT fk_traveller_pairs_second_id FOREIGN KEY (second_id)
    REFERENCES agency.travellers (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_traveller_pairs_second_id ON agency.traveller_pairs (second_id);
ALTER TABLE agency.trip_pictures ADD CONSTRAINT fk_trip_pictures_trip_id FOREIGN KEY (trip_id)
    REFERENCES agency.trips (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_trip_pictures_trip_id ON agency.trip_pictures (trip_id);
ALTER TABLE agency.trip_prices ADD CONSTRAINT fk_trip_prices_trip_id FOREIGN KEY (trip_id)
    REFERENCES agency.trips (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.trip_seasons ADD CONSTRAINT fk_trip_seasons_trip_id FOREIGN KEY (trip_id)
    REFERENCES agency.trips (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_trip_seasons_trip_id ON agency.trip_seasons (trip_id);
ALTER TABLE agency.vendor_documents ADD CONSTRAINT fk_vendor_documents_created_by FOREIGN KEY (created_by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.vendor_documents ADD CONSTRAINT fk_vendor_documents_vendor_id FOREIGN KEY (vendor_id)
    REFERENCES agency.vendors (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_vendor_documents_vendor_id ON agency.vendor_documents (vendor_id);
ALTER TABLE agency.bank_files ADD CONSTRAINT fk_bank_files_batch_id FOREIGN KEY (batch_id)
    REFERENCES agency.payout_batches (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.bank_files ADD CONSTRAINT fk_bank_files_made_by FOREIGN KEY (made_by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_bank_files_batch_id ON agency.bank_files (batch_id);
ALTER TABLE agency.batch_exclusions ADD CONSTRAINT fk_batch_exclusions_batch_id FOREIGN KEY (batch_id)
    REFERENCES agency.payout_batches (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.batch_exclusions ADD CONSTRAINT fk_batch_exclusions_by FOREIGN KEY (by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.batch_exclusions ADD CONSTRAINT fk_batch_exclusions_vendor_id FOREIGN KEY (vendor_id)
    REFERENCES agency.vendors (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.batch_left_out ADD CONSTRAINT fk_batch_left_out_batch_id FOREIGN KEY (batch_id)
    REFERENCES agency.payout_batches (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.batch_left_out ADD CONSTRAINT fk_batch_left_out_vendor_id FOREIGN KEY (vendor_id)
    REFERENCES agency.vendors (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_batch_left_out_vendor_id ON agency.batch_left_out (vendor_id);
ALTER TABLE agency.departures ADD CONSTRAINT fk_departures_plan_id FOREIGN KEY (plan_id)
    REFERENCES agency.seat_plans (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.departures ADD CONSTRAINT fk_departures_series_id FOREIGN KEY (series_id)
    REFERENCES agency.series (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.departures ADD CONSTRAINT fk_departures_trip_id FOREIGN KEY (trip_id)
    REFERENCES agency.trips (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_departures_series_id ON agency.departures (series_id);
CREATE INDEX ix_departures_trip_id ON agency.departures (trip_id);
ALTER TABLE agency.invoices ADD CONSTRAINT fk_invoices_desk_id FOREIGN KEY (desk_id)
    REFERENCES agency.desks (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.invoices ADD CONSTRAINT fk_invoices_issued_by FOREIGN KEY (issued_by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.invoices ADD CONSTRAINT fk_invoices_of_id FOREIGN KEY (of_id)
    REFERENCES agency.invoices (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.invoices ADD CONSTRAINT fk_invoices_sale_id FOREIGN KEY (sale_id)
    REFERENCES agency.sales (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_invoices_of_id ON agency.invoices (of_id);
CREATE INDEX ix_invoices_sale_id ON agency.invoices (sale_id);
ALTER TABLE agency.payments ADD CONSTRAINT fk_payments_created_by FOREIGN KEY (created_by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.payments ADD CONSTRAINT fk_payments_sale_id FOREIGN KEY (sale_id)
    REFERENCES agency.sales (id) DEFERRABLE INITIALLY DEFERRED;
CREATE UNIQUE INDEX ix_payments_link_ref ON agency.payments (link_ref);
CREATE INDEX ix_payments_sale_id ON agency.payments (sale_id);
ALTER TABLE agency.refund_orders ADD CONSTRAINT fk_refund_orders_decided_by FOREIGN KEY (decided_by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.refund_orders ADD CONSTRAINT fk_refund_orders_requested_by FOREIGN KEY (requested_by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.refund_orders ADD CONSTRAINT fk_refund_orders_sale_id FOREIGN KEY (sale_id)
    REFERENCES agency.sales (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_refund_orders_sale_id ON agency.refund_orders (sale_id);
ALTER TABLE agency.season_prices ADD CONSTRAINT fk_season_prices_season_id FOREIGN KEY (season_id)
    REFERENCES agency.trip_seasons (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.till_counts ADD CONSTRAINT fk_till_counts_session_id FOREIGN KEY (session_id)
    REFERENCES agency.till_sessions (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.till_moves ADD CONSTRAINT fk_till_moves_by FOREIGN KEY (by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.till_moves ADD CONSTRAINT fk_till_moves_session_id FOREIGN KEY (session_id)
    REFERENCES agency.till_sessions (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.till_reads ADD CONSTRAINT fk_till_reads_by FOREIGN KEY (by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.till_reads ADD CONSTRAINT fk_till_reads_session_id FOREIGN KEY (session_id)
    REFERENCES agency.till_sessions (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.allowances ADD CONSTRAINT fk_allowances_created_by FOREIGN KEY (created_by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.allowances ADD CONSTRAINT fk_allowances_departure_id FOREIGN KEY (departure_id)
    REFERENCES agency.departures (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.allowances ADD CONSTRAINT fk_allowances_desk_id FOREIGN KEY (desk_id)
    REFERENCES agency.desks (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_allowances_departure_id ON agency.allowances (departure_id);
ALTER TABLE agency.disputes ADD CONSTRAINT fk_disputes_payment_id FOREIGN KEY (payment_id)
    REFERENCES agency.payments (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_disputes_payment_id ON agency.disputes (payment_id);
ALTER TABLE agency.grants ADD CONSTRAINT fk_grants_departure_id FOREIGN KEY (departure_id)
    REFERENCES agency.departures (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.grants ADD CONSTRAINT fk_grants_desk_id FOREIGN KEY (desk_id)
    REFERENCES agency.desks (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.payouts ADD CONSTRAINT fk_payouts_batch_id FOREIGN KEY (batch_id)
    REFERENCES agency.payout_batches (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.payouts ADD CONSTRAINT fk_payouts_file_id FOREIGN KEY (file_id)
    REFERENCES agency.bank_files (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.payouts ADD CONSTRAINT fk_payouts_retry_of FOREIGN KEY (retry_of)
    REFERENCES agency.payouts (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.payouts ADD CONSTRAINT fk_payouts_vendor_id FOREIGN KEY (vendor_id)
    REFERENCES agency.vendors (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_payouts_batch_id ON agency.payouts (batch_id);
CREATE INDEX ix_payouts_file_id ON agency.payouts (file_id);
CREATE INDEX ix_payouts_vendor_id ON agency.payouts (vendor_id);
CREATE UNIQUE INDEX uq_payouts_retry_of ON agency.payouts (retry_of);
ALTER TABLE agency.saved_cards ADD CONSTRAINT fk_saved_cards_account_id FOREIGN KEY (account_id)
    REFERENCES agency.traveller_accounts (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.saved_cards ADD CONSTRAINT fk_saved_cards_agreed_with FOREIGN KEY (agreed_with)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.saved_cards ADD CONSTRAINT fk_saved_cards_payment_id FOREIGN KEY (payment_id)
    REFERENCES agency.payments (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_saved_cards_account_id ON agency.saved_cards (account_id);
CREATE INDEX ix_saved_cards_payment_id ON agency.saved_cards (payment_id);
ALTER TABLE agency.holds ADD CONSTRAINT fk_holds_created_by FOREIGN KEY (created_by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.holds ADD CONSTRAINT fk_holds_departure_id FOREIGN KEY (departure_id)
    REFERENCES agency.departures (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.holds ADD CONSTRAINT fk_holds_grant_id FOREIGN KEY (grant_id)
    REFERENCES agency.grants (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.holds ADD CONSTRAINT fk_holds_traveller_id FOREIGN KEY (traveller_id)
    REFERENCES agency.travellers (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_holds_departure_id ON agency.holds (departure_id);
CREATE INDEX ix_holds_grant_id ON agency.holds (grant_id);
CREATE INDEX ix_holds_traveller_id ON agency.holds (traveller_id);
ALTER TABLE agency.payout_attempts ADD CONSTRAINT fk_payout_attempts_payout_id FOREIGN KEY (payout_id)
    REFERENCES agency.payouts (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_payout_attempts_payout_id ON agency.payout_attempts (payout_id);
ALTER TABLE agency.statements ADD CONSTRAINT fk_statements_batch_id FOREIGN KEY (batch_id)
    REFERENCES agency.payout_batches (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.statements ADD CONSTRAINT fk_statements_payout_id FOREIGN KEY (payout_id)
    REFERENCES agency.payouts (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.statements ADD CONSTRAINT fk_statements_vendor_id FOREIGN KEY (vendor_id)
    REFERENCES agency.vendors (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_statements_vendor_id ON agency.statements (vendor_id);
ALTER TABLE agency.bookings ADD CONSTRAINT fk_bookings_departure_id FOREIGN KEY (departure_id)
    REFERENCES agency.departures (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.bookings ADD CONSTRAINT fk_bookings_grant_id FOREIGN KEY (grant_id)
    REFERENCES agency.grants (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.bookings ADD CONSTRAINT fk_bookings_hold_id FOREIGN KEY (hold_id)
    REFERENCES agency.holds (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.bookings ADD CONSTRAINT fk_bookings_sale_id FOREIGN KEY (sale_id)
    REFERENCES agency.sales (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.bookings ADD CONSTRAINT fk_bookings_traveller_id FOREIGN KEY (traveller_id)
    REFERENCES agency.travellers (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.bookings ADD CONSTRAINT fk_bookings_trip_id FOREIGN KEY (trip_id)
    REFERENCES agency.trips (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.bookings ADD CONSTRAINT fk_bookings_vendor_id FOREIGN KEY (vendor_id)
    REFERENCES agency.vendors (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_bookings_departure_id ON agency.bookings (departure_id);
CREATE INDEX ix_bookings_grant_id ON agency.bookings (grant_id);
CREATE INDEX ix_bookings_sale_id ON agency.bookings (sale_id);
CREATE INDEX ix_bookings_traveller_id ON agency.bookings (traveller_id);
CREATE INDEX ix_bookings_trip_id ON agency.bookings (trip_id);
CREATE INDEX ix_bookings_vendor_id ON agency.bookings (vendor_id);
ALTER TABLE agency.waiting_list ADD CONSTRAINT fk_waiting_list_created_by FOREIGN KEY (created_by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.waiting_list ADD CONSTRAINT fk_waiting_list_departure_id FOREIGN KEY (departure_id)
    REFERENCES agency.departures (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.waiting_list ADD CONSTRAINT fk_waiting_list_hold_id FOREIGN KEY (hold_id)
    REFERENCES agency.holds (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.waiting_list ADD CONSTRAINT fk_waiting_list_traveller_id FOREIGN KEY (traveller_id)
    REFERENCES agency.travellers (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_waiting_list_departure_id ON agency.waiting_list (departure_id);
CREATE INDEX ix_waiting_list_traveller_id ON agency.waiting_list (traveller_id);
ALTER TABLE agency.amendments ADD CONSTRAINT fk_amendments_booking_id FOREIGN KEY (booking_id)
    REFERENCES agency.bookings (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.amendments ADD CONSTRAINT fk_amendments_created_by FOREIGN KEY (created_by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.amendments ADD CONSTRAINT fk_amendments_hold_id FOREIGN KEY (hold_id)
    REFERENCES agency.holds (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.amendments ADD CONSTRAINT fk_amendments_payment_id FOREIGN KEY (payment_id)
    REFERENCES agency.payments (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_amendments_booking_id ON agency.amendments (booking_id);
CREATE INDEX ix_amendments_payment_id ON agency.amendments (payment_id);
ALTER TABLE agency.booking_lines ADD CONSTRAINT fk_booking_lines_booking_id FOREIGN KEY (booking_id)
    REFERENCES agency.bookings (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_booking_lines_booking_id ON agency.booking_lines (booking_id);
ALTER TABLE agency.discounts ADD CONSTRAINT fk_discounts_booking_id FOREIGN KEY (booking_id)
    REFERENCES agency.bookings (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.discounts ADD CONSTRAINT fk_discounts_created_by FOREIGN KEY (created_by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.discounts ADD CONSTRAINT fk_discounts_promo_id FOREIGN KEY (promo_id)
    REFERENCES agency.promo_codes (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.discounts ADD CONSTRAINT fk_discounts_sale_id FOREIGN KEY (sale_id)
    REFERENCES agency.sales (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_discounts_booking_id ON agency.discounts (booking_id);
CREATE INDEX ix_discounts_promo_id ON agency.discounts (promo_id);
ALTER TABLE agency.dispute_parts ADD CONSTRAINT fk_dispute_parts_booking_id FOREIGN KEY (booking_id)
    REFERENCES agency.bookings (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.dispute_parts ADD CONSTRAINT fk_dispute_parts_dispute_id FOREIGN KEY (dispute_id)
    REFERENCES agency.disputes (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_dispute_parts_booking_id ON agency.dispute_parts (booking_id);
ALTER TABLE agency.invoice_lines ADD CONSTRAINT fk_invoice_lines_booking_id FOREIGN KEY (booking_id)
    REFERENCES agency.bookings (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.invoice_lines ADD CONSTRAINT fk_invoice_lines_invoice_id FOREIGN KEY (invoice_id)
    REFERENCES agency.invoices (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_invoice_lines_booking_id ON agency.invoice_lines (booking_id);
ALTER TABLE agency.notes ADD CONSTRAINT fk_notes_booking_id FOREIGN KEY (booking_id)
    REFERENCES agency.bookings (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.notes ADD CONSTRAINT fk_notes_created_by FOREIGN KEY (created_by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.notes ADD CONSTRAINT fk_notes_traveller_id FOREIGN KEY (traveller_id)
    REFERENCES agency.travellers (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_notes_booking_id ON agency.notes (booking_id);
CREATE INDEX ix_notes_traveller_id ON agency.notes (traveller_id);
ALTER TABLE agency.payment_shares ADD CONSTRAINT fk_payment_shares_booking_id FOREIGN KEY (booking_id)
    REFERENCES agency.bookings (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.payment_shares ADD CONSTRAINT fk_payment_shares_payment_id FOREIGN KEY (payment_id)
    REFERENCES agency.payments (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_payment_shares_booking_id ON agency.payment_shares (booking_id);
ALTER TABLE agency.refunds ADD CONSTRAINT fk_refunds_booking_id FOREIGN KEY (booking_id)
    REFERENCES agency.bookings (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.refunds ADD CONSTRAINT fk_refunds_created_by FOREIGN KEY (created_by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.refunds ADD CONSTRAINT fk_refunds_order_id FOREIGN KEY (order_id)
    REFERENCES agency.refund_orders (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.refunds ADD CONSTRAINT fk_refunds_payment_id FOREIGN KEY (payment_id)
    REFERENCES agency.payments (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.refunds ADD CONSTRAINT fk_refunds_retry_of FOREIGN KEY (retry_of)
    REFERENCES agency.refunds (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_refunds_booking_id ON agency.refunds (booking_id);
CREATE INDEX ix_refunds_order_id ON agency.refunds (order_id);
CREATE INDEX ix_refunds_payment_id ON agency.refunds (payment_id);
CREATE UNIQUE INDEX uq_refunds_retry_of ON agency.refunds (retry_of);
ALTER TABLE agency.statement_lines ADD CONSTRAINT fk_statement_lines_booking_id FOREIGN KEY (booking_id)
    REFERENCES agency.bookings (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.statement_lines ADD CONSTRAINT fk_statement_lines_statement_id FOREIGN KEY (statement_id)
    REFERENCES agency.statements (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_statement_lines_booking_id ON agency.statement_lines (booking_id);
ALTER TABLE agency.write_offs ADD CONSTRAINT fk_write_offs_booking_id FOREIGN KEY (booking_id)
    REFERENCES agency.bookings (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.write_offs ADD CONSTRAINT fk_write_offs_created_by FOREIGN KEY (created_by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.write_offs ADD CONSTRAINT fk_write_offs_payment_id FOREIGN KEY (payment_id)
    REFERENCES agency.payments (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.write_offs ADD CONSTRAINT fk_write_offs_undone_by FOREIGN KEY (undone_by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_write_offs_booking_id ON agency.write_offs (booking_id);
ALTER TABLE agency.attempts ADD CONSTRAINT fk_attempts_payment_id FOREIGN KEY (payment_id)
    REFERENCES agency.payments (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.attempts ADD CONSTRAINT fk_attempts_refund_id FOREIGN KEY (refund_id)
    REFERENCES agency.refunds (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_attempts_payment_id ON agency.attempts (payment_id);
CREATE INDEX ix_attempts_refund_id ON agency.attempts (refund_id);
ALTER TABLE agency.credit_moves ADD CONSTRAINT fk_credit_moves_created_by FOREIGN KEY (created_by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.credit_moves ADD CONSTRAINT fk_credit_moves_payment_id FOREIGN KEY (payment_id)
    REFERENCES agency.payments (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.credit_moves ADD CONSTRAINT fk_credit_moves_refund_id FOREIGN KEY (refund_id)
    REFERENCES agency.refunds (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.credit_moves ADD CONSTRAINT fk_credit_moves_traveller_id FOREIGN KEY (traveller_id)
    REFERENCES agency.travellers (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_credit_moves_traveller_id ON agency.credit_moves (traveller_id);
CREATE UNIQUE INDEX uq_credit_moves_payment_id ON agency.credit_moves (payment_id);
CREATE UNIQUE INDEX uq_credit_moves_refund_id ON agency.credit_moves (refund_id);
ALTER TABLE agency.ledger ADD CONSTRAINT fk_ledger_booking_id FOREIGN KEY (booking_id)
    REFERENCES agency.bookings (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.ledger ADD CONSTRAINT fk_ledger_desk_id FOREIGN KEY (desk_id)
    REFERENCES agency.desks (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.ledger ADD CONSTRAINT fk_ledger_payment_id FOREIGN KEY (payment_id)
    REFERENCES agency.payments (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.ledger ADD CONSTRAINT fk_ledger_refund_id FOREIGN KEY (refund_id)
    REFERENCES agency.refunds (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.ledger ADD CONSTRAINT fk_ledger_vendor_id FOREIGN KEY (vendor_id)
    REFERENCES agency.vendors (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_ledger_booking_id ON agency.ledger (booking_id);
CREATE INDEX ix_ledger_payment_id ON agency.ledger (payment_id);
CREATE INDEX ix_ledger_refund_id ON agency.ledger (refund_id);
ALTER TABLE agency.refund_lines ADD CONSTRAINT fk_refund_lines_line_id FOREIGN KEY (line_id)
    REFERENCES agency.booking_lines (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.refund_lines ADD CONSTRAINT fk_refund_lines_refund_id FOREIGN KEY (refund_id)
    REFERENCES agency.refunds (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_refund_lines_line_id ON agency.refund_lines (line_id);
CREATE UNIQUE INDEX uq_refund_lines_refund_id_line_id ON agency.refund_lines (refund_id, line_id);
ALTER TABLE agency.seats ADD CONSTRAINT fk_seats_departure_id FOREIGN KEY (departure_id)
    REFERENCES agency.departures (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.seats ADD CONSTRAINT fk_seats_hold_id FOREIGN KEY (hold_id)
    REFERENCES agency.holds (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.seats ADD CONSTRAINT fk_seats_line_id FOREIGN KEY (line_id)
    REFERENCES agency.booking_lines (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_seats_hold_id ON agency.seats (hold_id);
CREATE INDEX ix_seats_line_id ON agency.seats (line_id);
ALTER TABLE agency.payout_entries ADD CONSTRAINT fk_payout_entries_ledger_id FOREIGN KEY (ledger_id)
    REFERENCES agency.ledger (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.payout_entries ADD CONSTRAINT fk_payout_entries_payout_id FOREIGN KEY (payout_id)
    REFERENCES agency.payouts (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_payout_entries_payout_id ON agency.payout_entries (payout_id);
ALTER TABLE agency.payout_lines ADD CONSTRAINT fk_payout_lines_ledger_id FOREIGN KEY (ledger_id)
    REFERENCES agency.ledger (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.payout_lines ADD CONSTRAINT fk_payout_lines_payout_id FOREIGN KEY (payout_id)
    REFERENCES agency.payouts (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_payout_lines_payout_id ON agency.payout_lines (payout_id);
ALTER TABLE agency.statement_entries ADD CONSTRAINT fk_statement_entries_ledger_id FOREIGN KEY (ledger_id)
    REFERENCES agency.ledger (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.statement_entries ADD CONSTRAINT fk_statement_entries_statement_id FOREIGN KEY (statement_id)
    REFERENCES agency.statements (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_statement_entries_statement_id ON agency.statement_entries (statement_id);
ALTER TABLE agency.take_backs ADD CONSTRAINT fk_take_backs_created_by FOREIGN KEY (created_by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.take_backs ADD CONSTRAINT fk_take_backs_ledger_id FOREIGN KEY (ledger_id)
    REFERENCES agency.ledger (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.take_backs ADD CONSTRAINT fk_take_backs_payout_id FOREIGN KEY (payout_id)
    REFERENCES agency.payouts (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_take_backs_payout_id ON agency.take_backs (payout_id);
ALTER TABLE agency.vendor_adjustments ADD CONSTRAINT fk_vendor_adjustments_by FOREIGN KEY (by)
    REFERENCES agency.users (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.vendor_adjustments ADD CONSTRAINT fk_vendor_adjustments_ledger_id FOREIGN KEY (ledger_id)
    REFERENCES agency.ledger (id) DEFERRABLE INITIALLY DEFERRED;
ALTER TABLE agency.vendor_adjustments ADD CONSTRAINT fk_vendor_adjustments_vendor_id FOREIGN KEY (vendor_id)
    REFERENCES agency.vendors (id) DEFERRABLE INITIALLY DEFERRED;
CREATE INDEX ix_vendor_adjustments_vendor_id ON agency.vendor_adjustments (vendor_id);
CREATE INDEX ix_departures_starts_at ON agency.departures (starts_at);
