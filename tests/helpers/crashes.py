"""What is played in a child process that is killed on the way, and what a person does after the restart.

A story has three parts. `before` is played to its end. `act` is killed at every boundary in turn: before and after
each commit, and at each reply of the provider, whose effect has happened by then. `after` is what people do once the
program runs again: they send the same forms with the same keys, and take the money another way where they are told
that nothing was charged. However it was killed, the books and the provider must end as they do when nothing happens.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from uuid import NAMESPACE_OID, UUID, uuid5

from helpers import crash_changes as changes
from helpers.clock import START
from helpers.desk import AGENT, CARD, CASH, PASSWORD, Desk
from helpers.seated import add_numbered
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.states import BookingState, HoldState, advance
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import AlreadyRefunded, HoldLapsed, InvalidInput, SignInRefused, WrongState
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.agency import AgencyDraft
from travellr_desktop.services.holds import HoldView
from travellr_desktop.services.importing.columns import ImportKind
from travellr_desktop.services.importing.service import ImportOrder
from travellr_desktop.services.outcomes import OutcomeState, SaleOutcome
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.services.sales import PayChoice, Sell, SellLine
from travellr_desktop.services.timetable import DepartureDraft
from travellr_desktop.services.travellers import TravellerDraft, TravellerRow
from travellr_desktop.storage.commits import Commit

DECLINED = PayChoice(Way.CARD, "pm_card_visa_chargeDeclinedInsufficientFunds")
SLOW_REFUNDS = PayChoice(Way.CARD, "pm_card_pendingRefund")
SOON = (START + timedelta(days=5)).date()
OPEN = (OutcomeState.DECLINED, OutcomeState.PENDING)


def key(word: str) -> UUID:
    """The key of a form: the same whenever the form is sent."""
    return uuid5(NAMESPACE_OID, word)


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


# forms, each with its own key


def buyer(desk: Desk) -> TravellerRow:
    draft = TravellerDraft("Henrik Söderberg", phone="+46 70 555 01 23")
    return desk.services.travellers.create(desk.agent, draft, key=key("buyer"))


def departures(desk: Desk) -> None:
    """Two departures, one of them in five days under a policy that keeps half by then."""
    desk.add_departure(capacity=4)
    desk.add_departure(desk.add_trip("Half kept", policy="strict"), day=SOON, capacity=3)
    buyer(desk)


def departure(desk: Desk, number: int) -> UUID:
    with desk.database.read() as view:
        return view.departures.find_all()[0][number].id


def held(desk: Desk, number: int = 0, adult: int = 2, word: str = "hold") -> HoldView:
    return desk.services.holds.hold(
        desk.agent, departure(desk, number), Party(adult=adult), key=key(f"{word} {number}")
    )


def sold(desk: Desk, pay: PayChoice | None, *numbers: int, word: str = "sell") -> SaleOutcome:
    lines = tuple(SellLine(held(desk, number).id) for number in numbers)
    order = Sell(lines, buyer(desk).id, pay)
    return desk.services.sales.sell(desk.agent, order, key=key(word))


def paid(desk: Desk, outcome: SaleOutcome, pay: PayChoice) -> SaleOutcome:
    """A person looks at how it stands, and takes the money where nothing was charged."""
    now = desk.services.sales.outcome(desk.agent, outcome.sale_id)
    if now.state not in OPEN:
        return now
    return desk.services.sales.pay(desk.agent, outcome.sale_id, pay, key=key(f"pay {now.payment_id}"))


def sell_until_paid(*numbers: int, first: PayChoice, then: PayChoice = CARD) -> Callable[[Desk], object]:
    def play(desk: Desk) -> SaleOutcome:
        return paid(desk, sold(desk, first, *numbers), then)

    return play


def only_sell(*numbers: int, pay: PayChoice) -> Callable[[Desk], object]:
    return lambda desk: sold(desk, pay, *numbers)


def ready_and_sold(pay: PayChoice, *numbers: int) -> Callable[[Desk], object]:
    def play(desk: Desk) -> None:
        departures(desk)
        sold(desk, pay, *numbers)

    return play


def cancel(expected: int) -> Callable[[Desk], object]:
    """The whole sale; `expected` goes back, in cents."""

    def play(desk: Desk) -> None:
        sale = desk.services.sales.outcome(desk.agent, sold_sale(desk))
        ids = [booking.id for booking in sale.bookings]
        back = Money(expected, "EUR")
        desk.services.cancellations.cancel(desk.agent, ids, "Ill", back, key=key("cancel"))

    return play


def cancel_with_another_form(desk: Desk) -> None:
    """Somebody else cancels as well, not knowing."""
    cancel(4500)(desk)
    shown = sold_sale(desk)
    try:
        desk.services.cancellations.preview_sale(desk.agent, shown)
    except AlreadyRefunded:
        return
    raise AssertionError("what was cancelled can be cancelled again")


def sold_sale(desk: Desk) -> UUID:
    with desk.database.read() as view:
        return view.sales.find_all()[0][0].id


# stories


def take_and_give_back(desk: Desk) -> None:
    first, second = held(desk, 0), held(desk, 1)
    desk.services.holds.extend(desk.agent, second.id)
    desk.services.holds.release(desk.agent, first.id)


def change_holds(desk: Desk) -> None:
    """A hold for fewer, then one of them to the other."""
    first, second = held(desk, 0), held(desk, 1, adult=1)
    desk.services.holds.resize(desk.agent, first.id, Party(adult=1, child=1), key=key("resize"))
    desk.services.holds.move(desk.agent, first.id, second.id, Party(child=1), key=key("move"))


def place_and_release(desk: Desk) -> None:
    desk.services.sales.release(desk.agent, sold(desk, None, 0, 1).sale_id)


def placed_and_held(desk: Desk) -> None:
    departures(desk)
    sold(desk, None, 0)
    held(desk, 1)


def expire(desk: Desk) -> None:
    desk.services.upkeep.expire_holds()


def complete(desk: Desk) -> None:
    """One of the bookings did not come."""
    with desk.database.read() as view:
        first = view.bookings.find_all()[0][0]
    if first.state is BookingState.CONFIRMED:
        desk.services.bookings.no_show(desk.admin, first.id)
    for number in (0, 1):
        try:
            desk.services.bookings.complete(desk.admin, departure(desk, number))
        except WrongState:
            pass  # done already


def at_the_quay(desk: Desk) -> None:
    """One booking has come, of another one traveller, nobody of the third; then the manifest is closed."""
    with desk.database.read() as view:
        bookings = [view.bookings.get_full(each.id) for each in view.bookings.find_all()[0]]
        here = view.departures.find_all()[0][0].id
    manifests = desk.services.manifests
    for booking, lines in zip(bookings, [booking.lines for booking in bookings], strict=True):
        if booking.state is not BookingState.CONFIRMED:
            continue
        first, *others = [line.id for line in lines]
        if booking is bookings[-1]:
            manifests.absent(desk.agent, [first, *others], True)
        else:
            manifests.check_in(desk.agent, [first])
    manifests.close(desk.agent, here, key=key("close"))


def two_sales(desk: Desk) -> None:
    departures(desk)
    sold(desk, CARD, 0)
    with desk.database.read() as view:
        here = view.departures.find_all()[0][0].id
    for word in ("second", "third"):
        hold = desk.services.holds.hold(desk.agent, here, Party(adult=1), key=key(f"hold {word}"))
        desk.services.sales.sell(
            desk.agent, Sell((SellLine(hold.id),), buyer(desk).id, CASH), key=key(f"sell {word}")
        )


def paid_too_late(desk: Desk) -> None:
    """Two bookings whose charge was never answered; meanwhile their holds are written off, as only an office may,
    and the seats of one are sold to somebody else."""
    departures(desk)
    sold(desk, CARD, 0, 1)
    with desk.database.write(Commit.HOLD_EXPIRE, SYSTEM) as work:
        for hold in work.holds.find_all()[0]:
            hold.state = advance(hold.state, HoldState.EXPIRED)
        work.commit()
    others = desk.services.holds.hold(desk.agent, departure(desk, 0), Party(adult=4), key=key("hold them"))
    order = Sell((SellLine(others.id),), buyer(desk).id, CASH)
    desk.services.sales.sell(desk.agent, order, key=key("sell to others"))


def numbered(desk: Desk) -> None:
    """A departure on a plan, and somebody on two of its seats."""
    add_numbered(desk)
    buyer(desk)
    sold(desk, CASH, 0, word="sell before")


def seated_and_sold(desk: Desk) -> None:
    """Others are given the best seats, choose their own, and pay by card."""
    hold = held(desk, 0, 3, "hold seats")
    try:
        desk.services.seats.choose(desk.agent, hold.id, ["1C", "2D", "3A"])
    except (HoldLapsed, InvalidInput):
        pass  # sold already, or on the way to it
    order = Sell((SellLine(hold.id),), buyer(desk).id, CARD)
    paid(desk, desk.services.sales.sell(desk.agent, order, key=key("sell seats")), CARD)


def recover(desk: Desk) -> None:
    desk.services.payments.recover(start_up=True)


def refund_arrives(desk: Desk) -> None:
    """The bank has taken the money back to the card: read again once it is time."""
    with desk.sandbox() as sandbox, desk.database.read() as view:
        for refund in view.refunds.find_all()[0]:
            if refund.provider_ref is not None and refund.state.value == "pending":
                sandbox.settle_refund(refund.provider_ref)
    recover(desk)


def cancel_until_it_arrives(desk: Desk) -> None:
    cancel(4500)(desk)
    refund_arrives(desk)


def office(desk: Desk) -> None:
    """What is saved in the office; each is looked for before it is done again."""
    services, admin = desk.services, desk.admin
    view = services.agency.view()
    assert view is not None
    if view.legal != "d.o.o.":
        services.agency.save(admin, AgencyDraft(view.name, view.desk_name, "d.o.o.", "", "", view.zone))
    if "Night" not in desk.trips:
        desk.add_trip("Night")
    with desk.database.read() as reading:
        trips = {trip.title: trip.id for trip in reading.trips.find_all()[0]}
        departures_there = {d.trip_id for d in reading.departures.find_all()[0]}
    if trips["Night"] not in departures_there:
        draft = DepartureDraft(date(2026, 7, 9), START.time(), 5)
        services.timetable.add_departures(admin, trips["Night"], [draft])
    row = buyer(desk)
    services.travellers.update(desk.agent, row.id, TravellerDraft("Henrik S.", phone=row.phone))
    services.users.update(admin, desk.agent.user_id or UUID(int=0), name="Ana V.")
    try:
        services.users.sign_in(AGENT, "not the password at all")
    except SignInRefused:
        pass
    services.users.sign_in(AGENT, PASSWORD)


def twice_there(desk: Desk) -> None:
    """Who bought stands in the file a second time."""
    departures(desk)
    sold(desk, CASH, 0)
    draft = TravellerDraft("Henrik Soderberg", phone="070 555 01 23")
    desk.services.travellers.create(desk.agent, draft, key=key("buyer again"))


def merge_and_split(desk: Desk) -> None:
    """Two records are merged the wrong way round, split, and merged again."""
    with desk.database.read() as view:
        one, other = sorted(row.id for row in view.travellers.find_all()[0])
    wrong = desk.services.duplicates.merge(desk.agent, other, one, key=key("merge"))
    try:
        desk.services.duplicates.split(desk.agent, wrong.merge_id)
    except WrongState:
        pass  # done already
    desk.services.duplicates.merge(desk.agent, one, other, key=key("merge again"))


def bring_in(desk: Desk) -> None:
    """More travellers than go into one batch, some faulty, some who can only be told apart by their row."""
    file = desk.profile.folder / "travellers.csv"
    rows = [f"Guest {number % 505},guest{number % 505}@example.com" for number in range(510)]
    rows[7], rows[502] = "Nobody,not an address", "Namesake,"
    file.write_text("\n".join(["name,email", "Namesake,", *rows]))
    report = desk.services.imports.run(desk.admin, ImportOrder(ImportKind.TRAVELLERS, file))
    assert report.tally.faulty == 6


def papers(desk: Desk) -> None:
    with desk.database.read() as view:
        booking = view.bookings.find_all()[0][0]
    desk.services.documents.voucher(desk.agent, booking.id)
    rows = desk.services.lists.bookings(desk.agent, ListQuery())
    desk.services.exports.to_csv(desk.agent, "bookings", rows, desk.profile.folder / "bookings.csv")
    rows.close()
    desk.services.upkeep.clean_up()


def kept(desk: Desk) -> None:
    """Two seats become an option for three days."""
    options, hold = desk.services.options, held(desk, 0)
    options.keep(desk.agent, hold.id, START + timedelta(days=3), buyer(desk).id, key=key("keep"))


def with_an_option(desk: Desk) -> None:
    departures(desk)
    kept(desk)


def reminded_and_taken_up(desk: Desk) -> None:
    desk.services.options.remind_due()
    with desk.database.read() as view:
        option = view.options.find_all()[0][0].id
    desk.services.options.take_up(desk.agent, option, key=key("take up"))


def full_and_waited_for(desk: Desk) -> None:
    """The departure in five days is sold out, and somebody waits for it."""
    departures(desk)
    held(desk, 1, 3, "other")
    waits(desk)


def waits(desk: Desk) -> None:
    party, here = Party(adult=2), departure(desk, 1)
    desk.services.waiting_list.join(desk.agent, here, buyer(desk).id, party, key=key("join"))


def waits_and_is_offered(desk: Desk) -> None:
    """Seats are allowed beyond capacity, go to who waits, who gives up; then they are taken back."""
    waits(desk)
    here, overbooking = departure(desk, 1), desk.services.overbooking
    overbooking.allow(desk.admin, here, 2, "A regular guest", key=key("allow"))
    with desk.database.read() as view:
        entry = view.waiting.find_all()[0][0].id
    desk.services.waiting_list.withdraw(desk.agent, entry)
    overbooking.take_back(desk.admin, here, 2, "Not used", key=key("take back"))


def kept_up(desk: Desk) -> None:
    desk.services.upkeep.expire_holds()
    desk.services.waiting_list.keep_up()


CONFIRM, REFUND, CREATE = Operation.INTENT_CONFIRM, Operation.REFUND_CREATE, Operation.INTENT_CREATE

STORIES: dict[str, Story] = {
    "hold": Story(take_and_give_back, departures),
    "other travellers": Story(change_holds, departures),
    "card": Story(sell_until_paid(0, 1, first=CARD), departures),
    "cash": Story(sell_until_paid(0, first=CASH), departures),
    "declined": Story(sell_until_paid(0, first=DECLINED), departures),
    "no connection": Story(
        sell_until_paid(0, first=CARD, then=CASH),
        departures,
        faults=((CREATE, FaultKind.UNREACHABLE),),
        for_good=True,
    ),
    "reply lost after the charge": Story(
        only_sell(0, pay=CARD),
        departures,
        sell_until_paid(0, first=CARD),
        faults=((CONFIRM, FaultKind.REPLY_LOST_AFTER),),
    ),
    "reply lost before the charge": Story(
        only_sell(0, pay=CARD),
        departures,
        sell_until_paid(0, first=CARD),
        faults=((CONFIRM, FaultKind.REPLY_LOST_BEFORE),),
    ),
    "recovery of a charge": Story(
        recover, departures, sell_until_paid(0, 1, first=CARD), cut=("card", Commit.PAYMENT_COMPLETE)
    ),
    "recovery of what was not charged": Story(
        recover, departures, sell_until_paid(0, 1, first=CARD), cut=("card", Commit.PAYMENT_PREPARE)
    ),
    "seats": Story(seated_and_sold, numbered),
    "option": Story(kept, departures),
    "option due": Story(reminded_and_taken_up, with_an_option, later=timedelta(days=2)),
    "waiting list": Story(waits_and_is_offered, full_and_waited_for),
    "waiting in vain": Story(kept_up, full_and_waited_for, later=timedelta(days=6)),
    "release": Story(place_and_release, departures),
    "expiry": Story(expire, placed_and_held, later=timedelta(minutes=16)),
    "cancel": Story(cancel(4500), ready_and_sold(CARD, 1), cancel_with_another_form),
    "cancel two bookings": Story(cancel(13500), ready_and_sold(CARD, 0, 1)),
    "cancel cash": Story(cancel(4500), ready_and_sold(CASH, 1)),
    "refund not answered": Story(
        cancel(4500), ready_and_sold(CARD, 1), faults=((REFUND, FaultKind.REPLY_LOST_AFTER),)
    ),
    "refund not sent": Story(
        cancel(4500), ready_and_sold(CARD, 1), faults=((REFUND, FaultKind.UNREACHABLE),)
    ),
    "slow refund": Story(cancel(4500), ready_and_sold(SLOW_REFUNDS, 1), cancel_until_it_arrives),
    "recovery of a refund": Story(
        recover, ready_and_sold(CARD, 1), cancel(4500), cut=("cancel", Commit.REFUND_RECORD)
    ),
    "paid too late": Story(recover, paid_too_late, recover, faults=((CONFIRM, FaultKind.REPLY_LOST_AFTER),)),
    "completion": Story(complete, two_sales, later=timedelta(days=60)),
    "at the quay": Story(at_the_quay, two_sales, later=timedelta(days=15, hours=22)),
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
        recover,
        changes.a_booking(CASH),
        changes.rebook(CARD),
        cut=("changed by card", Commit.PAYMENT_COMPLETE),
    ),
    "change too late": Story(
        recover, changes.too_late, recover, faults=((CONFIRM, FaultKind.REPLY_LOST_AFTER),)
    ),
    "one of three leaves": Story(changes.first_leaves, changes.a_booking(CARD)),
    "notes": Story(changes.noted, changes.a_booking(CASH)),
    "office": Story(office),
    "merge": Story(merge_and_split, twice_there),
    "import": Story(bring_in),
    "papers": Story(papers, ready_and_sold(CARD, 0), later=timedelta(hours=30)),
}


@dataclass(frozen=True)
class Boundary:
    """Where a story is killed: at the commit of that number, before or after it; or at a reply of the provider."""

    number: int
    moment: str  # before, after, reply
    name: str = ""

    def __str__(self) -> str:
        return f"{self.moment} {self.name or 'reply'} (no. {self.number})"
