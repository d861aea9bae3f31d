"""Disputes, a view of Payments, worked by keys over real services."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from helpers.desk import Desk
from helpers.disputed import closed, opened, sold
from helpers.disputed_office import with_disputes
from helpers.workplace import Workplace, work_at
from travellr_desktop.domain.states import DisputeState
from travellr_desktop.ui.bookings.away import Step
from travellr_desktop.ui.bookings.screen import BookingsScreen
from travellr_desktop.ui.disputes.page import DisputesPage
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.payments.screen import PaymentsScreen

Key = Qt.Key


@pytest.fixture
def office(qtbot: QtBot, desk: Desk, tmp_path: Path) -> Iterator[Workplace]:
    with work_at(qtbot, desk, tmp_path, actor=desk.admin) as place:
        yield place


def screen_of(place: Workplace) -> PaymentsScreen:
    screen = place.work.go("payments")
    assert isinstance(screen, PaymentsScreen)
    return screen


def open_disputes(place: Workplace) -> DisputesPage:
    screen = screen_of(place)
    screen.go_view("disputes")
    page = screen.disputes
    assert page is not None
    place.until(lambda: page.lists.model.totals is not None)
    return page


def texts(widget: QWidget) -> list[str]:
    return [label.text() for label in widget.findChildren(Label)]


def show(place: Workplace, page: DisputesPage, state: DisputeState) -> None:
    """Put the cursor on the first dispute of a state."""
    page.focus_start()
    for number in range(page.lists.model.rowCount()):
        row = page.lists.model.row(number)
        if row is not None and row.state is state:
            page.lists.table.go_to(number)
            wanted = row.id
            break
    else:
        raise AssertionError(f"no dispute is {state}")
    place.until(lambda: page.panel.shown is not None and page.panel.shown.id == wanted)


def test_a_file_without_disputes_says_what_will_be_here(office: Workplace) -> None:
    page = open_disputes(office)
    office.until(lambda: "Nothing" in " ".join(texts(page)) or "listed here" in " ".join(texts(page)))


def test_agents_do_not_have_the_view(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    with work_at(qtbot, desk, tmp_path, actor=desk.agent) as place, pytest.raises(KeyError):
        screen_of(place).show_view("disputes")


def test_one_is_read_with_what_to_do_its_bookings_and_its_books(office: Workplace, desk: Desk) -> None:
    office.off(lambda: with_disputes(desk))
    page = open_disputes(office)
    office.until(lambda: page.lists.model.rowCount() == 5)
    show(office, page, DisputeState.OPEN)
    shown = page.panel.shown
    assert shown is not None
    said = texts(page.panel)
    assert shown.bookings[0].reference in said
    assert "Dispute opened: Disputed funds" in said
    (note,) = page.panel.findChildren(Note)
    assert "has taken" in note.accessibleName() + " ".join(texts(note))
    assert page.panel.primary is page.panel.read


def test_an_answer_that_was_due_is_said_to_be_overdue(office: Workplace, desk: Desk) -> None:
    office.off(lambda: with_disputes(desk))
    page = open_disputes(office)
    office.until(lambda: page.lists.model.rowCount() == 5)
    late = [
        number
        for number in range(5)
        if (row := page.lists.model.row(number)) is not None and row.is_late(desk.clock.now())
    ]
    assert len(late) == 1
    page.lists.table.go_to(late[0])
    office.until(lambda: page.panel.shown is not None and page.panel.shown.is_late)
    assert any(each.startswith("Overdue, ") for each in texts(page.panel))


def test_reading_it_now_shows_what_the_bank_has_decided(office: Workplace, desk: Desk) -> None:
    def prepare() -> str:
        ref = opened(desk, sold(desk))
        desk.services.listening.poll()
        closed(desk, ref, won=True)
        return ref

    office.off(prepare)
    page = open_disputes(office)
    office.until(lambda: page.lists.model.rowCount() == 1)
    show(office, page, DisputeState.OPEN)
    office.key(Key.Key_R)
    office.until(lambda: page.panel.shown is not None and page.panel.shown.state is DisputeState.WON)
    assert page.panel.primary is None


def test_enter_leads_into_the_panel_and_to_its_booking(office: Workplace, desk: Desk) -> None:
    office.off(lambda: with_disputes(desk))
    page = open_disputes(office)
    office.until(lambda: page.lists.model.rowCount() == 5)
    show(office, page, DisputeState.INQUIRY)
    office.key(Key.Key_Return)
    office.until(lambda: page.panel.isAncestorOf(office.focus()))
    assert page.panel.open_button is not None
    page.panel.open_button.setFocus()
    office.key(Key.Key_Space)
    office.until(lambda: isinstance(office.work.current, BookingsScreen))


def test_what_is_open_is_counted_on_the_rail_and_told(office: Workplace, desk: Desk) -> None:
    office.work.start()
    office.off(lambda: with_disputes(desk))
    office.until(lambda: badge(office) == 3)
    page = open_disputes(office)
    ref = next(
        row.ref for n in range(5) if (row := page.lists.model.row(n)) and row.state is DisputeState.INQUIRY
    )

    def over() -> None:
        closed(desk, ref, won=False)
        desk.services.listening.poll()

    office.off(over)
    office.until(lambda: badge(office) == 2)


def badge(place: Workplace) -> int:
    return next(item.count for item in place.work.rail.items if item.entry.key == "payments")


def test_an_agent_is_told_at_the_booking_and_cancels_it_with_all_kept(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    with work_at(qtbot, desk, tmp_path, actor=desk.agent) as place:

        def prepare() -> str:
            sale = sold(desk)
            opened(desk, sale)
            desk.services.listening.poll()
            return sale.sale.bookings[0].reference

        reference = place.off(prepare)
        screen = place.work.go("bookings")
        assert isinstance(screen, BookingsScreen)
        screen.open_booking(reference)
        place.until(lambda: screen.panel.shown is not None)
        assert any("has taken" in each for each in texts(screen.panel))
        screen.cancel()
        view = screen.cancelling
        place.until(lambda: view.ticket.act is not None and view.ticket.act.words == "Cancel booking")
        place.until(lambda: any("The bank has it" in each for each in texts(view)))
        place.until(view.note.isVisible)
        place.ctrl(Qt.Key.Key_Return)
        place.until(lambda: isinstance(QApplication.activeModalWidget(), Decision))
        dialog = QApplication.activeModalWidget()
        assert isinstance(dialog, Decision)
        assert dialog.question.text() == "Cancel 1 booking and give nothing back?"
        place.until(dialog.keep.hasFocus)
        place.ctrl(Qt.Key.Key_Return)
        place.come_back()
        place.until(lambda: view.step is Step.SENT and view.ticket.outcome is not None)
        place.quiet()


def test_the_payment_says_that_it_is_disputed(office: Workplace, desk: Desk) -> None:
    def prepare() -> str:
        sale = sold(desk)
        opened(desk, sale, inquiry=True)
        desk.services.listening.poll()
        return sale.sale.reference

    reference = office.off(prepare)
    screen = screen_of(office)
    screen.show_sale(reference)
    office.until(lambda: screen.panel.shown is not None and screen.panel.shown.dispute is not None)
    assert any("asks about" in each for each in texts(screen.panel))


def test_where_there_is_a_page_of_the_provider_it_is_answered_there(office: Workplace, desk: Desk) -> None:
    office.off(lambda: with_disputes(desk))
    page = open_disputes(office)
    office.until(lambda: page.lists.model.rowCount() == 5)
    show(office, page, DisputeState.INQUIRY)
    shown = page.panel.shown
    assert shown is not None
    page.panel.show_dispute(replace(shown, page="https://dashboard.stripe.com/payments/pi_1"))
    assert page.panel.answer is not None
    assert page.panel.primary is page.panel.answer
    assert page.panel.answer.accessibleName() == "Open at Stripe"
