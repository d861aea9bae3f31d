"""Changes of bookings that were sold, beside what comes in for them (`helpers.watched_debts`): somebody goes for less,
at once or once a second person has said so; somebody joins, when it is paid."""

from __future__ import annotations

from uuid import UUID, uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from helpers.plain_booking import LAP, Ask, Booking, Paid, Reckoned
from helpers.watched_debts import WatchedDebts
from helpers.watched_refunds import PRICES, euros, which
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.changes import ChangeState
from travellr_desktop.services.orders import NamedTraveller
from travellr_desktop.services.planning import AddTravellers, ChangeTraveller
from travellr_desktop.services.refund_asks import RefundAsk

INFANT = TravellerType.INFANT


class WatchedChanges(WatchedDebts):
    def __init__(self) -> None:
        super().__init__()
        self.joining: list[tuple[Booking, int, UUID]] = []
        """Of whose payment nobody knows: what they pay, and by which."""

    def price_of(self, booking: Booking, infant: bool) -> int:
        number = next(i for i, (_id, trip) in enumerate(self.trips) if trip is booking.trip)
        return PRICES[number][infant]

    # for less

    def of_several(self) -> list[Booking]:
        """Those with two adults or more, and one of the others."""
        there = [each for each in self.plain.bookings.values() if not each.lost]
        several = [
            each
            for each in there
            if each.state == "confirmed" and sum(price > LAP for price in each.lines.values()) > 1
        ]
        return several + [each for each in there if each not in several][-1:]

    @precondition(lambda self: self.of_several())
    @rule(number=which, asked=st.booleans(), credit=st.booleans())
    def goes_on_a_lap(self, number: int, asked: bool, credit: bool) -> None:
        """An adult was a child without a seat: the difference goes back, whoever has to be asked."""
        booking: Booking = self.one(self.of_several(), number)
        adults = [line for line, price in booking.lines.items() if price > LAP]
        if not adults:
            return
        ask = Ask(credit=asked and credit, becomes=(adults[-1], self.price_of(booking, infant=True)))
        what = booking.reckon(ask, self.clock.now())
        change = ChangeTraveller(adults[-1], NamedTraveller("", INFANT))
        if asked:
            to = RefundTo.CREDIT if credit else RefundTo.PAYMENT
            self.ask_back(booking, ask, RefundAsk((booking.id,), to=to, change=change), what)
        else:
            self.change_at_once(booking, ask, change, what)

    def change_at_once(
        self, booking: Booking, ask: Ask, change: ChangeTraveller, what: Reckoned | None
    ) -> None:
        """Nobody alone gives back above the limit by changing a booking."""
        back, changes = 0 if what is None else what.back, self.desk.services.changes
        above = booking.alone + back > self.plain.limit
        if what is not None and not booking.changing and not booking.disputed:
            shown = changes.preview(self.desk.agent, booking.id, change)
            assert (shown.back.minor, shown.needs_second) == (back, above)
        done = self.tried(
            lambda: changes.apply(self.desk.admin, booking.id, change, euros(-back), None, key=uuid4()),
            refused=what is None or booking.changing or booking.disputed or above,
        )
        if done is not None:
            assert what is not None
            booking.alone += back
            self.went(booking, self.plain.carry_out(booking, ask, what))

    # for more

    @rule(number=which, infant=st.booleans(), way=st.sampled_from(["card", "slow", "cash", "unknown"]))
    def somebody_joins(self, number: int, infant: bool, way: str) -> None:
        """Where nobody knows whether the card was charged the change waits, and nothing else is done to it."""
        booking = self.booking(number)
        if booking.lost:
            return
        price = self.price_of(booking, infant)
        refused = booking.state != "confirmed" or booking.changing or bool(booking.due)
        refused = refused or self.clock.now() >= booking.trip.leaves
        unknown = way == "unknown" and price > 0 and not refused
        if unknown:
            with self.desk.sandbox() as sandbox:
                sandbox.arm(Operation.INTENT_CONFIRM, FaultKind.REPLY_LOST_AFTER)
        way = "card" if way == "unknown" else way
        change = AddTravellers((NamedTraveller("", INFANT if infant else TravellerType.ADULT),))
        changes, pay = self.desk.services.changes, self.choice(way) if price else None
        done = self.tried(
            lambda: changes.apply(self.desk.agent, booking.id, change, euros(price), pay, key=uuid4()),
            refused=refused,
        )
        if done is None:
            return
        assert done.state is (ChangeState.UNKNOWN if unknown else ChangeState.DONE)
        if unknown:
            assert done.payment_id is not None
            booking.changing = True
            self.joining.append((booking, price, done.payment_id))
            return
        ref = None if way == "cash" or not price else self.provider_ref(done.payment_id)
        self.joined(booking, Paid(way, price, ref, way == "slow", done.payment_id))

    def joined(self, booking: Booking, paid: Paid) -> None:
        with self.desk.database.read() as view:
            lines = {
                row.id: row.price for row in view.bookings.get_full(booking.id).lines if not row.ended_at
            }
        new = {line: price for line, price in lines.items() if line not in booking.lines}
        assert list(new.values()) == [paid.amount]
        self.plain.join(booking, new, paid)

    def found_out(self) -> None:
        """It was charged: they go too; or it came too late for that, and goes back."""
        waiting, self.joining = self.joining, []
        for booking, price, payment_id in waiting:
            booking.changing = False
            paid = Paid("card", price, self.provider_ref(payment_id), id=payment_id)
            if booking.state == "confirmed" and self.clock.now() < booking.trip.leaves:
                self.joined(booking, paid)
                continue
            self.plain.join(booking, {}, paid)
            booking.alone += price
            self.went(booking, self.plain.send_back(booking, price))

    def recovers(self) -> None:
        super().recovers()
        self.found_out()
