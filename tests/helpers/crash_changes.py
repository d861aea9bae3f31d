"""What is played of changes to bookings in a process that is killed on the way (`helpers.crashes`)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from uuid import UUID

from helpers.changing import joining, leaving
from helpers.crash_sales import buyer, key
from helpers.desk import CARD, CASH, Desk
from travellr_desktop.domain.discounts import DiscountKind
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import Party, TravellerType
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.domain.states import DepartureState, advance
from travellr_desktop.errors import NotFound
from travellr_desktop.services.changes import ChangeOutcome, ChangeState
from travellr_desktop.services.discounts import DiscountAsk
from travellr_desktop.services.planning import Change, Rebook
from travellr_desktop.services.sales import PayChoice, Sell, SellLine
from travellr_desktop.storage.commits import Commit

OWN = DiscountAsk(DiscountKind.AMOUNT, amount=Money(301, "EUR"), own=True, reason="A late bus")


def departures(desk: Desk) -> None:
    """A day of five seats, and a dearer one."""
    desk.add_departure(capacity=5)
    dear = desk.add_trip("Dearer", adult=6000)
    desk.add_departure(dear, day=date(2026, 7, 9), capacity=5)


def a_booking(pay: PayChoice) -> Callable[[Desk], None]:
    """Three adults on the first day, at a discount."""

    def play(desk: Desk) -> None:
        departures(desk)
        hold = desk.services.holds.hold(desk.agent, _days(desk)[0], Party(adult=3), key=key("hold"))
        order = Sell((SellLine(hold.id),), buyer(desk).id, pay, discount=OWN)
        desk.services.sales.sell(desk.agent, order, key=key("sell"))

    return play


def rebook(pay: PayChoice, then: PayChoice = CARD) -> Callable[[Desk], object]:
    """To the dearer day; where nothing was charged, again in another way."""
    return lambda desk: _until_done(desk, Rebook(_days(desk)[1]), 4500, pay, then, "rebook")


def join(pay: PayChoice) -> Callable[[Desk], object]:
    return lambda desk: _until_done(desk, joining(TravellerType.ADULT), 4500, pay, pay, "join")


def first_leaves(desk: Desk) -> object:
    """The first of three, early: all of it goes back."""
    return _apply(desk, leaving(desk, _booking(desk), 1), -4399, None, "leave")


def too_late(desk: Desk) -> None:
    """A change whose charge was never answered; meanwhile its day is called off."""
    a_booking(CASH)(desk)
    _apply(desk, Rebook(_days(desk)[1]), 4500, CARD, "rebook")
    with desk.database.write(Commit.CATALOGUE_SAVE, SYSTEM) as work:
        day = work.departures.get(_days(desk)[1])
        day.state = advance(day.state, DepartureState.CANCELLED)
        work.commit()


def noted(desk: Desk) -> None:
    """A note is written, and another taken back."""
    notes, booking = desk.services.notes, _booking(desk)
    words = [row.text for row in notes.of_booking(desk.agent, booking)]
    if "Wheelchair" not in words:
        notes.add(desk.agent, "Wheelchair", booking_id=booking)
    if "Mistake" not in words and len(words) < 2:
        notes.add(desk.agent, "Mistake", booking_id=booking)
    for row in notes.of_booking(desk.agent, booking):
        if row.text == "Mistake":
            try:
                notes.remove(desk.agent, row.id)
            except NotFound:
                pass


def _days(desk: Desk) -> list[UUID]:
    with desk.database.read() as view:
        return [departure.id for departure in view.departures.find_all()[0]]


def _booking(desk: Desk) -> UUID:
    with desk.database.read() as view:
        return view.bookings.find_all()[0][0].id


def _apply(desk: Desk, wanted: Change, expected: int, pay: PayChoice | None, word: str) -> ChangeOutcome:
    money = Money(expected, "EUR")
    return desk.services.changes.apply(desk.agent, _booking(desk), wanted, money, pay, key=key(word))


def _until_done(
    desk: Desk, wanted: Change, expected: int, pay: PayChoice, then: PayChoice, word: str
) -> ChangeOutcome:
    """The form is sent, and, where its outcome says that nothing was charged, another one."""
    outcome = _apply(desk, wanted, expected, pay, word)
    now = desk.services.changes.outcome(desk.agent, outcome.amendment_id)
    if now.state is ChangeState.DECLINED:
        return _until_done(desk, wanted, expected, then, then, f"{word} {now.amendment_id}")
    return now
