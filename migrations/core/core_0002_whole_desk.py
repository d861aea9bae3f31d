"""The whole desk: seasons, series, seat plans, pictures; options, waiting list, allowances; notes, documents and
merges of travellers; promo codes, discounts and changes of bookings.

Revision ID: core_0002
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from travellr_desktop.storage.base import UtcDateTime

revision = "core_0002"
down_revision = "core_0001"
branch_labels = None
depends_on = None

HOLD_KINDS = "kind IN ('hold', 'option', 'offer', 'change')"


def upgrade() -> None:
    new_tables()
    new_columns()
    new_indexes()


def add(table: str, name: str, kind: sa.types.TypeEngine[object], rest: str = "") -> None:
    """Add a column in place. Rebuilding the table, as Alembic's batches do on SQLite, would lose its triggers."""
    compiled = kind.compile(dialect=op.get_bind().dialect)
    op.execute(sa.DDL(f"ALTER TABLE {table} ADD COLUMN {name} {compiled} {rest}".rstrip()))


def new_columns() -> None:
    text, whole, moment, key, word = sa.Text(), sa.Integer(), UtcDateTime(), sa.Uuid(), sa.String(40)
    empty, nothing, false = "DEFAULT '' NOT NULL", "DEFAULT 0 NOT NULL", f"DEFAULT {literal(False)} NOT NULL"
    add("agencies", "discount_limit_bps", whole, "DEFAULT 1000 NOT NULL")
    add("agencies", "offer_hours", whole, "DEFAULT 24 NOT NULL")
    add("users", "must_change", sa.Boolean(), false)
    add("vendors", "code", text, empty)
    add("vendors", "search", text, empty)
    add("trips", "code", text, empty)
    add("departures", "stop_reason", text, empty)
    add("departures", "note", text, empty)
    add("departures", "series_id", key, "CONSTRAINT fk_departures_series_id REFERENCES series (id)")
    add("departures", "plan_id", key, "CONSTRAINT fk_departures_plan_id REFERENCES seat_plans (id)")
    add("holds", "kind", word, f"DEFAULT 'hold' NOT NULL CONSTRAINT ck_holds_kind_known CHECK ({HOLD_KINDS})")
    add("holds", "traveller_id", key, "CONSTRAINT fk_holds_traveller_id REFERENCES travellers (id)")
    add("holds", "note", text, empty)
    add("holds", "remind_at", moment)
    add("holds", "reminded_at", moment)
    add("holds", "labels", sa.JSON(), "DEFAULT '[]' NOT NULL")
    add("seats", "position", whole, "DEFAULT 1 NOT NULL")
    add("booking_lines", "discount", whole, nothing)
    parts = "CONSTRAINT ck_booking_lines_discount_parts CHECK (own_discount BETWEEN 0 AND discount)"
    add("booking_lines", "own_discount", whole, f"{nothing} {parts}")
    add("booking_lines", "ended_at", moment)
    of_price = "CONSTRAINT ck_booking_lines_kept_of_price CHECK (kept BETWEEN 0 AND price)"
    add("booking_lines", "kept", whole, f"{nothing} {of_price}")
    add("booking_lines", "checked_in_at", moment)
    add("booking_lines", "absent", sa.Boolean(), false)
    add("travellers", "born", sa.Date())
    for name in ("language", "address", "country", "name_key", "phone_key"):
        add("travellers", name, text, empty)
    itself = "CONSTRAINT ck_travellers_not_into_itself CHECK (merged_into IS NULL OR merged_into <> id)"
    add(
        "travellers",
        "merged_into",
        key,
        f"CONSTRAINT fk_travellers_merged_into REFERENCES travellers (id) {itself}",
    )


def literal(value: bool) -> str:
    """A truth value as the database writes it."""
    return str(
        sa.literal(value).compile(dialect=op.get_bind().dialect, compile_kwargs={"literal_binds": True})
    )


def new_indexes() -> None:
    for table, *columns in (
        ("bookings", "price"),
        ("bookings", "trip_id"),
        ("departures", "series_id"),
        ("holds", "state", "remind_at"),
        ("holds", "traveller_id"),
        ("seats", "hold_id"),
        ("seats", "line_id"),
        ("travellers", "email"),
        ("travellers", "merged_into"),
        ("travellers", "name_key", "born"),
        ("travellers", "phone_key"),
    ):
        op.create_index(f"ix_{table}_{'_'.join(columns)}", table, columns)
    for table in ("trips", "vendors"):
        given = sa.text("code <> ''")
        op.create_index(
            f"uq_{table}_code", table, ["code"], unique=True, sqlite_where=given, postgresql_where=given
        )


def new_tables() -> None:
    op.create_table(
        "seat_plans",
        sa.Column("vendor_id", sa.Uuid(), nullable=True),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("layout", sa.JSON(), nullable=False),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('coach', 'boat', 'decks')", name=op.f("ck_seat_plans_kind_known")),
        sa.CheckConstraint("json_valid(layout)", name=op.f("ck_seat_plans_layout_is_json")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 120", name=op.f("ck_seat_plans_name_length")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name=op.f("fk_seat_plans_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_seat_plans")),
        info={"where": "both"},
    )
    op.create_index(op.f("ix_seat_plans_vendor_id"), "seat_plans", ["vendor_id"], unique=False)
    op.create_table(
        "travel_documents",
        sa.Column("traveller_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("number", sa.Text(), nullable=False),
        sa.Column("country", sa.Text(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('passport', 'identity', 'visa', 'licence', 'other')",
            name=op.f("ck_travel_documents_kind_known"),
        ),
        sa.CheckConstraint("length(number) BETWEEN 1 AND 60", name=op.f("ck_travel_documents_number_length")),
        sa.ForeignKeyConstraint(
            ["traveller_id"], ["travellers.id"], name=op.f("fk_travel_documents_traveller_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_travel_documents")),
        info={"where": "both"},
    )
    op.create_index(
        op.f("ix_travel_documents_traveller_id"), "travel_documents", ["traveller_id"], unique=False
    )
    op.create_table(
        "promo_codes",
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("bps", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=True),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("most_uses", sa.Integer(), nullable=True),
        sa.Column("trip_id", sa.Uuid(), nullable=True),
        sa.Column("vendor_id", sa.Uuid(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(kind = 'amount') = (currency IS NOT NULL)", name=op.f("ck_promo_codes_amount_has_currency")
        ),
        sa.CheckConstraint(
            "(kind = 'percent') = (amount = 0 AND bps > 0)", name=op.f("ck_promo_codes_one_value")
        ),
        sa.CheckConstraint("kind IN ('percent', 'amount')", name=op.f("ck_promo_codes_kind_known")),
        sa.CheckConstraint(
            "bps BETWEEN 0 AND 10000 AND amount >= 0", name=op.f("ck_promo_codes_value_in_range")
        ),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_promo_codes_days_in_order")),
        sa.CheckConstraint("length(code) BETWEEN 2 AND 40", name=op.f("ck_promo_codes_code_length")),
        sa.CheckConstraint("most_uses IS NULL OR most_uses > 0", name=op.f("ck_promo_codes_some_use")),
        sa.ForeignKeyConstraint(["trip_id"], ["trips.id"], name=op.f("fk_promo_codes_trip_id")),
        sa.ForeignKeyConstraint(["vendor_id"], ["vendors.id"], name=op.f("fk_promo_codes_vendor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promo_codes")),
        sa.UniqueConstraint("code", name=op.f("uq_promo_codes_code")),
        info={"where": "both"},
    )
    op.create_table(
        "series",
        sa.Column("trip_id", sa.Uuid(), nullable=False),
        sa.Column("weekdays", sa.Text(), nullable=False),
        sa.Column("local_time", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("zone", sa.Text(), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=False),
        sa.Column("cutoff_min", sa.Integer(), nullable=False),
        sa.Column("plan_id", sa.Uuid(), nullable=True),
        sa.Column("except_days", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("capacity > 0", name=op.f("ck_series_capacity_positive")),
        sa.CheckConstraint("cutoff_min >= 0", name=op.f("ck_series_cutoff_not_negative")),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_series_days_in_order")),
        sa.CheckConstraint("length(weekdays) BETWEEN 1 AND 7", name=op.f("ck_series_some_weekday")),
        sa.ForeignKeyConstraint(["plan_id"], ["seat_plans.id"], name=op.f("fk_series_plan_id")),
        sa.ForeignKeyConstraint(["trip_id"], ["trips.id"], name=op.f("fk_series_trip_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        info={"where": "both"},
    )
    op.create_index(op.f("ix_series_trip_id"), "series", ["trip_id"], unique=False)
    op.create_table(
        "traveller_merges",
        sa.Column("kept_id", sa.Uuid(), nullable=False),
        sa.Column("other_id", sa.Uuid(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("undone_at", UtcDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kept_id <> other_id", name=op.f("ck_traveller_merges_two_records")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_traveller_merges_created_by")),
        sa.ForeignKeyConstraint(["kept_id"], ["travellers.id"], name=op.f("fk_traveller_merges_kept_id")),
        sa.ForeignKeyConstraint(["other_id"], ["travellers.id"], name=op.f("fk_traveller_merges_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_traveller_merges")),
        info={"where": "both"},
    )
    op.create_index(op.f("ix_traveller_merges_kept_id"), "traveller_merges", ["kept_id"], unique=False)
    op.create_index(op.f("ix_traveller_merges_other_id"), "traveller_merges", ["other_id"], unique=False)
    op.create_table(
        "traveller_pairs",
        sa.Column("first_id", sa.Uuid(), nullable=False),
        sa.Column("second_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_traveller_pairs_in_order")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_traveller_pairs_created_by")),
        sa.ForeignKeyConstraint(["first_id"], ["travellers.id"], name=op.f("fk_traveller_pairs_first_id")),
        sa.ForeignKeyConstraint(["second_id"], ["travellers.id"], name=op.f("fk_traveller_pairs_second_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_traveller_pairs")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_traveller_pairs_first_id_second_id")),
        info={"where": "both"},
    )
    op.create_index(op.f("ix_traveller_pairs_second_id"), "traveller_pairs", ["second_id"], unique=False)
    op.create_table(
        "trip_pictures",
        sa.Column("trip_id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("caption", sa.Text(), nullable=False),
        sa.Column("media_type", sa.Text(), nullable=False),
        sa.Column("data", sa.Text(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "media_type IN ('image/jpeg', 'image/png')", name=op.f("ck_trip_pictures_media_type_known")
        ),
        sa.CheckConstraint("length(data) BETWEEN 1 AND 700000", name=op.f("ck_trip_pictures_data_length")),
        sa.ForeignKeyConstraint(["trip_id"], ["trips.id"], name=op.f("fk_trip_pictures_trip_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trip_pictures")),
        info={"where": "both"},
    )
    op.create_index(op.f("ix_trip_pictures_trip_id"), "trip_pictures", ["trip_id"], unique=False)
    op.create_table(
        "trip_seasons",
        sa.Column("trip_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_day", sa.Date(), nullable=False),
        sa.Column("last_day", sa.Date(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("first_day <= last_day", name=op.f("ck_trip_seasons_days_in_order")),
        sa.CheckConstraint("length(name) BETWEEN 1 AND 120", name=op.f("ck_trip_seasons_name_length")),
        sa.ForeignKeyConstraint(["trip_id"], ["trips.id"], name=op.f("fk_trip_seasons_trip_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trip_seasons")),
        info={"where": "both"},
    )
    op.create_index(
        "ix_trip_seasons_trip_id_first_day", "trip_seasons", ["trip_id", "first_day"], unique=False
    )
    op.create_table(
        "season_prices",
        sa.Column("season_id", sa.Uuid(), nullable=False),
        sa.Column("traveller_type", sa.String(length=40), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "traveller_type IN ('adult', 'child', 'infant')",
            name=op.f("ck_season_prices_traveller_type_known"),
        ),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_season_prices_amount_not_negative")),
        sa.ForeignKeyConstraint(["season_id"], ["trip_seasons.id"], name=op.f("fk_season_prices_season_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_season_prices")),
        sa.UniqueConstraint(
            "season_id", "traveller_type", name=op.f("uq_season_prices_season_id_traveller_type")
        ),
        info={"where": "both"},
    )
    op.create_table(
        "allowances",
        sa.Column("departure_id", sa.Uuid(), nullable=False),
        sa.Column("desk_id", sa.Uuid(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(reason) BETWEEN 1 AND 500", name=op.f("ck_allowances_reason_length")),
        sa.CheckConstraint("seats <> 0", name=op.f("ck_allowances_seats_not_nothing")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_allowances_created_by")),
        sa.ForeignKeyConstraint(["departure_id"], ["departures.id"], name=op.f("fk_allowances_departure_id")),
        sa.ForeignKeyConstraint(["desk_id"], ["desks.id"], name=op.f("fk_allowances_desk_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_allowances")),
        info={"where": "both"},
    )
    op.create_index(op.f("ix_allowances_departure_id"), "allowances", ["departure_id"], unique=False)
    op.create_table(
        "waiting_list",
        sa.Column("departure_id", sa.Uuid(), nullable=False),
        sa.Column("traveller_id", sa.Uuid(), nullable=False),
        sa.Column("party", sa.JSON(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("offered_at", UtcDateTime(), nullable=True),
        sa.Column("hold_id", sa.Uuid(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('waiting', 'offered', 'taken', 'withdrawn', 'lapsed')",
            name=op.f("ck_waiting_list_state_known"),
        ),
        sa.CheckConstraint("seats > 0", name=op.f("ck_waiting_list_seats_positive")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_waiting_list_created_by")),
        sa.ForeignKeyConstraint(
            ["departure_id"], ["departures.id"], name=op.f("fk_waiting_list_departure_id")
        ),
        sa.ForeignKeyConstraint(["hold_id"], ["holds.id"], name=op.f("fk_waiting_list_hold_id")),
        sa.ForeignKeyConstraint(
            ["traveller_id"], ["travellers.id"], name=op.f("fk_waiting_list_traveller_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_list")),
        sa.UniqueConstraint("hold_id", name=op.f("uq_waiting_list_hold_id")),
        info={"where": "both"},
    )
    op.create_index(
        "ix_waiting_list_departure_id_state",
        "waiting_list",
        ["departure_id", "state", "created_at"],
        unique=False,
    )
    op.create_index(op.f("ix_waiting_list_traveller_id"), "waiting_list", ["traveller_id"], unique=False)
    op.create_table(
        "amendments",
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("plan", sa.JSON(), nullable=False),
        sa.Column("difference", sa.Integer(), nullable=False),
        sa.Column("hold_id", sa.Uuid(), nullable=True),
        sa.Column("payment_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "state IN ('pending', 'done', 'abandoned')", name=op.f("ck_amendments_state_known")
        ),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_amendments_booking_id")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_amendments_created_by")),
        sa.ForeignKeyConstraint(["hold_id"], ["holds.id"], name=op.f("fk_amendments_hold_id")),
        sa.ForeignKeyConstraint(["payment_id"], ["payments.id"], name=op.f("fk_amendments_payment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_amendments")),
        sa.UniqueConstraint("hold_id", name=op.f("uq_amendments_hold_id")),
        info={"where": "both"},
    )
    op.create_index("ix_amendments_booking_id_state", "amendments", ["booking_id", "state"], unique=False)
    op.create_index(op.f("ix_amendments_payment_id"), "amendments", ["payment_id"], unique=False)
    op.create_table(
        "discounts",
        sa.Column("sale_id", sa.Uuid(), nullable=False),
        sa.Column("booking_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("bps", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("parts", sa.JSON(), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("promo_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("kind IN ('percent', 'amount')", name=op.f("ck_discounts_kind_known")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_discounts_amount_not_negative")),
        sa.CheckConstraint("bps BETWEEN 0 AND 10000", name=op.f("ck_discounts_bps_in_range")),
        sa.CheckConstraint("length(reason) BETWEEN 1 AND 500", name=op.f("ck_discounts_reason_length")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_discounts_booking_id")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_discounts_created_by")),
        sa.ForeignKeyConstraint(["promo_id"], ["promo_codes.id"], name=op.f("fk_discounts_promo_id")),
        sa.ForeignKeyConstraint(["sale_id"], ["sales.id"], name=op.f("fk_discounts_sale_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_discounts")),
        info={"where": "both"},
    )
    op.create_index(op.f("ix_discounts_booking_id"), "discounts", ["booking_id"], unique=False)
    op.create_index(op.f("ix_discounts_promo_id"), "discounts", ["promo_id"], unique=False)
    op.create_table(
        "notes",
        sa.Column("traveller_id", sa.Uuid(), nullable=True),
        sa.Column("booking_id", sa.Uuid(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(traveller_id IS NULL) <> (booking_id IS NULL)", name=op.f("ck_notes_one_owner")),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 4000", name=op.f("ck_notes_text_length")),
        sa.ForeignKeyConstraint(["booking_id"], ["bookings.id"], name=op.f("fk_notes_booking_id")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_notes_created_by")),
        sa.ForeignKeyConstraint(["traveller_id"], ["travellers.id"], name=op.f("fk_notes_traveller_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notes")),
        info={"where": "both"},
    )
    op.create_index(op.f("ix_notes_booking_id"), "notes", ["booking_id"], unique=False)
    op.create_index(op.f("ix_notes_traveller_id"), "notes", ["traveller_id"], unique=False)
