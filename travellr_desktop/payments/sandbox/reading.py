"""Reading: one object, a page of a list, the balance."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import Any

from travellr_desktop.payments.sandbox.call import Call
from travellr_desktop.payments.sandbox.objects import (
    Render,
    Row,
    charge_object,
    check_expand,
    event_object,
    intent_object,
    one,
    refund_object,
)
from travellr_desktop.payments.sandbox.wire import Json, invalid, missing

_LIMIT = 10
_TYPES = 20
_BOUNDS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of object: its table, its address and how it is written."""

    name: str
    table: str
    address: str
    render: Render
    param: str = "id"


INTENT = Kind("payment_intent", "intents", "/v1/payment_intents", intent_object, "intent")
CHARGE = Kind("charge", "charges", "/v1/charges", charge_object)
REFUND = Kind("refund", "refunds", "/v1/refunds", refund_object)
EVENT = Kind("event", "events", "/v1/events", event_object)


def retrieve(call: Call, kind: Kind) -> Json:
    expand = check_expand(kind.name, call.params.get("expand", ()))
    row = one(call.connection, kind.table, call.ref)
    if row is None:
        raise missing(kind.name, call.ref, kind.param)
    return kind.render(call.connection, row, expand)


def listing(call: Call, kind: Kind) -> Json:
    """A page, newest first; `ending_before` gives the page just before its object."""
    params = call.params
    expand = check_expand(kind.name, params.get("expand", ()), listed=True)
    where, values = _filters(call, kind)
    limit = params.get("limit", _LIMIT)
    if not 1 <= limit <= 100:
        raise invalid("Limit must be between 1 and 100.", param="limit", code="parameter_invalid_integer")
    backwards = "ending_before" in params
    if backwards:
        where.append("seq > ?")
        values.append(_cursor(call, kind, "ending_before"))
    elif "starting_after" in params:
        where.append("seq < ?")
        values.append(_cursor(call, kind, "starting_after"))
    rows: list[Row] = call.connection.execute(
        f"SELECT * FROM {kind.table} WHERE {' AND '.join(where) or 'TRUE'}"
        f" ORDER BY seq {'ASC' if backwards else 'DESC'} LIMIT ?",
        (*values, limit + 1),
    ).fetchall()
    more, rows = len(rows) > limit, rows[:limit]
    if backwards:
        rows.reverse()
    return {
        "object": "list",
        "data": [kind.render(call.connection, row, expand) for row in rows],
        "has_more": more,
        "url": kind.address,
    }


def balance(call: Call) -> Json:
    """What came in less what went back, per currency; the sandbox takes no fees and settles at once."""
    check_expand("balance", call.params.get("expand", ()))
    rows = call.connection.execute(
        "SELECT currency, SUM(amount - refunded) FROM charges WHERE status = 'succeeded'"
        " GROUP BY currency ORDER BY currency"
    )
    available = [
        {"amount": amount, "currency": currency, "source_types": {"card": amount}}
        for currency, amount in rows
    ]
    pending = [{**part, "amount": 0, "source_types": {"card": 0}} for part in available]
    return {"object": "balance", "available": available, "livemode": False, "pending": pending}


def _cursor(call: Call, kind: Kind, param: str) -> int:
    row = one(call.connection, kind.table, call.params[param])
    if row is None:
        raise missing(kind.name, call.params[param], param, in_address=False)
    return int(row["seq"])


def _filters(call: Call, kind: Kind) -> tuple[list[str], list[Any]]:
    params, where, values = call.params, list[str](), list[Any]()
    match params.get("created"):
        case int(moment):
            where.append("created = ?")
            values.append(moment)
        case dict(bounds):
            for bound, moment in bounds.items():
                where.append(f"created {_BOUNDS[bound]} ?")
                values.append(moment)
    for param, column in (("payment_intent", "intent"), ("charge", "charge")):
        if param in params:
            where.append(f"{column} = ?")
            values.append(params[param])
    if "customer" in params or "customer_account" in params or "transfer_group" in params:
        where.append("FALSE")  # nothing here belongs to one
    if params.get("delivery_success") is False:
        where.append("FALSE")  # there is nobody to deliver to, so nothing failed
    if kind is EVENT:
        _filter_types(params, where, values)
    return where, values


def _filter_types(params: dict[str, Any], where: list[str], values: list[Any]) -> None:
    if "type" in params and "types" in params:
        raise invalid("You may only specify one of these parameters: type, types.", param="types")
    types = params["types"] if "types" in params else [params["type"]] if "type" in params else []
    if len(types) > _TYPES:
        raise invalid(f"Invalid array: no more than {_TYPES} types may be given.", param="types")
    if types:
        where.append("(" + " OR ".join("type GLOB ?" for _ in types) + ")")
        values.extend(types)


def succeeded_for(connection: sqlite3.Connection, name: str, value: str) -> int:
    """How many payment intents with that metadata were paid."""
    return int(
        connection.execute(
            "SELECT COUNT(*) FROM intents, json_each(intents.metadata) AS m"
            " WHERE status = 'succeeded' AND m.key = ? AND m.value = ?",
            (name, value),
        ).fetchone()[0]
    )
