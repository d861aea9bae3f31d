"""The screen of refunds that wait: looked at, approved, turned down, and who may not."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from helpers.desk import CARD, Desk
from helpers.gui_thread import off_gui
from helpers.refunding import limit
from helpers.selling import LATER, counts
from helpers.workplace import Workplace, work_at
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.services.refund_asks import RefundAsk
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.refunds.screen import RefundsScreen
from travellr_desktop.ui.refunds.view import ApprovalView


def ask(desk: Desk, name: str, by: Actor | None = None, adults: int = 2) -> UUID:
    """A refund that waits."""
    sold = desk.sell(
        desk.hold(desk.add_departure(day=LATER), adult=adults), pay=CARD, traveller=desk.traveller(name)
    )
    wanted = RefundAsk((sold.bookings[0].id,), reason="They are ill")
    who = by or desk.agent
    back = desk.services.refunds.preview(who, wanted).back
    order = desk.services.refunds.request(who, wanted, back, key=uuid4()).order_id
    assert order is not None
    return order


def limited(desk: Desk, *asked: tuple[str, Actor | None]) -> None:
    """Nothing goes back alone, and these ask."""
    limit(desk, 0)
    for name, by in asked:
        ask(desk, name, by)


def screen_of(place: Workplace) -> RefundsScreen:
    screen = place.work.go("refunds")
    assert isinstance(screen, RefundsScreen)
    place.quiet()
    return screen


def waiting(place: Workplace, *names: str) -> ApprovalView:
    """The screen, with a request of each of these."""

    place.off(lambda: limited(place.desk, *[(name, None) for name in names]))
    view = screen_of(place).view
    place.until(lambda: len(view.boxes) == len(names) and view.ticket.act is not None)
    place.until(lambda: all(label.isVisible() for label in view.ticket.findChildren(Label)))
    return view


def confirm(place: Workplace) -> None:
    place.ctrl(Qt.Key.Key_Return)
    place.until(lambda: isinstance(QApplication.activeModalWidget(), Decision))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, Decision)
    place.until(dialog.keep.hasFocus)
    place.ctrl(Qt.Key.Key_Return)
    place.come_back()


def test_nothing_waits_until_somebody_asks(place_of_admin: Workplace) -> None:
    place = place_of_admin
    screen = screen_of(place)
    assert screen.nothing.isVisible()
    place.off(lambda: limited(place.desk, ("Lena Hoffmann", None)))
    place.until(screen.view.isVisible)


def test_it_is_approved_after_a_last_question_and_goes_back(place_of_admin: Workplace) -> None:
    place = place_of_admin
    view = waiting(place, "Lena Hoffmann")
    said = [label.text() for label in view.findChildren(Label) if label.isVisible()]
    for words in ("Lena Hoffmann gets back", "They are ill", "Asked by Ana Vuković", "both sides agree"):
        assert words in said
    assert counts(place).refunded == {}
    confirm(place)
    place.until(lambda: counts(place).refunded == {"eur": 9_000})
    place.until(screen_of(place).nothing.isVisible)


def test_turning_it_down_wants_a_word_why(place_of_admin: Workplace) -> None:
    place = place_of_admin
    view = waiting(place, "Lena Hoffmann")
    assert view.ticket.down is not None
    view.ticket.down.click()
    place.until(view.why.edit.hasFocus)
    place.type("Rebook them")
    view.turn_down()
    place.until(screen_of(place).nothing.isVisible)
    (order,) = place.off(lambda: place.desk.services.refunds.orders(place.desk.admin))
    assert (order.state.value, order.decision) == ("rejected", "Rebook them")
    assert counts(place).refunded == {}


def test_it_says_who_of_several_gets_money_back(place_of_admin: Workplace) -> None:
    place, desk = place_of_admin, place_of_admin.desk

    def prepare() -> str:
        limit(desk, 0)
        sold = desk.sell(
            desk.hold(desk.add_departure(day=LATER), adult=3), traveller=desk.traveller("Jon Hall")
        )
        booking = sold.bookings[0].id
        lines = desk.services.refunds.preview(desk.agent, RefundAsk((booking,))).bookings[0].lines
        wanted = RefundAsk((booking,), (lines[1].id,))
        back = desk.services.refunds.preview(desk.agent, wanted).back
        desk.services.refunds.request(desk.agent, wanted, back, key=uuid4())
        return lines[1].name

    name = place.off(prepare)
    view = screen_of(place).view
    place.until(lambda: f"Only {name}" in [label.text() for label in view.ticket.findChildren(Label)])


def test_one_is_chosen_with_the_arrows(place_of_admin: Workplace) -> None:
    place = place_of_admin
    view = waiting(place, "Lena Hoffmann", "Jon Hall")
    first, second = view.boxes
    view.boxes[first].setFocus(Qt.FocusReason.OtherFocusReason)
    place.key(Qt.Key.Key_Down)
    place.until(lambda: "Jon Hall gets back" in [label.text() for label in view.ticket.findChildren(Label)])
    assert view.boxes[second].isChecked()


def test_nobody_approves_their_own(place_of_admin: Workplace) -> None:
    place = place_of_admin
    place.off(lambda: limited(place.desk, ("Lena Hoffmann", place.desk.admin)))
    view = screen_of(place).view
    place.until(lambda: view.ticket.act is not None)
    assert view.ticket.act is not None and not view.ticket.act.isEnabled()
    assert view.ticket.down is not None and view.ticket.down.words == "Take it back"
    view.ticket.down.click()  # without a word why
    place.until(screen_of(place).nothing.isVisible)
    (order,) = place.off(lambda: place.desk.services.refunds.orders(place.desk.admin))
    assert order.state.value == "withdrawn"


def test_the_rail_says_how_many_wait_for_me(qtbot: QtBot, desk: Desk, tmp_path: Path) -> None:
    off_gui(lambda: limited(desk, ("Lena Hoffmann", None), ("Jon Hall", desk.admin)))
    with work_at(qtbot, desk, tmp_path, actor=desk.admin) as place:
        place.work.start()
        rail = place.work.rail
        place.until(lambda: next(item.count for item in rail.items if item.entry.key == "refunds") == 1)


def test_an_agent_has_no_such_screen(place: Workplace) -> None:
    assert place.work.go("refunds") is None


@pytest.mark.parametrize("size", [(1280, 720), pytest.param((1920, 1080), marks=pytest.mark.soak)])
def test_nothing_is_cut(qtbot: QtBot, desk: Desk, tmp_path: Path, size: tuple[int, int]) -> None:
    with work_at(qtbot, desk, tmp_path, actor=desk.admin, size=QSize(*size)) as place:
        view = waiting(place, "Wolfeschlegelsteinhausenbergerdorff Theodora Maximiliane", "Jon Hall")
        act = view.ticket.act
        assert act is not None
        assert view.ticket.lower_part.rect().contains(act.geometry().bottomRight())
        place.until(
            lambda: (
                not [
                    label.text()
                    for label in view.findChildren(Label)
                    if label.isVisible() and label.elided() and "€" in label.text()
                ]
            )
        )
