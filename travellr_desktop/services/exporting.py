"""Any list as a CSV file: every row that the filters let through, in its order, with every field that it has.

The file is made for spreadsheets and programs, not for the eye: UTF-8 with a mark at the start (Excel takes it for
another encoding without), commas, amounts as plain decimals with their currency in a column of its own, times in the
agency's zone, a departure's in its own. Texts that a spreadsheet would take for a formula begin with an apostrophe.
"""

from __future__ import annotations

import csv
import json
import os
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import Enum
from functools import cache
from pathlib import Path
from typing import Any, get_args, get_type_hints
from uuid import UUID, uuid4

from travellr_desktop.domain.money import Money, decimals
from travellr_desktop.domain.periods import zone as zone_of
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.errors import CannotWrite
from travellr_desktop.services.paged import PagedRows
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.uow import Database

AT_ONCE = 1_000
"""Rows read at a time."""

LOCAL = frozenset({"departs", "starts_at", "ends_at", "cutoff_at"})
"""Times that are written as the clock at the place of a row with a `zone` shows them."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_PHONE = re.compile(r"\+[0-9 ()./-]+")

Progress = Callable[[int, int], object]
"""Told after each batch how many rows of how many are written; may raise `Cancelled`."""


@dataclass(frozen=True, slots=True)
class Exported:
    path: Path
    rows: int


class ExportService:
    def __init__(self, database: Database) -> None:
        self._db = database

    def to_csv(
        self, actor: Actor, name: str, rows: PagedRows[Any], path: Path, progress: Progress | None = None
    ) -> Exported:
        """Write `rows`, a list that the actor has opened, to `path`, and that it was done to the audit trail. A file
        that is there is replaced once the new one is whole. Raises `CannotWrite`; whatever `progress` raises stops
        it, and no file is left."""
        with self._db.read() as view:
            agency = view.agency.find()
            zone = agency.zone if agency is not None else "UTC"
        partial = path.with_name(f".{path.name}.{uuid4().hex}")
        try:
            with partial.open("w", encoding="utf-8-sig", newline="") as file:
                count = _write(csv.writer(file), rows, zone, progress)
                file.flush()
                os.fsync(file.fileno())
            partial.replace(path)
        except OSError as error:
            raise CannotWrite(f"{path.name} cannot be written ({error.strerror}).") from error
        finally:
            partial.unlink(missing_ok=True)
        with self._db.write(Commit.LIST_EXPORT, actor) as work:
            desk = work.agency.this_desk()
            work.audit("list.export", "list", desk.id, name=name, count=count)
            work.commit()
        return Exported(path, count)


def _write(writer: Any, rows: PagedRows[Any], zone: str, progress: Progress | None) -> int:
    """The head with the first row, then row by row. A list of nothing is a file with nothing in it."""
    total, done, head = rows.index(), 0, False
    while done < total:
        page = rows.page(done, AT_ONCE)
        if not page:
            break
        for row in page:
            if row is None:  # gone since the list was read
                continue
            cells = list(_cells(row, zone))
            if not head:
                writer.writerow([title for title, _ in cells])
                head = True
            writer.writerow([value for _, value in cells])
        done += len(page)
        if progress is not None:
            progress(done, total)
    return done


def _cells(row: Any, zone: str) -> Iterator[tuple[str, str]]:
    """Title and value of each cell. A row may say itself what it gives (`exported`); else it is its fields but ids."""
    own: Mapping[str, object] | None = row.exported() if hasattr(row, "exported") else None
    if own is None:
        own = {field.name: getattr(row, field.name) for field in fields(row)}
    place = str(own.get("zone") or zone)
    for name, value in own.items():
        if isinstance(value, UUID) or name == "id" or name.endswith("_id"):
            continue
        title = name.replace("_", " ").capitalize()
        if isinstance(value, Money):
            yield title, plain_decimal(value)
            yield f"{title} currency", value.currency
        elif value is None and name in _amounts(row.__class__):
            yield title, ""
            yield f"{title} currency", ""
        else:
            yield title, _text(value, place if name in LOCAL else zone)


@cache
def _amounts(kind: Any) -> frozenset[str]:
    """The fields that are amounts where they are anything."""
    return frozenset(name for name, hint in get_type_hints(kind).items() if Money in (hint, *get_args(hint)))


def _text(value: object, zone: str) -> str:
    if value is None:
        return ""
    if isinstance(value, Enum):
        return str(value.value)
    if isinstance(value, datetime):
        return f"{value.astimezone(zone_of(zone)):%Y-%m-%d %H:%M:%S}"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Mapping | Sequence) and not isinstance(value, str):
        return json.dumps(value, ensure_ascii=False, default=str) if value else ""
    return guarded(str(value)) if isinstance(value, str) else str(value)


def guarded(text: str) -> str:
    """Text that no spreadsheet takes for a formula. A telephone number is none."""
    if text.startswith(_FORMULA) and not _PHONE.fullmatch(text):
        return "'" + text
    return text


def plain_decimal(money: Money) -> str:
    """An amount with a point and its currency's own decimals: 1250 EUR is 12.50, 1250 JPY is 1250."""
    places = decimals(money.currency)
    sign, digits = "-" if money.minor < 0 else "", str(abs(money.minor))
    if not places:
        return sign + digits
    digits = digits.rjust(places + 1, "0")
    return f"{sign}{digits[:-places]}.{digits[-places:]}"
