"""What must hold of an agency's money at every step, whatever is done (`helpers.watched_banks`)."""

from __future__ import annotations

from datetime import timedelta

from hypothesis.stateful import initialize, invariant, rule

from helpers.plain_booking import Booking
from helpers.watched_banks import WatchedMoney
from travellr_desktop.domain.ledger import Account
from travellr_desktop.services import giving_back
from travellr_desktop.storage.uow import Reading


class Money(WatchedMoney):
    """What must hold at every step."""

    @invariant()
    def every_booking_is_where_it_should_be(self) -> None:
        with self.desk.database.read() as view:
            for booking in self.plain.bookings.values():
                self.stands(view, booking)

    def stands(self, view: Reading, booking: Booking) -> None:
        def holds(account: Account) -> int:
            return -view.ledger.balance(account, "EUR", booking_id=booking.id)

        row = view.bookings.get_full(booking.id)
        assert row.state.value == booking.state
        assert view.payments.paid([booking.id])[booking.id] == booking.paid
        gone = [each for each in self.plain.backs.values() if each.booking is booking]
        assert view.refunds.promised([booking.id])[booking.id] == sum(
            each.amount for each in gone if each.state != "failed"
        )
        owed = holds(Account.REFUNDS_PAYABLE)
        assert owed >= 0
        assert holds(Account.OVERPAYMENT) == booking.excess
        if booking.lost:
            return  # who bears it is in the examples of disputes
        assert owed == self.plain.owed(booking)
        if booking.state == "confirmed":
            assert giving_back.left(view, (row,))[booking.id] == booking.left
        assert holds(Account.TRAVELLER_FUNDS) == booking.funds
        assert holds(Account.VENDOR_PAYABLE) == booking.vendor
        assert holds(Account.COMMISSION) + holds(Account.CANCELLATION_REVENUE) == booking.agency
        assert -holds(Account.GOODWILL) == booking.by_agency
        assert -holds(Account.TRAVELLER_RECEIVABLE) == booking.owes
        assert -holds(Account.BAD_DEBTS) == booking.debts

    @invariant()
    def what_is_due_and_can_go_back_is_told(self) -> None:
        """Of the newest: all of them at each step would take long."""
        for booking in list(self.plain.bookings.values())[-1:]:
            shown = self.desk.services.bookings.detail(self.desk.agent, booking.id)
            if not booking.lost and not booking.disputed:
                assert shown.due.minor == (booking.due or booking.owes)
                assert shown.written_off.minor == booking.debts
                assert shown.excess.minor == booking.excess

    @invariant()
    def money_is_where_it_should_be(self) -> None:
        plain = self.plain
        with self.desk.database.read() as view:
            balances = {account: minor for (account, _eur), minor in view.ledger.balances().items()}
        assert sum(balances.values()) == 0
        assert balances.get(Account.TILL, 0) == plain.drawer
        assert balances.get(Account.SAFE, 0) == plain.safe
        assert balances.get(Account.BANK, 0) == plain.bank
        assert balances.get(Account.CASH_OVER_SHORT, 0) == -plain.over
        assert -balances.get(Account.AGENCY_CREDIT, 0) == plain.credit >= 0
        assert balances.get(Account.DISPUTED_FUNDS, 0) == sum(
            amount for _ref, _booking, _paid, amount, taken in self.disputes if taken
        )
        if self.trips:
            has = self.desk.services.credit.of_traveller(self.desk.agent, self.buyer.id)
            assert has.of("EUR").minor == plain.credit == sum(line.amount.minor for line in has.lines)

    @rule()
    def the_provider_has_what_the_books_say(self) -> None:
        self.recovers()
        self.desk.services.matching.fetch()
        with self.desk.database.read() as view, self.desk.sandbox() as sandbox:
            assert view.ledger.balance(Account.STRIPE, "EUR") == sandbox.balances().get("eur", 0)
            assert sandbox.problems() == ()

    def teardown(self) -> None:
        if self.trips:
            try:
                self.what_banks_did_is_heard()
                self.the_provider_has_what_the_books_say()
            except BaseException:
                self.stack.close()
                raise
        super().teardown()


class Afterwards(Money):
    """All of it once every trip has been: with debts, of which there are few before."""

    @initialize()
    def begin(self) -> None:
        super().begin()
        for adults, infant, way in ((2, 0, "cash"), (1, 1, "card"), (1, 0, "link")):
            self.sell(2, adults, infant, way, True)
        for number, (_id, trip) in enumerate(self.trips):
            self.clock.at(max(self.clock.now(), trip.leaves + timedelta(hours=2)))
            self.complete(number)
