"""Day close, driven by keys over real services: the float, the count, what is moved, the close, the Z's of before."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLineEdit

from helpers.desk import CASH
from helpers.tilling import close_till, euros, in_ledger, made_of, move, open_till
from helpers.workplace import Workplace
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.till import CountKind, MoveKind
from travellr_desktop.services.till_figures import TillReport
from travellr_desktop.services.till_forms import FloatCount
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.till.count_fields import HIDDEN
from travellr_desktop.ui.till.screen import DayCloseScreen

Key = Qt.Key


def go(place: Workplace) -> DayCloseScreen:
    screen = place.work.go("till")
    assert isinstance(screen, DayCloseScreen)
    place.until(lambda: screen.status is not None)
    place.quiet()
    return screen


def said(screen: DayCloseScreen) -> str:
    return " · ".join(label.text() for label in screen.findChildren(Label) if label.isVisible())


def count(place: Workplace, *numbers: str) -> None:
    """Type down the column of pieces, Enter after each; "" leaves one as it is."""
    for number in numbers:
        if number:
            place.type(number)
        place.key(Key.Key_Return)


def report(place: Workplace) -> TillReport:
    return place.off(lambda: place.desk.services.till.x_read(place.desk.agent))


def asked(place: Workplace) -> Decision:
    place.until(lambda: isinstance(QApplication.activeModalWidget(), Decision))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, Decision)
    dialog.activateWindow()
    place.until(dialog.isActiveWindow)
    return dialog


def at(place: Workplace, edit: QLineEdit) -> None:
    edit.setFocus()
    place.until(edit.hasFocus)


def test_the_till_is_opened_by_counting_down_the_column(place: Workplace) -> None:
    screen = go(place)
    place.until(lambda: screen.count.isAncestorOf(place.focus()))
    assert not screen.ticket.act.isEnabled()

    count(place, "", "1", "2")
    place.ctrl(Key.Key_Return)
    place.until(lambda: screen.status is not None and screen.status.open is not None)

    found = report(place)
    counted = found.counted(CountKind.FLOAT, "EUR")
    assert counted is not None and counted.count.total == euros(20_000)
    assert found.figures[0].expected == euros(20_000)
    place.until(lambda: not screen.count.touched)
    assert "Z close 0001" in said(screen)


def test_a_difference_waits_for_its_reason(place: Workplace) -> None:
    place.off(lambda: open_till(place.desk, 20_000))
    departure = place.off(place.desk.add_departure)
    place.off(lambda: place.desk.sold(departure, pay=CASH, adult=2))
    screen = go(place)
    screen.count.focus_first()

    count(place, "1", "", "1", "1", "1", "1")  # 285 of 290
    assert "Short" in said(screen) and "−€5.00" in said(screen)
    assert not screen.ticket.act.isEnabled()
    reason = screen.day.sums.reason
    at(place, reason.edit)
    place.type("Change given twice")
    place.until(screen.ticket.act.isEnabled)
    place.ctrl(Key.Key_Return)
    dialog = asked(place)
    dialog.act.click()
    place.come_back()
    place.until(lambda: screen.status is not None and screen.status.open is None)

    (row,) = place.off(lambda: place.desk.services.till.history(place.desk.agent))
    assert (row.difference, row.counted) == (euros(-500), euros(28_500))
    assert place.off(lambda: in_ledger(place.desk, Account.CASH_OVER_SHORT)) == 500
    assert not reason.text()


def test_keeping_instead_of_closing_writes_nothing(place: Workplace) -> None:
    place.off(lambda: open_till(place.desk, 20_000))
    screen = go(place)
    screen.count.focus_first()
    count(place, "1")
    place.ctrl(Key.Key_Return)
    asked(place)
    place.key(Key.Key_Escape)
    place.come_back()

    assert report(place).is_open
    assert screen.count.count("EUR").total == euros(20_000)


def test_a_sale_meanwhile_is_told_and_what_was_counted_stays(place: Workplace) -> None:
    place.off(lambda: open_till(place.desk, 20_000))
    departure = place.off(place.desk.add_departure)
    screen = go(place)
    screen.count.focus_first()
    count(place, "1")
    place.ctrl(Key.Key_Return)
    dialog = asked(place)
    place.off(lambda: place.desk.sold(departure, pay=CASH, adult=1))
    dialog.act.click()
    place.come_back()

    place.until(lambda: "Cash came in or went out" in said(screen))
    assert report(place).is_open
    assert screen.count.count("EUR").total == euros(20_000)


def test_an_x_is_read_by_its_key_while_one_counts(place: Workplace) -> None:
    place.off(lambda: open_till(place.desk, 20_000))
    screen = go(place)
    opened: list[Path] = []

    def opener(path: Path) -> bool:
        opened.append(path)
        return True

    screen.doing._opener = opener
    screen.count.focus_first()
    place.key(Key.Key_F7)
    place.until(lambda: opened)

    assert opened[0].name == "X-0001-1.pdf"
    assert not screen.count.touched


def test_what_was_read_stands_beside_the_closes_with_its_figures(place: Workplace) -> None:
    def a_day_and_a_half() -> None:
        open_till(place.desk, 20_000)
        close_till(place.desk)
        open_till(place.desk, 20_000, from_safe=0)
        place.desk.services.till.keep_x(place.desk.agent, key=uuid4())
        place.desk.sold(place.desk.add_departure(), pay=CASH, adult=1)

    place.off(a_day_and_a_half)
    screen = go(place)
    screen.day.go_view("closes")
    table = screen.day.closes
    place.until(lambda: [row.name for row in table.rows] == ["X 0002-1", "Z 0001"])
    said_of_x = [column.says(table.rows[0]) for column in table.rows_model.columns]
    assert said_of_x[2:] == ["Ana Vuković", "€200.00", "Not counted"]
    table.setFocus()
    place.key(Key.Key_Home)
    place.until(lambda: screen.in_closes and screen.panel.report is not None)
    assert screen.panel.report is not None and screen.panel.report.name == "X 0002-1"
    place.until(lambda: "Expected · €200.00" in said(screen))
    opened: list[Path] = []

    def opener(path: Path) -> bool:
        opened.append(path)
        return True

    screen.doing._opener = opener
    place.key(Key.Key_F7)
    place.until(lambda: opened)
    assert opened[0].name == "X-0002-1.pdf"
    assert len(place.off(lambda: place.desk.services.till.x_reads(place.desk.agent))) == 1, "no second X"


def test_cash_is_paid_out_by_hand(place: Workplace) -> None:
    place.off(lambda: open_till(place.desk, 20_000))
    screen = go(place)
    screen.count.focus_first()
    place.key(Key.Key_M)
    asked(place)
    form = screen.doing.form
    assert form is not None
    at(place, form.amount.edit)
    place.type("120")
    at(place, form.reason.edit)
    place.type("Courier")
    place.key(Key.Key_Return)
    place.until(lambda: bool(form.note.isVisible() or form.amount._error.text()))
    assert "more than may be paid out" in form.amount._error.text()
    form.amount.set_text("18.40")
    at(place, form.reason.edit)
    place.key(Key.Key_Return)
    place.come_back()
    place.until(
        lambda: (
            screen.status is not None
            and screen.status.open is not None
            and len(screen.status.open.movements) == 2
        )
    )

    assert report(place).figures[0].expected == euros(18_160)
    place.until(lambda: "−€18.40" in said(screen))


def test_a_blind_count_shows_no_sums(place: Workplace) -> None:
    place.off(lambda: open_till(place.desk, 20_000))
    screen = go(place)
    screen.count.focus_first()
    count(place, "1", "1")
    place.until(lambda: "€300.00" in said(screen))
    place.key(Key.Key_F8)
    place.until(lambda: f"Counted · {HIDDEN}" in said(screen))
    assert "€300.00" not in said(screen) and "Over" not in said(screen)
    place.key(Key.Key_F8)
    place.until(lambda: "€300.00" in said(screen))


def test_the_closes_of_before_are_read_beside_their_list(place: Workplace) -> None:
    def three() -> None:
        for number in range(3):
            open_till(place.desk, 20_000, from_safe=20_000 if number == 0 else 0)
            close_till(
                place.desk, 20_000 + number * 50, stays=20_000, reason="Found a coin" if number else ""
            )

    place.off(three)
    screen = go(place)
    table = screen.day.closes
    assert [row.name for row in table.rows] == ["Z 0003", "Z 0002", "Z 0001"]
    table.setFocus()
    place.key(Key.Key_Down)
    place.key(Key.Key_Home)
    place.until(
        lambda: screen.in_closes and screen.panel.report is not None and screen.panel.report.number == 3
    )
    place.until(lambda: "Found a coin" in said(screen) and "+€1.00" in said(screen))
    place.key(Key.Key_Return)
    place.until(lambda: screen.panel.print is not None and screen.panel.print.hasFocus())
    place.key(Key.Key_Escape)
    place.until(lambda: not screen.in_closes)


def test_what_another_window_does_is_seen(place: Workplace) -> None:
    screen = go(place)
    place.off(lambda: open_till(place.desk, 20_000))
    place.until(lambda: screen.status is not None and screen.status.open is not None)
    place.off(lambda: move(place.desk, MoveKind.DROP, 5_000, Account.SAFE))
    place.until(lambda: "−€50.00" in said(screen))
    place.off(lambda: close_till(place.desk))
    place.until(lambda: screen.status is not None and screen.status.open is None)
    assert screen.status is not None and screen.status.number == 2


def test_other_currencies_are_counted_on_pages_of_their_own(place: Workplace) -> None:
    trip = place.off(lambda: place.desk.add_trip("In dollars", currency="USD"))
    departure = place.off(lambda: place.desk.add_departure(trip))
    place.off(lambda: open_till(place.desk, 20_000))
    place.off(lambda: place.desk.sold(departure, pay=CASH, adult=1))
    screen = go(place)
    screen.count.focus_first()
    count(place, "1")
    assert not screen.ticket.act.isEnabled() and "Count USD first" in said(screen)
    screen.count.currencies.setCurrentText("USD")
    screen.count.focus_first()
    count(place, "", "", "2", "", "1")
    place.until(screen.ticket.act.isEnabled)
    place.until(lambda: "US$45.00" in said(screen))


@pytest.mark.parametrize("amount", ["x", "-5"])
def test_an_amount_that_cannot_be_read_is_said_at_its_field(place: Workplace, amount: str) -> None:
    count = FloatCount(made_of(euros(20_000)), euros(20_000))
    place.off(lambda: place.desk.services.till.open(place.desk.agent, (count,), key=uuid4()))
    screen = go(place)
    page = screen.count.page("EUR")
    at(place, page.loose.edit)
    place.type(amount)
    if amount == "x":
        assert page.loose._error.text()
    assert not screen.ticket.act.isEnabled()
