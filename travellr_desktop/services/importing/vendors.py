"""Vendors: found by their code, or where a row has none by their name."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from travellr_desktop.domain.commission import DEFAULT_BPS
from travellr_desktop.errors import InvalidInput
from travellr_desktop.events import Change
from travellr_desktop.services.catalogue import told
from travellr_desktop.services.importing import values
from travellr_desktop.services.importing.batch import Batch, Row
from travellr_desktop.services.vendors import VendorDraft, apply, checked, draft_of, make
from travellr_desktop.storage.repositories.imports import ImportQueries


def take(batch: Batch) -> None:
    """Bring the rows of a batch in."""
    queries, seen = ImportQueries(batch.work.session), set()
    for row in batch.good():
        row.need("name")
        draft = VendorDraft(
            name=row.text("name"),
            legal=row.text("legal"),
            email=row.text("email"),
            phone=row.text("phone"),
            commission_bps=row.read("commission_bps", values.share, DEFAULT_BPS),
            holdback_days=row.read("holdback_days", values.whole, 2),
            code=row.text("code"),
        )
        fresh = _checked(row, draft)
        if fresh is None:
            continue
        try:
            vendor = queries.vendor(fresh["code"], fresh["name"])
        except InvalidInput as refusal:
            row.fault("name", refusal)
            continue
        key = fresh["code"] or fresh["name"].casefold()
        if key in seen:
            row.note(
                "code" if fresh["code"] else "name",
                "The same vendor stands further up in this file.",
                "Keep one of the rows.",
            )
            continue
        seen.add(key)
        if vendor is None:
            vendor = make(batch.work, fresh)
            batch.made.append(vendor.id)
            told(batch.work, "vendor", vendor.id, Change.CREATED)
        elif not batch.update:
            batch.same += 1
        else:
            earlier = draft_of(vendor)
            for each in fields(VendorDraft):
                if not row.given(each.name):
                    fresh[each.name] = getattr(earlier, each.name)
            if apply(batch.work, vendor, fresh):
                batch.changed += 1
            else:
                batch.same += 1


def _checked(row: Row, draft: VendorDraft) -> dict[str, Any] | None:
    try:
        fresh = checked(draft)
    except InvalidInput as refusal:
        missing = bool(row.faults)  # a name that is missing was said already
        for each in refusal.together:
            if not missing or each.field != "name":
                row.fault(each.field or "name", each)
        return None
    return None if row.faults else fresh
