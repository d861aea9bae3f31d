"""What is played of cards that are kept in a process that is killed on the way (`helpers.crashes`)."""

from __future__ import annotations

from helpers import crash_sales as sales
from helpers.desk import VISA, Desk
from travellr_desktop.domain.ways import Way
from travellr_desktop.errors import WrongState
from travellr_desktop.services.sales import PayChoice

KEEPING = PayChoice(Way.LINK, keep=True)


def kept(desk: Desk) -> None:
    """A card is kept with a link; another link where the first was given up before anybody saw it."""
    sale = sales.paid(desk, sales.sold(desk, KEEPING, 0), KEEPING)
    if sale.link is not None:
        with desk.sandbox() as sandbox:
            try:
                sandbox.pay_link(sale.link.ref, VISA)
            except WrongState:
                pass  # it was paid before the program was killed
    desk.services.links.poll()
    desk.services.cards.look(desk.agent, sales.buyer(desk).id)


def with_a_card(desk: Desk) -> None:
    sales.departures(desk)
    kept(desk)


def charged(desk: Desk) -> None:
    card = desk.services.cards.of_traveller(desk.agent, sales.buyer(desk).id)[0]
    by_card = PayChoice(Way.SAVED, kept=card.id)
    sales.paid(desk, sales.sold(desk, by_card, 1, word="sell again"), by_card)


def forgotten(desk: Desk) -> None:
    for card in desk.services.cards.of_traveller(desk.agent, sales.buyer(desk).id):
        desk.services.cards.forget(desk.agent, card.id)
