"""Trips that were not paid in full, and money that comes in for them afterwards."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

from helpers.changing import change, joining
from helpers.clock import START, HandClock
from helpers.desk import CARD, CASH, DAY, VISA, Desk
from travellr_desktop.domain.ledger import BookingAmounts, booking_amounts
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.ways import Way
from travellr_desktop.services import posting
from travellr_desktop.services.lists import BookingListRow
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.services.travellers import TravellerRow
from travellr_desktop.storage.list_spec import ListQuery

FAR = (START + timedelta(days=90)).date()
AFTER = timedelta(days=100)
DEPOSIT = PayChoice(Way.CASH, deposit=True)
PRICE, PAID, OWED, MORE = 9000, 2700, 6300, 2000
"""Two adults at 45.00; the deposit, and the rest; and what comes in too much."""


def euros(cents: int) -> Money:
    return Money(cents, "EUR")


def deposited(desk: Desk, *departures: UUID, buyer: TravellerRow | None = None) -> SaleOutcome:
    """A deposit of 27.00 for each of them; on a departure of its own unless some are named."""
    places = departures or (desk.add_departure(day=FAR),)
    return desk.sell(*[desk.hold(each, adult=2) for each in places], pay=DEPOSIT, traveller=buyer)


def been(desk: Desk, clock: HandClock, sale: SaleOutcome) -> None:
    """The trips are over, and everybody was there."""
    clock.forward(AFTER)
    for departure in {each.departure_id for each in sale.bookings}:
        desk.services.bookings.complete(desk.agent, departure)


def owing_sale(desk: Desk, clock: HandClock, buyer: TravellerRow | None = None) -> SaleOutcome:
    """One booking of 90.00 that has been, of which 63.00 are owed."""
    sale = deposited(desk, buyer=buyer)
    been(desk, clock, sale)
    return desk.services.sales.outcome(desk.agent, sale.sale_id)


def take(desk: Desk, sale: SaleOutcome, choice: PayChoice, key: UUID | None = None) -> SaleOutcome:
    return desk.services.sales.pay(desk.agent, sale.sale_id, choice, key=key or uuid4())


def by(way: Way, amount: int | None = None, excess: int = 0) -> PayChoice:
    """The same by any way that needs nothing else."""
    return PayChoice(
        way,
        card=VISA if way is Way.CARD else None,
        amount=amount,
        reference="Statement 7" if way is Way.BANK else "",
        excess=excess,
    )


def amounts(desk: Desk, booking_id: UUID) -> BookingAmounts:
    """As the books alone have them."""
    with desk.database.read() as view:
        row = view.bookings.get(booking_id)
        return booking_amounts(
            posting.entries_of(view, booking_id),
            booking_id=booking_id,
            price=Money(row.price, row.currency),
            state=row.state,
        )


def agrees(desk: Desk, booking_id: UUID) -> None:
    """What is shown of a booking, of its sale and in the list is what the books say."""
    found = amounts(desk, booking_id)
    detail = desk.services.bookings.detail(desk.agent, booking_id)
    assert (detail.due, detail.owed) == (found.due, found.receivable)
    assert (detail.written_off, detail.excess) == (found.written_off, found.overpaid)
    (row,) = (each for each in listed(desk) if each.id == booking_id)
    assert (row.due or euros(0)) == found.due
    sale = desk.services.sales.outcome(desk.agent, detail.sale_id)
    each = [amounts(desk, booking.id) for booking in sale.bookings]
    assert sale.due.minor == sum(one.due.minor for one in each)
    assert sale.paid.minor == sum(one.paid.minor for one in each)
    assert (sale.excess or euros(0)).minor == sum(one.overpaid.minor for one in each)


def listed(desk: Desk, **filters: object) -> tuple[BookingListRow, ...]:
    rows = desk.services.lists.bookings(desk.agent, ListQuery(filters=filters))
    try:
        return rows.first(50)
    finally:
        rows.close()


def write_off(desk: Desk, booking_id: UUID, amount: int = OWED, key: UUID | None = None) -> UUID:
    debts = desk.services.debts
    given = debts.write_off(desk.admin, booking_id, euros(amount), "They moved away", key=key or uuid4())
    return given.id


def lost(desk: Desk, ref: str) -> None:
    """A bank takes a payment back for good."""
    with desk.sandbox() as sandbox:
        sandbox.close_dispute(sandbox.open_dispute(ref), won=False)
    desk.services.listening.poll()


def too_high(desk: Desk, way: Way = Way.BANK) -> SaleOutcome:
    """63.00 are due, and 83.00 come in."""
    return take(desk, deposited(desk), by(way, OWED + MORE, excess=MORE))


def excess_and_due(desk: Desk) -> SaleOutcome:
    """20.00 too much stand at the first booking; of the second a bank has taken back what a third traveller cost."""
    days = [desk.add_departure(), desk.add_departure(day=DAY + timedelta(days=1))]
    sale = desk.sell(*[desk.hold(each, adult=2) for each in days], pay=CASH)
    changed = change(desk, sale.bookings[1].id, joining(TravellerType.ADULT), CARD)
    assert changed.payment_id is not None
    ref = desk.services.payments.detail(desk.agent, changed.payment_id).provider_ref
    assert ref is not None
    take(desk, sale, by(Way.BANK, MORE, excess=MORE))
    lost(desk, ref)
    return desk.services.sales.outcome(desk.agent, sale.sale_id)
