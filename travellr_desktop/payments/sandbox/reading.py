"""Reading: one object, or a page of a list."""

from __future__ import annotations

import sqlite3
from typing import Any

from travellr_desktop.payments.sandbox.call import Call
from travellr_desktop.payments.sandbox.kinds import KINDS, Kind
from travellr_desktop.payments.sandbox.rows import Row, wanted
from travellr_desktop.payments.sandbox.wire import Json, invalid

_LIMIT = 10
_TYPES = 20
_BOUNDS = {"gt": ">", "gte": ">=", "lt": "<", "lte": "<="}


def retrieve(call: Call, name: str) -> Json:
    kind = KINDS[name]
    row = wanted(call.connection, kind.table, kind.called or kind.name, call.ref, kind.param)
    return kind.render(call.connection, row)


def listing(call: Call, name: str, *, within: str | None = None) -> Json:
    """A page, newest first; `ending_before` gives the page just before its object. `within` names the kind whose
    object the address names; only what belongs to that is listed."""
    params, kind = call.params, KINDS[name]
    where, values = _filters(call, kind)
    if within is not None:
        outer = KINDS[within]
        wanted(call.connection, outer.table, outer.called or outer.name, call.ref, outer.param)
        where.append(f"{within} = ?")
        values.append(call.ref)
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
        "data": [kind.render(call.connection, row) for row in rows],
        "has_more": more,
        "url": "/v1/" + kind.address.replace("{id}", call.ref),
    }


def _cursor(call: Call, kind: Kind, param: str) -> int:
    row = wanted(
        call.connection, kind.table, kind.called or kind.name, call.params[param], param, in_address=False
    )
    return int(row["seq"])


_TURNING = frozenset({"limit", "ending_before", "starting_after", "expand"})


def _filters(call: Call, kind: Kind) -> tuple[list[str], list[Any]]:
    where, values = list[str](), list[Any]()
    for param, value in call.params.items():
        if param in _TURNING:
            continue
        if param in kind.moments:
            _filter_moment(param, value, where, values)
        elif param in kind.filters:
            where.append(f"{kind.filters[param]} = ?")
            values.append(value)
        elif param == "delivery_success":
            if value is False:
                where.append("FALSE")  # there is nobody to deliver to, so nothing failed
        elif kind.name == "event" and param in ("type", "types"):
            _filter_types(call.params, where, values)
        elif kind.name == "payment_method" and param == "type":
            if value != "card":
                where.append("FALSE")
        else:
            raise invalid(f"The sandbox cannot do what {param} asks for.", param=param)
    if kind.name == "payment_method":
        where.append("customer IS NOT NULL")
    return where, values


def _filter_moment(column: str, value: int | dict[str, int], where: list[str], values: list[Any]) -> None:
    if isinstance(value, int):
        where.append(f"{column} = ?")
        values.append(value)
        return
    for bound, moment in value.items():
        where.append(f"{column} {_BOUNDS[bound]} ?")
        values.append(moment)


def _filter_types(params: dict[str, Any], where: list[str], values: list[Any]) -> None:
    if "type" in params and "types" in params:
        raise invalid("You may only specify one of these parameters: type, types.", param="types")
    types = params["types"] if "types" in params else [params["type"]]
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
