"""What comes in for bookings that were sold: what is due, what is owed after the trip, what was given up of that and is
paid after all, and what is too much (beside `helpers.watched_refunds`)."""

from __future__ import annotations

from uuid import uuid4

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from helpers.plain_booking import Ask, Booking
from helpers.watched_refunds import WatchedRefunds, euros, which
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.ways import Way
from travellr_desktop.services.orders import PayChoice
from travellr_desktop.services.refund_asks import RefundAsk


class WatchedDebts(WatchedRefunds):
    def asked_of(self, booking: Booking) -> int:
        """All that is taken for it and not too much. What a bank took after the trip is another matter."""
        if booking.lost:
            return booking.due
        return booking.due + booking.owes + booking.debts

    def unpaid(self) -> list[Booking]:
        return [each for each in self.plain.bookings.values() if self.asked_of(each)]

    @precondition(lambda self: self.unpaid())
    @rule(
        number=which, share=st.integers(1, 4), way=st.sampled_from(["card", "slow", "cash", "link", "credit"])
    )
    def pay_more(self, number: int, share: int, way: str) -> None:
        """A part of what is due or owed, or all of it, and what was given up too."""
        booking: Booking = self.one(self.unpaid(), number)
        amount = max(self.asked_of(booking) * share // 4, 1)
        refused = booking.changing or (way == "credit" and self.plain.credit < amount)
        self.pays(booking, way, self.choice(way, amount=amount), refused=refused)

    def pays(self, booking: Booking, way: str, choice: PayChoice, *, refused: bool) -> None:
        sales = self.desk.services.sales
        outcome = self.tried(
            lambda: self.through(
                booking.sale,
                way,
                lambda pay: sales.pay(self.desk.agent, booking.sale, pay, key=uuid4()),
                choice,
            ),
            refused=refused,
        )
        if outcome is not None:
            assert choice.amount is not None
            self.paid(booking, way, choice.amount, outcome.payment_id)

    @rule(number=which, more=st.integers(1, 500), way=st.sampled_from(["cash", "bank"]))
    def pay_too_much(self, number: int, more: int, way: str) -> None:
        """All that is asked for and more; also for what was cancelled, once that was some time ago."""
        booking = self.booking(number)
        if booking.lost:
            return
        self.wait(1)
        reference = "Statement 7" if way == "bank" else ""
        amount = self.asked_of(booking) + more
        choice = PayChoice(Way(way), amount=amount, reference=reference, excess=more)
        self.pays(booking, way, choice, refused=booking.changing)

    @precondition(lambda self: any(each.excess for each in self.plain.bookings.values()))
    @rule(number=which, credit=st.booleans())
    def give_back_what_was_too_much(self, number: int, credit: bool) -> None:
        booking: Booking = self.one([each for each in self.plain.bookings.values() if each.excess], number)
        if booking.lost:
            return
        ask = Ask(credit=credit, excess=True)
        to = RefundTo.CREDIT if credit else RefundTo.PAYMENT
        wanted = RefundAsk((booking.id,), to=to, excess=True)
        self.ask_back(booking, ask, wanted, booking.reckon(ask, self.clock.now()))

    def owing(self) -> list[Booking]:
        return [each for each in self.plain.bookings.values() if each.owes and not each.lost]

    @precondition(lambda self: self.owing())
    @rule(number=which)
    def give_up(self, number: int) -> None:
        """What is owed after the trip."""
        booking: Booking = self.one(self.owing(), number)
        debts, amount = self.desk.services.debts, euros(booking.owes)
        given = self.tried(
            lambda: debts.write_off(self.desk.admin, booking.id, amount, "They moved away", key=uuid4()),
            refused=booking.changing,
        )
        if given is not None:
            booking.written_off.append((given.id, booking.owes))
            booking.owes = 0

    def given_up(self) -> list[Booking]:
        return [each for each in self.plain.bookings.values() if each.written_off and not each.lost]

    @precondition(lambda self: self.given_up())
    @rule(number=which)
    def wait_for_it_again(self, number: int) -> None:
        booking: Booking = self.one(self.given_up(), number)
        row_id, amount = booking.written_off[-1]
        undone = self.tried(
            lambda: self.desk.services.debts.undo(self.desk.admin, row_id), refused=booking.changing
        )
        if undone is not None:
            booking.written_off.pop()
            booking.owes += amount
