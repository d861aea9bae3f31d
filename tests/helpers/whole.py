"""A row in every table that a short life of a desk leaves empty."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID, uuid4

from helpers.desk import Desk
from helpers.tilling import move, open_till
from helpers.whole_debts import a_debt_that_was_given_up_and_owed_again
from helpers.whole_disputes import an_inquiry
from helpers.whole_matching import a_movement_and_a_note
from travellr_desktop.domain.discounts import DiscountKind
from travellr_desktop.domain.invoicing import InvoiceKind, Item
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.seating import Area, Deck, Layout, PlanKind, Seat
from travellr_desktop.domain.states import AmendmentState, HoldState, WaitingState
from travellr_desktop.domain.till import MoveKind
from travellr_desktop.domain.ways import PaymentsKind
from travellr_desktop.services import keys
from travellr_desktop.services.amendments import ChangeKind, Plan, reckoned_on
from travellr_desktop.storage import models as m
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.uow import UnitOfWork

LABELS = ("1A", "1B", "2A", "2B")
BLOCKED = "2B"


def layout() -> Layout:
    """A small coach: four seats in two rows, the last of them blocked."""
    seats = tuple(
        Seat(label, Area(10 * (number // 2), 10 * (number % 2)), blocked="tools" if label == BLOCKED else "")
        for number, label in enumerate(LABELS)
    )
    return Layout((Deck(40, 40, seats),))


def fill_the_rest(desk: Desk, departure: UUID, booking: UUID) -> None:
    """Add a row of everything that a sale does not make. `departure` has nothing to do with the rows but is there;
    `booking` is a confirmed one on it."""
    numbered = desk.add_departure(day=date(2026, 8, 1), capacity=3)
    open_till(desk)
    move(desk, MoveKind.PAY_OUT, 100)
    desk.services.till.keep_x(desk.agent, key=uuid4())
    with desk.database.write(Commit.CATALOGUE_SAVE, SYSTEM) as work:
        for row in _catalogue(work, departure, numbered):
            work.session.add(row)
            work.session.flush()
        for row in (*_of_travellers(work), *_of_bookings(work, departure, booking)):
            work.session.add(row)
            work.session.flush()
        _numbered_seat(work, numbered)
        _invoice(work, booking)
        _kept_card(work, booking)
        work.commit()
    an_inquiry(desk, booking)
    a_debt_that_was_given_up_and_owed_again(desk, booking)
    a_movement_and_a_note(desk)


def _kept_card(work: UnitOfWork, booking: UUID) -> None:
    paid, owner = work.payments.find_by_booking_id(booking)[0], work.bookings.get(booking).traveller_id
    account = m.TravellerAccount(
        traveller_id=owner, kind=PaymentsKind.SANDBOX, customer_ref="cus_whole", created_at=work.now
    )
    work.session.add(account)
    work.session.flush()
    card = m.SavedCard(
        account_id=account.id,
        payment_id=paid.id,
        card_ref="pm_whole",
        label="Visa ending 4242",
        expires_year=2030,
        expires_month=12,
        agreed_at=work.now,
    )
    work.session.add(card)
    work.session.flush()


def _catalogue(work: UnitOfWork, departure: UUID, numbered: UUID) -> list[object]:
    trip = work.departures.get(departure).trip_id
    plan = m.SeatPlan(name="Small coach", kind=PlanKind.COACH, layout=layout().to_json())
    work.session.add(plan)
    work.session.flush()
    work.departures.get(numbered).plan_id = plan.id
    season = m.TripSeason(trip_id=trip, name="Winter", first_day=date(2027, 1, 1), last_day=date(2027, 2, 28))
    work.session.add(season)
    work.session.flush()
    return [
        m.SeasonPrice(season_id=season.id, traveller_type=TravellerType.ADULT, amount=3000),
        m.TripPicture(trip_id=trip, position=1, media_type="image/png", data="iVBORw0KGgo="),
        m.Series(
            trip_id=trip,
            weekdays="0",
            local_time="08:30",
            first_day=date(2027, 1, 1),
            last_day=date(2027, 2, 28),
            zone="Europe/Podgorica",
            capacity=10,
            cutoff_min=30,
            created_at=work.now,
        ),
        m.Allowance(
            departure_id=departure,
            desk_id=work.agency.this_desk().id,
            seats=1,
            reason="The skipper's seat",
            created_at=work.now,
        ),
    ]


def _of_travellers(work: UnitOfWork) -> list[object]:
    first, second = (m.Traveller(name=name, created_at=work.now) for name in ("Jon Hall", "John Hall"))
    work.session.add_all((first, second))
    work.session.flush()
    low, high = sorted((first.id, second.id))
    return [
        m.TravellerPair(first_id=low, second_id=high, created_at=work.now),
        m.TravellerMerge(
            kept_id=low, other_id=high, before={}, moved={}, created_at=work.now, undone_at=work.now
        ),
        m.Note(traveller_id=low, text="Walks with a stick", created_at=work.now),
        m.TravelDocument(traveller_id=low, kind="passport", number="X1", created_at=work.now),
    ]


def _of_bookings(work: UnitOfWork, departure: UUID, booking_id: UUID) -> list[object]:
    booking = work.bookings.get_full(booking_id)
    booking.lines[0].discount = 100
    promo = m.PromoCode(
        code="EARLY",
        kind=DiscountKind.AMOUNT,
        amount=100,
        currency="EUR",
        first_day=date(2026, 1, 1),
        last_day=date(2026, 12, 31),
        most_uses=1,
    )
    work.session.add(promo)
    work.session.flush()
    return [
        m.Discount(
            sale_id=booking.sale_id,
            booking_id=booking.id,
            kind=DiscountKind.AMOUNT,
            amount=100,
            parts={"1": 100},
            own=False,
            reason="Early",
            promo_id=promo.id,
            created_at=work.now,
        ),
        m.Amendment(
            booking_id=booking.id,
            kind="retype",
            state=AmendmentState.DONE,
            plan=_nothing_changed(booking),
            difference=0,
            created_at=work.now,
            ended_at=work.now,
        ),
        m.WaitingEntry(
            departure_id=departure,
            traveller_id=booking.traveller_id,
            party={"adult": 1},
            seats=1,
            state=WaitingState.WITHDRAWN,
            created_at=work.now,
            ended_at=work.now,
        ),
    ]


def _invoice(work: UnitOfWork, booking_id: UUID) -> None:
    booking = work.bookings.get_full(booking_id)
    amounts = {"net": 100, "tax": 21, "gross": 121}
    invoice = m.Invoice(
        number=work.selling.take_numbers(work.desk_id, work.now.year, {"IV": 1})["IV"][0],
        kind=InvoiceKind.INVOICE,
        desk_id=work.desk_id,
        sale_id=booking.sale_id,
        issued_at=work.now,
        issued_on=work.now.date(),
        locale="en_GB",
        currency=booking.currency,
        paid=121,
        seller={},
        buyer={},
        **amounts,
    )
    work.session.add(invoice)
    work.session.flush()
    words = {"title": "Boat", "about": "4 July", "text": "Adult"}
    line = m.InvoiceLine(
        invoice_id=invoice.id,
        position=1,
        booking_id=booking.id,
        item=Item.ADULT,
        quantity=1,
        tax_bps=2100,
        **words,
        **amounts,
    )
    work.session.add(line)
    work.session.flush()


def _nothing_changed(booking: m.Booking) -> dict[str, object]:
    """What a change of a name comes to."""
    plan = Plan(
        kind=ChangeKind.RETYPE,
        from_departure_id=booking.departure_id,
        departure_id=booking.departure_id,
        trip_id=booking.trip_id,
        tax_bps=booking.tax_bps,
        old_price=booking.price,
        price=booking.price,
        deposit=booking.deposit,
        back=0,
        lines=(),
        ended=(),
        reckoned_on=reckoned_on(booking),
        parts={},
    )
    data: dict[str, object] = keys.to_json(plan)
    return data


def _numbered_seat(work: UnitOfWork, numbered: UUID) -> None:
    grant = work.departures.grant(numbered, work.agency.this_desk().id)
    assert grant is not None
    hold = m.Hold(
        departure_id=numbered,
        grant_id=grant.id,
        seats=1,
        party={"adult": 1},
        state=HoldState.ACTIVE,
        expires_at=work.now + timedelta(minutes=15),
        created_at=work.now,
        labels=[LABELS[0]],
    )
    work.holds.save(hold)
    work.session.add(m.Seat(departure_id=numbered, label=LABELS[0], hold_id=hold.id))
    work.session.add(m.SeatGrant(departure_id=numbered, label=LABELS[1], desk_id=work.desk_id))
    work.session.flush()
