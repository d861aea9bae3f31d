"""The tables of the sandbox's file, in steps: each takes a file from one version to the next.

A new file takes all the steps, so that there is one way to a table. What the file refuses by itself: a second success
of one payment, refunds and reversals beyond what there is, two disputes of one charge.
"""

from __future__ import annotations

_PAYMENTS = """
CREATE TABLE intents (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN
        ('requires_payment_method', 'requires_confirmation', 'requires_action', 'processing', 'succeeded',
         'canceled')),
    amount INTEGER NOT NULL CHECK (typeof(amount) = 'integer' AND amount > 0),
    currency TEXT NOT NULL,
    description TEXT,
    metadata TEXT NOT NULL,
    method_types TEXT NOT NULL,
    payment_method TEXT,
    latest_charge TEXT,
    last_error TEXT,
    canceled_at INTEGER,
    cancellation_reason TEXT
);
CREATE TABLE charges (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    intent TEXT NOT NULL REFERENCES intents (id),
    created INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('succeeded', 'failed')),
    amount INTEGER NOT NULL CHECK (amount > 0),
    refunded INTEGER NOT NULL DEFAULT 0 CHECK (refunded BETWEEN 0 AND amount),
    currency TEXT NOT NULL,
    card TEXT NOT NULL,
    failure_code TEXT,
    decline_code TEXT,
    failure_message TEXT
);
CREATE UNIQUE INDEX one_success_an_intent ON charges (intent) WHERE status = 'succeeded';
CREATE TABLE refunds (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    intent TEXT NOT NULL REFERENCES intents (id),
    charge TEXT NOT NULL REFERENCES charges (id),
    created INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'succeeded', 'failed')),
    amount INTEGER NOT NULL CHECK (typeof(amount) = 'integer' AND amount > 0),
    currency TEXT NOT NULL,
    reason TEXT,
    failure_reason TEXT,
    metadata TEXT NOT NULL
);
CREATE INDEX refunds_of_intent ON refunds (intent);
CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    type TEXT NOT NULL,
    object TEXT NOT NULL,
    request TEXT,
    key TEXT
);
CREATE TABLE keys (
    key TEXT PRIMARY KEY,
    fingerprint TEXT NOT NULL,
    created REAL NOT NULL,
    owner TEXT NOT NULL,
    running_until REAL,
    status INTEGER,
    should_retry INTEGER,
    body TEXT
);
CREATE TABLE faults (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    operation TEXT NOT NULL,
    kind TEXT NOT NULL,
    left INTEGER CHECK (left > 0)
);
CREATE TABLE settings (name TEXT PRIMARY KEY, value TEXT NOT NULL);
"""

# what was charged and given back before there were balance transactions gets them without a fee: none was taken
_THE_REST = """
CREATE TABLE customers (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    name TEXT,
    email TEXT,
    phone TEXT,
    description TEXT,
    metadata TEXT NOT NULL
);
CREATE TABLE methods (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    card TEXT NOT NULL,
    customer TEXT REFERENCES customers (id)
);
CREATE INDEX methods_of_customer ON methods (customer);
CREATE TABLE sessions (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    expires_at INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('open', 'complete', 'expired')),
    amount INTEGER NOT NULL CHECK (typeof(amount) = 'integer' AND amount > 0),
    currency TEXT NOT NULL,
    lines TEXT NOT NULL,
    customer TEXT REFERENCES customers (id),
    customer_creation TEXT,
    email TEXT,
    reference TEXT,
    metadata TEXT NOT NULL,
    intent_data TEXT NOT NULL,
    success_url TEXT NOT NULL,
    cancel_url TEXT,
    url TEXT NOT NULL,
    intent TEXT UNIQUE REFERENCES intents (id)
);
CREATE INDEX open_sessions ON sessions (expires_at) WHERE status = 'open';
CREATE TABLE locations (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    display_name TEXT NOT NULL,
    address TEXT NOT NULL,
    metadata TEXT NOT NULL
);
CREATE TABLE readers (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    label TEXT NOT NULL,
    device_type TEXT NOT NULL,
    serial_number TEXT NOT NULL UNIQUE,
    location TEXT REFERENCES locations (id),
    status TEXT NOT NULL DEFAULT 'online' CHECK (status IN ('online', 'offline')),
    action TEXT,
    metadata TEXT NOT NULL
);
CREATE TABLE payouts (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    arrival_date INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('in_transit', 'paid', 'failed')),
    amount INTEGER NOT NULL CHECK (typeof(amount) = 'integer' AND amount > 0),
    currency TEXT NOT NULL,
    automatic INTEGER NOT NULL,
    failure_code TEXT
);
CREATE TABLE balance_transactions (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    available_on INTEGER NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'available')),
    type TEXT NOT NULL,
    category TEXT NOT NULL,
    amount INTEGER NOT NULL CHECK (typeof(amount) = 'integer' AND amount != 0),
    fee INTEGER NOT NULL CHECK (typeof(fee) = 'integer' AND fee >= 0),
    currency TEXT NOT NULL,
    exchange_rate TEXT CHECK (exchange_rate IS NOT NULL OR (amount = source_amount AND currency = source_currency)),
    source TEXT NOT NULL,
    source_amount INTEGER NOT NULL,
    source_currency TEXT NOT NULL,
    description TEXT,
    payout TEXT REFERENCES payouts (id)
);
CREATE INDEX balance_by_source ON balance_transactions (source, type);
CREATE INDEX balance_pending ON balance_transactions (available_on) WHERE status = 'pending';
CREATE INDEX balance_by_currency ON balance_transactions (currency, status);
CREATE TABLE accounts (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    name TEXT NOT NULL,
    email TEXT,
    country TEXT NOT NULL,
    currency TEXT NOT NULL,
    transfers TEXT NOT NULL CHECK (transfers IN ('active', 'inactive', 'pending')),
    past_due TEXT NOT NULL,
    metadata TEXT NOT NULL
);
CREATE TABLE transfers (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    amount INTEGER NOT NULL CHECK (typeof(amount) = 'integer' AND amount > 0),
    reversed INTEGER NOT NULL DEFAULT 0 CHECK (reversed BETWEEN 0 AND amount),
    currency TEXT NOT NULL,
    destination TEXT NOT NULL REFERENCES accounts (id),
    transfer_group TEXT,
    description TEXT,
    metadata TEXT NOT NULL
);
CREATE INDEX transfers_of_group ON transfers (transfer_group);
CREATE TABLE reversals (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    transfer TEXT NOT NULL REFERENCES transfers (id),
    amount INTEGER NOT NULL CHECK (typeof(amount) = 'integer' AND amount > 0),
    currency TEXT NOT NULL,
    description TEXT,
    metadata TEXT NOT NULL
);
CREATE INDEX reversals_of_transfer ON reversals (transfer);
CREATE TABLE disputes (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    created INTEGER NOT NULL,
    charge TEXT NOT NULL UNIQUE REFERENCES charges (id),
    intent TEXT NOT NULL REFERENCES intents (id),
    status TEXT NOT NULL CHECK (status IN
        ('warning_needs_response', 'warning_under_review', 'warning_closed', 'needs_response', 'under_review',
         'won', 'lost')),
    amount INTEGER NOT NULL CHECK (typeof(amount) = 'integer' AND amount > 0),
    currency TEXT NOT NULL,
    reason TEXT NOT NULL,
    due_by INTEGER NOT NULL
);
ALTER TABLE intents ADD COLUMN customer TEXT REFERENCES customers (id);
ALTER TABLE intents ADD COLUMN future_usage TEXT;
ALTER TABLE intents ADD COLUMN transfer_group TEXT;
ALTER TABLE intents ADD COLUMN session TEXT REFERENCES sessions (id);
CREATE INDEX intents_of_customer ON intents (customer);
ALTER TABLE charges ADD COLUMN method TEXT;
ALTER TABLE charges ADD COLUMN way TEXT NOT NULL DEFAULT 'card' CHECK (way IN ('card', 'card_present'));
CREATE INDEX refunds_of_charge ON refunds (charge);
INSERT INTO balance_transactions
    (id, created, available_on, status, type, category, amount, fee, currency, source, source_amount, source_currency)
SELECT 'txn_' || lower(hex(randomblob(12))), created, created, 'available', type, type, amount, 0, currency, id, amount,
    currency FROM (
    SELECT 0 AS step, id, created, 'charge' AS type, amount, currency FROM charges WHERE status = 'succeeded'
    UNION ALL SELECT 1, id, created, 'refund', -amount, currency FROM refunds
    UNION ALL SELECT 2, id, created, 'refund_failure', amount, currency FROM refunds WHERE status = 'failed'
) ORDER BY created, step;
"""

STEPS: tuple[str, ...] = (_PAYMENTS, _THE_REST)
"""Step n takes a file from version n to n + 1."""

VERSION = len(STEPS)
