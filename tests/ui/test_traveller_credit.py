"""Credit beside its traveller: what they have, and how it came about."""

from __future__ import annotations

from uuid import UUID

from PySide6.QtWidgets import QWidget

from helpers.desk import CASH
from helpers.refunding import refunded
from helpers.workplace import Workplace
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.ways import Way
from travellr_desktop.services.credit import CreditView
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.travellers.credit import Credit
from travellr_desktop.ui.travellers.words import PeopleWords


def texts(part: QWidget) -> list[str]:
    return [label.text() for label in part.findChildren(Label)]


def test_it_is_told_with_its_history(place: Workplace) -> None:
    desk = place.desk

    def spent() -> tuple[UUID, CreditView]:
        buyer = desk.traveller("Nora Lind")
        sale = desk.sell(desk.hold(desk.add_departure(), adult=2), pay=CASH, traveller=buyer)
        refunded(desk, sale.bookings[0].id, to=RefundTo.CREDIT)
        desk.sell(desk.hold(desk.add_departure(), adult=1), pay=PayChoice(Way.CREDIT), traveller=buyer)
        return buyer.id, desk.services.credit.of_traveller(desk.agent, buyer.id)

    traveller, credit = place.off(spent)
    part = Credit(PeopleWords("en_GB"))
    place.qtbot.addWidget(part)
    part.show_credit(traveller, credit)
    said = texts(part)
    assert "€45.00" in said
    assert any(text.startswith("€90.00 given, BK-") for text in said)
    assert any(text.startswith("€45.00 spent, SA-") for text in said)
