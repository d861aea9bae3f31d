"""Nothing of a change, of promo codes and of a discount in the basket is cut, covered or too pale."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.exceptions import TimeoutError as QtTimeout
from pytestqt.qtbot import QtBot

from helpers.changing import change, joining, leaving
from helpers.crowded import WORDS, crowded
from helpers.desk import CASH, Desk
from helpers.gui_thread import may_block
from helpers.layout import faults
from helpers.office import Office, office_at
from helpers.refunding import limit
from helpers.rest import SETTLES_MS
from travellr_desktop.domain.discounts import DiscountKind
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.permissions import Role
from travellr_desktop.payments.sandbox.faults import FaultKind
from travellr_desktop.payments.sandbox.operations import Operation
from travellr_desktop.services.amendments import ChangeKind
from travellr_desktop.services.discounts import DiscountAsk
from travellr_desktop.services.promos import PromoDraft
from travellr_desktop.ui.bookings.away import Step
from travellr_desktop.ui.bookings.screen import BookingsScreen
from travellr_desktop.ui.promos.screen import PromosScreen
from travellr_desktop.ui.theme import Theme

SIZES = (QSize(1280, 720), QSize(1920, 1080))
DAY = date(2026, 8, 20)


def prepare(desk: Desk) -> None:
    """A booking with everything on it, of travellers with long names and large amounts."""
    crowded(desk)
    dear = desk.add_trip(WORDS[:190], adult=98_765_432, child=12_345_678)
    here = desk.add_departure(dear, day=DAY)
    for trip in (desk.add_trip("Blue Cave by night", adult=98_765_999), dear):
        desk.add_departure(trip, day=date(2026, 8, 22))
        desk.add_departure(trip, day=date(2026, 8, 22), capacity=1)
    buyer = desk.traveller(WORDS[:110])
    tenth = DiscountAsk(DiscountKind.PERCENT, bps=987, reason=WORDS[:200])
    sale = desk.sell(desk.hold(here, adult=3, child=1), traveller=buyer, discount=tenth, pay=CASH)
    booking = sale.bookings[0].id
    change(desk, booking, joining(TravellerType.CHILD))
    change(desk, booking, leaving(desk, booking, 2))
    desk.services.notes.add(desk.agent, WORDS * 3, booking_id=booking)
    for code, amount in (("W" * 40, None), ("SUMMER", Money(98_765_432_10, "EUR"))):
        kind = DiscountKind.PERCENT if amount is None else DiscountKind.AMOUNT
        draft = PromoDraft(
            code, kind, DAY, DAY, WORDS[:120], 0 if amount else 1234, amount, most_uses=999_999, trip_id=dear
        )
        desk.services.promos.save(desk.admin, draft)


class Walk:
    def __init__(self, office: Office) -> None:
        self.office, self.wrong = office, list[str]()

    def look(self, where: str) -> None:
        """What is wrong once layouts have settled."""
        self.office.quiet()
        window, wrong = self.office.window, list[str]()

        def clean() -> bool:
            wrong[:] = faults(window)
            return not wrong

        with suppress(QtTimeout):
            self.office.qtbot.waitUntil(clean, timeout=SETTLES_MS)
        self.wrong += [f"{where}: {each}" for each in wrong]


@contextmanager
def walked(qtbot: QtBot, folder: Path, size: QSize) -> Iterator[Walk]:
    with office_at(qtbot, folder, prepare=prepare, size=size, role=Role.MANAGER, at="bookings") as office:
        yield Walk(office)


def walk(walk: Walk) -> None:
    office = walk.office
    screen = office.go("bookings")
    assert isinstance(screen, BookingsScreen)
    with may_block(), office.desk.database.read() as view:
        reference = view.bookings.find_all(limit=500)[0][-1].reference
    screen.open_booking(reference)
    office.until(lambda: screen.shown is not None and screen.shown.notes)
    walk.look("the panel")
    bar = screen.panel.scroll_area.verticalScrollBar()
    bar.setValue(bar.maximum())
    walk.look("the foot of the panel")
    for kind in ChangeKind:
        screen.change(kind)
        office.until(lambda: screen.away is screen.changing)
        office.quiet()
        changing = screen.changing
        walk.look(f"{kind.value}, begun")
        if kind is ChangeKind.REBOOK:
            changing.rebook.calendar.set_chosen(date(2026, 8, 22))
            changing.rebook.calendar.day_chosen.emit(date(2026, 8, 22))
            changing.rebook.choose(
                next(key for key, radio in changing.rebook.choices.items() if radio.isEnabled())
            )
        elif kind is ChangeKind.REMOVE:
            next(iter(changing.lines.boxes.values())).click()
        elif kind is ChangeKind.RETYPE:
            changing.traveller.age.set_text("999")
            changing.traveller.age.edited.emit("999")
        office.quiet()
        walk.look(f"{kind.value}, shown")
        changing.back()
    screen.change(ChangeKind.ADD)
    office.until(lambda: screen.changing.ticket.pay is not None)
    pay_and_look(walk, screen)


def pay_and_look(walk: Walk, screen: BookingsScreen) -> None:
    """A card that is declined, one of which nobody knows, and how it ends."""
    office, view = walk.office, screen.changing
    assert view.ticket.pay is not None
    view.ticket.pay.tiles.tile("card").click()
    for operations, where in (
        ([(Operation.INTENT_CONFIRM, FaultKind.CARD_DECLINED)], "declined"),
        (
            [
                (Operation.INTENT_CONFIRM, FaultKind.REPLY_LOST_AFTER),
                (Operation.INTENT_RETRIEVE, FaultKind.REPLY_LOST_AFTER),
            ],
            "unknown",
        ),
    ):
        office.quiet()
        with may_block(), office.desk.sandbox() as sandbox:
            for operation, fault in operations:
                sandbox.arm(operation, fault)
        view._ask()
        office.until(lambda: view.step is not Step.SENDING)
        walk.look(where)
    with may_block(), office.desk.sandbox() as sandbox:
        sandbox.disarm()
    view.read_now()
    office.quiet()
    walk.look("done")
    view.back()
    cancel_and_look(walk, screen)


def cancel_and_look(walk: Walk, screen: BookingsScreen) -> None:
    """Some travellers of a booking, on other days too, as credit, and with a second person; then at the booking."""
    office, view = walk.office, screen.cancelling
    office.until(lambda: screen.away is None and screen.shown is not None and screen.shown.detail.can_cancel)
    screen.cancel()
    office.until(lambda: view.bookings.boxes and view.some_button.isVisible())
    view.some_button.click()
    office.until(lambda: len(view.bookings.travellers) > 2)
    next(iter(view.bookings.travellers.values())).click()
    office.quiet()
    walk.look("some travellers")
    view.steps.switch.set_value("each")
    view.steps.show_preview(view.steps._shown)
    bar = view._scroll.verticalScrollBar()
    bar.setValue(bar.maximum())
    walk.look("some travellers, on other days")
    bar.setValue(0)
    with may_block():
        limit(office.desk, 0)
    view.terms.to_where.set_value("credit")
    view.terms.changed.emit()
    office.until(lambda: view.ticket.act is not None and view.ticket.act.words == "Ask for approval")
    walk.look("as credit, with a second person")
    view._ask()
    office.until(lambda: view.decision is not None and view.decision.isVisible())
    assert view.decision is not None
    view.decision.accept()
    office.until(lambda: view.step is Step.SENT and view.ticket.outcome is not None)
    walk.look("asked for")
    view.back()
    office.until(lambda: screen.shown is not None and screen.shown.detail.asked_back is not None)
    bar = screen.panel.scroll_area.verticalScrollBar()
    bar.setValue(0)
    walk.look("the panel of what waits")


@pytest.mark.parametrize(
    "size",
    [
        pytest.param(SIZES[0], id="1280x720"),
        # text of twice the size has less room there
        pytest.param(SIZES[1], id="1920x1080", marks=pytest.mark.soak),
    ],
)
def test_everything_written_can_be_read(qtbot: QtBot, tmp_path: Path, size: QSize) -> None:
    with walked(qtbot, tmp_path, size) as walks:
        walk(walks)
        assert not walks.wrong, "\n" + "\n".join(walks.wrong)


@pytest.mark.soak
def test_text_of_twice_the_size_can_be_read(qtbot: QtBot, tmp_path: Path) -> None:
    with walked(qtbot, tmp_path, SIZES[1]) as walks:
        Theme.current().set_text_scale(2.0)
        walk(walks)
        assert not walks.wrong, "\n" + "\n".join(walks.wrong)


@pytest.mark.soak  # `test_catalogue_layout` and `test_desk_layout` have others of it
def test_from_right_to_left_it_can_be_read_too(qtbot: QtBot, tmp_path: Path) -> None:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        with walked(qtbot, tmp_path, SIZES[0]) as walks:
            walk(walks)
            wrong = [each for each in walks.wrong if "Rail" not in each]
            assert not wrong, "\n" + "\n".join(wrong)
    finally:
        application.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.mark.parametrize(
    "size",
    [pytest.param(SIZES[0], id="1280x720"), pytest.param(SIZES[1], id="1920x1080", marks=pytest.mark.soak)],
)
def test_promo_codes_can_be_read(qtbot: QtBot, tmp_path: Path, size: QSize) -> None:
    with walked(qtbot, tmp_path, size) as walks:
        screen = walks.office.go("promos")
        assert isinstance(screen, PromosScreen)
        walks.office.until(lambda: screen.lists.model.rowCount() == 2)
        for row in (0, 1):
            screen.lists.table.go_to(row)
            walks.office.until(lambda: screen.shown is not None)
            walks.look(f"code {row}")
        screen.new()
        walks.office.until(lambda: screen.panel.is_new)
        screen.save()
        walks.look("refused")
        screen.panel.is_new = False
        assert not walks.wrong, "\n" + "\n".join(walks.wrong)
