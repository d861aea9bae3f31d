"""The end of a trip: its price is earned."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from travellr_desktop.domain.commission import split
from travellr_desktop.domain.ledger.accounts import Account
from travellr_desktop.domain.ledger.entry import Entry, LedgerEvent, vendor_line
from travellr_desktop.domain.money import Money
from travellr_desktop.errors import InvalidInput


def done_entries(
    event: LedgerEvent,
    *,
    price: Money,
    paid: Money,
    commission_bps: int,
    booking_id: UUID,
    vendor_id: UUID,
    available_at: datetime,
    own: int = 0,
) -> tuple[Entry, ...]:
    """The trip has been (`TRIP_DONE`), or the traveller did not come (`NO_SHOW`): the price is earned.

    The commission is rounded once on the whole price and the vendor has the rest; a discount of `own` minor units
    was the agency's alone. What was paid (at most the price) serves the vendor first; what was not is owed by the
    traveller.
    """
    if event not in {LedgerEvent.TRIP_DONE, LedgerEvent.NO_SHOW}:
        raise InvalidInput(f"A trip does not end with {event.value!r}.", field="event")
    if not Money.zero(price.currency) <= paid <= price:
        raise InvalidInput("What was paid for a booking lies between nothing and its price.", field="paid")
    parts = split(price.minor, commission_bps, own)
    to_vendor = min(paid.minor, parts.net)
    to_agency = paid.minor - to_vendor
    moves = (
        (Account.TRAVELLER_FUNDS, Account.VENDOR_PAYABLE, to_vendor),
        (Account.TRAVELLER_FUNDS, Account.COMMISSION, to_agency),
        (Account.TRAVELLER_RECEIVABLE, Account.VENDOR_PAYABLE, parts.net - to_vendor),
        (Account.TRAVELLER_RECEIVABLE, Account.COMMISSION, parts.commission - to_agency),
    )
    return tuple(
        vendor_line(event, debit, credit, Money(minor, price.currency), booking_id, vendor_id, available_at)
        for debit, credit, minor in moves
        if minor
    )
