"""An agency's money as a bookkeeper with paper and pencil would keep it, in cents: who paid what for which booking
(`helpers.plain_booking`), where it lies, what went back. No file, and none of the program's rules."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from helpers.plain_booking import Ask, Booking, Paid, Reckoned


@dataclass
class Back:
    """What went back by one payment. It is owed again while it failed and nothing stands for it."""

    booking: Booking
    payment: Paid
    amount: int
    state: str
    way: str
    stands_for: bool = False


class PlainMoney:
    """All of it. `drawer` is what lies in the till, `limit` what one person may give back of a booking alone."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.bookings: dict[UUID, Booking] = {}
        self.backs: dict[UUID, Back] = {}
        self.drawer = self.over = self.safe = self.credit = self.bank = 0

    def pay(self, booking: Booking, paid: Paid) -> None:
        if not paid.amount:
            return
        booking.take(paid)
        self._came_in(paid)

    def join(self, booking: Booking, lines: dict[UUID, int], paid: Paid) -> None:
        """They go too, and it is paid; what is there of too much has nothing to do with it."""
        booking.lines |= lines
        if paid.amount:
            booking.payments.append(paid)
            self._came_in(paid)

    def _came_in(self, paid: Paid) -> None:
        if paid.way == "cash":
            self.drawer += paid.amount
        elif paid.way == "bank":
            self.bank += paid.amount
        elif paid.way == "credit":
            self.credit -= paid.amount

    def split_back(self, booking: Booking, amount: int) -> list[tuple[Paid, int]]:
        """The newest payment first."""
        found = []
        for paid in reversed(booking.payments):
            now = min(paid.back, amount)
            if now > 0:
                found.append((paid, now))
                amount -= now
        return found

    def carry_out(self, booking: Booking, ask: Ask, what: Reckoned) -> list[Back]:
        """The parties' sides of it, and what goes back by which payment; their ids are the program's to tell."""
        if what.kind == "cancel":
            booking.state = "cancelled"
        if what.kind == "leave":
            assert ask.who is not None
            for line in ask.who:
                del booking.lines[line]
        if what.kind == "excess":
            return self._too_much(booking, ask.credit)
        if ask.becomes is not None:
            booking.lines[ask.becomes[0]] = ask.becomes[1]
        booking.kept += what.kept
        booking.promised += what.back
        if ask.bearer == "agency":
            booking.by_agency += what.more
        elif ask.bearer == "vendor":
            booking.by_vendor += what.more
        else:
            booking.given_up += what.more
            booking.promised += what.more
        return [
            self._go(booking, paid, amount, ask.credit)
            for paid, amount in self.split_back(booking, what.all_back)
        ]

    def send_back(self, booking: Booking, amount: int) -> list[Back]:
        """What came for nothing."""
        booking.promised += amount
        return [self._go(booking, paid, part, False) for paid, part in self.split_back(booking, amount)]

    def _too_much(self, booking: Booking, credit: bool) -> list[Back]:
        """To the payments by which it came."""
        found = []
        for paid in reversed(booking.payments):
            amount, paid.excess = paid.excess, 0
            if amount:
                found.append(self._go(booking, paid, amount, credit))
        return found

    def _go(self, booking: Booking, paid: Paid, amount: int, credit: bool) -> Back:
        paid.gone += amount
        way = "credit" if credit or paid.way == "credit" else paid.way
        if way == "credit":
            self.credit += amount
        elif way == "cash":
            self.drawer -= amount
        elif way == "bank":
            self.bank -= amount
        else:
            paid.returned += amount
            paid.answered |= paid.asked and paid.returned == paid.amount
        slow = paid.slow and way not in ("credit", "cash", "bank")
        return Back(booking, paid, amount, "pending" if slow else "completed", way)

    def again(self, failed: Back, credit: bool) -> Back:
        """Another in the place of one that failed. By the card it fails again where less than that is left of it."""
        failed.stands_for = True
        paid = failed.payment
        room = paid.amount - paid.returned - paid.taken
        if not credit and paid.way not in ("cash", "credit") and room < failed.amount:
            return Back(failed.booking, paid, failed.amount, "failed", paid.way)
        paid.gone -= failed.amount
        return self._go(failed.booking, paid, failed.amount, credit)

    def fails(self, back: Back) -> None:
        back.state = "failed"
        back.payment.returned -= back.amount

    def owed(self, booking: Booking | None = None) -> int:
        """What was promised, and has come back or did not go."""
        return sum(
            each.amount
            for each in self.backs.values()
            if each.state == "failed" and not each.stands_for and booking in (None, each.booking)
        )
