"""Payment links beside the lists of payments and of bookings: shown, copied, cancelled, made for what is due."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from helpers.desk import VISA
from helpers.selling import sell
from helpers.workplace import Workplace
from travellr_desktop.domain.ways import Way
from travellr_desktop.services.outcomes import OutcomeState, SaleOutcome
from travellr_desktop.services.sales import PayChoice
from travellr_desktop.ui.bookings.screen import BookingsScreen
from travellr_desktop.ui.bookings.take import TakePayment
from travellr_desktop.ui.payments.screen import PaymentsScreen
from travellr_desktop.ui.records.link_part import LinkPart

LINK = PayChoice(Way.LINK)


def links(screen: PaymentsScreen | BookingsScreen) -> list[LinkPart]:
    return [part for part in screen.panel.findChildren(LinkPart) if part.isVisible()]


def opened(place: Workplace, name: str) -> PaymentsScreen | BookingsScreen:
    screen = place.work.go(name)
    assert isinstance(screen, PaymentsScreen | BookingsScreen)
    place.until(lambda: screen.lists.model.totals is not None)
    place.quiet()
    screen.lists.table.setFocus()
    place.key(Qt.Key.Key_Home)
    place.until(lambda: screen.shown is not None)
    place.quiet()
    return screen


def now(place: Workplace, sale: SaleOutcome) -> SaleOutcome:
    found: SaleOutcome = place.off(lambda: place.desk.services.sales.outcome(place.desk.agent, sale.sale_id))
    return found


def pays(place: Workplace, sale: SaleOutcome) -> None:
    def pay() -> None:
        assert sale.link is not None
        with place.desk.sandbox() as sandbox:
            sandbox.pay_link(sale.link.ref, VISA)

    place.off(pay)


@pytest.mark.parametrize("name", ["payments", "bookings"])
def test_a_link_that_waits_is_shown_with_its_code_and_copied(place: Workplace, name: str) -> None:
    sale = sell(place, "Marta Nowak", LINK)
    screen = opened(place, name)
    place.until(lambda: links(screen))
    (part,) = links(screen)
    assert part.link == sale.link
    assert part.code.accessibleName().endswith(part.link.url)
    QGuiApplication.clipboard().clear()
    part.copy.setFocus()
    place.key(Qt.Key.Key_Space)
    assert QGuiApplication.clipboard().text() == part.link.url


@pytest.mark.parametrize("name", ["payments", "bookings"])
def test_it_is_cancelled_from_there_by_keyboard(place: Workplace, name: str) -> None:
    sale = sell(place, "Marta Nowak", LINK)
    screen = opened(place, name)
    place.until(lambda: links(screen))
    links(screen)[0].end.setFocus()
    place.key(Qt.Key.Key_Space)
    place.until(lambda: not links(screen))
    refusal = now(place, sale).refusal
    assert refusal is not None
    assert refusal.code == "LINK_CANCELLED"


def test_read_now_finds_that_it_is_paid(place: Workplace) -> None:
    sale = sell(place, "Marta Nowak", LINK)
    pays(place, sale)
    screen = opened(place, "payments")
    place.until(lambda: links(screen))
    place.key(Qt.Key.Key_R)
    place.until(lambda: not links(screen))
    assert now(place, sale).state is OutcomeState.PAID


def test_the_list_calls_it_waiting_and_finds_it_by_its_way(place: Workplace) -> None:
    sell(place, "Marta Nowak", LINK)
    screen = opened(place, "payments")
    row = screen.lists.model.row(0)
    said = {column.key: column.says(row) for column in screen.lists.model.columns}
    assert (said["status"], said["way"]) == ("Waiting for traveller", "Payment link")


def test_what_is_due_of_a_booking_can_be_paid_by_link(place: Workplace) -> None:
    sale = sell(place, "Marta Nowak", None)
    screen = opened(place, "bookings")
    assert isinstance(screen, BookingsScreen)
    place.key(Qt.Key.Key_P)
    place.until(lambda: screen.findChildren(TakePayment))
    (dialog,) = screen.findChildren(TakePayment)
    dialog.ways.set_value("link")
    dialog.act.click()
    place.until(lambda: links(screen))
    assert now(place, sale).state is OutcomeState.WAITING
