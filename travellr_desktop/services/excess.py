"""What was paid too much of a sale pays what else is due of it.

Given back, or left as credit, it is a refund like any other (`refunds`, with `excess`). Used for another booking it
becomes credit and is spent in the same breath:

    refunds to credit, payment CREATED   one transaction: nobody else can use it
    commit                               COMPLETED, as every payment by credit (`at_hand`)

A program that dies in between has left a payment by credit, which recovery completes.
"""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from uuid import UUID

from travellr_desktop.domain import ledger
from travellr_desktop.domain.dues import allocate
from travellr_desktop.domain.money import Money, sum_money
from travellr_desktop.domain.permissions import SYSTEM, Actor, Permission, require
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.states import BookingState
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import WrongState
from travellr_desktop.services import giving_back, keys, new_payments, owing, posting
from travellr_desktop.services.charging import Charging
from travellr_desktop.services.disputed import refuse_disputed
from travellr_desktop.services.orders import PayChoice
from travellr_desktop.services.outcomes import SaleOutcome, read_outcome
from travellr_desktop.services.refund_blocks import refuse_blocked
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Booking, Sale
from travellr_desktop.storage.uow import Database, Reading, UnitOfWork

WHY = "It was paid too much, and pays for another booking."


@dataclass(frozen=True, slots=True)
class UsedFor:
    """What of it would pay for which booking."""

    booking_id: UUID
    reference: str
    title: str
    amount: Money


@dataclass(frozen=True, slots=True)
class ExcessUse:
    """What using it would do: of `excess` so much is `used`, the rest stays."""

    excess: Money
    used: Money
    parts: tuple[UsedFor, ...]


@dataclass(frozen=True, slots=True)
class _Asked:
    sale_id: UUID
    used: Money


class ExcessService:
    def __init__(self, database: Database, charging: Charging) -> None:
        self._db = database
        self._charging = charging

    def preview(self, actor: Actor, sale_id: UUID) -> ExcessUse:
        """What of the sale's other bookings it would pay for. Nothing moves. Raises `NotFound`."""
        require(actor, Permission.PAYMENT_CREATE)
        with self._db.read() as view:
            return _planned(view, view.sales.get_full(sale_id))

    def use(self, actor: Actor, sale_id: UUID, expected: Money, *, key: UUID) -> SaleOutcome:
        """Do that. `expected` is what the preview said would be used: raises `WrongState` where it is something else by
        now, nothing is due, or a payment of the sale is under way; `DisputeOpen`, `NotFound`, `RequestInProgress`,
        `KeyReused`."""
        require(actor, Permission.PAYMENT_CREATE)
        require(actor, Permission.PAYMENT_REFUND)
        with ExitStack() as at:
            with self._db.write(Commit.EXCESS_USE, actor) as work:
                asked = _Asked(sale_id, expected)
                earlier = keys.begin(work, self._db.workers, key, "excess.use", asked, sale_id)
                if earlier is None:
                    payment_id = _begin(work, work.sales.get_full(sale_id), expected)
                    at.enter_context(self._db.workers.at(key))
                    at.enter_context(self._db.workers.at(payment_id))
                    work.commit()
            if earlier is not None:
                return self._again(sale_id, earlier)
            self._charging.at_hand.complete(actor, payment_id, command=key)
        with self._db.read() as view:
            return read_outcome(view, sale_id)

    def _again(self, sale_id: UUID, earlier: keys.Earlier) -> SaleOutcome:
        """The same command once more. Where its program died, its payment is completed as recovery would."""
        if earlier.result is not None:
            return keys.from_json(SaleOutcome, earlier.result)
        with self._db.read() as view:
            begun = [payment.id for payment in view.payments.in_flight(sale_id)]
        for payment_id in begun:
            self._charging.read(SYSTEM, payment_id)
        with self._db.read() as view:
            return read_outcome(view, sale_id)


def _begin(work: UnitOfWork, sale: Sale, expected: Money) -> UUID:
    """Make credit of what is used, and begin the payment that spends it."""
    refuse_blocked(work, sale.bookings)
    plan = _planned(work, sale)
    if plan.used != expected:
        raise WrongState("Something else would be used by now than was shown.", hint="Look at it again.")
    if not plan.used:
        raise WrongState(
            "Nothing else of this sale is due.", hint="Give it back, or keep it as the traveller's credit."
        )
    there = _there(work, sale)
    refuse_disputed(work, [booking for booking in sale.bookings if there[booking.id]])
    left = plan.used.minor
    for booking in sale.bookings:
        part = min(left, there[booking.id])
        if part:
            left -= part
            _to_credit(work, booking, part)
    parts = [(part.booking_id, part.amount.minor) for part in plan.parts]
    choice = PayChoice(Way.CREDIT)
    row, _ = new_payments.pay(work, sale.id, sale.reference, sale.currency, sale.traveller_id, choice, parts)
    work.audit("excess.use", "sale", sale.id, amount=plan.used.minor)
    return row.id


def _to_credit(work: UnitOfWork, booking: Booking, minor: int) -> None:
    amount = Money(minor, booking.currency)
    posting.post(work, (ledger.overpayment_back_entry(amount, booking_id=booking.id),))
    terms = giving_back.Terms(to=RefundTo.CREDIT, beyond=minor, excess=True)
    giving_back.refund_rows(work, booking, minor, WHY, terms)


def _there(view: Reading, sale: Sale) -> dict[UUID, int]:
    """What was paid too much and is there, by booking, in minor units."""
    return {
        booking.id: sum(
            amount
            for _payment, amount in giving_back.back_ways(view, booking.id, giving_back.ALL, excess=True)
        )
        for booking in sale.bookings
    }


def _planned(view: Reading, sale: Sale) -> ExcessUse:
    excess = Money(sum(_there(view, sale).values()), sale.currency)
    amounts = owing.owing(view, sale.bookings)
    bookings = {each.id: each for each in sale.bookings if each.state is not BookingState.PENDING}
    due = {
        booking_id: Money(minor, sale.currency)
        for booking_id in bookings
        if (minor := amounts[booking_id].due)
    }
    parts = allocate(excess, due).parts
    return ExcessUse(
        excess,
        sum_money(parts.values(), sale.currency),
        tuple(
            UsedFor(booking_id, bookings[booking_id].reference, bookings[booking_id].trip.title, amount)
            for booking_id, amount in parts.items()
            if amount
        ),
    )
