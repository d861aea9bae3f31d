"""Each dispute against its parts and its payment, against the ledger, and against the provider."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime

from travellr_desktop.domain.ledger import Account, LedgerEvent
from travellr_desktop.domain.states import DisputeState, PaymentState
from travellr_desktop.errors import NotFound, Refusal
from travellr_desktop.payments.gateway import DisputeStatus, GatewayRefused, PaymentGateway
from travellr_desktop.services.checks.report import Problem
from travellr_desktop.services.disputing import state_of
from travellr_desktop.storage.repositories.proofs import Proofs, open_proofs
from travellr_desktop.storage.repositories.proofs.disputes import DisputeAsKept, DisputeEntries
from travellr_desktop.storage.uow import Database

_DECIDED = frozenset({DisputeState.WON, DisputeState.LOST, DisputeState.CLOSED})
_BETWEEN = {
    LedgerEvent.DISPUTE_OPENED.value: (Account.DISPUTED_FUNDS, Account.STRIPE),
    LedgerEvent.DISPUTE_WON.value: (Account.STRIPE, Account.DISPUTED_FUNDS),
    LedgerEvent.DISPUTE_FEE.value: (Account.PROCESSOR_FEES, Account.STRIPE),
    LedgerEvent.DISPUTE_FEE_BACK.value: (Account.STRIPE, Account.PROCESSOR_FEES),
}
_LOST_BY = frozenset(
    {
        Account.REFUNDS_PAYABLE,
        Account.OVERPAYMENT,
        Account.TRAVELLER_FUNDS,
        Account.VENDOR_PAYABLE,
        Account.COMMISSION,
        Account.CANCELLATION_REVENUE,
        Account.TRAVELLER_RECEIVABLE,
    }
)


def disputes_agree(proofs: Proofs) -> Iterator[Problem]:
    """Parts add up to their dispute, it is about a payment that came in, and its state is one that it can be in."""
    for row in proofs.disputes.disputes():
        for kind, says in _wrong(row):
            yield Problem(kind, "disputes", row.id, says, row.reference)


def _wrong(row: DisputeAsKept) -> Iterator[tuple[str, str]]:
    if row.shared != row.amount:
        yield "dispute.parts", f"it is about {row.amount}, its parts add up to {row.shared}"
    if row.currency != row.payment_currency:
        yield "dispute.currency", f"it is in {row.currency}, its payment in {row.payment_currency}"
    if row.payment_state != PaymentState.COMPLETED:
        yield "dispute.payment", f"it is about a payment that is {row.payment_state}"
    if row.state not in set(DisputeState):
        yield "dispute.state", f"{row.state!r} is no state of a dispute"
    if (row.state in _DECIDED) != (row.ended_at is not None):
        yield "dispute.state", f"it is {row.state}, and it ended: {row.ended_at}"
    if row.state == DisputeState.INQUIRY and row.taken_at is not None:
        yield "dispute.state", "it is an inquiry, and money was taken for it"


def disputes_are_in_the_books(proofs: Proofs) -> Iterator[Problem]:
    """What banks took, gave back and kept is in the ledger, booking by booking, between the accounts that it may be;
    and so is what disputes have cost."""
    sums: dict[tuple[str | None, str | None, str], int] = defaultdict(int)
    fees: dict[str | None, int] = defaultdict(int)
    for entry in proofs.disputes.entries():
        if not _may_be(entry):
            says = f"no dispute writes {entry.event} of {entry.amount}, debit {entry.debit}, credit {entry.credit}"
            yield Problem("ledger.dispute", "payments", str(entry.payment_id), says)
        sums[entry.payment_id, entry.booking_id, entry.event] += entry.amount
        if entry.event == LedgerEvent.DISPUTE_FEE:
            fees[entry.payment_id] += entry.amount
        elif entry.event == LedgerEvent.DISPUTE_FEE_BACK:
            fees[entry.payment_id] -= entry.amount
    wanted: dict[tuple[str | None, str | None, str], int] = {}
    for part in proofs.disputes.parts():
        for event, amount in (
            (LedgerEvent.DISPUTE_OPENED, part.taken),
            (LedgerEvent.DISPUTE_WON, part.won),
            (LedgerEvent.DISPUTE_LOST, part.lost),
        ):
            wanted[part.payment_id, part.booking_id, event.value] = amount
    of_fees = (LedgerEvent.DISPUTE_FEE, LedgerEvent.DISPUTE_FEE_BACK)
    for key in sorted({*wanted, *(each for each in sums if each[2] not in of_fees)}, key=str):
        payment, booking, what = key
        if sums.get(key, 0) != wanted.get(key, 0):
            says = f"{wanted.get(key, 0)} of it is {what}, {sums.get(key, 0)} in the ledger"
            yield Problem("ledger.dispute", "bookings", str(booking), f"{says} (payment {payment})")
    cost: dict[str | None, int] = {each.payment_id: each.fee for each in proofs.disputes.fees()}
    for paid in sorted({*cost, *(each for each in fees if fees[each])}, key=str):
        if cost.get(paid, 0) != fees.get(paid, 0):
            says = f"its disputes cost {cost.get(paid, 0)}, {fees.get(paid, 0)} in the ledger"
            yield Problem("ledger.dispute", "payments", str(paid), says)


def _may_be(entry: DisputeEntries) -> bool:
    """Whether it is between accounts that its event moves money between, with the vendor where it is the vendor's."""
    vendor = entry.booking_vendor_id if entry.debit == Account.VENDOR_PAYABLE else None
    if entry.vendor_id != vendor or entry.payment_id is None:
        return False
    if entry.event == LedgerEvent.DISPUTE_LOST:
        return entry.credit == Account.DISPUTED_FUNDS and entry.debit in _LOST_BY
    return (entry.debit, entry.credit) == _BETWEEN.get(entry.event)


class DisputeCheck:
    """Compares the disputes of the file with the provider's. Asks, and moves nothing."""

    def __init__(self, database: Database, gateway: PaymentGateway, since: datetime | None) -> None:
        """`since` None compares everything; else what was opened after it, and what is not decided."""
        self._db = database
        self._gateway = gateway
        self._since = since

    def problems(self) -> Iterator[Problem]:
        """What does not agree. What differs is read once more on both sides first. A key that may not read disputes is
        no problem of the books."""
        with open_proofs(self._db) as proofs:
            if not proofs.disputes.any_paid():
                return
            ours = {row.ref: row for row in proofs.disputes.disputes()}
        try:
            theirs = {status.ref: status for status in self._gateway.disputes(since=self._since)}
            for ref, row in ours.items():
                if ref not in theirs and (self._since is None or row.ended_at is None):
                    yield from self._compare(ref)
            for ref, status in theirs.items():
                if self._is_ours(status) and _differs(ours.get(ref), status):
                    yield from self._compare(ref)
        except GatewayRefused:
            return
        except Refusal as refusal:
            yield Problem(
                "provider.unreachable", "disputes", "-", f"the provider could not be asked: {refusal}"
            )

    def _is_ours(self, status: DisputeStatus) -> bool:
        with open_proofs(self._db) as proofs:
            return proofs.disputes.is_ours(status.payment_ref)

    def _compare(self, ref: str) -> Iterator[Problem]:
        with open_proofs(self._db) as proofs:
            row = proofs.disputes.dispute(ref)
        row_id, reference = ("-", None) if row is None else (row.id, row.reference)
        try:
            status = self._gateway.get_dispute(ref)
        except NotFound:
            yield Problem(
                "provider.dispute", "disputes", row_id, "the provider knows nothing of it", reference
            )
            return
        for says in _differences(row, status):
            yield Problem("provider.dispute", "disputes", row_id, says, reference)


def _differs(row: DisputeAsKept | None, status: DisputeStatus) -> bool:
    return next(_differences(row, status), None) is not None


def _differences(row: DisputeAsKept | None, status: DisputeStatus) -> Iterator[str]:
    if row is None:
        yield f"the bank disputes {status.payment_ref} ({status.ref}), and that is not recorded here"
        return
    state = state_of(status, None)
    if row.state != state:
        yield f"it is {row.state} here, and {status.state} at the provider"
    if (row.amount, row.currency) != (status.amount.minor, status.amount.currency):
        yield f"it is about {row.amount} {row.currency} here, {status.amount} at the provider"
    if row.payment_ref != status.payment_ref:
        yield f"it is about {row.payment_ref} here, {status.payment_ref} at the provider"
    if (row.taken_at is not None) != (status.taken is not None):
        yield f"the money was taken here: {row.taken_at}, at the provider: {status.taken}"
    fee = 0 if status.fee is None else status.fee.minor
    if row.fee != fee:
        yield f"it cost {row.fee} here, {fee} at the provider"
