"""What of a booking was given back beyond its policy, and who bore it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from travellr_desktop.domain.ledger import Account, Bearer, LedgerEvent, RefundedSoFar, given_up
from travellr_desktop.domain.money import Money
from travellr_desktop.services.checks.report import Problem
from travellr_desktop.storage.repositories.proofs.rows import BookingFolder, EntryAsKept

_BORNE = {
    (LedgerEvent.GOODWILL, Account.GOODWILL): Bearer.AGENCY,
    (LedgerEvent.GOODWILL, Account.VENDOR_PAYABLE): Bearer.VENDOR,
    (LedgerEvent.REFUND_APPROVED_AFTER_TRIP, Account.VENDOR_PAYABLE): None,
    (LedgerEvent.REFUND_APPROVED_AFTER_TRIP, Account.COMMISSION): None,
}
"""Who bears what is taken out of an account, None for both by the commission rate."""

_TAKEN_BACK = frozenset({LedgerEvent.REFUND_APPROVED_AFTER_TRIP, LedgerEvent.DISPUTE_LOST})


def what_goes_beyond_is_borne(folder: BookingFolder) -> Iterator[Problem]:
    """What went back beyond the policy is in the ledger at the cost of who was named, and nothing else is. What both
    bear after the trip is divided cumulatively: many parts as one whole."""
    booking = folder.booking
    due: Counter[Bearer | None] = Counter()
    for refund in folder.refunds:
        if refund.retry_of is None and refund.beyond and not refund.excess:
            due[None if refund.borne_by is None else Bearer(refund.borne_by)] += refund.beyond
    found: Counter[Bearer | None] = Counter()
    for entry in folder.entries:
        if entry.event not in {event for event, _account in _BORNE}:
            continue
        if not _is_one(entry, folder):
            says = f"nothing is given beyond the policy like {entry.amount}, debit {entry.debit}, credit {entry.credit}"
            yield Problem("ledger.entry", "ledger", entry.id, says, booking.reference)
            continue
        found[_BORNE[LedgerEvent(entry.event), Account(entry.debit)]] += entry.amount
    if +due != +found:
        says = (
            f"{_in_words(found)} was given beyond the policy in the ledger, {_in_words(due)} by its refunds"
        )
        yield Problem("ledger.beyond", "bookings", booking.id, says, booking.reference)
    yield from _divided(folder)


def _is_one(entry: EntryAsKept, folder: BookingFolder) -> bool:
    vendors = entry.debit == Account.VENDOR_PAYABLE
    return (
        entry.credit == Account.REFUNDS_PAYABLE
        and (entry.event, entry.debit) in _BORNE
        and entry.vendor_id == (folder.booking.vendor_id if vendors else None)
        and entry.payment_id is None
        and entry.refund_id is None
    )


def _divided(folder: BookingFolder) -> Iterator[Problem]:
    """Of what was taken back of the earned price, the agency's part."""
    booking = folder.booking
    if not any(entry.event == LedgerEvent.REFUND_APPROVED_AFTER_TRIP for entry in folder.entries):
        return
    taken = [entry for entry in folder.entries if entry.event in _TAKEN_BACK]
    earned = [entry for entry in taken if entry.debit in (Account.COMMISSION, Account.VENDOR_PAYABLE)]
    whole = sum(entry.amount for entry in earned)
    commission = sum(entry.amount for entry in earned if entry.debit == Account.COMMISSION)
    theirs = given_up(
        Money(whole, booking.currency),
        price=Money(booking.price, booking.currency),
        before=RefundedSoFar(),
        commission_bps=booking.commission_bps,
        own=sum(line.own_discount for line in folder.standing),
    ).commission
    if commission != theirs:
        says = f"the agency gave up {commission} of {whole}; {theirs} is its part"
        yield Problem("ledger.beyond", "bookings", booking.id, says, booking.reference)


def _in_words(sums: Counter[Bearer | None]) -> str:
    said = [f"{amount} by {'both' if bearer is None else bearer.value}" for bearer, amount in sums.items()]
    return ", ".join(said) or "nothing"
