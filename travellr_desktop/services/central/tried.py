"""What an op would have done, in words for somebody who never saw it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from travellr_desktop.services.central.fields import DERIVED, FieldWords, label_of
from travellr_desktop.services.central.said import UNSEEN, EntrySaid

MOST = 6
"""Rows that are told one by one."""
_SHORT = 60

_DID = {
    "booking.amend": "A change of a booking",
    "booking.cancel": "A cancellation",
    "catalogue.save": "A change of what is sold",
    "departure.overbook": "Seats beyond capacity",
    "hold.change": "A change of held seats",
    "hold.expire": "Letting go of held seats",
    "hold.release": "Letting go of held seats",
    "hold.take": "Holding seats",
    "invoice.issue": "An invoice",
    "manifest.check_in": "A check-in",
    "note.save": "A note",
    "payment.complete": "A payment",
    "promo.save": "A promo code",
    "refund.decide": "A refund",
    "refund.record": "A refund",
    "sale.place": "A sale",
    "settings.save": "A change of the settings",
    "sync.settled": "What was settled by hand",
    "traveller.merge": "Merging two travellers",
    "traveller.save": "A change of a traveller",
    "user.save": "A change of a person's account",
    "vendor.terms": "A change of how a vendor is paid",
    "waiting.save": "A place on the waiting list",
}


def did_words(op_name: str) -> str:
    """What an op did, as the beginning of a sentence."""
    return _DID.get(op_name) or "A change"


def tried(one: EntrySaid, words: FieldWords) -> tuple[str, ...]:
    """A sentence for each row that an op would have written; the last one counts what is left out."""
    rows: dict[tuple[str, str], tuple[str, dict[str, Any]]] = {}
    for change in one.changes:
        row = str(change.get("t")), str(change.get("id"))
        kinds, fields = rows.get(row, ("", {}))
        rows[row] = kinds + str(change.get("k")), fields | dict(change.get("f") or {})
    seen = {row: did for row, did in rows.items() if row[0] not in UNSEEN}
    booked = sum(table == "ledger" for table, _id in seen)
    told = [_row(table, row_id, *did, words) for (table, row_id), did in seen.items() if table != "ledger"]
    if booked:
        told.append("Books money: one entry." if booked == 1 else f"Books money: {booked} entries.")
    if len(told) <= MOST:
        return tuple(told)
    return (*told[: MOST - 1], f"And {len(told) - MOST + 1} more rows.")


def _row(table: str, row_id: str, kinds: str, fields: Mapping[str, Any], words: FieldWords) -> str:
    thing = words.thing(table, _id(row_id), fields)
    if kinds.endswith("D"):
        return f"Removes: {thing}."
    if "I" in kinds:
        return f"Adds: {thing}."
    said = [
        f"{label_of(name)} {_short(words.value(table, name, value, fields))}"
        for name, value in fields.items()
        if name not in DERIVED.get(table, ()) and name not in ("id", "version")
    ]
    if not said:
        return f"Changes: {thing}."
    more = f" and {len(said) - 3} more" if len(said) > 3 else ""
    return f"Changes: {thing}, {', '.join(said[:3])}{more}."


def _short(value: str) -> str:
    return value if len(value) <= _SHORT else f"{value[: _SHORT - 1]}…"


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
