"""Customers: people for whom cards can be kept."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from travellr_desktop.payments.sandbox import limits
from travellr_desktop.payments.sandbox.call import Call, new_ref
from travellr_desktop.payments.sandbox.happenings import record
from travellr_desktop.payments.sandbox.rows import Row, known, wanted
from travellr_desktop.payments.sandbox.wire import Json, invalid

_FIELDS = ("name", "email", "phone", "description")
_TAKEN = frozenset({*_FIELDS, "metadata"})
_LONGEST = {"name": 256, "email": 512, "phone": 20, "description": 5_000}


def create(call: Call) -> Json:
    limits.check_known(call.params, _TAKEN)
    _check_texts(call)
    ref = insert(call, call.params)
    return customer_object(call.connection, known(call.connection, "customers", ref))


def insert(call: Call, data: Mapping[str, Any]) -> str:
    """Write a customer from texts as Stripe names them, and give its id."""
    metadata = limits.checked_metadata(data.get("metadata"))
    ref = new_ref("cus", 14)
    call.connection.execute(
        "INSERT INTO customers (id, created, name, email, phone, description, metadata)"
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        (ref, call.now, *(data.get(name) or None for name in _FIELDS), json.dumps(metadata)),
    )
    record(
        call, "customer.created", customer_object(call.connection, known(call.connection, "customers", ref))
    )
    return ref


def update(call: Call) -> Json:
    """An empty text takes a field away; what is not named stays as it is."""
    limits.check_known(call.params, _TAKEN)
    row = wanted(call.connection, "customers", "customer", call.ref)
    _check_texts(call)
    fields = {name: call.params[name] or None for name in _FIELDS if name in call.params}
    if "metadata" in call.params:
        merged = limits.merged_metadata(json.loads(row["metadata"]), call.params["metadata"])
        fields["metadata"] = json.dumps(merged)
    for name, value in fields.items():
        call.connection.execute(f"UPDATE customers SET {name} = ? WHERE id = ?", (value, call.ref))
    shape = customer_object(call.connection, known(call.connection, "customers", call.ref))
    if fields:
        record(call, "customer.updated", shape)
    return shape


def named(call: Call) -> str | None:
    """The id of the customer that the parameters name, if they do. Raises `ApiError` where there is none of that id."""
    if "customer" not in call.params:
        return None
    row = wanted(
        call.connection, "customers", "customer", call.params["customer"], "customer", in_address=False
    )
    return str(row["id"])


def _check_texts(call: Call) -> None:
    for name, longest in _LONGEST.items():
        if len(call.params.get(name) or "") > longest:
            raise invalid(f"Invalid string: {name} can have up to {longest} characters.", param=name)
    if call.params.get("email") and "@" not in call.params["email"]:
        raise invalid(f"Invalid email address: {call.params['email']}", param="email", code="email_invalid")


def customer_object(_connection: sqlite3.Connection, row: Row) -> Json:
    return {
        "id": row["id"],
        "object": "customer",
        "address": None,
        "balance": 0,
        "created": row["created"],
        "currency": None,
        "default_source": None,
        "delinquent": False,
        "description": row["description"],
        "email": row["email"],
        "invoice_settings": {"custom_fields": None, "default_payment_method": None, "footer": None},
        "livemode": False,
        "metadata": json.loads(row["metadata"]),
        "name": row["name"],
        "phone": row["phone"],
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
    }
