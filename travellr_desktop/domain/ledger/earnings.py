"""What vendor and agency have earned by a booking and given up again, read from its entries: what the next refund after
the trip, or a dispute that is lost, goes on from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from travellr_desktop.domain.commission import Split
from travellr_desktop.domain.ledger.accounts import Account
from travellr_desktop.domain.ledger.balances import standing_entries
from travellr_desktop.domain.ledger.disputes import Earned, KeptOnCancelling
from travellr_desktop.domain.ledger.entry import Entry, LedgerEvent
from travellr_desktop.domain.ledger.refunds import RefundedSoFar
from travellr_desktop.domain.money import Money

_DONE = frozenset({LedgerEvent.TRIP_DONE, LedgerEvent.NO_SHOW})
_TAKES_BACK = frozenset({LedgerEvent.REFUND_APPROVED_AFTER_TRIP, LedgerEvent.DISPUTE_LOST})


@dataclass(slots=True)
class _Count:
    earned: int = 0
    back: int = 0
    commission_back: int = 0
    kept_net: int = 0
    kept_agency: int = 0
    lost_net: int = 0
    lost_agency: int = 0

    def add(self, entry: Entry) -> None:
        minor = entry.amount.minor
        if entry.event in _DONE:
            self.earned += minor
        elif entry.event is LedgerEvent.KEPT and entry.credit is Account.VENDOR_PAYABLE:
            self.kept_net += minor
        elif entry.event is LedgerEvent.KEPT:
            self.kept_agency += minor
        elif entry.event in _TAKES_BACK and entry.debit is Account.COMMISSION:
            self.back += minor
            self.commission_back += minor
        elif entry.event in _TAKES_BACK and entry.debit is Account.CANCELLATION_REVENUE:
            self.lost_agency += minor
        elif entry.event in _TAKES_BACK and entry.debit is Account.VENDOR_PAYABLE:
            # what was kept is touched only once all that was earned is given up
            if self.back < self.earned:
                self.back += minor
            else:
                self.lost_net += minor


def earnings(
    entries: Iterable[Entry], *, booking_id: UUID, currency: str, commission_bps: int, own: int = 0
) -> tuple[Earned, KeptOnCancelling]:
    """What was earned when the trip was done, and what was kept on cancelling, each with what has been taken back of
    it, from the entries in their order; those of other bookings are passed over. Both may be nothing.

    `own` is the discount on the price that the agency alone bears, in minor units.
    """
    count = _Count()
    for entry in standing_entries(each for each in entries if each.booking_id == booking_id):
        count.add(entry)
    earned = Earned(
        Money(count.earned, currency),
        commission_bps,
        RefundedSoFar(count.back, count.commission_back),
        own,
    )
    return earned, KeptOnCancelling(
        Split(count.kept_agency, count.kept_net), Split(count.lost_agency, count.lost_net)
    )
