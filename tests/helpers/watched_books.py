"""Bookings that live through everything that can happen to their money, in any order, beside a few plain numbers that
are kept without the books."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from fractions import Fraction
from typing import ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from helpers.known_money import Known, rounded
from travellr_desktop.domain.cancellation import Quote
from travellr_desktop.domain.commission import Split
from travellr_desktop.domain.ids import new_id
from travellr_desktop.domain.ledger import (
    Account,
    Bearer,
    Earned,
    Entry,
    KeptOnCancelling,
    LedgerEvent,
    balances,
    booking_amounts,
    cancellation_entries,
    credit_given_entry,
    credit_spent_entries,
    dispute_lost_entries,
    dispute_opened_entries,
    dispute_won_entries,
    done_entries,
    earnings,
    goodwill_entries,
    overpaid_entry,
    overpayment_back_entry,
    payment_entries,
    processor_fee_entry,
    promised_back_entries,
    receivable_collected_entry,
    refund_accepted_entry,
    refund_after_trip_entries,
    refund_failed_entry,
    reversal,
    standing,
    trial_balance,
    used_for,
    written_off_entry,
)
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.states import BookingState

VENDOR = new_id()
AVAILABLE = datetime(2026, 6, 21, 9, 30, tzinfo=UTC)
ENDS = {LedgerEvent.TRIP_DONE: BookingState.COMPLETED, LedgerEvent.NO_SHOW: BookingState.NO_SHOW}
MOST_BOOKINGS = 5


def yen(minor: int) -> Money:
    return Money(minor, "JPY")


Most = Callable[[Known], int]
Step = Callable[..., None]


def where(most: Most) -> Callable[[Step], Step]:
    """A step that is taken only where there is a booking with something to move: a rule with its booking and amount,
    which is all there is as often as a part of it."""

    def of(machine: WatchedBooks) -> list[Known]:
        return [known for known in machine.bookings if most(known) > 0]

    def step(act: Step) -> Step:
        def taken(self: WatchedBooks, data: st.DataObject) -> None:
            known = data.draw(st.sampled_from(of(self)))
            amount = data.draw(st.just(most(known)) | st.integers(1, most(known)))
            act(self, known, amount, data)

        taken.__name__ = act.__name__
        return precondition(lambda self: bool(of(self)))(rule(data=st.data())(taken))

    return step


class WatchedBooks(RuleBasedStateMachine):
    """Whatever happens, the books agree with the numbers, and with themselves. `seen`: every event that was ever
    written."""

    seen: ClassVar[set[LedgerEvent]] = set()

    def __init__(self) -> None:
        super().__init__()
        self.entries: list[Entry] = []
        self.bookings: list[Known] = []
        self.credit = 0

    def teardown(self) -> None:
        self.seen.update(entry.event for entry in self.entries)

    @initialize()
    def begin(self) -> None:
        """A booking that stands, and one whose trip has been, both paid by card."""
        for price in (3_000, 101):
            self.book(price, 2_000)
            self.receive(self.bookings[-1], price, Account.STRIPE)
        self.end(self.bookings[-1], LedgerEvent.TRIP_DONE)

    @precondition(lambda self: len(self.bookings) < MOST_BOOKINGS)
    @rule(price=st.integers(0, 5_000), rate=st.sampled_from([0, 1, 1_500, 2_000, 3_333, 10_000]))
    def book(self, price: int, rate: int) -> None:
        self.bookings.append(Known(price, rate))

    @where(lambda known: known.unpaid)
    def pay(self, known: Known, amount: int, data: st.DataObject) -> None:
        self.receive(known, amount, data.draw(st.sampled_from([Account.STRIPE, Account.TILL])))

    def receive(self, known: Known, amount: int, into: Account) -> None:
        self.entries += payment_entries({known.id: yen(amount)}, into=into)
        known.paid += amount
        known.funds += amount
        known.by_card += amount if into is Account.STRIPE else 0

    @where(lambda known: known.receivable)
    def collect(self, known: Known, amount: int, data: st.DataObject) -> None:
        self.entries.append(receivable_collected_entry(yen(amount), into=Account.BANK, booking_id=known.id))
        known.paid += amount
        known.receivable -= amount

    @where(lambda known: known.receivable)
    def write_off(self, known: Known, amount: int, data: st.DataObject) -> None:
        self.entries.append(written_off_entry(yen(amount), booking_id=known.id))
        known.receivable -= amount
        known.written_off.append(amount)

    @where(lambda known: known.unpaid + known.receivable + sum(known.written_off) + 50)
    def wire(self, known: Known, amount: int, data: st.DataObject) -> None:
        """A transfer of any height: used for what it can be, and the rest is too much."""
        debts = [yen(debt) for debt in reversed(known.written_off)]
        used = used_for(yen(amount), due=yen(known.unpaid), owed=yen(known.receivable), written_off=debts)
        for debt in debts[: used.undone]:
            self.entries.append(reversal(written_off_entry(debt, booking_id=known.id)))
            known.receivable += known.written_off.pop()
        self.entries += payment_entries({known.id: used.price}, into=Account.BANK)
        if used.owed:
            self.entries.append(receivable_collected_entry(used.owed, into=Account.BANK, booking_id=known.id))
        if used.excess:
            self.entries.append(overpaid_entry(used.excess, into=Account.BANK, booking_id=known.id))
        known.paid += amount
        known.funds += used.price.minor
        known.receivable -= used.owed.minor
        known.overpaid += used.excess.minor

    @where(lambda known: min(known.overpaid, known.refundable))
    def promise_what_was_too_much(self, known: Known, amount: int, data: st.DataObject) -> None:
        self.entries.append(overpayment_back_entry(yen(amount), booking_id=known.id))
        known.overpaid -= amount
        known.promise(amount)

    @where(lambda known: known.may_be_promised)
    def promise_a_part(self, known: Known, amount: int, data: st.DataObject) -> None:
        self.entries += promised_back_entries(yen(amount), booking_id=known.id)
        known.funds -= amount
        known.promise(amount)

    @where(lambda known: known.may_be_promised)
    def cancel(self, known: Known, kept: int, data: st.DataObject) -> None:
        kept = known.funds - kept if data.draw(st.booleans()) else min(kept, known.funds)
        fee = data.draw(st.integers(0, min(kept, 50)))
        back = known.funds - kept
        self.entries += cancellation_entries(
            Quote(kept, fee, back, "JPY", None, False, None, None),
            commission_bps=known.rate,
            booking_id=known.id,
            vendor_id=VENDOR,
            available_at=AVAILABLE,
        )
        share = rounded(Fraction((kept - fee) * known.rate, 10_000))
        known.kept_split = Split(fee + share, kept - fee - share)
        known.state, known.kept, known.funds = BookingState.CANCELLED, kept, 0
        known.promise(back)

    @where(lambda known: known.price if known.is_open else 0)
    def travel(self, known: Known, amount: int, data: st.DataObject) -> None:
        self.end(known, data.draw(st.sampled_from(sorted(ENDS))))

    def end(self, known: Known, event: LedgerEvent) -> None:
        self.entries += done_entries(
            event,
            price=yen(known.price),
            paid=yen(known.funds),
            commission_bps=known.rate,
            booking_id=known.id,
            vendor_id=VENDOR,
            available_at=AVAILABLE,
        )
        known.state = ENDS[event]
        known.receivable += known.price - known.funds
        known.funds, known.earned = 0, known.price

    @where(lambda known: known.may_be_given_up)
    def refund_after_trip(self, known: Known, amount: int, data: st.DataObject) -> None:
        self.entries += refund_after_trip_entries(
            yen(amount),
            price=yen(known.earned),
            before=self.earned_and_kept(known)[0].before,
            commission_bps=known.rate,
            booking_id=known.id,
            vendor_id=VENDOR,
        )
        known.taken_back += amount
        known.promise(amount)

    @where(lambda known: known.may_be_kind)
    def be_kind(self, known: Known, amount: int, data: st.DataObject) -> None:
        bearer = data.draw(st.sampled_from(Bearer))
        self.entries += goodwill_entries(yen(amount), borne_by=bearer, booking_id=known.id, vendor_id=VENDOR)
        known.goodwill += amount
        known.promise(amount)

    @where(lambda known: known.owed)
    def send_back(self, known: Known, amount: int, data: st.DataObject) -> None:
        out_of = data.draw(st.sampled_from([Account.STRIPE, Account.TILL]))
        self.entries.append(refund_accepted_entry(yen(amount), out_of=out_of, booking_id=known.id))
        known.sent += amount
        known.owed -= amount

    @where(lambda known: known.owed)
    def keep_as_credit(self, known: Known, amount: int, data: st.DataObject) -> None:
        self.entries.append(credit_given_entry(yen(amount), booking_id=known.id))
        self.credit += amount
        known.credited += amount
        known.owed -= amount

    @where(lambda known: known.sent)
    def a_refund_comes_back(self, known: Known, amount: int, data: st.DataObject) -> None:
        self.entries.append(refund_failed_entry(yen(amount), booking_id=known.id))
        known.sent -= amount
        known.owed += amount

    @precondition(lambda self: self.credit > 0)
    @where(lambda known: known.unpaid if known.is_open else known.receivable)
    def spend_credit(self, known: Known, amount: int, data: st.DataObject) -> None:
        amount, after = min(amount, self.credit), not known.is_open
        self.entries += credit_spent_entries({known.id: yen(amount)}, after_trip=after)
        self.credit -= amount
        known.paid += amount
        known.receivable -= amount if after else 0
        known.funds += 0 if after else amount

    @where(lambda known: known.may_be_disputed)
    def dispute(self, known: Known, amount: int, data: st.DataObject) -> None:
        fee = yen(data.draw(st.integers(0, 20)))
        self.entries += dispute_opened_entries({known.id: yen(amount)}, fee=fee)
        known.disputed = amount

    @where(lambda known: known.disputed)
    def win(self, known: Known, amount: int, data: st.DataObject) -> None:
        self.entries += dispute_won_entries({known.id: yen(known.disputed)})
        known.disputed = 0

    def earned_and_kept(self, known: Known) -> tuple[Earned, KeptOnCancelling]:
        """As the books have them, which must be as they are known."""
        found = earnings(self.entries, booking_id=known.id, currency="JPY", commission_bps=known.rate)
        assert found == (
            Earned(yen(known.earned), known.rate, known.before),
            KeptOnCancelling(known.kept_split, known.kept_lost),
        )
        return found

    @where(lambda known: known.disputed)
    def lose(self, known: Known, amount: int, data: st.DataObject) -> None:
        earned, kept = self.earned_and_kept(known)
        made = dispute_lost_entries(
            yen(known.disputed),
            booking_id=known.id,
            vendor_id=VENDOR,
            promised=yen(known.owed),
            overpaid=yen(known.overpaid),
            funds=yen(known.funds),
            earned=earned,
            kept=kept,
        )
        self.entries += made
        vendors = sum(entry.amount.minor for entry in made if entry.debit is Account.VENDOR_PAYABLE)
        known.lose(vendors if known.kept else 0)

    @rule(data=st.data(), fee=st.integers(1, 99))
    def write_a_fee_wrong_and_right(self, data: st.DataObject, fee: int) -> None:
        known = data.draw(st.sampled_from(self.bookings))
        wrong = processor_fee_entry(yen(fee + 1), booking_id=known.id)
        self.entries += [wrong, reversal(wrong), processor_fee_entry(yen(fee), booking_id=known.id)]

    @invariant()
    def the_books_agree_with_what_is_known(self) -> None:
        for known in self.bookings:
            found = booking_amounts(
                self.entries, booking_id=known.id, price=yen(known.price), state=known.state
            )
            wanted = {
                "paid": known.paid,
                "funds": known.funds,
                "due": known.due,
                "kept": known.kept,
                "promised": known.promised,
                "refunded": known.sent + known.credited,
                "charged": known.charged,
                "owed_back": known.owed,
                "receivable": known.receivable,
                "overpaid": known.overpaid,
                "written_off": sum(known.written_off),
                "disputed": known.disputed,
                "lost": known.lost,
                "refundable": known.refundable,
            }
            assert {name: getattr(found, name).minor for name in wanted} == wanted
            theirs = known.earned - known.taken_back + known.kept_left - known.goodwill
            theirs -= sum(known.written_off)
            assert (found.vendor + found.agency).minor == theirs

    @invariant()
    def the_commission_is_cumulative_to_the_unit(self) -> None:
        for known in self.bookings:
            own = balances(entry for entry in self.entries if entry.booking_id == known.id)
            whole = rounded(Fraction(known.earned * known.rate, 10_000))
            assert -own.get(Account.COMMISSION, 0) == whole - known.commission_given_up

    @invariant()
    def nothing_owed_is_below_zero_and_both_sides_are_equal(self) -> None:
        found = balances(self.entries)
        assert sum(found.values()) == 0
        assert trial_balance(self.entries).agrees
        for account in (
            *(Account.REFUNDS_PAYABLE, Account.TRAVELLER_FUNDS, Account.TRAVELLER_RECEIVABLE),
            *(Account.OVERPAYMENT, Account.BAD_DEBTS),
        ):
            assert standing(account, found.get(account, 0)) >= 0
        assert standing(Account.AGENCY_CREDIT, found.get(Account.AGENCY_CREDIT, 0)) == self.credit
