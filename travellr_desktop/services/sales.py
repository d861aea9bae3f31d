"""The sale: from held seats to confirmed bookings, and back to free seats where it does not come off.

    hold → booking pending → payment prepared → charged → confirmed

Placing writes the sale, its bookings with price, tax, commission and policy frozen, and the payment's row and key in
one transaction. Cash ends there. A card goes on in `charging`.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from uuid import UUID

from travellr_desktop.domain.money import Money, round_ratio, share, spread
from travellr_desktop.domain.party import Party, TravellerType, line_prices
from travellr_desktop.domain.permissions import SYSTEM, Actor, Permission, require
from travellr_desktop.domain.states import BookingState, HoldKind, HoldState, PaymentState, advance
from travellr_desktop.domain.text import clean_name
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import HoldLapsed, InvalidInput, NotFound, WrongState
from travellr_desktop.events import BookingCreated
from travellr_desktop.payments.gateway import PaymentGateway, TestCard
from travellr_desktop.services import discounts, freeing, keys, pinning, posting, settling
from travellr_desktop.services.charging import Charging
from travellr_desktop.services.discounts import DiscountAsk, ListedBooking, PricedBooking
from travellr_desktop.services.holds import party_of
from travellr_desktop.services.outcomes import SaleOutcome, read_outcome
from travellr_desktop.services.pricing import price_list
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Booking, BookingLine, Departure, Hold, Payment, PaymentShare, Sale
from travellr_desktop.storage.uow import Database, UnitOfWork

_CODE_LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that are read for another


@dataclass(frozen=True, slots=True)
class NamedTraveller:
    """Who travels on a line. `age` is in years, or None where it was not asked."""

    name: str
    type: TravellerType
    age: int | None = None


@dataclass(frozen=True, slots=True)
class SellLine:
    """One hold to be sold. Travellers that are not named go by the buyer's name."""

    hold_id: UUID
    travellers: tuple[NamedTraveller, ...] = ()


@dataclass(frozen=True, slots=True)
class PayChoice:
    """How it is paid. `card` is the provider's name of a card, with `Way.CARD` only."""

    way: Way
    card: str | None = None


@dataclass(frozen=True, slots=True)
class Sell:
    """The form of a sale: what is held, who pays, and how, and what is taken off. `pay` None only places it."""

    lines: tuple[SellLine, ...]
    traveller_id: UUID
    pay: PayChoice | None = None
    discount: DiscountAsk | None = None
    promo: str = ""


@dataclass(frozen=True, slots=True)
class WayOffer:
    """A way to pay; `cards` are those that can be picked by name."""

    way: Way
    cards: tuple[TestCard, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class _Pay:
    sale_id: UUID
    choice: PayChoice


class SaleService:
    def __init__(self, database: Database, gateway: PaymentGateway, charging: Charging) -> None:
        self._db = database
        self._gateway = gateway
        self._charging = charging

    def ways(self, actor: Actor) -> tuple[WayOffer, ...]:
        """The ways to pay at this desk: by card only where one can be picked, never where money is real."""
        require(actor, Permission.PAYMENT_CREATE)
        cards = self._gateway.test_cards()
        if cards:
            return (WayOffer(Way.CARD, cards=cards), WayOffer(Way.CASH))
        return (WayOffer(Way.CASH),)

    def sell(self, actor: Actor, order: Sell, *, key: UUID) -> SaleOutcome:
        """Sell what is held: all of it, or nothing is written.

        Raises `HoldLapsed`, `InvalidInput`, `NotFound`, `RequestInProgress`, `KeyReused`, and for its discounts as
        `discounts.price_lines`. What the provider says is in the outcome, never raised."""
        require(actor, Permission.BOOKING_CREATE)
        require(actor, Permission.PAYMENT_CREATE)
        with ExitStack() as at:
            with self._db.write(Commit.SALE_PLACE, actor) as work:
                earlier = keys.begin(work, self._db.workers, key, "sale.sell", order)
                if earlier is None:
                    sale = self._place(work, order)
                    keys.works_on(work, key, sale.id)
                    payment = self._payment(work, sale, order.pay) if order.pay else None
                    done = self._go_on(work, at, key, sale, payment)
                    work.commit()
            if earlier is not None:
                return self._again(earlier)
            if done is not None:
                return done
            if payment is not None and order.pay is not None and order.pay.card is not None:
                self._charging.charge(actor, payment.id, order.pay.card, command=key)
        return self.outcome(actor, sale.id)

    def pay(self, actor: Actor, sale_id: UUID, choice: PayChoice, *, key: UUID) -> SaleOutcome:
        """Try again, or another way, on a sale that is not paid. Raises `WrongState` while a payment is under
        way or its outcome is unknown, `HoldLapsed` when nothing is held any more."""
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
                    if not any(booking.state is BookingState.PENDING for booking in sale.bookings):
                        raise HoldLapsed("Nothing of this sale is waiting to be paid.")
                    payment = self._payment(work, sale, choice)
                    done = self._go_on(work, at, key, sale, payment)
                    work.commit()
            if earlier is not None:
                return self._again(earlier)
            if done is not None:
                return done
            if payment is not None and choice.card is not None:
                self._charging.charge(actor, payment.id, choice.card, command=key)
        return self.outcome(actor, sale_id)

    def outcome(self, actor: Actor, sale_id: UUID) -> SaleOutcome:
        """How a sale stands now. Raises `NotFound`."""
        require(actor, Permission.BOOKING_READ)
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
        self, work: UnitOfWork, at: ExitStack, key: UUID, sale: Sale, payment: Payment | None
    ) -> SaleOutcome | None:
        """What ends with the transaction is kept under its key, and given; what goes on is this program's from before
        the commit, so that recovery, on another thread, leaves it alone."""
        if payment is None or payment.state is PaymentState.COMPLETED:
            outcome = read_outcome(work, sale.id)
            keys.finish(work, key, outcome, sale.id)
            return outcome
        at.enter_context(self._db.workers.at(key))
        at.enter_context(self._db.workers.at(payment.id))
        return None

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

    # placing

    def _place(self, work: UnitOfWork, order: Sell) -> Sale:
        if not order.lines:
            raise InvalidInput("There is nothing in the basket.", field="basket", hint="Hold seats first.")
        if len({line.hold_id for line in order.lines}) != len(order.lines):
            raise InvalidInput("The same hold is in the basket twice.", field="basket")
        buyer = work.travellers.find_by_id(order.traveller_id)
        if buyer is None:
            raise NotFound("There is no such traveller.", hint="Choose who buys.", field="traveller")
        holds = [self._held(work, line.hold_id) for line in order.lines]
        departures = [work.departures.get(hold.departure_id) for hold in holds]
        trips = [work.trips.get_full(departure.trip_id) for departure in departures]
        currencies = {trip.currency for trip in trips}
        if len(currencies) > 1:
            raise InvalidInput(
                f"A sale is in one currency; these are in {' and '.join(sorted(currencies))}.",
                field="basket",
                hint="Sell them one after the other.",
            )
        year = work.now.year
        sale = Sale(
            reference=work.agency.take_number("SA", year),
            desk_id=work.agency.this_desk().id,
            traveller_id=buyer.id,
            currency=currencies.pop(),
            created_at=work.now,
            created_by=work.actor.user_id,
        )
        work.sales.save(sale)
        listed = [_listed(work, hold, departure) for hold, departure in zip(holds, departures, strict=True)]
        priced = discounts.price_lines(work, work.actor, listed, order.discount, order.promo)
        for line, hold, departure, costs in zip(order.lines, holds, departures, priced, strict=True):
            self._book(work, sale, line, hold, departure, buyer.name, costs)
        work.session.expire(sale, ["bookings"])
        return work.sales.get_full(sale.id)

    @staticmethod
    def _held(work: UnitOfWork, hold_id: UUID) -> Hold:
        hold = work.holds.get(hold_id)
        if hold.created_by != work.actor.user_id:
            raise NotFound("There is no such hold.")
        if hold.kind is not HoldKind.HOLD:
            raise WrongState("These seats are kept for a traveller.", hint="Take them up first.")
        if hold.state is not HoldState.ACTIVE or hold.expires_at <= work.now:
            raise HoldLapsed("A hold in the basket has lapsed.")
        if work.holds.booking_of(hold_id) is not None:
            raise WrongState("These seats are on a booking already.")
        return hold

    @staticmethod
    def _book(
        work: UnitOfWork,
        sale: Sale,
        line: SellLine,
        hold: Hold,
        departure: Departure,
        buyer: str,
        costs: PricedBooking,
    ) -> None:
        trip = work.trips.get_full(departure.trip_id)
        takes_seat = price_list(trip, departure.local_day).takes_seat
        party = party_of(hold)
        named = _names(line.travellers, party, buyer)
        price = costs.price
        booking = Booking(
            reference=work.agency.take_number("BK", work.now.year),
            voucher_code=_voucher_code(),
            sale_id=sale.id,
            departure_id=hold.departure_id,
            trip_id=trip.id,
            vendor_id=trip.vendor_id,
            traveller_id=sale.traveller_id,
            grant_id=hold.grant_id,
            hold_id=hold.id,
            state=BookingState.PENDING,
            currency=trip.currency,
            price=price,
            tax=round_ratio(price * trip.tax_bps, 10_000 + trip.tax_bps),
            tax_bps=trip.tax_bps,
            deposit=share(price, trip.deposit_bps),
            commission_bps=trip.vendor.commission_bps,
            holdback_days=trip.vendor.holdback_days,
            policy=trip.policy,
            created_at=work.now,
        )
        work.bookings.save(booking)
        for position, (cost, traveller) in enumerate(zip(costs.lines, named, strict=True), 1):
            work.session.add(
                BookingLine(
                    booking_id=booking.id,
                    position=position,
                    name=traveller.name,
                    traveller_type=traveller.type,
                    age=traveller.age,
                    price=cost.price,
                    discount=cost.discount,
                    own_discount=cost.own_discount,
                    takes_seat=takes_seat[traveller.type],
                    occupies=False,
                )
            )
        work.session.flush()
        discounts.write(work, sale.id, booking.id, costs.given)
        work.publish(
            BookingCreated(
                aggregate_id=booking.id,
                timestamp=work.now,
                reference=booking.reference,
                sale_id=sale.id,
                departure_id=hold.departure_id,
                vendor_id=trip.vendor_id,
                traveller_id=sale.traveller_id,
                pax=party.pax,
                price=Money(price, trip.currency),
            )
        )

    def _payment(self, work: UnitOfWork, sale: Sale, choice: PayChoice) -> Payment | None:
        """The payment's row for a whole sale, spread over what is still due. Cash is completed here. A sale that
        costs nothing is confirmed without a payment. Raises `OtherPaymentsKind` for a card of another kind than those
        before."""
        if (choice.way is Way.CARD) != (choice.card is not None):
            raise InvalidInput("Choose a card.", field="card")
        pending = [booking for booking in sale.bookings if booking.state is BookingState.PENDING]
        paid = work.payments.paid([booking.id for booking in pending])
        dues = [booking.price - paid[booking.id] for booking in pending]
        amount = sum(dues)
        if amount == 0:
            for booking in pending:
                settling.confirm(work, booking)
            return None
        if choice.way is Way.CARD:
            pinning.pin_card(work, self._gateway, choice.card)
        payment = Payment(
            sale_id=sale.id,
            way=choice.way,
            amount=amount,
            currency=sale.currency,
            state=PaymentState.CREATED,
            label="",
            created_at=work.now,
            created_by=work.actor.user_id,
            worker=work.worker,
        )
        work.payments.save(payment)
        for booking, part in zip(pending, spread(amount, dues), strict=True):
            if part:
                work.session.add(PaymentShare(payment_id=payment.id, booking_id=booking.id, amount=part))
        work.session.flush()
        work.session.expire(payment, ["shares"])
        work.audit(
            "payment.take", "payment", payment.id, way=choice.way.value, amount=amount, sale=sale.reference
        )
        if choice.way is Way.CASH:
            settling.complete(work, work.payments.get_full(payment.id), label="Cash")
        return payment


def _listed(work: UnitOfWork, hold: Hold, departure: Departure) -> ListedBooking:
    """What the travellers of a hold would pay without any discount."""
    trip = work.trips.get_full(departure.trip_id)
    prices = price_list(trip, departure.local_day)
    return ListedBooking(
        trip_id=trip.id,
        vendor_id=trip.vendor_id,
        currency=trip.currency,
        commission_bps=trip.vendor.commission_bps,
        prices=tuple(money.minor for _, money in line_prices(party_of(hold), prices.prices)),
    )


def end_unpaid(work: UnitOfWork, bookings: Sequence[Booking], reason: str, hold: HoldState) -> None:
    """Cancel pending bookings, read whole, that nothing was paid for; their holds end as `hold`."""
    for booking in bookings:
        booking.state = advance(booking.state, BookingState.CANCELLED)
        booking.ended_at, booking.end_reason = work.now, reason
        work.bookings.update(booking)
        work.publish(posting.cancelled(work, booking, 0, 0, reason))
    freeing.end_bookings(work, bookings, hold)


def _names(given: tuple[NamedTraveller, ...], party: Party, buyer: str) -> list[NamedTraveller]:
    """One named traveller for each of the party, in its order; who was not named goes by the buyer's name."""
    left = list(given)
    named: list[NamedTraveller] = []
    for number, kind in enumerate(party, 1):
        found = next((each for each in left if each.type is kind), None)
        if found is None:
            word = f"{buyer} ({kind.value} {number})" if number > 1 else buyer
            named.append(NamedTraveller(word[:200], kind))
            continue
        left.remove(found)
        if found.age is not None and not 0 <= found.age <= 130:
            raise InvalidInput("An age is between 0 and 130 years.", field="age")
        named.append(NamedTraveller(clean_name(found.name), kind, found.age))
    if left:
        raise InvalidInput("More travellers are named than seats are held for.", field="travellers")
    return named


def _voucher_code() -> str:
    letters = "".join(secrets.choice(_CODE_LETTERS) for _ in range(8))
    return f"{letters[:4]}-{letters[4:]}"
