"""The ledger rows of one booking against what must be there for its payments, its refunds and its end."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from travellr_desktop.domain import ledger
from travellr_desktop.domain.cancellation import Policy
from travellr_desktop.domain.commission import Kept, kept_split
from travellr_desktop.domain.ledger import Account, Entry, LedgerEvent
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.states import BookingState, PaymentState, RefundState
from travellr_desktop.domain.ways import Way
from travellr_desktop.services.checks.report import Problem
from travellr_desktop.services.checks.standing import standing
from travellr_desktop.services.posting import came_in, collected, too_much, went_back
from travellr_desktop.storage.base import utc_text
from travellr_desktop.storage.repositories.proofs.rows import BookingFolder, EntryAsKept, RefundAsKept

ACCEPTED = frozenset({RefundState.PENDING, RefundState.COMPLETED})
"""The states of a refund that the provider took on."""

CANCELLED = frozenset({LedgerEvent.REFUND_APPROVED, LedgerEvent.KEPT})
"""The events of what is promised back and kept, judged by their sums."""

OF_DISPUTES = frozenset(
    {
        LedgerEvent.DISPUTE_OPENED,
        LedgerEvent.DISPUTE_FEE,
        LedgerEvent.DISPUTE_WON,
        LedgerEvent.DISPUTE_FEE_BACK,
        LedgerEvent.DISPUTE_LOST,
    }
)
"""The events of disputes, judged beside their rows (`checks.disputes`)."""
BEYOND = frozenset({LedgerEvent.GOODWILL, LedgerEvent.REFUND_APPROVED_AFTER_TRIP})
"""The events of what is given beyond the policy, judged by their sums: see `beyond`."""

OF_EXCESS = frozenset({LedgerEvent.OVERPAID_BACK})
"""The event of what was paid too much and is promised back, judged by its sum: see `debts`."""

DONE = {BookingState.COMPLETED: LedgerEvent.TRIP_DONE, BookingState.NO_SHOW: LedgerEvent.NO_SHOW}


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What an entry must say, as it stands in the file."""

    event: str
    debit: str
    credit: str
    amount: int
    vendor_id: str | None
    payment_id: str | None
    refund_id: str | None
    available_at: str | None


def entries_are_as_expected(folder: BookingFolder) -> Iterator[Problem]:
    """One entry for each use of a payment that came in, one for each refund that was taken on and each debt that was
    written off, those of the trip's end, and none besides."""
    booking = folder.booking
    left: Counter[_Wanted] = Counter()
    owners: dict[_Wanted, tuple[str, str]] = {}
    for owner, wanted in _wanted(folder):
        left[wanted] += 1
        owners[wanted] = owner
    for entry in standing(folder.entries):
        stands = _stands(entry)
        if left[stands]:
            left[stands] -= 1
        elif entry.event not in CANCELLED | BEYOND | OF_DISPUTES | OF_EXCESS:
            says = f"nothing on the {booking.state} booking {booking.id} asks for {_in_words(stands)}"
            yield Problem("ledger.entry", "ledger", entry.id, says, booking.reference)
    for wanted in left.elements():
        table, row = owners[wanted]
        says = f"the ledger has no entry of it: {_in_words(wanted)}"
        yield Problem("ledger.missing", table, row, says, booking.reference)


def kept_and_promised_add_up(folder: BookingFolder) -> Iterator[Problem]:
    """What was promised back is what its refunds are; what was kept of travellers who left, and of the booking when it
    was cancelled, is divided by the frozen rate as if it had been kept at once. Of a cancelled booking the two add
    up to what was paid."""
    booking = folder.booking
    found = [entry for entry in folder.entries if entry.event in CANCELLED]
    for entry in found:
        if not _cancels(entry, folder):
            says = f"no cancellation has {_in_words(_stands(entry))} like this"
            yield Problem("ledger.entry", "ledger", entry.id, says, booking.reference)
    kept = sum(entry.amount for entry in found if entry.event == LedgerEvent.KEPT)
    back = sum(entry.amount for entry in found if entry.event == LedgerEvent.REFUND_APPROVED)
    paid = sum(share.for_price for share in folder.shares if share.state == PaymentState.COMPLETED)
    refunds = promised(folder)
    if back != refunds:
        says = f"{back} was promised back, its refunds are {refunds}"
        yield Problem("ledger.promised", "bookings", booking.id, says, booking.reference)
    cancelled = booking.state == BookingState.CANCELLED
    lost = lost_by(folder, Account.TRAVELLER_FUNDS)
    if cancelled and kept + back + lost != paid:
        says = f"{back} was promised back, {kept} kept and {lost} lost of the {paid} that was paid"
        yield Problem("ledger.cancelled", "bookings", booking.id, says, booking.reference)
    of_lines = sum(line.kept for line in folder.left)
    if kept < of_lines or (kept > of_lines and not cancelled):
        says = f"{kept} was kept, of the travellers who left {of_lines}"
        yield Problem("ledger.kept", "bookings", booking.id, says, booking.reference)
        return
    vendor = sum(entry.amount for entry in found if entry.credit == Account.VENDOR_PAYABLE)
    theirs = _vendors_part(folder, kept - of_lines)
    if vendor != theirs:
        says = f"the vendor has {vendor} of the {kept} that was kept; {theirs} is theirs"
        yield Problem("ledger.cancelled", "bookings", booking.id, says, booking.reference)


def promised(folder: BookingFolder) -> int:
    """What was ever promised back out of what was there for the booking: a refund that failed is still owed, and one
    that stands for it promises nothing more."""
    return sum(refund.amount - refund.beyond for refund in folder.refunds if refund.retry_of is None)


def _vendors_part(folder: BookingFolder, kept_at_last: int) -> int:
    """What of everything that was kept is the vendor's: of who left, in their order, then of the booking itself."""
    booking = folder.booking
    fee = Policy.from_json(json.loads(booking.policy)).fixed_fee
    parts = [Kept(line.kept, line.price, min(fee, line.kept), line.own_discount) for line in folder.left]
    if kept_at_last:
        own = sum(line.own_discount for line in folder.standing)
        price = max(booking.price, kept_at_last)
        parts.append(Kept(kept_at_last, price, min(fee, kept_at_last), own))
    net = 0
    for index, part in enumerate(parts):
        net += kept_split(part, parts[:index], net, booking.commission_bps).net
    return net


def balance(folder: BookingFolder, account: Account) -> int:
    """What the booking's entries leave in an account that grows by credits, in minor units."""
    into = sum(entry.amount for entry in folder.entries if entry.credit == account)
    return into - sum(entry.amount for entry in folder.entries if entry.debit == account)


def lost_by(folder: BookingFolder, account: Account) -> int:
    """What disputes that were lost have taken out of an account, in minor units."""
    lost = (entry for entry in folder.entries if entry.event == LedgerEvent.DISPUTE_LOST)
    return sum(entry.amount for entry in lost if entry.debit == account)


def _in_words(entry: _Wanted) -> str:
    return f"{entry.event} of {entry.amount}, debit {entry.debit}, credit {entry.credit}"


def _stands(entry: EntryAsKept) -> _Wanted:
    return _Wanted(
        entry.event,
        entry.debit,
        entry.credit,
        entry.amount,
        entry.vendor_id,
        entry.payment_id,
        entry.refund_id,
        entry.available_at,
    )


def _wanted(folder: BookingFolder) -> Iterator[tuple[tuple[str, str], _Wanted]]:
    """What must be there, each with the row that it is there for."""
    booking = UUID(folder.booking.id)
    for share in folder.shares:
        if share.state == PaymentState.COMPLETED:
            way = Way(share.way)
            for made, minor in (
                (came_in, share.for_price),
                (collected, share.owed),
                (too_much, share.excess),
            ):
                for entry in made({booking: Money(minor, share.currency)}, way):
                    yield ("payments", share.payment_id), _as_kept(entry, payment_id=share.payment_id)
    late = {entry.refund_id for entry in folder.entries if entry.event == LedgerEvent.REFUND_FAILED_LATE}
    for refund in folder.refunds:
        for entry in _of_refund(refund, booking, failed_late=refund.id in late):
            kept = _as_kept(entry, payment_id=refund.payment_id, refund_id=refund.id)
            yield ("refunds", refund.id), kept
    for debt in folder.write_offs:
        if debt.undone_at is None:
            entry = ledger.written_off_entry(Money(debt.amount, debt.currency), booking_id=booking)
            yield ("write_offs", debt.id), _as_kept(entry)
    for entry in of_end(folder):
        yield ("bookings", folder.booking.id), _as_kept(entry)


def _of_refund(refund: RefundAsKept, booking_id: UUID, *, failed_late: bool) -> Iterator[Entry]:
    amount = Money(refund.amount, refund.currency)
    failed = refund.state == RefundState.FAILED and failed_late
    if refund.state in ACCEPTED or failed:
        to = RefundTo(refund.destination)
        yield went_back(amount, way=Way(refund.way), to=to, booking_id=booking_id)
    if failed:
        yield ledger.refund_failed_entry(amount, booking_id=booking_id)


def of_end(folder: BookingFolder) -> tuple[Entry, ...]:
    """What the end of its trip writes, where it has ended."""
    booking = folder.booking
    event = next((done for state, done in DONE.items() if state == booking.state), None)
    if event is None:
        return ()
    if folder.available_at is None:
        raise ValueError("nobody can tell when its trip ends")
    paid = sum(share.for_price for share in folder.shares if share.state == PaymentState.COMPLETED)
    gone = promised(folder) + sum(line.kept for line in folder.left)
    gone += lost_by(folder, Account.TRAVELLER_FUNDS)
    return ledger.done_entries(
        event,
        price=Money(booking.price, booking.currency),
        paid=Money(min(paid - gone, booking.price), booking.currency),
        commission_bps=booking.commission_bps,
        booking_id=UUID(booking.id),
        vendor_id=UUID(booking.vendor_id),
        available_at=folder.available_at,
        own=sum(line.own_discount for line in folder.standing),
    )


def _as_kept(entry: Entry, *, payment_id: str | None = None, refund_id: str | None = None) -> _Wanted:
    return _Wanted(
        entry.event.value,
        entry.debit.value,
        entry.credit.value,
        entry.amount.minor,
        None if entry.vendor_id is None else entry.vendor_id.hex,
        payment_id,
        refund_id,
        None if entry.available_at is None else utc_text(entry.available_at),
    )


def _cancels(entry: EntryAsKept, folder: BookingFolder) -> bool:
    """Whether an entry of a cancellation is between the accounts that it may be, with the vendor where one is due."""
    vendors: set[tuple[str | None, str | None]] = {(None, None)}
    to = {LedgerEvent.REFUND_APPROVED.value: {Account.REFUNDS_PAYABLE.value}}.get(
        entry.event, {Account.VENDOR_PAYABLE.value, Account.CANCELLATION_REVENUE.value}
    )
    if entry.credit == Account.VENDOR_PAYABLE and folder.available_at is not None:
        moments = {folder.available_at, *folder.was_available_at}
        vendors = {(folder.booking.vendor_id, utc_text(at)) for at in moments}
    return (
        entry.debit == Account.TRAVELLER_FUNDS
        and entry.credit in to
        and (entry.vendor_id, entry.available_at) in vendors
        and entry.payment_id is None
        and entry.refund_id is None
    )
