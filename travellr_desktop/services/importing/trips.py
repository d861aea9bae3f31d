"""Trips: found by their code, or where a row has none by title and vendor. Seasons, and policies of their own, are made
in the program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any
from uuid import UUID

from travellr_desktop.domain.cancellation import PRESETS, Policy
from travellr_desktop.domain.money import decimals
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.text import fold
from travellr_desktop.errors import InvalidInput, Refusal
from travellr_desktop.events import Change
from travellr_desktop.services.catalogue import told
from travellr_desktop.services.importing import values
from travellr_desktop.services.importing.batch import Batch, Row
from travellr_desktop.services.trip_drafts import TripDraft, checked, draft_of
from travellr_desktop.services.trips import apply, make
from travellr_desktop.storage.models import Vendor
from travellr_desktop.storage.repositories.imports import ImportQueries

_TEXTS = ("title", "place", "country", "zone", "description", "meeting_point", "languages", "code")
_READ: dict[str, Callable[[str], Any]] = {
    "duration_min": values.minutes,
    "tax_bps": values.share,
    "deposit_bps": values.share,
    "balance_days": values.whole,
    "meet_before_min": values.minutes,
    "included": values.lines,
}


def take(batch: Batch) -> None:
    """Bring the rows of a batch in."""
    queries, seen = ImportQueries(batch.work.session), set()
    for row in batch.good():
        row.need("vendor", "title", "place", "adult", "duration_min")
        vendor = _vendor(row, queries)
        draft = _draft(row, batch, UUID(int=0) if vendor is None else vendor.id)
        if draft is None or row.faults:
            continue
        key = (draft.code.upper(), "") if draft.code else (fold(draft.title), str(draft.vendor_id))
        if key in seen:
            row.note(
                "code" if draft.code else "title",
                "The same trip stands further up in this file.",
                "Keep one of the rows.",
            )
            continue
        seen.add(key)
        try:
            trip = queries.trip(draft.code.upper(), draft.title, draft.vendor_id)
            if trip is None:
                made = make(batch.work, draft, checked(draft))
                batch.work.session.flush()
                batch.made.append(made.id)
                told(batch.work, "trip", made.id, Change.CREATED)
            elif not batch.update:
                batch.same += 1
            else:
                whole = batch.work.trips.get_full(trip.id)
                wanted = _onto(row, draft, draft_of(whole))
                if apply(batch.work, whole, wanted, checked(wanted)):
                    batch.changed += 1
                else:
                    batch.same += 1
        except Refusal as refusal:
            row.fault(_column(refusal.field), refusal)


def _vendor(row: Row, queries: ImportQueries) -> Vendor | None:
    name = row.text("vendor")
    try:
        found = queries.vendor(name.upper(), name)
    except InvalidInput as refusal:
        row.fault("vendor", refusal)
        return None
    if found is None and name:
        row.note("vendor", "There is no vendor of this code or name.", "Bring the vendors in first.")
    return found


def _draft(row: Row, batch: Batch, vendor_id: UUID) -> TripDraft | None:
    currency = row.text("currency").upper() or batch.currency
    try:
        decimals(currency)
    except InvalidInput as refusal:
        row.fault("currency", refusal)
        currency = batch.currency
    prices = {}
    for kind in TravellerType:
        amount = row.read(kind.value, partial(values.amount, currency=currency), -1)
        if amount >= 0:
            prices[kind] = amount
    read = {name: row.read(name, reader, None) for name, reader in _READ.items()}
    said: dict[str, Any] = {name: row.text(name) for name in _TEXTS}
    said["zone"] = said["zone"] or batch.zone
    said |= {name: value for name, value in read.items() if value is not None}
    policy = row.read("policy", _policy, PRESETS["moderate"])
    if row.faults:
        return None
    draft = TripDraft(
        vendor_id=vendor_id,
        currency=currency,
        policy=policy,
        prices=prices,
        **said,
    )
    try:
        checked(draft)
    except InvalidInput as refusal:
        for each in refusal.together:
            row.fault(_column(each.field), each)
    return draft


def _onto(row: Row, said: TripDraft, there: TripDraft) -> TripDraft:
    """The trip that is there, with what the row says."""
    names = [name for name in (*_TEXTS, *_READ, "policy") if row.given(name)]
    changes: dict[str, Any] = {name: getattr(said, name) for name in names}
    changes["prices"] = {**there.prices, **said.prices}
    if row.given("currency"):
        changes["currency"] = said.currency
    return replace(there, vendor_id=said.vendor_id, **changes)


def _policy(text: str) -> Policy:
    for policy in PRESETS.values():
        if fold(text) in (policy.code, fold(policy.name)):
            return policy
    raise InvalidInput(
        f"“{text[:40]}” is not a policy that ships with the program.",
        hint=f"There are {', '.join(PRESETS)}; policies of its own a trip gets in the program.",
    )


def _column(field: str | None) -> str:
    """The field of a row behind that of a form."""
    name = field or "title"
    if name.startswith("prices"):
        return "adult"
    return name
