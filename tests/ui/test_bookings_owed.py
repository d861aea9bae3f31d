"""What is owed after the trip and what was paid too much, in the window: shown, taken, given up, decided, by keys."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar
from uuid import uuid4

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from helpers.clock import START, HandClock
from helpers.desk import CASH, Desk
from helpers.layout import faults
from helpers.owed import MORE, OWED, by, euros, excess_and_due, owing_sale, take, too_high, write_off
from helpers.refunding import refunded
from helpers.workplace import Workplace, work_at
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.ways import Way
from travellr_desktop.services.kept_cards import KeptCard
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.services.sales import PayChoice, WayOffer
from travellr_desktop.ui.bookings.owed_parts import offer_owed
from travellr_desktop.ui.bookings.pay_way import PayWay
from travellr_desktop.ui.bookings.screen import BookingsScreen
from travellr_desktop.ui.bookings.take import TakePayment
from travellr_desktop.ui.bookings.too_much import Becomes, TooMuch
from travellr_desktop.ui.bookings.write_off import WriteOffDialog
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.menu import Menu
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.theme import Theme
from travellr_desktop.ui.travellers.screen import TravellersScreen

D = TypeVar("D", bound=QDialog)


def owing(place: Workplace) -> SaleOutcome:
    clock = place.desk.clock
    assert isinstance(clock, HandClock)
    return place.off(lambda: owing_sale(place.desk, clock))


def look_at(place: Workplace, sale: SaleOutcome) -> BookingsScreen:
    screen = place.work.go("bookings")
    assert isinstance(screen, BookingsScreen)
    screen.open_booking(sale.bookings[0].reference)
    place.until(lambda: screen.shown is not None and screen.shown.detail.sale_id == sale.sale_id)
    place.quiet()
    return screen


def asked(place: Workplace, kind: type[D]) -> D:
    place.until(lambda: isinstance(QApplication.activeModalWidget(), kind))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, kind)
    return dialog


def type_amount(place: Workplace, dialog: TakePayment, text: str) -> None:
    assert dialog.amount is not None
    dialog.amount.edit.setFocus(Qt.FocusReason.OtherFocusReason)
    place.until(dialog.amount.edit.hasFocus)
    dialog.amount.edit.selectAll()
    place.type(text)


def said(screen: BookingsScreen) -> list[str]:
    return [label.text() for label in screen.panel.findChildren(Label) if label.isVisible()]


def notes(screen: BookingsScreen) -> list[Note]:
    return [note for note in screen.panel.findChildren(Note) if note.isVisible()]


def now(place: Workplace, sale: SaleOutcome) -> SaleOutcome:
    return place.off(lambda: place.desk.services.sales.outcome(place.desk.agent, sale.sale_id))


def in_the_end(place: Workplace, sale: SaleOutcome, holds: Callable[[SaleOutcome], bool]) -> None:
    place.come_back()
    place.quiet()
    assert holds(now(place, sale))


def test_what_is_owed_is_shown_and_taken(place: Workplace) -> None:
    sale = owing(place)
    screen = look_at(place, sale)
    assert "Owed after the trip" in said(screen)
    assert screen.panel.take is not None
    assert screen.panel.take.words == "Take €63.00"
    place.key(Qt.Key.Key_P)
    dialog = asked(place, TakePayment)
    assert dialog.amount is not None
    dialog.amount.set_text("20")
    place.ctrl(Qt.Key.Key_Return)
    in_the_end(place, sale, lambda after: after.due == euros(OWED - 2000))


def test_a_view_lists_who_owes_after_the_trip(place: Workplace) -> None:
    sale = owing(place)
    screen = look_at(place, sale)
    screen.views.choose("owed")
    place.until(lambda: screen.lists.model.rowCount() == 1)
    place.until(lambda: screen.lists.model.row(0) is not None)
    row = screen.lists.model.row(0)
    assert row is not None
    assert (row.reference, row.due) == (sale.bookings[0].reference, euros(OWED))


def test_a_debt_is_written_off_with_a_reason_and_waited_for_again(place_of_admin: Workplace) -> None:
    sale = owing(place_of_admin)
    screen = look_at(place_of_admin, sale)
    screen.write_off()
    dialog = asked(place_of_admin, WriteOffDialog)
    assert not dialog.act.isEnabled()
    place_of_admin.until(dialog.field.edit.hasFocus)
    place_of_admin.type("They moved away")
    place_of_admin.ctrl(Qt.Key.Key_Return)
    in_the_end(place_of_admin, sale, lambda after: after.written_off == euros(OWED))
    place_of_admin.until(lambda: any("was written off" in note.accessibleName() for note in notes(screen)))
    assert "Written off" in said(screen)
    assert screen.panel.take is None
    (note,) = notes(screen)
    assert "They moved away" in note.accessibleName()
    note.acted.emit()
    place_of_admin.until(lambda: screen.panel.take is not None)
    in_the_end(place_of_admin, sale, lambda after: after.due == euros(OWED))


def test_who_sells_cannot_write_off(place: Workplace) -> None:
    screen = look_at(place, owing(place))
    menu = Menu("More", screen)
    detail = screen.shown and screen.shown.detail
    assert detail
    offer_owed(menu, detail, screen.words, came_in=print, write_off=None)
    assert not [action.text() for action in menu.actions() if "Write off" in action.text()]


def test_what_was_written_off_is_taken_after_all(place_of_admin: Workplace) -> None:
    sale = owing(place_of_admin)
    place_of_admin.off(lambda: write_off(place_of_admin.desk, sale.bookings[0].id))
    screen = look_at(place_of_admin, sale)
    screen.take_more()
    dialog = asked(place_of_admin, TakePayment)
    assert "after all" in dialog.question.text()
    place_of_admin.until(dialog.keep.hasFocus)
    place_of_admin.ctrl(Qt.Key.Key_Return)
    in_the_end(place_of_admin, sale, lambda after: (after.due, after.written_off) == (euros(0), None))


def test_more_than_is_due_is_taken_once_somebody_says_so(place: Workplace) -> None:
    sale = owing(place)
    look_at(place, sale)
    place.key(Qt.Key.Key_P)
    dialog = asked(place, TakePayment)
    type_amount(place, dialog, "83")
    place.until(dialog.more.isVisible)
    assert "€20.00 is more than is due" in dialog.more.accessibleName()
    place.ctrl(Qt.Key.Key_Return)
    place.until(lambda: dialog.amount is not None and bool(dialog.amount.error))
    dialog.more.button.click()
    place.ctrl(Qt.Key.Key_Return)
    in_the_end(place, sale, lambda after: after.excess == euros(MORE))


def test_what_came_in_although_nothing_is_due_is_recorded(place: Workplace) -> None:
    sale = place.off(lambda: place.desk.sold(place.desk.add_departure(), pay=CASH))
    screen = look_at(place, sale)
    screen.take_more()
    dialog = asked(place, TakePayment)
    assert dialog.act.words == "Record it"
    assert dialog.amount is not None
    dialog.amount.set_text("90")
    dialog.ways.set_value(Way.BANK.value)
    dialog.pay._chosen(Way.BANK.value)
    assert dialog.pay.reference is not None
    dialog.pay.reference.set_text("Statement 9")
    place.ctrl(Qt.Key.Key_Return)
    in_the_end(place, sale, lambda after: after.excess == euros(9000))


@pytest.mark.parametrize("becomes", [Becomes.BACK, Becomes.CREDIT])
def test_what_was_too_much_goes_back_or_becomes_credit(place: Workplace, becomes: Becomes) -> None:
    sale = place.off(lambda: too_high(place.desk))
    screen = look_at(place, sale)
    (note,) = notes(screen)
    assert "€20.00 was paid too much." in note.accessibleName()
    note.acted.emit()
    dialog = asked(place, TooMuch)
    place.until(dialog.keep.hasFocus)
    dialog.tiles.set_value(becomes.value)
    dialog.tiles.chosen.emit(becomes.value)
    assert dialog.act.words == ("Give back €20.00" if becomes is Becomes.BACK else "Leave €20.00 as credit")
    place.ctrl(Qt.Key.Key_Return)
    in_the_end(place, sale, lambda after: after.excess is None)
    place.until(lambda: not notes(screen))


def test_it_pays_for_another_booking(place: Workplace) -> None:
    sale = place.off(lambda: excess_and_due(place.desk))
    screen = look_at(place, sale)
    screen.settle_too_much()
    dialog = asked(place, TooMuch)
    assert dialog.act.words == "Use €20.00"
    place.until(dialog.keep.hasFocus)
    place.ctrl(Qt.Key.Key_Return)
    in_the_end(place, sale, lambda after: (after.due, after.excess) == (euros(2500), None))


def test_it_is_told_with_the_traveller(place: Workplace) -> None:
    sale = owing(place)
    place.off(lambda: take(place.desk, sale, by(Way.CASH, 1000)))
    detail = place.off(lambda: place.desk.services.bookings.detail(place.desk.agent, sale.bookings[0].id))
    screen = place.work.go("travellers")
    assert isinstance(screen, TravellersScreen)
    screen.open_traveller(detail.traveller_id)
    place.until(screen.record.owed.isVisible)
    lines = [label.text() for label in screen.record.owed.findChildren(Label)]
    assert any(text == f"€53.00 owed for {detail.reference}" for text in lines)


@pytest.mark.parametrize(
    ("size", "scale"), [((1280, 720), 1.0), pytest.param((1920, 1080), 2.0, marks=pytest.mark.soak)]
)
def test_no_word_is_cut(
    qtbot: QtBot, desk: Desk, tmp_path: Path, size: tuple[int, int], scale: float
) -> None:
    with work_at(qtbot, desk, tmp_path, actor=desk.admin, size=QSize(*size)) as place:
        Theme.current().set_text_scale(scale)
        too_much = place.off(lambda: too_high(desk))
        owed = owing(place)
        screen = look_at(place, too_much)
        place.until(lambda: not faults(screen.panel))
        screen.settle_too_much()
        settling = asked(place, TooMuch)
        for becomes in (Becomes.CREDIT, Becomes.BACK):
            settling.tiles.set_value(becomes.value)
            settling.tiles.chosen.emit(becomes.value)
            place.until(lambda: not faults(settling))
        settling.reject()
        place.come_back()
        screen = look_at(place, owed)
        place.until(lambda: not faults(screen.panel))
        screen.write_off()
        writing = asked(place, WriteOffDialog)
        place.until(lambda: not faults(writing))
        writing.reject()
        place.come_back()
        screen.take_payment()
        taking = asked(place, TakePayment)
        type_amount(place, taking, "83")
        place.until(taking.more.isVisible)
        place.until(lambda: not faults(taking))
        taking.reject()
        place.come_back()


def test_credit_pays_as_much_as_there_is_of_it(place: Workplace) -> None:
    """And where another way is chosen again, all of it is asked for."""
    desk = place.desk

    def sold() -> SaleOutcome:
        buyer = desk.traveller("Nora Lind")
        one = desk.sell(desk.hold(desk.add_departure(), adult=1), pay=CASH, traveller=buyer)
        refunded(desk, one.bookings[0].id, to=RefundTo.CREDIT)
        assert isinstance(desk.clock, HandClock)
        return owing_sale(desk, desk.clock, buyer)

    sale = place.off(sold)
    look_at(place, sale)
    place.key(Qt.Key.Key_P)
    dialog = asked(place, TakePayment)
    assert dialog.amount is not None
    for way, amount in ((Way.CREDIT, "45.00"), (Way.CASH, "63.00"), (Way.CREDIT, "45.00")):
        dialog.ways.set_value(way.value)
        dialog.pay._chosen(way.value)
        assert dialog.amount.text() == amount
    place.ctrl(Qt.Key.Key_Return)
    in_the_end(place, sale, lambda after: after.due == euros(OWED - 4500))


def test_a_card_that_is_kept_is_picked_by_its_name(qtbot: QtBot, theme: Theme) -> None:
    cards = tuple(KeptCard(uuid4(), label, 2030, 12, False, START, "Ana") for label in ("Visa 1", "Visa 2"))
    pay = PayWay((WayOffer(Way.CASH), WayOffer(Way.SAVED, kept=cards)))
    qtbot.addWidget(pay)
    assert pay.kept.isHidden()
    pay.tiles.set_value(Way.SAVED.value)
    pay._chosen(Way.SAVED.value)
    assert not pay.kept.isHidden()
    pay.kept.setCurrentIndex(1)
    assert pay.choice == PayChoice(Way.SAVED, kept=cards[1].id)
