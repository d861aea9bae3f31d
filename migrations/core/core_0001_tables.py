"""What desk and hub both have: people, catalogue, seats, sales, money, ledger, audit.

Revision ID: core_0001
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from travellr_desktop.storage.base import UtcDateTime

revision = "core_0001"
down_revision = None
branch_labels = ("core",)
depends_on = None

ACCOUNTS = (
    "stripe",
    "stripe_in_transit",
    "till",
    "safe",
    "bank",
    "payouts_in_transit",
    "disputed_funds",
    "exchange",
    "traveller_funds",
    "traveller_receivable",
    "overpayment",
    "agency_credit",
    "refunds_payable",
    "vendor_payable",
    "commission",
    "cancellation_revenue",
    "processor_fees",
    "goodwill",
    "cash_over_short",
)


def known(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def upgrade() -> None:
    op.create_table(
        "agencies",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("legal", sa.Text(), nullable=False),
        sa.Column("tax_number", sa.Text(), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 120", name=op.f("ck_agencies_name_length")),
        sa.PrimaryKeyConstraint("id", name="pk_agencies"),
    )
    op.create_table(
        "desks",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 120", name=op.f("ck_desks_name_length")),
        sa.CheckConstraint("number > 0", name=op.f("ck_desks_number_positive")),
        sa.PrimaryKeyConstraint("id", name="pk_desks"),
        sa.UniqueConstraint("number", name="uq_desks_number"),
    )
    op.create_table(
        "travellers",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 200", name=op.f("ck_travellers_name_length")),
        sa.PrimaryKeyConstraint("id", name="pk_travellers"),
    )
    op.create_index("ix_travellers_search", "travellers", ["search"], unique=False)
    op.create_table(
        "vendors",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("legal", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("commission_bps", sa.Integer(), nullable=False),
        sa.Column("holdback_days", sa.Integer(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("commission_bps BETWEEN 0 AND 10000", name=op.f("ck_vendors_commission_share")),
        sa.CheckConstraint("holdback_days >= 0", name=op.f("ck_vendors_holdback_positive")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 200", name=op.f("ck_vendors_name_length")),
        sa.PrimaryKeyConstraint("id", name="pk_vendors"),
    )
    op.create_index("ix_vendors_name", "vendors", ["name"], unique=False)
    op.create_table(
        "number_series",
        sa.Column("desk_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.Column("next", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "first > 0 AND next BETWEEN first AND last + 1", name=op.f("ck_number_series_within_block")
        ),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name="fk_number_series_desk_id"),
        sa.PrimaryKeyConstraint("id", name="pk_number_series"),
        sa.UniqueConstraint("kind", "year", "first", name="uq_number_series_kind_year_first"),
    )
    op.create_table(
        "trips",
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("meeting_point", sa.Text(), nullable=False),
        sa.Column("meet_before_min", sa.Integer(), nullable=False),
        sa.Column("included", sa.Text(), nullable=False),
        sa.Column("languages", sa.Text(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("duration_min", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("tax_bps", sa.Integer(), nullable=False),
        sa.Column("deposit_bps", sa.Integer(), nullable=False),
        sa.Column("policy", sa.JSON(), nullable=False),
        sa.Column("search", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("deposit_bps BETWEEN 0 AND 10000", name=op.f("ck_trips_deposit_share")),
        sa.CheckConstraint("duration_min > 0", name=op.f("ck_trips_duration_positive")),
        sa.CheckConstraint("json_valid(policy)", name=op.f("ck_trips_policy_is_json")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint("length(title) BETWEEN 1 AND 200", name=op.f("ck_trips_title_length")),
        sa.CheckConstraint("tax_bps BETWEEN 0 AND 10000", name=op.f("ck_trips_tax_share")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name="fk_trips_vendor_id"),
        sa.PrimaryKeyConstraint("id", name="pk_trips"),
    )
    op.create_index("ix_trips_place", "trips", ["place"], unique=False)
    op.create_index("ix_trips_vendor_id", "trips", ["vendor_id"], unique=False)
    op.create_table(
        "users",
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("role", sa.String(40), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(role = 'vendor') = (vendor_id IS NOT NULL)", name=op.f("ck_users_vendor_person_has_vendor")
        ),
        sa.CheckConstraint(
            "role IN ('agent', 'vendor', 'manager', 'admin')", name=op.f("ck_users_role_known")
        ),
        sa.CheckConstraint("length(email) BETWEEN 3 AND 254", name=op.f("ck_users_email_length")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 120", name=op.f("ck_users_name_length")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name="fk_users_vendor_id"),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("email", name="uq_users_email"),
    )
    op.create_table(
        "audit",
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("entity", sa.Text(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=False),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name="fk_audit_actor_id"),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_at", "audit", ["at"], unique=False)
    op.create_index("ix_audit_entity", "audit", ["entity", "entity_id"], unique=False)
    op.create_table(
        "departures",
        sa.Column("trip_id", sa.Uuid(), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("cutoff_at", UtcDateTime(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("local_day", sa.Date(), nullable=False),
        sa.Column("local_time", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('open', 'stopped', 'cancelled', 'done')", name=op.f("ck_departures_state_known")
        ),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_departures_capacity_positive")),
        sa.CheckConstraint(
            "cutoff_at <= starts_at AND starts_at < ends_at", name=op.f("ck_departures_times_in_order")
        ),
        sa.ForeignKeyConstraint(["trip_id"], ["trips.id"], name="fk_departures_trip_id"),
        sa.PrimaryKeyConstraint("id", name="pk_departures"),
    )
    op.create_index(
        "ix_departures_local_day_starts_at", "departures", ["local_day", "starts_at"], unique=False
    )
    op.create_index("ix_departures_starts_at", "departures", ["starts_at"], unique=False)
    op.create_index("ix_departures_trip_id_starts_at", "departures", ["trip_id", "starts_at"], unique=False)
    op.create_table(
        "sales",
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("desk_id", sa.Uuid(), nullable=False),
        sa.Column("traveller_id", sa.Uuid(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_sales_created_by"),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name="fk_sales_desk_id"),
        sa.ForeignKeyConstraint(["traveller_id"], ["travellers.id"], name="fk_sales_traveller_id"),
        sa.PrimaryKeyConstraint("id", name="pk_sales"),
        sa.UniqueConstraint("reference", name="uq_sales_reference"),
    )
    op.create_index("ix_sales_traveller_id", "sales", ["traveller_id"], unique=False)
    op.create_table(
        "trip_prices",
        sa.Column("trip_id", sa.Uuid(), nullable=False),
        sa.Column("traveller_type", sa.String(40), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("takes_seat", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "traveller_type IN ('adult', 'child', 'infant')", name=op.f("ck_trip_prices_traveller_type_known")
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_trip_prices_amount_not_negative")),
        sa.ForeignKeyConstraint(["trip_id"], ["trips.id"], name="fk_trip_prices_trip_id"),
        sa.PrimaryKeyConstraint("id", name="pk_trip_prices"),
        sa.UniqueConstraint("trip_id", "traveller_type", name="uq_trip_prices_trip_id_traveller_type"),
    )
    op.create_table(
        "grants",
        sa.Column("departure_id", sa.Uuid(), nullable=False),
        sa.Column("desk_id", sa.Uuid(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("taken", sa.Integer(), server_default="0", nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("seats >= 0", name=op.f("ck_grants_seats_not_negative")),
        sa.CheckConstraint("taken BETWEEN 0 AND seats", name=op.f("ck_grants_not_oversold")),
        sa.ForeignKeyConstraint(["departure_id"], ["departures.id"], name="fk_grants_departure_id"),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name="fk_grants_desk_id"),
        sa.PrimaryKeyConstraint("id", name="pk_grants"),
        sa.UniqueConstraint("departure_id", "desk_id", name="uq_grants_departure_id_desk_id"),
    )
    op.create_table(
        "payments",
        sa.Column("sale_id", sa.Uuid(), nullable=False),
        sa.Column("way", sa.String(40), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("provider_ref", sa.Text(), nullable=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("decline_code", sa.Text(), nullable=True),
        sa.Column("decline_message", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("reads", sa.Integer(), nullable=False),
        sa.Column("next_read_at", UtcDateTime(), nullable=True),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('created', 'processing', 'requires_action', 'completed', 'failed', 'abandoned', 'unknown')",
            name=op.f("ck_payments_state_known"),
        ),
        sa.CheckConstraint("way IN ('card', 'cash')", name=op.f("ck_payments_way_known")),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payments_amount_positive")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_payments_created_by"),
        sa.ForeignKeyConstraint(["sale_id"], ["sales.id"], name="fk_payments_sale_id"),
        sa.PrimaryKeyConstraint("id", name="pk_payments"),
        sa.UniqueConstraint("provider_ref", name="uq_payments_provider_ref"),
    )
    op.create_index("ix_payments_created_at", "payments", ["created_at"], unique=False)
    op.create_index("ix_payments_sale_id", "payments", ["sale_id"], unique=False)
    op.create_index("ix_payments_state_next_read_at", "payments", ["state", "next_read_at"], unique=False)
    op.create_table(
        "holds",
        sa.Column("departure_id", sa.Uuid(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("party", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('active', 'consumed', 'released', 'expired')", name=op.f("ck_holds_state_known")
        ),
        sa.CheckConstraint("seats > 0", name=op.f("ck_holds_seats_positive")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_holds_created_by"),
        sa.ForeignKeyConstraint(["departure_id"], ["departures.id"], name="fk_holds_departure_id"),
        sa.ForeignKeyConstraint(["grant_id"], ["grants.id"], name="fk_holds_grant_id"),
        sa.PrimaryKeyConstraint("id", name="pk_holds"),
    )
    op.create_index("ix_holds_departure_id", "holds", ["departure_id"], unique=False)
    op.create_index("ix_holds_state_expires_at", "holds", ["state", "expires_at"], unique=False)
    op.create_table(
        "bookings",
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("voucher_code", sa.Text(), nullable=False),
        sa.Column("sale_id", sa.Uuid(), nullable=False),
        sa.Column("departure_id", sa.Uuid(), nullable=False),
        sa.Column("trip_id", sa.Uuid(), nullable=False),
        sa.Column("vendor_id", sa.Uuid(), nullable=False),
        sa.Column("traveller_id", sa.Uuid(), nullable=False),
        sa.Column("grant_id", sa.Uuid(), nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("tax", sa.Integer(), nullable=False),
        sa.Column("tax_bps", sa.Integer(), nullable=False),
        sa.Column("deposit", sa.Integer(), nullable=False),
        sa.Column("commission_bps", sa.Integer(), nullable=False),
        sa.Column("holdback_days", sa.Integer(), nullable=False),
        sa.Column("policy", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("confirmed_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("end_reason", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('pending', 'confirmed', 'completed', 'cancelled', 'no_show')",
            name=op.f("ck_bookings_state_known"),
        ),
        sa.CheckConstraint("commission_bps BETWEEN 0 AND 10000", name=op.f("ck_bookings_commission_share")),
        sa.CheckConstraint("json_valid(policy)", name=op.f("ck_bookings_policy_is_json")).ddl_if(
            dialect="sqlite"
        ),
        sa.CheckConstraint(
            "price >= 0 AND tax BETWEEN 0 AND price", name=op.f("ck_bookings_price_not_negative")
        ),
        sa.ForeignKeyConstraint(["departure_id"], ["departures.id"], name="fk_bookings_departure_id"),
        sa.ForeignKeyConstraint(["grant_id"], ["grants.id"], name="fk_bookings_grant_id"),
        sa.ForeignKeyConstraint(["hold_id"], ["holds.id"], name="fk_bookings_hold_id"),
        sa.ForeignKeyConstraint(["sale_id"], ["sales.id"], name="fk_bookings_sale_id"),
        sa.ForeignKeyConstraint(["traveller_id"], ["travellers.id"], name="fk_bookings_traveller_id"),
        sa.ForeignKeyConstraint(["trip_id"], ["trips.id"], name="fk_bookings_trip_id"),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name="fk_bookings_vendor_id"),
        sa.PrimaryKeyConstraint("id", name="pk_bookings"),
        sa.UniqueConstraint("hold_id", name="uq_bookings_hold_id"),
        sa.UniqueConstraint("reference", name="uq_bookings_reference"),
        sa.UniqueConstraint("voucher_code", name="uq_bookings_voucher_code"),
    )
    op.create_index("ix_bookings_created_at", "bookings", ["created_at"], unique=False)
    op.create_index("ix_bookings_departure_id", "bookings", ["departure_id"], unique=False)
    op.create_index("ix_bookings_sale_id", "bookings", ["sale_id"], unique=False)
    op.create_index("ix_bookings_state_created_at", "bookings", ["state", "created_at"], unique=False)
    op.create_index("ix_bookings_traveller_id", "bookings", ["traveller_id"], unique=False)
    op.create_index("ix_bookings_vendor_id", "bookings", ["vendor_id"], unique=False)
    op.create_table(
        "booking_lines",
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("traveller_type", sa.String(40), nullable=False),
        sa.Column("age", sa.Integer(), nullable=True),
        sa.Column("price", sa.Integer(), nullable=False),
        sa.Column("takes_seat", sa.Boolean(), nullable=False),
        sa.Column("occupies", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "traveller_type IN ('adult', 'child', 'infant')",
            name=op.f("ck_booking_lines_traveller_type_known"),
        ),
        sa.CheckConstraint(
            "age IS NULL OR age BETWEEN 0 AND 130", name=op.f("ck_booking_lines_age_of_a_person")
        ),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 200", name=op.f("ck_booking_lines_name_length")),
        sa.CheckConstraint("price >= 0", name=op.f("ck_booking_lines_price_not_negative")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name="fk_booking_lines_booking_id"),
        sa.PrimaryKeyConstraint("id", name="pk_booking_lines"),
    )
    op.create_index("ix_booking_lines_booking_id", "booking_lines", ["booking_id"], unique=False)
    op.create_table(
        "payment_shares",
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("amount > 0", name=op.f("ck_payment_shares_amount_positive")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name="fk_payment_shares_booking_id"),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name="fk_payment_shares_payment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_payment_shares"),
        sa.UniqueConstraint("payment_id", "booking_id", name="uq_payment_shares_payment_id_booking_id"),
    )
    op.create_index("ix_payment_shares_booking_id", "payment_shares", ["booking_id"], unique=False)
    op.create_table(
        "refunds",
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("payment_id", sa.Uuid(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("provider_ref", sa.Text(), nullable=True),
        sa.Column("failure", sa.Text(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("first_sent_at", UtcDateTime(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("reads", sa.Integer(), nullable=False),
        sa.Column("next_read_at", UtcDateTime(), nullable=True),
        sa.Column("worker", sa.Text(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('requested', 'approved', 'pending', 'completed', 'failed', 'unknown')",
            name=op.f("ck_refunds_state_known"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_refunds_amount_positive")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name="fk_refunds_booking_id"),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_refunds_created_by"),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name="fk_refunds_payment_id"),
        sa.PrimaryKeyConstraint("id", name="pk_refunds"),
        sa.UniqueConstraint("provider_ref", name="uq_refunds_provider_ref"),
    )
    op.create_index("ix_refunds_booking_id", "refunds", ["booking_id"], unique=False)
    op.create_index("ix_refunds_created_at", "refunds", ["created_at"], unique=False)
    op.create_index("ix_refunds_payment_id", "refunds", ["payment_id"], unique=False)
    op.create_index("ix_refunds_state_next_read_at", "refunds", ["state", "next_read_at"], unique=False)
    op.create_table(
        "attempts",
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("refund_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(payment_id IS NULL) <> (refund_id IS NULL)", name=op.f("ck_attempts_one_owner")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name="fk_attempts_payment_id"),
        sa.ForeignKeyConstraint(["refund_id"], ["refunds.id"], name="fk_attempts_refund_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attempts"),
    )
    op.create_index("ix_attempts_payment_id", "attempts", ["payment_id"], unique=False)
    op.create_index("ix_attempts_refund_id", "attempts", ["refund_id"], unique=False)
    op.create_table(
        "ledger",
        sa.Column("desk_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("event", sa.String(40), nullable=False),
        sa.Column("debit", sa.String(40), nullable=False),
        sa.Column("credit", sa.String(40), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("vendor_id", sa.Uuid(), nullable=True),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("refund_id", sa.Uuid(), nullable=True),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("available_at", UtcDateTime(), nullable=True),
        sa.Column("prev_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            known("credit", ACCOUNTS),
            name=op.f("ck_ledger_credit_known"),
        ),
        sa.CheckConstraint(
            known("debit", ACCOUNTS),
            name=op.f("ck_ledger_debit_known"),
        ),
        sa.CheckConstraint("amount > 0", name=op.f("ck_ledger_amount_positive")),
        sa.CheckConstraint("debit <> credit", name=op.f("ck_ledger_two_accounts")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name="fk_ledger_booking_id"),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name="fk_ledger_desk_id"),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name="fk_ledger_payment_id"),
        sa.ForeignKeyConstraint(["refund_id"], ["refunds.id"], name="fk_ledger_refund_id"),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name="fk_ledger_vendor_id"),
        sa.PrimaryKeyConstraint("id", name="pk_ledger"),
        sa.UniqueConstraint("desk_id", "seq", name="uq_ledger_desk_id_seq"),
        sa.UniqueConstraint("hash", name="uq_ledger_hash"),
    )
    op.create_index("ix_ledger_at", "ledger", ["at"], unique=False)
    op.create_index("ix_ledger_booking_id", "ledger", ["booking_id"], unique=False)
    op.create_index("ix_ledger_credit", "ledger", ["credit", "vendor_id"], unique=False)
    op.create_index("ix_ledger_debit", "ledger", ["debit", "vendor_id"], unique=False)
    op.create_index("ix_ledger_payment_id", "ledger", ["payment_id"], unique=False)
    op.create_index("ix_ledger_refund_id", "ledger", ["refund_id"], unique=False)
    op.create_table(
        "seats",
        sa.Column("departure_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=True),
        sa.Column("line_id", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(hold_id IS NULL) <> (line_id IS NULL)", name=op.f("ck_seats_one_owner")),
        sa.ForeignKeyConstraint(["departure_id"], ["departures.id"], name="fk_seats_departure_id"),
        sa.ForeignKeyConstraint(["hold_id"], ["holds.id"], name="fk_seats_hold_id"),
        sa.ForeignKeyConstraint(["line_id"], ["booking_lines.id"], name="fk_seats_line_id"),
        sa.PrimaryKeyConstraint("id", name="pk_seats"),
        sa.UniqueConstraint("departure_id", "label", name="uq_seats_departure_id_label"),
    )
