"""A payment at a card reader beside its booking: asked for from there, shown to whoever comes back, stopped."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from pytestqt.exceptions import TimeoutError as QtTimeout
from pytestqt.qtbot import QtBot

from helpers.desk import VISA, Desk
from helpers.layout import faults
from helpers.office import office_at
from helpers.readers import READER, with_reader
from helpers.rest import SETTLES_MS
from helpers.selling import sell
from helpers.workplace import Workplace, work_at
from travellr_desktop.domain.permissions import Role
from travellr_desktop.services.outcomes import OutcomeState, SaleOutcome
from travellr_desktop.ui.bookings.screen import BookingsScreen
from travellr_desktop.ui.bookings.take import TakePayment
from travellr_desktop.ui.records.reader_part import ReaderPart
from travellr_desktop.ui.theme import Theme

Key = Qt.Key


@pytest.fixture
def counter(qtbot: QtBot, desk: Desk, tmp_path: Path) -> Iterator[Workplace]:
    with work_at(qtbot, desk, tmp_path) as place:
        place.off(lambda: with_reader(desk))
        yield place


def parts(screen: BookingsScreen) -> list[ReaderPart]:
    return [part for part in screen.panel.findChildren(ReaderPart) if part.isVisible()]


def opened(place: Workplace) -> BookingsScreen:
    screen = place.work.go("bookings")
    assert isinstance(screen, BookingsScreen)
    place.until(lambda: screen.lists.model.totals is not None)
    place.quiet()
    screen.lists.table.setFocus()
    place.key(Key.Key_Home)
    place.until(lambda: screen.shown is not None)
    place.quiet()
    return screen


def now(place: Workplace, sale: SaleOutcome) -> SaleOutcome:
    found: SaleOutcome = place.off(lambda: place.desk.services.sales.outcome(place.desk.agent, sale.sale_id))
    return found


def test_who_comes_back_sees_that_the_reader_still_asks(counter: Workplace) -> None:
    sale = sell(counter, "Marta Nowak", READER)
    screen = opened(counter)
    counter.until(lambda: parts(screen))
    (part,) = parts(screen)
    assert part.reader == sale.reader
    assert part.words.text() == "Waiting for a card"
    assert screen.panel.take is None, "what is asked for is not taken a second time"


def test_the_reader_is_told_to_stop_from_the_booking_and_it_can_be_paid_again(counter: Workplace) -> None:
    sale = sell(counter, "Marta Nowak", READER)
    screen = opened(counter)
    counter.until(lambda: parts(screen))
    parts(screen)[0].end.setFocus()
    counter.key(Key.Key_Space)
    counter.until(lambda: not parts(screen))
    refusal = now(counter, sale).refusal
    assert refusal is not None
    assert refusal.code == "READER_CANCELLED"
    counter.until(lambda: screen.panel.take is not None)


def test_a_card_that_was_faster_is_paid(counter: Workplace) -> None:
    sale = sell(counter, "Marta Nowak", READER)
    screen = opened(counter)
    counter.until(lambda: parts(screen))

    def present() -> None:
        with counter.desk.sandbox() as sandbox:
            assert sale.reader is not None
            sandbox.hold_card(sale.reader.ref, VISA)

    counter.off(present)
    parts(screen)[0].end.click()
    counter.until(lambda: not parts(screen))
    assert now(counter, sale).state is OutcomeState.PAID


def test_what_is_taken_by_the_reader_from_a_booking_is_cancelled_there(counter: Workplace) -> None:
    sale = sell(counter, "Marta Nowak", None)
    screen = opened(counter)
    counter.key(Key.Key_P)
    counter.until(lambda: screen.findChildren(TakePayment))
    (dialog,) = screen.findChildren(TakePayment)
    dialog.ways.set_value("reader")
    dialog.act.click()
    counter.until(lambda: parts(screen))
    assert now(counter, sale).state is OutcomeState.WAITING
    parts(screen)[0].end.click()
    counter.until(lambda: not parts(screen))
    assert now(counter, sale).state is OutcomeState.DECLINED


def test_it_is_read_often_only_while_it_is_in_sight(counter: Workplace) -> None:
    sell(counter, "Marta Nowak", READER)
    screen = opened(counter)
    counter.until(lambda: screen.at_reader.watched is not None)
    counter.work.go("payments")
    counter.until(lambda: screen.at_reader.watched is None)
    counter.work.go("bookings")
    counter.until(lambda: screen.at_reader.watched is not None)
    counter.quiet()


def asks_for_much(desk: Desk) -> None:
    """A dear sale, asked for by a reader with a long name."""
    with_reader(desk, "At the far end of the counter, by the window to the quay")
    dear = desk.add_departure(desk.add_trip("A very dear trip", adult=1_234_500), capacity=40)
    desk.sold(dear, pay=READER, adult=3)


@pytest.mark.parametrize(
    ("size", "scale"), [(QSize(1280, 720), 1.0), pytest.param(QSize(1920, 1080), 2.0, marks=pytest.mark.soak)]
)
def test_nothing_of_it_is_cut(qtbot: QtBot, tmp_path: Path, size: QSize, scale: float) -> None:
    with office_at(
        qtbot, tmp_path, prepare=asks_for_much, size=size, role=Role.MANAGER, at="bookings"
    ) as office:
        screen = office.go("bookings")
        assert isinstance(screen, BookingsScreen)
        office.until(lambda: screen.lists.model.totals is not None)
        Theme.current().set_text_scale(scale)
        screen.lists.table.setFocus()
        office.key(Key.Key_Home)
        screen.lists.open_detail()
        office.until(lambda: parts(screen))
        wrong: list[str] = []

        def clean() -> bool:
            wrong[:] = [each for each in faults(office.window) if "Rail" not in each]
            return not wrong

        with suppress(QtTimeout):
            qtbot.waitUntil(clean, timeout=SETTLES_MS)
        assert not wrong, "\n".join(wrong)
