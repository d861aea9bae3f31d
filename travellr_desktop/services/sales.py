"""The sale: from held seats to confirmed bookings, and back to free seats where it does not come off.

    hold → booking pending → payment prepared → charged → confirmed

Placing writes the sale, its bookings with price, tax, commission and policy frozen, and the payment's row and key in
one transaction. What comes of it is another one: what is at hand in `at_hand`, a card in `charging`, a link in
`linking`.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import SYSTEM, Actor, Permission, require
from travellr_desktop.domain.states import BookingState, HoldState, advance
from travellr_desktop.domain.ways import AT_HAND, THROUGH_PROVIDER, Way
from travellr_desktop.errors import InvalidInput, NumbersUsedUp, WrongState
from travellr_desktop.payments.gateway import PaymentGateway, TestCard
from travellr_desktop.services import (
    basket,
    credit,
    freeing,
    keys,
    new_payments,
    owing,
    pinning,
    placing,
    posting,
    settling,
    taking,
)
from travellr_desktop.services.charging import Charging
from travellr_desktop.services.desk_reader import desk_reader
from travellr_desktop.services.discounts import DiscountAsk
from travellr_desktop.services.instalments import DepositQuote, due_at_once
from travellr_desktop.services.kept_cards import KeptCard, kept_cards
from travellr_desktop.services.numbers import NumberService
from travellr_desktop.services.orders import NamedTraveller, PayChoice, Sell, SellLine
from travellr_desktop.services.outcomes import SaleOutcome, read_outcome
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Booking, Hold, Payment, Sale
from travellr_desktop.storage.repositories.selling import NewPayment
from travellr_desktop.storage.uow import Database, UnitOfWork

__all__ = ["NamedTraveller", "PayChoice", "SaleService", "Sell", "SellLine", "WayOffer", "end_unpaid"]


@dataclass(frozen=True, slots=True)
class WayOffer:
    """A way to pay; `cards` are those that can be picked by name, `reader` what the card reader of this desk is
    called, `kept` the cards that are kept for the traveller, `credit` what they have with the agency."""

    way: Way
    cards: tuple[TestCard, ...] = field(default=())
    reader: str = ""
    kept: tuple[KeptCard, ...] = ()
    credit: tuple[Money, ...] = ()


@dataclass(frozen=True, slots=True)
class _Pay:
    sale_id: UUID
    choice: PayChoice


class SaleService:
    def __init__(
        self, database: Database, gateway: PaymentGateway, charging: Charging, numbers: NumberService
    ) -> None:
        self._db = database
        self._gateway = gateway
        self._charging = charging
        self._numbers = numbers

    def ways(
        self, actor: Actor, traveller_id: UUID | None = None, *, later: bool = False
    ) -> tuple[WayOffer, ...]:
        """The ways to pay at this desk: by card only where one can be picked, never where money is real; by link
        wherever payments can be begun, and there at a card reader too where the desk has one, and
        by a card that is kept for the traveller, or by the credit they have. `later`: for what stands
        already, or was kept as an option, to which a bank transfer may have come in."""
        require(actor, Permission.PAYMENT_CREATE)
        cards = self._gateway.test_cards()
        ways = [WayOffer(Way.CARD, cards=cards)] if cards else []
        ways.append(WayOffer(Way.CASH))
        if self._gateway.begins_payments:
            ways.append(WayOffer(Way.LINK))
            with self._db.read() as view:
                reader = desk_reader(view)
                kept = () if traveller_id is None else kept_cards(view, self._gateway, traveller_id)
            if reader is not None:
                ways.append(WayOffer(Way.READER, reader=reader.label))
            if usable := tuple(card for card in kept if not card.expired):
                ways.append(WayOffer(Way.SAVED, kept=usable))
        if later:
            ways.append(WayOffer(Way.BANK))
        if traveller_id is not None:
            with self._db.read() as view:
                has = credit.read(view, traveller_id).has
            if has:
                ways.append(WayOffer(Way.CREDIT, credit=has))
        return tuple(ways)

    def sell(self, actor: Actor, order: Sell, *, key: UUID) -> SaleOutcome:
        """Sell what is held: all of it, or nothing is written.

        Raises `HoldLapsed`, `InvalidInput` (also where a departure leaves before a payment link would end), `NotFound`,
        `RequestInProgress`, `KeyReused`, `NumbersUsedUp` where several desks sell and no more are to be had, and
        for its discounts as `discounts.price_lines`. What the provider says is in the outcome, never raised."""
        require(actor, Permission.BOOKING_CREATE)
        require(actor, Permission.PAYMENT_CREATE)
        if order.pay is not None:
            _checked(order.pay)
        try:
            return self._sell(actor, order, key)
        except NumbersUsedUp:  # the first sale at a new desk, or of a year
            if not self._numbers.top_up():
                raise
            return self._sell(actor, order, key)

    def _sell(self, actor: Actor, order: Sell, key: UUID) -> SaleOutcome:
        with ExitStack() as at:
            sale_id = new_id()
            opening = keys.opening(self._db, Commit.SALE_PLACE, actor, key, "sale.sell", order, sale_id)
            with opening as (work, earlier):
                if earlier is None:
                    placed = placing.place(work, order, sale_id)
                    if placed.payment is not None and order.pay is not None:
                        self._pin(work, order.pay)
                    done = placing.outcome(placed) if placed.payment is None else None
                    self._go_on(work, at, key, placed.payment, done)
                    work.commit()
            if earlier is not None:
                return self._again(earlier)
            if placed.payment is not None and order.pay is not None:
                if order.pay.way in AT_HAND:
                    done = self._charging.at_hand.placed(actor, placed, command=key)
                else:
                    self._take(actor, placed.payment.id, order.pay, key)
        return self.outcome(actor, sale_id) if done is None else done

    def deposit_of(
        self, actor: Actor, hold_ids: Sequence[UUID], ask: DiscountAsk | None = None, promo: str = ""
    ) -> DepositQuote | None:
        """What these holds would be confirmed by if they were sold now; None where all of it is due at once. Raises
        `NotFound`, and for its discounts as `discounts.price_lines`."""
        require(actor, Permission.BOOKING_CREATE)
        with self._db.read() as view:
            return basket.deposit_of(view, actor, hold_ids, ask, promo)

    def pay(self, actor: Actor, sale_id: UUID, choice: PayChoice, *, key: UUID) -> SaleOutcome:
        """Try again, or another way, on a sale that is not paid; or take what is still due of its other bookings,
        before the trip or after it, all or an amount of it; or what was written off, where it is paid after all. What
        is beyond all that is taken only as `choice.excess` says. Raises `WrongState` while a payment is under way or
        its outcome is unknown, `HoldLapsed` when nothing waits to be paid any more, `InvalidInput` for more than is
        due, and where what is too much is not what was shown."""
        require(actor, Permission.PAYMENT_CREATE)
        with ExitStack() as at:
            with self._db.write(Commit.PAYMENT_CREATE, actor) as work:
                earlier = keys.begin(work, self._db.workers, key, "sale.pay", _Pay(sale_id, choice), sale_id)
                if earlier is None:
                    sale = work.sales.get_full(sale_id)
                    if work.payments.in_flight(sale_id):
                        raise WrongState(
                            "A payment of this sale is still under way.",
                            hint="Wait until its outcome is known; do not take the money another way.",
                        )
                    if any(booking.state is BookingState.PENDING for booking in sale.bookings):
                        payment = self._payment(work, sale, _checked(choice))
                    else:
                        payment = self._balance(work, sale, _checked(choice))
                    done = read_outcome(work, sale_id) if payment is None else None
                    self._go_on(work, at, key, payment, done)
                    work.commit()
            if earlier is not None:
                return self._again(earlier)
            if done is not None:
                return done
            if payment is not None:
                self._take(actor, payment.id, choice, key)
        return self.outcome(actor, sale_id)

    def _take(self, actor: Actor, payment_id: UUID, choice: PayChoice, key: UUID) -> None:
        """What goes on after the payment was created: what is at hand is there, a card is charged, a link is made, a
        reader asks."""
        if choice.way in AT_HAND:
            self._charging.at_hand.complete(actor, payment_id, command=key)
        elif choice.way is Way.LINK:
            self._charging.links.open(actor, payment_id, command=key)
        elif choice.way is Way.READER:
            self._charging.readers.open(actor, payment_id, command=key)
        elif choice.way is Way.SAVED:
            self._charging.charge_saved(actor, payment_id, command=key)
        elif choice.card is not None:
            self._charging.charge(actor, payment_id, choice.card, command=key)

    def outcome(self, actor: Actor, sale_id: UUID) -> SaleOutcome:
        """How a sale stands now, with all of its bookings and its payments: nothing for a vendor, whose may be one
        of them. Raises `NotFound`."""
        require(actor, Permission.PAYMENT_READ)
        with self._db.read() as view:
            return read_outcome(view, sale_id)

    def read_now(self, actor: Actor, sale_id: UUID) -> SaleOutcome:
        """Ask the provider about the sale's payment, without waiting for the schedule. Never charges."""
        require(actor, Permission.PAYMENT_READ)
        self._read_open(actor, sale_id)
        return self.outcome(actor, sale_id)

    def release(self, actor: Actor, sale_id: UUID) -> SaleOutcome:
        """Give up a sale that is not paid: its seats go back. Raises `WrongState` while the outcome of a payment
        is not known."""
        require(actor, Permission.BOOKING_CREATE)
        with self._db.write(Commit.SALE_RELEASE, actor) as work:
            sale = work.sales.get_full(sale_id)
            if work.payments.in_flight(sale_id):
                raise WrongState(
                    "A payment of this sale is still under way.", hint="Wait until its outcome is known."
                )
            pending = [booking for booking in sale.bookings if booking.state is BookingState.PENDING]
            end_unpaid(work, pending, "Released before it was paid.", HoldState.RELEASED)
            work.audit("sale.release", "sale", sale.id, bookings=[b.reference for b in pending])
            work.commit()
        return self.outcome(actor, sale_id)

    def _go_on(
        self,
        work: UnitOfWork,
        at: ExitStack,
        key: UUID,
        payment: Payment | NewPayment | None,
        done: SaleOutcome | None,
    ) -> None:
        """What ends with the transaction is kept under its key; what goes on is this program's from before the commit,
        so that recovery, on another thread, leaves it alone."""
        if done is not None:
            keys.finish(work, key, done, done.sale_id)
        elif payment is not None:
            at.enter_context(self._db.workers.at(key))
            at.enter_context(self._db.workers.at(payment.id))

    def _again(self, earlier: keys.Earlier) -> SaleOutcome:
        """The same command once more. Where its program died, recovery says how it ended."""
        if earlier.result is not None:
            return keys.from_json(SaleOutcome, earlier.result)
        assert earlier.aggregate_id is not None  # it goes with the sale, in one transaction
        self._read_open(SYSTEM, earlier.aggregate_id)
        with self._db.read() as view:
            return read_outcome(view, earlier.aggregate_id)

    def _read_open(self, actor: Actor, sale_id: UUID) -> None:
        with self._db.read() as view:
            open_payments = [payment.id for payment in view.payments.in_flight(sale_id)]
        for payment_id in open_payments:
            self._charging.read(actor, payment_id)

    def _payment(self, work: UnitOfWork, sale: Sale, choice: PayChoice) -> Payment | None:
        """The payment of what is still due on a sale that was placed before. What costs nothing is confirmed without
        one."""
        pending = [booking for booking in sale.bookings if booking.state is BookingState.PENDING]
        paid = work.payments.paid([booking.id for booking in pending])
        if choice.amount is not None or choice.excess:
            raise InvalidInput("A sale is confirmed by its deposit, or by all of it.", field="amount")
        due = [(booking.id, _asked(booking, choice) - paid[booking.id]) for booking in pending]
        if not any(part for _, part in due):
            for booking in pending:
                settling.confirm(work, booking)
            return None
        self._pin(work, choice)
        row, _ = new_payments.pay(
            work, sale.id, sale.reference, sale.currency, sale.traveller_id, choice, due
        )
        payment = work.payments.get_full(row.id)
        if payment.link_expires_at is not None:
            _keep(work, pending, payment.link_expires_at)
        return payment

    def _balance(self, work: UnitOfWork, sale: Sale, choice: PayChoice) -> Payment:
        """The payment of what is still due of bookings that are not pending, spread by what is due on each; then of
        what was written off, and what is too much. Raises `HoldLapsed` where nothing is due, `InvalidInput` for more
        than that."""
        parts = taking.parts(sale, owing.owing(work, sale.bookings), choice)
        self._pin(work, choice)
        row, _ = new_payments.pay(
            work, sale.id, sale.reference, sale.currency, sale.traveller_id, choice, parts
        )
        return work.payments.get_full(row.id)

    def _pin(self, work: UnitOfWork, choice: PayChoice) -> None:
        """Raises `OtherPaymentsKind` for a card, or a link, of another kind than those before."""
        if choice.way is Way.CARD:
            pinning.pin_card(work, self._gateway, choice.card)
        elif choice.way in THROUGH_PROVIDER:
            pinning.pin(work, self._gateway.kind)


def _checked(choice: PayChoice) -> PayChoice:
    if (choice.way is Way.CARD) != (choice.card is not None) or (
        (choice.way is Way.SAVED) != (choice.kept is not None)
    ):
        raise InvalidInput("Choose a card.", field="card")
    if (choice.way is Way.BANK) != bool(choice.reference.strip()):
        raise InvalidInput("A bank transfer is recorded with its reference.", field="reference")
    if choice.keep and choice.way is not Way.LINK:
        raise InvalidInput("A card is kept when it is used on a payment link.", field="keep")
    return choice


def _asked(booking: Booking, choice: PayChoice) -> int:
    """What of a pending booking is paid now."""
    if not choice.deposit:
        return booking.price
    return due_at_once(booking.price, booking.deposit, booking.balance_due_at)


def _keep(work: UnitOfWork, bookings: Sequence[Booking], until: datetime) -> None:
    """The seats of bookings, read whole, are kept for as long as the traveller may pay for them. Raises `InvalidInput`
    where a departure leaves before that."""
    new_payments.refuse_leaving(until, [booking.departure.starts_at for booking in bookings])
    for booking in bookings:
        hold = booking.hold
        if hold is not None and hold.state is HoldState.ACTIVE and hold.expires_at < until:
            hold.expires_at = until
            work.holds.update(hold)
            work.publish(posting.hold_changed(hold, work.now))


def end_unpaid(
    work: UnitOfWork,
    bookings: Sequence[Booking],
    reason: str,
    hold: HoldState,
    *,
    beside: Sequence[Hold] = (),
) -> None:
    """Cancel pending bookings, read whole, that nothing was paid for; their holds end as `hold`, and so do those
    `beside` them, before any of the seats is offered to others."""
    for booking in bookings:
        booking.state = advance(booking.state, BookingState.CANCELLED)
        booking.ended_at, booking.end_reason = work.now, reason
        work.bookings.update(booking)
        work.publish(posting.cancelled(work, booking, 0, 0, reason))
    freeing.end_bookings(work, bookings, hold, beside)
