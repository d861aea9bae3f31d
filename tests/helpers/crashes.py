"""What is played in a child process that is killed on the way, and what a person does after the restart.

A story has three parts. `before` is played to its end. `act` is killed at every boundary in turn: before and after
each commit, and at each reply of the provider, whose effect has happened by then. `after` is what people do once the
program runs again: they send the same forms with the same keys, and take the money another way where they are told
that nothing was charged. However it was killed, the books and the provider must end as they do when nothing happens.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from helpers import crash_balances as balances
from helpers import crash_bank as bank
from helpers import crash_batches as batches
from helpers import crash_cards as cards
from helpers import crash_changes as changes
from helpers import crash_debts as debts
from helpers import crash_disputes as disputes
from helpers import crash_invoices as invoices
from helpers import crash_links as links
from helpers import crash_matching as matching
from helpers import crash_office as office
from helpers import crash_payouts as vendors
from helpers import crash_readers as readers
from helpers import crash_refunds as refunds
from helpers import crash_sales as sales
from helpers import crash_seats as seats
from helpers import crash_sync as sync
from helpers import crash_terms as terms
from helpers import crash_till as till
from helpers.desk import CARD, CASH, Desk
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.ways import Way
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.storage.commits import Commit

DECLINED = PayChoice(Way.CARD, "pm_card_visa_chargeDeclinedInsufficientFunds")


def nothing(desk: Desk) -> None:
    """Nothing is done."""


@dataclass(frozen=True)
class Story:
    act: Callable[[Desk], object]
    before: Callable[[Desk], object] = nothing
    after: Callable[[Desk], object] | None = None  # None: the same again
    faults: tuple[tuple[Operation, FaultKind], ...] = ()
    for_good: bool = False  # the faults stay when the program is started again
    later: timedelta = timedelta(0)  # when `act` is played
    cut: tuple[str, Commit] | None = None  # `before` is another story, killed before this commit

    def again(self, desk: Desk) -> None:
        (self.after or self.act)(desk)


CONFIRM, REFUND, CREATE = Operation.INTENT_CONFIRM, Operation.REFUND_CREATE, Operation.INTENT_CREATE
LINK, ASK = Operation.SESSION_CREATE, Operation.READER_PROCESS
TRANSFER, REVERSE = Operation.TRANSFER_CREATE, Operation.REVERSAL_CREATE
TRAVELLED = timedelta(days=31)
"""When the trips of vendors are over, and what they are owed may be paid."""

STORIES: dict[str, Story] = {
    "hold": Story(sales.take_and_give_back, sales.departures),
    "other travellers": Story(sales.change_holds, sales.departures),
    "card": Story(sales.sell_until_paid(0, 1, first=CARD), sales.departures),
    "cash": Story(sales.sell_until_paid(0, 1, first=CASH), sales.departures),
    "cash for a sale of before": Story(
        sales.pay_for_what_was_placed(CASH), sales.placed, sales.pay_for_what_was_placed(CASH)
    ),
    "recovery of cash": Story(
        sales.recover,
        sales.departures,
        sales.sell_until_paid(0, 1, first=CASH),
        cut=("cash", Commit.PAYMENT_COMPLETE),
    ),
    "declined": Story(sales.sell_until_paid(0, first=DECLINED), sales.departures),
    "no connection": Story(
        sales.sell_until_paid(0, first=CARD, then=CASH),
        sales.departures,
        faults=((CREATE, FaultKind.UNREACHABLE),),
        for_good=True,
    ),
    "reply lost after the charge": Story(
        sales.only_sell(0, pay=CARD),
        sales.departures,
        sales.sell_until_paid(0, first=CARD),
        faults=((CONFIRM, FaultKind.REPLY_LOST_AFTER),),
    ),
    "reply lost before the charge": Story(
        sales.only_sell(0, pay=CARD),
        sales.departures,
        sales.sell_until_paid(0, first=CARD),
        faults=((CONFIRM, FaultKind.REPLY_LOST_BEFORE),),
    ),
    "recovery of a charge": Story(
        sales.recover,
        sales.departures,
        sales.sell_until_paid(0, 1, first=CARD),
        cut=("card", Commit.PAYMENT_COMPLETE),
    ),
    "recovery of what was not charged": Story(
        sales.recover,
        sales.departures,
        sales.sell_until_paid(0, 1, first=CARD),
        cut=("card", Commit.PAYMENT_PREPARE),
    ),
    "link": Story(links.paid(0, 1), sales.departures),
    "link and a slow bank": Story(links.paid_slowly, sales.departures),
    "link cancelled": Story(links.cancelled_then_cash, sales.departures),
    "link cancelled too late": Story(links.cancelled_too_late, sales.departures),
    "link lapsed": Story(links.lapse, links.out, later=timedelta(minutes=36)),
    "link not answered": Story(links.paid(0), sales.departures, faults=((LINK, FaultKind.REPLY_LOST_AFTER),)),
    "recovery of a link": Story(
        sales.recover, sales.departures, links.paid(0, 1), cut=("link", Commit.PAYMENT_COMPLETE)
    ),
    "recovery of a link that nobody saw": Story(
        sales.recover, sales.departures, links.paid(0, 1), cut=("link", Commit.PAYMENT_LINK)
    ),
    "recovery of a cancelled link": Story(
        sales.recover,
        sales.departures,
        links.cancelled_then_cash,
        cut=("link cancelled", Commit.PAYMENT_FAIL),
    ),
    "reader": Story(readers.paid(0, 1), readers.departures),
    "reader and a declined card": Story(readers.declined_then_paid, readers.departures),
    "reader cancelled": Story(readers.cancelled_then_cash, readers.departures),
    "reader cancelled too late": Story(readers.cancelled_too_late, readers.departures),
    "reader that nobody comes to": Story(
        sales.recover, readers.asking, readers.lapsed_then_cash, later=timedelta(minutes=6)
    ),
    "reader silent": Story(readers.paid(0), readers.departures, faults=((ASK, FaultKind.READER_TIMEOUT),)),
    "reader not answered": Story(
        readers.paid(0), readers.departures, faults=((ASK, FaultKind.REPLY_LOST_AFTER),)
    ),
    "reader off": Story(readers.paid(0), readers.departures, faults=((ASK, FaultKind.READER_OFFLINE),)),
    "recovery of a reader": Story(
        sales.recover, readers.departures, readers.paid(0, 1), cut=("reader", Commit.PAYMENT_COMPLETE)
    ),
    "recovery of a reader that was not asked": Story(
        sales.recover, readers.departures, readers.paid(0, 1), cut=("reader", Commit.PAYMENT_ASK)
    ),
    "card kept": Story(cards.kept, sales.departures),
    "kept card charged": Story(cards.charged, cards.with_a_card),
    "kept card forgotten": Story(cards.forgotten, cards.with_a_card),
    "deposit and balance": Story(balances.deposit_then_balance, balances.far_departure),
    "balance by link": Story(balances.balance_by_link, balances.deposit_paid),
    "cancel a deposit": Story(sales.cancel(2700), balances.deposit_paid),
    "debt given up, paid after all": Story(
        debts.given_up_and_paid, balances.deposit_paid, later=timedelta(days=91)
    ),
    "too much goes back": Story(debts.back, debts.too_much),
    "too much is used": Story(debts.used, debts.too_much_and_due),
    "paid by link too late": Story(sales.recover, links.paid_too_late, sales.recover),
    "cancel what a link paid": Story(sales.cancel(4500), links.ready_and_paid),
    "matching": Story(matching.sold_and_matched, matching.fee_posted_twice, later=timedelta(minutes=10)),
    "fetching": Story(matching.sold_and_matched, sales.ready_and_sold(CARD, 0), later=timedelta(minutes=10)),
    "seats": Story(seats.seated_and_sold, seats.numbered),
    "option": Story(seats.kept, sales.departures),
    "option due": Story(seats.reminded_and_taken_up, seats.with_an_option, later=timedelta(days=2)),
    "waiting list": Story(seats.waits_and_is_offered, seats.full_and_waited_for),
    "waiting in vain": Story(seats.kept_up, seats.full_and_waited_for, later=timedelta(days=6)),
    "release": Story(sales.place_and_release, sales.departures),
    "expiry": Story(sales.expire, sales.placed_and_held, later=timedelta(minutes=16)),
    "cancel": Story(sales.cancel(4500), sales.ready_and_sold(CARD, 1), sales.cancel_with_another_form),
    "cancel two bookings": Story(sales.cancel(13500), sales.ready_and_sold(CARD, 0, 1)),
    "cancel cash": Story(sales.cancel(4500), sales.ready_and_sold(CASH, 1)),
    "refund not answered": Story(
        sales.cancel(4500), sales.ready_and_sold(CARD, 1), faults=((REFUND, FaultKind.REPLY_LOST_AFTER),)
    ),
    "refund not sent": Story(
        sales.cancel(4500), sales.ready_and_sold(CARD, 1), faults=((REFUND, FaultKind.UNREACHABLE),)
    ),
    "slow refund": Story(
        sales.cancel(4500), sales.ready_and_sold(sales.SLOW_REFUNDS, 1), sales.cancel_until_it_arrives
    ),
    "recovery of a refund": Story(
        sales.recover, sales.ready_and_sold(CARD, 1), sales.cancel(4500), cut=("cancel", Commit.REFUND_RECORD)
    ),
    "refund that waits": Story(refunds.ask, refunds.limited),
    "refund approved": Story(refunds.approve, refunds.asked),
    "refund turned down": Story(refunds.reject, refunds.asked),
    "refund taken back": Story(refunds.withdraw, refunds.asked),
    "cheaper departure approved": Story(refunds.approve, refunds.cheaper_asked),
    "refund approved, not answered": Story(
        refunds.approve, refunds.asked, faults=((REFUND, FaultKind.REPLY_LOST_AFTER),)
    ),
    "refund beyond the policy": Story(refunds.beyond, sales.ready_and_sold(CARD, 1)),
    "refund to credit, spent": Story(refunds.to_credit_and_spent, sales.ready_and_sold(CARD, 1)),
    "refund of one, then the other": Story(refunds.one_of_two, sales.ready_and_sold(CARD, 1)),
    "refund of what credit paid": Story(refunds.credit_back, refunds.paid_with_credit),
    "refund sent back, again": Story(refunds.again(RefundTo.PAYMENT), refunds.sent_back),
    "refund sent back, as credit": Story(refunds.again(RefundTo.CREDIT), refunds.sent_back),
    "paid too late": Story(
        sales.recover, sales.paid_too_late, sales.recover, faults=((CONFIRM, FaultKind.REPLY_LOST_AFTER),)
    ),
    "dispute lost": Story(disputes.decided(won=False), disputes.disputed),
    "dispute won": Story(disputes.decided(won=True), disputes.disputed),
    "dispute that was an inquiry": Story(disputes.taken_and_won, disputes.asked_about),
    "dispute during a refund": Story(disputes.lost_while_it_goes_back, disputes.disputed_while_it_goes_back),
    "refund that comes back": Story(disputes.came_back, disputes.on_its_way_back),
    "payouts": Story(vendors.run_with_a_pause, vendors.two_owed, later=TRAVELLED),
    "payout not answered": Story(
        vendors.run,
        vendors.one_owed,
        faults=((TRANSFER, FaultKind.REPLY_LOST_AFTER),),
        later=TRAVELLED,
    ),
    "payout not sent": Story(
        vendors.run,
        vendors.one_owed,
        faults=((TRANSFER, FaultKind.REPLY_LOST_BEFORE),),
        later=TRAVELLED,
    ),
    "recovery of a payout": Story(
        sales.recover, vendors.two_owed, vendors.run, cut=("payouts", Commit.PAYOUT_RECORD), later=TRAVELLED
    ),
    "payout tried again": Story(vendors.retry, vendors.one_failed, later=TRAVELLED),
    "payout tried again, not answered": Story(
        vendors.retry,
        vendors.one_failed,
        faults=((TRANSFER, FaultKind.REPLY_LOST_AFTER),),
        later=TRAVELLED,
    ),
    "payout taken back": Story(vendors.take_back(7650), vendors.one_paid, later=TRAVELLED),
    "payout taken back, not answered": Story(
        vendors.take_back(2000),
        vendors.one_paid,
        faults=((REVERSE, FaultKind.REPLY_LOST_AFTER),),
        later=TRAVELLED,
    ),
    "payout taken back elsewhere": Story(vendors.hear, vendors.taken_back_elsewhere, later=TRAVELLED),
    "completion": Story(sales.complete, sales.two_sales, later=timedelta(days=60)),
    "completion by itself": Story(office.complete_themselves, office.left_alone, later=timedelta(days=60)),
    "at the quay": Story(sales.at_the_quay, sales.two_sales, later=timedelta(days=15, hours=22)),
    "changed by card": Story(changes.rebook(CARD), changes.a_booking(CASH)),
    "changed for cash": Story(changes.join(CASH), changes.a_booking(CARD)),
    "changed after a decline": Story(changes.rebook(DECLINED), changes.a_booking(CASH)),
    "change not answered": Story(
        changes.rebook(CARD), changes.a_booking(CASH), faults=((CONFIRM, FaultKind.REPLY_LOST_AFTER),)
    ),
    "change not charged": Story(
        changes.rebook(CARD),
        changes.a_booking(CASH),
        changes.rebook(CARD),
        faults=((CONFIRM, FaultKind.REPLY_LOST_BEFORE),),
    ),
    "recovery of a change": Story(
        sales.recover,
        changes.a_booking(CASH),
        changes.rebook(CARD),
        cut=("changed by card", Commit.PAYMENT_COMPLETE),
    ),
    "change too late": Story(
        sales.recover, changes.too_late, sales.recover, faults=((CONFIRM, FaultKind.REPLY_LOST_AFTER),)
    ),
    "one of three leaves": Story(changes.first_leaves, changes.a_booking(CARD)),
    "notes": Story(changes.noted, changes.a_booking(CASH)),
    "office": Story(office.office),
    "agreed with a vendor": Story(office.agreed_with_a_vendor),
    "vendor terms": Story(terms.terms),
    "bank file": Story(bank.arrived_and_one_came_back, bank.batch, later=timedelta(days=31)),
    "bank file refused": Story(bank.refused_and_tried_again, bank.batch, later=timedelta(days=31)),
    "till": Story(till.day, sales.departures),
    "till that is short": Story(till.short, till.opened),
    "merge": Story(office.merge_and_split, office.twice_there),
    "import": Story(office.bring_in),
    "invoices": Story(invoices.invoiced, invoices.ready_and_sold),
    "batch drafted": Story(batches.drafted, batches.owed, later=timedelta(days=7)),
    "batch approved": Story(batches.approved, batches.owed, later=timedelta(days=7)),
    "hub": Story(sync.met, sales.departures),
    "papers": Story(office.papers, sales.ready_and_sold(CARD, 0), later=timedelta(hours=30)),
}

VARIANTS = frozenset(
    {
        *("no connection", "reply lost before the charge", "recovery of what was not charged"),
        *("link and a slow bank", "link cancelled too late", "link not answered"),
        *("recovery of a link that nobody saw", "recovery of a cancelled link"),
        *("reader and a declined card", "reader cancelled too late", "reader that nobody comes to"),
        *("reader silent", "reader not answered", "reader off", "recovery of a reader that was not asked"),
        *("balance by link", "cancel a deposit", "paid by link too late", "cancel what a link paid"),
        *("cancel two bookings", "refund not sent", "recovery of a refund", "refund taken back"),
        "cheaper departure approved",
        *("refund approved, not answered", "refund beyond the policy", "refund of one, then the other"),
        *("refund of what credit paid", "refund sent back, as credit", "paid too late"),
        *("dispute that was an inquiry", "refund that comes back", "too much goes back"),
        *("changed after a decline", "change not charged", "recovery of a change", "change too late"),
        *("bank file refused", "till that is short"),
    }
)
"""Stories that commit what others do, in another way of paying or after another answer: for the long search."""


@dataclass(frozen=True)
class Boundary:
    """Where a story is killed: at the commit of that number, before or after it; or at a reply of the provider."""

    number: int
    moment: str  # before, after, reply
    name: str = ""

    def __str__(self) -> str:
        return f"{self.moment} {self.name or 'reply'} (no. {self.number})"
