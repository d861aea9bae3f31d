"""`expand`: ids in a reply are replaced by the objects they name, up to four deep."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

from travellr_desktop.payments.sandbox import checkout
from travellr_desktop.payments.sandbox.kinds import KINDS, fetched
from travellr_desktop.payments.sandbox.wire import Json, invalid

_DEEPEST = 4


def checked(kind: str, wanted: Iterable[str], *, listed: bool = False) -> tuple[str, ...]:
    """The paths to expand in an object of that kind, without the `data.` of a list. Raises `ApiError` for one that
    cannot be."""
    paths = []
    for name in wanted:
        path = name.removeprefix("data.") if listed else name
        if (listed and path == name) or not _possible((kind,), path, _DEEPEST):
            raise invalid(f"This property cannot be expanded ({name}).", param="expand")
        paths.append(path)
    return tuple(paths)


def _possible(kinds: tuple[str, ...], path: str, depth: int) -> bool:
    if not path:
        return True
    if not depth:
        return False
    for kind in kinds:
        expands = KINDS[kind].expands if kind in KINDS else {}
        for field, targets in expands.items():
            if (rest := _rest(path, field)) is not None and _possible(targets, rest, depth - 1):
                return True
    return False


def _rest(path: str, field: str) -> str | None:
    """What is left of a path after a field; None where it does not begin with it."""
    if path == field:
        return ""
    return path.removeprefix(field + ".") if path.startswith(field + ".") else None


def expand(connection: sqlite3.Connection, reply: Json, paths: Iterable[str]) -> Json:
    """The same reply, one object or a page of them, with the paths expanded in place."""
    for shape in reply["data"] if reply["object"] == "list" else [reply]:
        for path in paths:
            _expand(connection, shape, path)
    return reply


def _expand(connection: sqlite3.Connection, shape: Json, path: str) -> None:
    kind = KINDS.get(shape["object"])
    if kind is None:
        return
    for field in kind.expands:
        rest = _rest(path, field)
        if rest is None:
            continue
        if field == "line_items":
            shape[field] = checkout.expanded_lines(connection, shape["id"])
            return
        holder, last = _holder(shape, field)
        if holder is None:
            return
        if isinstance(holder[last], str):
            holder[last] = fetched(connection, holder[last]) or holder[last]
        if rest and isinstance(holder[last], dict):
            _expand(connection, holder[last], rest)


def _holder(shape: Json, field: str) -> tuple[Json | None, str]:
    """What a field stands in; None where the way to it ends before."""
    *way, last = field.split(".")
    holder: Json | None = shape
    for part in way:
        holder = None if holder is None else holder.get(part)
    return holder, last
