"""What is played of numbered seats, options and the waiting list in a process that is killed on the way
(`helpers.crashes`).
"""

from __future__ import annotations

from datetime import timedelta

from helpers.clock import START
from helpers.crash_sales import buyer, departure, departures, held, key, paid, sold
from helpers.desk import CARD, CASH, Desk
from helpers.seated import add_numbered
from travellr_desktop.domain.party import Party
from travellr_desktop.errors import HoldLapsed, InvalidInput
from travellr_desktop.services.sales import Sell, SellLine


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
