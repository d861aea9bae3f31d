"""What banks, time and the till do to an agency's money, beside what people do (`helpers.watched_refunds`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from helpers.plain_booking import Booking, Paid
from helpers.tilling import close_till, move, open_till
from helpers.watched_changes import WatchedChanges
from helpers.watched_refunds import which
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.states import DisputeState
from travellr_desktop.domain.till import MoveKind
from travellr_desktop.errors import WrongState
from travellr_desktop.payments.sandbox.control import SandboxControl


class WatchedMoney(WatchedChanges):
    # banks

    def disputable(self) -> list[tuple[Booking, Paid]]:
        return [
            (booking, paid)
            for booking in self.plain.bookings.values()
            for paid in booking.payments
            if paid.ref is not None
            and paid.amount > paid.returned
            and not paid.asked  # a bank asks once
            and not booking.disputed
            and not booking.lost
        ]

    @precondition(lambda self: self.disputable())
    @rule(number=which, inquiry=st.booleans())
    def bank_asks(self, number: int, inquiry: bool) -> None:
        booking, paid = self.one(self.disputable(), number)
        amount, paid.asked = paid.amount - paid.returned, True
        assert paid.ref is not None
        with self.desk.sandbox() as sandbox:
            ref = sandbox.open_dispute(paid.ref, inquiry=inquiry)
        self.hear()
        self.disputes.append((ref, booking, paid, amount, not inquiry))
        if not inquiry:
            booking.disputed, paid.taken = True, amount

    def hear(self) -> None:
        self.clock.forward(timedelta(minutes=2))
        self.desk.services.listening.poll()
        self.found_out()

    def at_the_bank(self, paid: Paid, act: Callable[[SandboxControl], object]) -> bool:
        """Whether it can do nothing more, as an inquiry is over once all has gone back."""
        with self.desk.sandbox() as sandbox:
            if not paid.answered:
                act(sandbox)
                return False
            with pytest.raises(WrongState):
                act(sandbox)
        return True

    @rule()
    def what_banks_did_is_heard(self) -> None:
        """Also of an inquiry that nobody closed but the money that went back: the provider tells of that by an event,
        so it is known once this desk has listened, and not before."""
        self.hear()
        now = {
            ref: DisputeState.OPEN
            if taken
            else DisputeState.CLOSED
            if paid.answered
            else DisputeState.INQUIRY
            for ref, _booking, paid, _amount, taken in self.disputes
        }
        with self.desk.database.read() as view:
            for ref, state in {**self.over, **now}.items():
                row = view.disputes.find_by_ref(ref)
                assert row is not None
                assert row.state is state

    @precondition(lambda self: any(not taken for *_dispute, taken in self.disputes))
    @rule(number=which)
    def bank_takes(self, number: int) -> None:
        """An inquiry becomes a dispute, of what is left then; what went back in full is asked about no more."""
        found = self.one([each for each in self.disputes if not each[-1]], number)
        ref, booking, paid, _amount, _taken = found
        if booking.disputed or booking.lost:
            return
        self.disputes.remove(found)
        if self.at_the_bank(paid, lambda sandbox: sandbox.escalate_dispute(ref)):
            self.over[ref] = DisputeState.CLOSED
            return
        self.hear()
        amount = min(found[3], paid.amount - paid.returned)
        self.disputes.append((ref, booking, paid, amount, True))
        booking.disputed, paid.taken = True, amount

    @precondition(lambda self: self.disputes)
    @rule(number=which, won=st.booleans())
    def bank_decides(self, number: int, won: bool) -> None:
        """An inquiry comes to nothing, if it is not over because all went back."""
        found = self.one(self.disputes, number)
        ref, booking, paid, amount, taken = found
        self.at_the_bank(paid, lambda sandbox: sandbox.close_dispute(ref, won=won))
        self.hear()
        self.disputes.remove(found)
        self.over[ref] = DisputeState.CLOSED
        if taken:
            booking.disputed = False
            self.over[ref] = DisputeState.WON if won else DisputeState.LOST
            if won:
                paid.taken -= amount
            else:
                booking.lose(amount, self.plain.owed(booking))

    # time, trips, the till

    @rule(after=st.booleans())
    def next_edge(self, after: bool) -> None:
        """To the last moment at which a policy keeps as little as now, or just after it."""
        edges = sorted(edge for _id, trip in self.trips for edge in [*trip.edges(), trip.leaves])
        ahead = [edge for edge in edges if edge > self.clock.now()]
        if ahead:
            self.clock.at(ahead[0] + timedelta(seconds=after))
        else:
            self.clock.forward(timedelta(days=1))

    @rule(number=st.integers(0, 2))
    def complete(self, number: int) -> None:
        departure, trip = self.trips[number]
        there = [
            each for each in self.plain.bookings.values() if each.trip is trip and each.state == "confirmed"
        ]
        if trip.leaves + timedelta(hours=1) > self.clock.now() or not there:
            return
        self.desk.services.bookings.complete(self.desk.admin, departure)
        for booking in there:
            booking.owes = booking.due
            booking.state, booking.earned = "completed", booking.price

    @rule(less=st.sampled_from([0, 0, 137]))
    def till_opens_or_closes(self, less: int) -> None:
        if self.plain.drawer < 0:
            return
        if self.till:
            counted = max(self.plain.drawer - less, 0)
            close_till(self.desk, counted, stays=counted, reason="Miscounted")
            self.plain.over -= self.plain.drawer - counted
            self.plain.drawer = counted
        else:
            open_till(self.desk, self.plain.drawer + 5_000, from_safe=5_000)
            self.plain.drawer += 5_000
            self.plain.safe -= 5_000
        self.till = not self.till

    @precondition(lambda self: self.till and self.plain.drawer > 0)
    @rule(share=st.integers(1, 3))
    def to_the_safe(self, share: int) -> None:
        amount = max(self.plain.drawer * share // 3, 1)
        move(self.desk, MoveKind.DROP, amount, Account.SAFE, by=self.desk.admin)
        self.plain.drawer -= amount
        self.plain.safe += amount
