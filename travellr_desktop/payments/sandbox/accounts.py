"""Connected accounts, which vendors are paid to, and the agency's own."""

from __future__ import annotations

import json
import sqlite3

from travellr_desktop.payments.sandbox.call import Call, new_ref
from travellr_desktop.payments.sandbox.happenings import record
from travellr_desktop.payments.sandbox.rows import Row, known, wanted
from travellr_desktop.payments.sandbox.wire import Json

OWN = "acct_sandbox"
"""The account that the keys of the sandbox belong to."""


def open_one(
    call: Call, *, name: str, country: str, currency: str, transfers: str, past_due: list[str]
) -> Json:
    """A vendor has signed up with Stripe. `transfers` is the capability: active, inactive or pending."""
    ref = new_ref("acct", 16)
    call.connection.execute(
        "INSERT INTO accounts (id, created, name, country, currency, transfers, past_due, metadata)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, '{}')",
        (ref, call.now, name, country, currency.lower(), transfers, json.dumps(past_due)),
    )
    return _told(call, ref)


def change(call: Call, *, transfers: str | None, past_due: list[str] | None) -> Json:
    """Stripe has looked at the account again; None leaves as it is."""
    row = wanted(call.connection, "accounts", "account", call.ref)
    call.connection.execute(
        "UPDATE accounts SET transfers = ?, past_due = ? WHERE id = ?",
        (
            transfers or row["transfers"],
            row["past_due"] if past_due is None else json.dumps(past_due),
            call.ref,
        ),
    )
    return _told(call, call.ref)


def own(_call: Call) -> Json:
    return _shape(OWN, 0, "Sandbox", "ME", "eur", "active", [])


def _told(call: Call, ref: str) -> Json:
    shape = account_object(call.connection, known(call.connection, "accounts", ref))
    record(call, "account.updated", shape)
    return shape


def account_object(_connection: sqlite3.Connection, row: Row) -> Json:
    return _shape(
        row["id"],
        row["created"],
        row["name"],
        row["country"],
        row["currency"],
        row["transfers"],
        json.loads(row["past_due"]),
    )


def _shape(
    ref: str, created: int, name: str, country: str, currency: str, transfers: str, past_due: list[str]
) -> Json:
    ready = transfers == "active" and not past_due
    return {
        "id": ref,
        "object": "account",
        "business_profile": {"name": name},
        "business_type": "company",
        "capabilities": {"card_payments": "inactive" if ref != OWN else "active", "transfers": transfers},
        "charges_enabled": ref == OWN,
        "country": country,
        "created": created,
        "default_currency": currency,
        "details_submitted": True,
        "email": None,
        "metadata": {},
        "payouts_enabled": ready,
        "requirements": {
            "alternatives": [],
            "current_deadline": None,
            "currently_due": past_due,
            "disabled_reason": "requirements.past_due" if past_due else None,
            "errors": [],
            "eventually_due": past_due,
            "past_due": past_due,
            "pending_verification": [],
        },
        "type": "standard" if ref == OWN else "express",
    }
