"""Each booking against its lines, sale, hold, payments and refunds."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from travellr_desktop.domain.ledger import Account, LedgerEvent
from travellr_desktop.domain.money import round_ratio
from travellr_desktop.domain.states import AmendmentState, BookingState, HoldState, PaymentState, RefundState
from travellr_desktop.errors import Refusal
from travellr_desktop.services.checks import beyond, changes, debts, entries
from travellr_desktop.services.checks.report import Problem
from travellr_desktop.storage.repositories.proofs import Proofs
from travellr_desktop.storage.repositories.proofs.rows import BookingFolder, LineAsKept, RefundAsKept

Rule = Callable[[BookingFolder], Iterator[Problem]]

SEATED = frozenset({BookingState.CONFIRMED, BookingState.COMPLETED, BookingState.NO_SHOW})


_OF_SETTLEMENT = frozenset(
    {LedgerEvent.PROCESSOR_FEE, LedgerEvent.DISPUTE_FEE, LedgerEvent.DISPUTE_FEE_BACK, LedgerEvent.EXCHANGED}
)


def bookings_agree(proofs: Proofs) -> Iterator[Problem]:
    """Every booking keeps every rule."""
    for folder in proofs.books.folders():
        for rule in RULES:
            try:
                yield from list(rule(folder))
            except (TypeError, ValueError, LookupError, Refusal) as error:
                yield _problem(folder, "booking.unreadable", f"its values make no sense: {error}")


def price_is_that_of_its_lines(folder: BookingFolder) -> Iterator[Problem]:
    """The price is the sum of the lines that stand; the tax is the frozen share of it."""
    booking, lines = folder.booking, sum(line.price for line in folder.standing)
    if lines != booking.price:
        says = f"its price is {booking.price}, its lines {_ids(folder.standing)} add up to {lines}"
        yield _problem(folder, "booking.price", says)
    tax = round_ratio(booking.price * booking.tax_bps, 10_000 + booking.tax_bps)
    if booking.tax != tax:
        yield _problem(folder, "booking.tax", f"its tax is {booking.tax}; {tax} of its price is tax")
    if not 0 <= booking.deposit <= booking.price:
        yield _problem(folder, "booking.deposit", f"its deposit is {booking.deposit} of {booking.price}")


def one_currency(folder: BookingFolder) -> Iterator[Problem]:
    """Sale, booking, payments and refunds are in one currency; fees are in that of the balance."""
    booking = folder.booking
    others = [
        ("sales", booking.sale_id, booking.sale_currency),
        *(("payments", share.payment_id, share.currency) for share in folder.shares),
        *(("refunds", refund.id, refund.currency) for refund in folder.refunds),
        *(("ledger", each.id, each.currency) for each in folder.entries if each.event not in _OF_SETTLEMENT),
    ]
    for table, row, currency in others:
        if currency != booking.currency:
            says = f"it is in {currency}, its booking {booking.id} in {booking.currency}"
            yield Problem("booking.currency", table, row, says, booking.reference)


def owners_agree(folder: BookingFolder) -> Iterator[Problem]:
    """Everything that a booking points at is of the same sale, traveller, vendor, departure and desk. The hold it was
    made from stays where it was when the booking goes to another departure."""
    b = folder.booking
    held = b.hold_id is not None and not _changed(folder)
    for what, own, other in (
        ("its traveller is not the sale's", b.traveller_id, b.sale_traveller_id),
        ("its trip is not the departure's", b.trip_id, b.departure_trip_id),
        ("its vendor is not the trip's", b.vendor_id, b.trip_vendor_id),
        ("its seats are of another departure", b.departure_id, b.grant_departure_id),
        ("its seats are another desk's", b.sale_desk_id, b.grant_desk_id),
        (
            "its hold is on another departure",
            b.departure_id,
            b.hold_departure_id if held else b.departure_id,
        ),
        ("its hold is on another grant", b.grant_id, b.hold_grant_id if held else b.grant_id),
    ):
        if own != other:
            yield _problem(folder, "booking.owner", what)
    for share in folder.shares:
        if share.sale_id != b.sale_id:
            says = f"payment {share.payment_id} is of another sale than booking {b.id}"
            yield Problem("booking.owner", "payment_shares", share.id, says, b.reference)


def seats_follow_the_state(folder: BookingFolder) -> Iterator[Problem]:
    """Lines sit where the booking stands, and nowhere else; a hold that still holds is a pending booking's."""
    booking = folder.booking
    seated = booking.state in SEATED
    for line in folder.lines:
        sits = seated and bool(line.takes_seat) and line.ended_at is None
        if bool(line.occupies) != sits:
            has = "takes a seat" if line.occupies else "has no seat"
            says = f"the line {has} on a booking that is {booking.state}"
            yield Problem("seats.line", "booking_lines", line.id, says, booking.reference)
    if booking.hold_id is None:
        return
    needed = sum(bool(line.takes_seat) for line in folder.lines)
    if booking.hold_seats != needed and not _changed(folder):
        says = f"{booking.hold_seats} seats are held for {needed} travellers who need one"
        yield Problem("seats.hold", "holds", booking.hold_id, says, booking.reference)
    active = booking.hold_state == HoldState.ACTIVE
    if active != (booking.state == BookingState.PENDING):
        says = f"the hold is {booking.hold_state}, its booking {booking.id} {booking.state}"
        yield Problem("seats.hold", "holds", booking.hold_id, says, booking.reference)


def paid_as_its_state_says(folder: BookingFolder) -> Iterator[Problem]:
    """A confirmed booking is paid in full: what came in, less what was promised back and what was kept of travellers
    who left, is its price; where the rest is due later, its deposit at least. What a bank kept for good may have been
    paid another way since. A pending one is not paid at all, and no other is neither."""
    booking = folder.booking
    paid = _paid(folder)
    left = paid - _promised(folder) - _kept(folder)
    later = booking.balance_due_at is not None
    least = min(booking.deposit, booking.price) if later and booking.deposit else booking.price
    lost = entries.lost_by(folder, Account.TRAVELLER_FUNDS)
    if booking.state in SEATED and not least <= left <= booking.price + lost:
        yield _problem(
            folder, "booking.paid", f"it is {booking.state}; {left} of {booking.price} was paid for it"
        )
    if booking.state == BookingState.PENDING and paid:
        yield _problem(folder, "booking.paid", f"it is pending, and {paid} was paid for it")
    ended = booking.state in (BookingState.COMPLETED, BookingState.CANCELLED, BookingState.NO_SHOW)
    if ended != (booking.ended_at is not None):
        yield _problem(folder, "booking.state", f"it is {booking.state}, and it ended: {booking.ended_at}")
    confirmed = booking.confirmed_at is not None
    if confirmed != (booking.state in SEATED) and booking.state != BookingState.CANCELLED:
        says = f"it is {booking.state}, and was confirmed: {booking.confirmed_at}"
        yield _problem(folder, "booking.state", says)
    if booking.state not in set(BookingState):
        yield _problem(folder, "booking.state", f"{booking.state!r} is no state of a booking")


def balances_follow_the_state(folder: BookingFolder) -> Iterator[Problem]:
    """What the traveller has with the agency is gone when the booking has ended, and before that what was paid and
    neither promised back, kept nor lost in a dispute; what is owed back is what was approved and has neither gone
    nor been given by the bank."""
    booking = folder.booking
    funds = entries.balance(folder, Account.TRAVELLER_FUNDS)
    ended = booking.state not in (BookingState.PENDING, BookingState.CONFIRMED)
    lost = entries.lost_by(folder, Account.TRAVELLER_FUNDS)
    expected = 0 if ended else _paid(folder) - _promised(folder) - _kept(folder) - lost
    if funds != expected:
        yield _problem(
            folder, "ledger.funds", f"the traveller's funds are {funds}; they should be {expected}"
        )
    stood_for = {refund.retry_of for refund in folder.refunds}
    owed = sum(
        refund.amount for refund in folder.refunds if refund.state in _OWED and refund.id not in stood_for
    )
    owed -= entries.lost_by(folder, Account.REFUNDS_PAYABLE)
    payable = entries.balance(folder, Account.REFUNDS_PAYABLE)
    if payable != owed:
        says = f"{payable} is owed back in the ledger, {owed} in its refunds {_ids(folder.refunds)}"
        yield _problem(folder, "ledger.payable", says)


_OWED = frozenset({RefundState.APPROVED, RefundState.UNKNOWN, RefundState.FAILED})


def _ids(rows: Sequence[LineAsKept] | Sequence[RefundAsKept]) -> str:
    return " ".join(row.id for row in rows) or "(none)"


def _paid(folder: BookingFolder) -> int:
    return sum(share.for_price for share in folder.shares if share.state == PaymentState.COMPLETED)


def _promised(folder: BookingFolder) -> int:
    return entries.promised(folder)


def _kept(folder: BookingFolder) -> int:
    return sum(line.kept for line in folder.left)


def _changed(folder: BookingFolder) -> bool:
    """Whether it was changed since it was sold: it is not what was held for it any more."""
    return any(change.state == AmendmentState.DONE for change in folder.changes)


def _problem(folder: BookingFolder, kind: str, says: str) -> Problem:
    return Problem(kind, "bookings", folder.booking.id, says, folder.booking.reference)


RULES: tuple[Rule, ...] = (
    price_is_that_of_its_lines,
    one_currency,
    owners_agree,
    seats_follow_the_state,
    paid_as_its_state_says,
    entries.entries_are_as_expected,
    entries.kept_and_promised_add_up,
    beyond.what_goes_beyond_is_borne,
    debts.debts_and_excess_are_in_the_books,
    changes.discounts_add_up,
    changes.who_left_keeps_to_the_rules,
    changes.changes_follow_each_other,
    balances_follow_the_state,
)
"""What holds for every booking."""
