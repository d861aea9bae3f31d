"""What a correction posts. Wrong entries are reversed by new ones; nothing is changed."""

from __future__ import annotations

from uuid import UUID

from travellr_desktop.domain import ledger
from travellr_desktop.domain.ledger import Account, Entry, LedgerEvent
from travellr_desktop.domain.matching import Difference, Moved, TheirMove
from travellr_desktop.domain.money import Money
from travellr_desktop.errors import WrongState
from travellr_desktop.services import posting
from travellr_desktop.services.matching.causes import Correction, Facts
from travellr_desktop.services.matching.following import exchanged, note
from travellr_desktop.storage.models import LedgerRow
from travellr_desktop.storage.uow import Reading, UnitOfWork


def planned(view: Reading, found: Difference, known: Facts, how: Correction) -> tuple[Entry, ...]:
    """The entries that a correction writes, none for one that only reads.

    Raises `WrongState` for one that does not belong to the difference."""
    match how:
        case Correction.READ_PAYMENT | Correction.READ_REFUND:
            return ()
        case Correction.POST_FEE if known.move is not None:
            return _fee(found, known)
        case Correction.POST_RATE if known.move is not None:
            return _rate(view, found, known)
        case Correction.POST_AGAIN:
            return _again(view, found, known)
        case Correction.TAKE_OVER if known.move is not None:
            return _taken_over(found.theirs[0])
    raise WrongState("That does not put it right.")


def correct(work: UnitOfWork, found: Difference, known: Facts, how: Correction) -> None:
    """Write the correction of a difference that was just found again within this transaction. Raises as `planned`."""
    entries = planned(work, found, known, how)
    if how is Correction.POST_AGAIN or known.move is None:
        posting.post(work, entries, **_owner(found, known))
    elif how is Correction.TAKE_OVER:
        note(work, known.move, entries)
        known.move.is_open = False
    else:
        note(work, known.move, entries, **_owner(found, known))


def _fee(found: Difference, known: Facts) -> tuple[Entry, ...]:
    payment = known.payment
    if payment is None:
        raise WrongState("The fee of this is not posted with a payment.")
    here = 0 if found.here is None else found.here.minor
    parts = {share.booking_id: Money(share.amount, payment.currency) for share in payment.shares}
    fee = found.theirs[0].fee
    missing = fee.minor - here
    entries = ledger.processor_fee_entries(Money(abs(missing), fee.currency), parts)
    return tuple(ledger.reversal(entry) for entry in entries) if missing < 0 else tuple(entries)


def _rate(view: Reading, found: Difference, known: Facts) -> tuple[Entry, ...]:
    theirs = found.theirs[0]
    wrong = [row for row in _rows(view, found, known) if Account.EXCHANGE in (row.debit, row.credit)]
    return (*(ledger.reversal(_entry(row)) for row in wrong), *exchanged(theirs.amount, theirs.settled))


def _again(view: Reading, found: Difference, known: Facts) -> tuple[Entry, ...]:
    """Take back what is there more than once; where that is not enough, all of it, and post what the row says."""
    posted = [row for row in _rows(view, found, known) if _moved_it(row)]
    surplus = _more_than_once(posted)
    left = sum(_into(row) for row in posted if row not in surplus)
    if found.there is not None and left == found.there.minor:
        again: list[Entry] = []
    else:
        surplus, again = posted, _as_it_is(found, known)
    return (*(ledger.reversal(_entry(row)) for row in surplus), *again)


def _as_it_is(found: Difference, known: Facts) -> list[Entry]:
    """What must be posted for a payment or a refund, by its row."""
    if found.moved is Moved.REFUND and known.refund is not None:
        refund = known.refund
        amount = Money(refund.amount, refund.currency)
        return [ledger.refund_accepted_entry(amount, out_of=Account.STRIPE, booking_id=refund.booking_id)]
    if known.payment is None:
        raise WrongState("There is no payment here that could be posted.")
    return list(posting.entries_of_payment(known.payment))


def _moved_it(row: LedgerRow) -> bool:
    """Whether an entry is the payment or the refund itself: no fee, no exchange, no dispute of it, no way back."""
    other = row.credit if row.debit is Account.STRIPE else row.debit
    return (
        Account.STRIPE in (row.debit, row.credit)
        and other not in (Account.EXCHANGE, Account.PROCESSOR_FEES, Account.DISPUTED_FUNDS)
        and row.event is not LedgerEvent.REFUND_FAILED_LATE
    )


def _into(row: LedgerRow) -> int:
    return row.amount if row.debit is Account.STRIPE else -row.amount


def _more_than_once(rows: list[LedgerRow]) -> list[LedgerRow]:
    """Those that say the same as one before them."""
    seen: set[tuple[object, ...]] = set()
    again = []
    for row in rows:
        says = (row.event, row.debit, row.credit, row.amount, row.currency, row.booking_id)
        if says in seen:
            again.append(row)
        seen.add(says)
    return again


def _taken_over(theirs: TheirMove) -> tuple[Entry, ...]:
    """What nothing here knows of: money that came in is paid too much, and nobody's yet; what went back of such is no
    more. What follows from the movement itself is posted with it."""
    amount, exchange = abs(theirs.amount), exchanged(theirs.amount, theirs.settled)
    if theirs.kind is Moved.PAYMENT:
        came_in = ledger.payment_entries({}, into=Account.STRIPE, overpaid=amount)
        return (*came_in, *exchange, *ledger.processor_fee_entries(theirs.fee, {}))
    if theirs.kind is Moved.REFUND:
        back = ledger.overpayment_back_entry(amount)
        return (back, ledger.refund_accepted_entry(amount, out_of=Account.STRIPE), *exchange)
    raise WrongState("That cannot be taken over.")


def _rows(view: Reading, found: Difference, known: Facts) -> list[LedgerRow]:
    """The entries of the object that still stand: those that a later one took back are left out."""
    owner = _owner(found, known)
    rows = view.matching.entries_of(**owner)
    back = [row for row in rows if row.event is LedgerEvent.REVERSAL]
    standing = [row for row in rows if row.event is not LedgerEvent.REVERSAL]
    for one in back:
        undone = next((row for row in standing if _undoes(one, row)), None)
        if undone is not None:
            standing.remove(undone)
    return standing


def _undoes(back: LedgerRow, row: LedgerRow) -> bool:
    return (back.debit, back.credit, back.amount, back.currency, back.booking_id) == (
        row.credit,
        row.debit,
        row.amount,
        row.currency,
        row.booking_id,
    )


def _owner(found: Difference, known: Facts) -> dict[str, UUID | None]:
    """Whose entries they are, as they stand on the ledger's rows."""
    if found.moved in (Moved.REFUND, Moved.REFUND_FAILED) and known.refund is not None:
        return {"payment_id": known.refund.payment_id, "refund_id": known.refund.id}
    return {"payment_id": None if known.payment is None else known.payment.id, "refund_id": None}


def _entry(row: LedgerRow) -> Entry:
    return Entry(
        row.event,
        row.debit,
        row.credit,
        Money(row.amount, row.currency),
        row.booking_id,
        row.vendor_id,
        row.available_at,
    )
