"""The ledger rows of one booking against what must be there for its payments, its refunds and its end."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from travellr_desktop.domain import ledger
from travellr_desktop.domain.cancellation import Policy
from travellr_desktop.domain.commission import split
from travellr_desktop.domain.ledger import Account, Entry, LedgerEvent
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.states import BookingState, PaymentState, RefundState
from travellr_desktop.domain.ways import Way
from travellr_desktop.services.checks.report import Problem
from travellr_desktop.services.posting import MONEY_OF
from travellr_desktop.storage.base import utc_text
from travellr_desktop.storage.repositories.proofs.rows import BookingFolder, EntryAsKept, RefundAsKept

ACCEPTED = frozenset({RefundState.PENDING, RefundState.COMPLETED})
"""The states of a refund that the provider took on."""

CANCELLED = frozenset({LedgerEvent.REFUND_APPROVED, LedgerEvent.KEPT})
"""The events that are there for a cancelled booking, judged by their sum."""

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
    """One entry for each payment that came in, one for each refund that was taken on, those of the trip's end,
    and none besides."""
    booking = folder.booking
    left: Counter[_Wanted] = Counter()
    owners: dict[_Wanted, tuple[str, str]] = {}
    for owner, wanted in _wanted(folder):
        left[wanted] += 1
        owners[wanted] = owner
    for entry in folder.entries:
        stands = _stands(entry)
        if left[stands]:
            left[stands] -= 1
        elif entry.event not in CANCELLED or booking.state != BookingState.CANCELLED:
            says = f"nothing on the {booking.state} booking {booking.id} asks for {_in_words(stands)}"
            yield Problem("ledger.entry", "ledger", entry.id, says, booking.reference)
    for wanted in left.elements():
        table, row = owners[wanted]
        says = f"the ledger has no entry of it: {_in_words(wanted)}"
        yield Problem("ledger.missing", table, row, says, booking.reference)


def cancellation_adds_up(folder: BookingFolder) -> Iterator[Problem]:
    """What was promised back and what was kept add up to what was paid; what was kept beyond the fixed fee is
    divided by the frozen rate."""
    booking = folder.booking
    if booking.state != BookingState.CANCELLED:
        return
    found = [entry for entry in folder.entries if entry.event in CANCELLED]
    for entry in found:
        if not _cancels(entry, folder):
            says = f"no cancellation has {_in_words(_stands(entry))} like this"
            yield Problem("ledger.entry", "ledger", entry.id, says, booking.reference)
    kept = sum(entry.amount for entry in found if entry.event == LedgerEvent.KEPT)
    back = sum(entry.amount for entry in found if entry.event == LedgerEvent.REFUND_APPROVED)
    paid = sum(share.amount for share in folder.shares if share.state == PaymentState.COMPLETED)
    if kept + back != paid:
        says = f"{back} was promised back and {kept} kept of the {paid} that was paid"
        yield Problem("ledger.cancelled", "bookings", booking.id, says, booking.reference)
    fee = min(Policy.from_json(json.loads(booking.policy)).fixed_fee, kept)
    vendor = sum(entry.amount for entry in found if entry.credit == Account.VENDOR_PAYABLE)
    theirs = split(kept - fee, booking.commission_bps).net
    if vendor != theirs:
        says = f"the vendor has {vendor} of the {kept} that was kept; {theirs} is theirs"
        yield Problem("ledger.cancelled", "bookings", booking.id, says, booking.reference)


def balance(folder: BookingFolder, account: Account) -> int:
    """What the booking's entries leave in an account that grows by credits, in minor units."""
    into = sum(entry.amount for entry in folder.entries if entry.credit == account)
    return into - sum(entry.amount for entry in folder.entries if entry.debit == account)


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
            part = {booking: Money(share.amount, share.currency)}
            for entry in ledger.payment_entries(part, into=MONEY_OF[Way(share.way)]):
                yield ("payments", share.payment_id), _as_kept(entry, payment_id=share.payment_id)
    late = {entry.refund_id for entry in folder.entries if entry.event == LedgerEvent.REFUND_FAILED_LATE}
    for refund in folder.refunds:
        for entry in _of_refund(refund, booking, failed_late=refund.id in late):
            kept = _as_kept(entry, payment_id=refund.payment_id, refund_id=refund.id)
            yield ("refunds", refund.id), kept
    for entry in _of_end(folder):
        yield ("bookings", folder.booking.id), _as_kept(entry)


def _of_refund(refund: RefundAsKept, booking_id: UUID, *, failed_late: bool) -> Iterator[Entry]:
    amount = Money(refund.amount, refund.currency)
    failed = refund.state == RefundState.FAILED and failed_late
    if refund.state in ACCEPTED or failed:
        out_of = MONEY_OF[Way(refund.way)]
        yield ledger.refund_accepted_entry(amount, out_of=out_of, booking_id=booking_id)
    if failed:
        yield ledger.refund_failed_entry(amount, booking_id=booking_id)


def _of_end(folder: BookingFolder) -> tuple[Entry, ...]:
    booking = folder.booking
    event = next((done for state, done in DONE.items() if state == booking.state), None)
    if event is None:
        return ()
    if folder.available_at is None:
        raise ValueError("nobody can tell when its trip ends")
    paid = sum(share.amount for share in folder.shares if share.state == PaymentState.COMPLETED)
    promised = sum(refund.amount for refund in folder.refunds if refund.state != RefundState.FAILED)
    return ledger.done_entries(
        event,
        price=Money(booking.price, booking.currency),
        paid=Money(min(paid - promised, booking.price), booking.currency),
        commission_bps=booking.commission_bps,
        booking_id=UUID(booking.id),
        vendor_id=UUID(booking.vendor_id),
        available_at=folder.available_at,
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
    vendor: tuple[str | None, str | None] = (None, None)
    to = {LedgerEvent.REFUND_APPROVED.value: {Account.REFUNDS_PAYABLE.value}}.get(
        entry.event, {Account.VENDOR_PAYABLE.value, Account.CANCELLATION_REVENUE.value}
    )
    if entry.credit == Account.VENDOR_PAYABLE and folder.available_at is not None:
        vendor = (folder.booking.vendor_id, utc_text(folder.available_at))
    return (
        entry.debit == Account.TRAVELLER_FUNDS
        and entry.credit in to
        and (entry.vendor_id, entry.available_at) == vendor
        and entry.payment_id is None
        and entry.refund_id is None
    )
