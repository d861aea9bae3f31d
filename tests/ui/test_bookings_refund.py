"""Giving money back in the window: beyond the policy, as credit, with a second person, and after the trip."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from helpers.desk import CARD, CASH, Desk
from helpers.gui_thread import off_gui
from helpers.refunding import been, limit
from helpers.selling import LATER, counts, sell
from helpers.workplace import Workplace, work_at
from travellr_desktop.domain.ledger import Account, Bearer
from travellr_desktop.domain.refund_quote import RefundTo
from travellr_desktop.domain.states import BookingState, RefundOrderState
from travellr_desktop.services.outcomes import SaleOutcome
from travellr_desktop.services.refund_asks import RefundAsk
from travellr_desktop.ui.bookings.away import Step
from travellr_desktop.ui.bookings.cancel_view import CancelView
from travellr_desktop.ui.bookings.screen import BookingsScreen
from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note

NEAR = datetime(2026, 6, 23, tzinfo=UTC).date()


def half_kept(place: Workplace, name: str = "Lena Hoffmann") -> SaleOutcome:
    """A booking of 90.00 of which half is kept."""
    desk = place.desk

    def work() -> SaleOutcome:
        trip = desk.add_trip("Tara canyon rafting", policy="strict")
        return desk.sell(
            desk.hold(desk.add_departure(trip, day=NEAR), adult=2), traveller=desk.traveller(name)
        )

    return place.off(work)


def look_at(place: Workplace, sold: SaleOutcome) -> CancelView:
    """Open the first booking of a sale and ask what giving it back would do."""
    screen = place.work.go("bookings")
    assert isinstance(screen, BookingsScreen)
    screen.open_booking(sold.bookings[0].reference)
    place.until(lambda: screen.shown is not None and screen.shown.detail.sale_id == sold.sale_id)
    screen.cancel()
    view = screen.cancelling
    place.until(lambda: view.bookings.boxes)
    place.quiet()
    shown(place, view)
    return view


def shown(place: Workplace, view: CancelView) -> None:
    """Until what was built anew is on the screen: layouts show it with the next event."""
    place.until(lambda: all(label.isVisible() for label in view.ticket.findChildren(Label)))


def texts(view: CancelView) -> list[str]:
    return [label.text() for label in view.findChildren(Label) if label.isVisible()]


def confirm(place: Workplace) -> None:
    place.ctrl(Qt.Key.Key_Return)
    place.until(lambda: isinstance(QApplication.activeModalWidget(), Decision))
    dialog = QApplication.activeModalWidget()
    assert isinstance(dialog, Decision)
    place.until(dialog.keep.hasFocus)
    place.ctrl(Qt.Key.Key_Return)
    place.come_back()


def done(place: Workplace, view: CancelView) -> None:
    place.until(lambda: view.step is Step.SENT and view.ticket.outcome is not None)
    place.quiet()


def give(place: Workplace, view: CancelView, amount: str) -> None:
    """Type what shall go back."""
    view.terms.back.edit.setFocus(Qt.FocusReason.OtherFocusReason)
    place.type(amount)


def test_more_goes_back_than_the_policy_gives_at_the_agencys_cost(place_of_admin: Workplace) -> None:
    place = place_of_admin
    sold = half_kept(place)
    view = look_at(place, sold)
    assert view.ticket.act is not None and view.ticket.act.amount == "€45.00"
    place.until(view.steps.isVisible)
    give(place, view, "60")
    view.terms.bearer.set_value(Bearer.AGENCY.value)
    view.terms.changed.emit()
    place.until(lambda: view.ticket.act is not None and view.ticket.act.amount == "€60.00")
    place.until(lambda: "Given beyond the policy, all sales" in texts(view))
    assert "Less than the policy keeps" in texts(view)
    place.ctrl(Qt.Key.Key_Return)  # without a reason nothing is asked
    place.until(view.reason.edit.hasFocus)
    assert QApplication.activeModalWidget() is None
    place.type("Engine failed")
    confirm(place)
    done(place, view)
    assert counts(place).refunded == {"eur": 6_000}
    assert goodwill(place) == 1_500


def goodwill(place: Workplace) -> int:
    def read() -> int:
        with place.desk.database.read() as view:
            return view.ledger.balance(Account.GOODWILL, "EUR")

    return place.off(read)


def test_what_is_typed_wrong_is_said_at_its_field(place_of_admin: Workplace) -> None:
    place = place_of_admin
    view = look_at(place, half_kept(place))
    give(place, view, "900")
    place.until(lambda: any("lies between" in text for text in texts(view)))
    assert view.ticket.act is not None and not view.ticket.act.isEnabled()
    view.terms.back.set_text("")
    give(place, view, "much")
    place.until(lambda: view.terms.back.edit.text() == "much")
    assert not view.ticket.act.isEnabled()
    view.terms.back.set_text("")
    view.terms.changed.emit()
    place.until(lambda: view.ticket.act is not None and view.ticket.act.amount == "€45.00")


def test_an_agent_gives_back_what_the_policy_gives(place: Workplace) -> None:
    view = look_at(place, half_kept(place))
    assert not view.terms.back.isVisible()
    assert not view.terms.bearer.isVisible()
    assert view.terms.to_where.isVisible()


def test_it_becomes_credit_of_the_traveller(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann", CARD, LATER)
    view = look_at(place, sold)
    view.terms.to_where.focus_chosen()
    place.key(Qt.Key.Key_Right)
    place.until(lambda: "Credit with the agency" in texts(view))
    assert view.terms.to is RefundTo.CREDIT
    confirm(place)
    done(place, view)
    assert counts(place).refunded == {}
    detail = place.off(lambda: place.desk.services.bookings.detail(place.desk.agent, sold.bookings[0].id))
    credit = place.off(lambda: place.desk.services.credit.of_traveller(place.desk.agent, detail.traveller_id))
    assert [money.minor for money in credit.has] == [11_700]


def test_above_the_limit_a_colleague_is_asked(place: Workplace) -> None:
    sold = sell(place, "Lena Hoffmann", CASH, LATER)
    place.off(lambda: limit(place.desk, 5_000))
    view = look_at(place, sold)
    assert view.ticket.act is not None and view.ticket.act.words == "Ask for approval"
    place.until(lambda: any(note.isVisible() for note in view.ticket.findChildren(Note)))
    confirm(place)
    done(place, view)
    place.until(
        lambda: (
            [badge.word for badge in view.ticket.findChildren(Badge) if badge.isVisible()] == ["Requested"]
        )
    )
    state = place.off(
        lambda: place.desk.services.bookings.detail(place.desk.agent, sold.bookings[0].id).state
    )
    assert state is BookingState.CONFIRMED


def test_who_asked_takes_it_back_where_the_booking_is(place: Workplace) -> None:
    desk, sold = place.desk, sell(place, "Lena Hoffmann", CASH, LATER)
    booking = sold.bookings[0].id

    def ask() -> None:
        limit(desk, 5_000)
        wanted = RefundAsk((booking,))
        back = desk.services.refunds.preview(desk.agent, wanted).back
        assert desk.services.refunds.request(desk.agent, wanted, back, key=uuid4()).waits

    place.off(ask)
    screen = place.work.go("bookings")
    assert isinstance(screen, BookingsScreen)
    screen.open_booking(sold.bookings[0].reference)
    place.until(lambda: screen.shown is not None and screen.shown.detail.asked_back is not None)
    notes = screen.panel.findChildren(Note)
    (note,) = [note for note in notes if "waits for a colleague" in note.findChildren(Label)[0].text()]
    note.button.click()
    place.until(lambda: screen.shown is not None and screen.shown.detail.asked_back is None)
    (order,) = place.off(lambda: desk.services.refunds.orders(desk.agent))
    assert order.state is RefundOrderState.WITHDRAWN
    assert counts(place).refunded == {}


def test_after_the_trip_money_is_given_back_beyond_the_policy(
    qtbot: QtBot, desk: Desk, tmp_path: Path
) -> None:
    sold = off_gui(lambda: been(desk, adults=2))
    with work_at(qtbot, desk, tmp_path, actor=desk.admin, size=QSize(1440, 900)) as place:
        view = look_at(place, sold)
        assert view.ticket.act is not None and not view.ticket.act.isEnabled()
        give(place, view, "45")
        place.until(lambda: view.ticket.act is not None and view.ticket.act.amount == "€45.00")
        view.reason.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        place.type("Half the way only")
        confirm(place)
        done(place, view)
        assert counts(place).refunded == {"eur": 4_500}


@pytest.mark.parametrize("size", [(1280, 720), pytest.param((1920, 1080), marks=pytest.mark.soak)])
def test_nothing_is_cut_or_stands_over_another(
    qtbot: QtBot, desk: Desk, tmp_path: Path, size: tuple[int, int]
) -> None:
    with work_at(qtbot, desk, tmp_path, actor=desk.admin, size=QSize(*size)) as place:
        view = look_at(place, half_kept(place, "Wolfeschlegelsteinhausenbergerdorff Theodora Maximiliane"))
        place.until(view.steps.isVisible)
        assert view.ticket.act is not None
        assert view.ticket.lower_part.rect().contains(view.ticket.act.geometry().bottomRight())
        for part in (view.terms.back, view.terms.bearer, view.terms.to_where):
            assert part.width() >= part.minimumSizeHint().width()
            assert view.terms.rect().contains(part.mapTo(view.terms, part.rect().bottomRight()))
        labels = view.findChildren(Label)
        place.until(
            lambda: (
                not [
                    label.text()
                    for label in labels
                    if label.isVisible() and label.elided() and ("€" in label.text() or "BK-" in label.text())
                ]
            )
        )
