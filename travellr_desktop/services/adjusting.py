"""Money that a vendor gets, or gives up, by agreement: a cleaning that the agency pays, a fine, a rounding put right.

It is an entry of the books like any other, with a reason that the vendor reads too, and is paid out, or taken off, with
the next payout. A wrong one is not changed: another one puts it right."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain import ledger, lengths
from travellr_desktop.domain.faults import Faults
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.domain.text import clean_line
from travellr_desktop.errors import InvalidInput
from travellr_desktop.events import EarningsChanged
from travellr_desktop.services import keys, posting
from travellr_desktop.services.catalogue import DEAREST
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import VendorAdjustment
from travellr_desktop.storage.repositories.adjusted import AdjustmentRepository
from travellr_desktop.storage.uow import Database, Reading


@dataclass(frozen=True, slots=True)
class AdjustmentDraft:
    """`amount` above zero is for the vendor, below zero from them."""

    vendor_id: UUID
    amount: Money
    reason: str


@dataclass(frozen=True, slots=True)
class Adjusted:
    """`entry_id` is its row of the ledger."""

    id: UUID
    entry_id: UUID


@dataclass(frozen=True, slots=True)
class AdjustmentRow:
    """`by` is who wrote it."""

    id: UUID
    entry_id: UUID
    amount: Money
    reason: str
    at: datetime
    by: str


class AdjustmentService:
    def __init__(self, database: Database) -> None:
        self._db = database

    def of_vendor(self, actor: Actor, vendor_id: UUID) -> tuple[AdjustmentRow, ...]:
        """All there were, newest first. Raises `NotFound`."""
        require(actor, Permission.PAYOUT_READ)
        with self._db.read() as view:
            view.vendors.get(vendor_id)
            return tuple(
                AdjustmentRow(
                    row.id, row.ledger_id, Money(row.amount, row.currency), row.reason, row.at, by or ""
                )
                for row, by in AdjustmentRepository(view.session).of_vendor(vendor_id)
            )

    def currencies(self, actor: Actor, vendor_id: UUID) -> tuple[str, ...]:
        """Those in which a vendor has trips or money. Raises `NotFound`."""
        require(actor, Permission.PAYOUT_PREPARE)
        with self._db.read() as view:
            return _currencies(view, vendor_id)

    def adjust(self, actor: Actor, draft: AdjustmentDraft, *, key: UUID) -> Adjusted:
        """Write it into the books. The same key has one effect.

        Raises `InvalidInput` naming every field at fault, `NotFound`, and for the key as `keys.begin`."""
        require(actor, Permission.PAYOUT_PREPARE)
        with self._db.write(Commit.VENDOR_ADJUST, actor) as work:
            earlier = keys.begin(work, self._db.workers, key, "vendor.adjust", draft, draft.vendor_id)
            if earlier is not None and earlier.result is not None:
                return keys.from_json(Adjusted, earlier.result)
            reason = _checked(work, draft)
            entry = ledger.vendor_adjusted_entry(
                draft.amount, vendor_id=draft.vendor_id, available_at=work.now
            )
            (entry_id,) = posting.post(work, [entry])
            adjusted = Adjusted(new_id(), entry_id)
            work.session.add(
                VendorAdjustment(
                    id=adjusted.id,
                    vendor_id=draft.vendor_id,
                    ledger_id=entry_id,
                    currency=draft.amount.currency,
                    amount=draft.amount.minor,
                    reason=reason,
                    at=work.now,
                    by=actor.user_id,
                )
            )
            work.audit(
                "vendor.adjust",
                "vendor",
                draft.vendor_id,
                amount=draft.amount.minor,
                currency=draft.amount.currency,
                reason=reason,
            )
            work.publish(EarningsChanged(aggregate_id=draft.vendor_id, timestamp=work.now))
            keys.finish(work, key, adjusted, draft.vendor_id)
            work.commit()
        return adjusted


def _currencies(view: Reading, vendor_id: UUID) -> tuple[str, ...]:
    view.vendors.get(vendor_id)
    return AdjustmentRepository(view.session).currencies(vendor_id)


def _checked(view: Reading, draft: AdjustmentDraft) -> str:
    """The reason, cleaned. Raises `InvalidInput` naming every field at fault, `NotFound`."""
    amount, known = draft.amount, _currencies(view, draft.vendor_id)
    faults = Faults()
    if not 0 < abs(amount.minor) <= DEAREST:
        words = "more than a slip of the finger" if amount.minor else "nothing"
        faults.add(InvalidInput(f"This would adjust by {words}.", field="amount"))
    elif amount.currency not in known:
        faults.add(
            InvalidInput(
                f"This vendor has no trips and no money in {amount.currency}.",
                hint=f"Choose {' or '.join(known)}." if known else "Add a trip of theirs first.",
                field="amount",
            )
        )
    reason = faults.read("", clean_line, draft.reason, "reason", lengths.REASON)
    faults.end()
    return reason
