"""The seat map on the desk, for tests that work it by keys."""

from __future__ import annotations

from datetime import date, time
from uuid import UUID, uuid4

from PySide6.QtCore import Qt

from helpers.desk import CASH, Desk
from helpers.desk_window import AtDesk
from helpers.gui_thread import may_block
from helpers.seated import add_numbered, add_plan
from travellr_desktop.domain.party import Party
from travellr_desktop.domain.seat_presets import boat_with_tables
from travellr_desktop.domain.seating import PlanKind
from travellr_desktop.ui.desk.seats_view import PlanSection, SeatsView
from travellr_desktop.ui.parts.seat_paint import SeatTone
from travellr_desktop.ui.parts.seatplan import SeatPlan

SATURDAY = date(2026, 6, 20)
K = Qt.Key


def season(desk: Desk) -> None:
    """A minibus whose first row another holds and whose second is sold, a boat with tables, and open seating."""
    rafting = desk.add_trip("Tara canyon rafting", adult=7100)
    cruise = desk.add_trip("Perast dinner cruise", adult=4800)
    bus = add_numbered(desk, plan_id=add_plan(desk), trip_id=rafting, day=SATURDAY, at=time(9, 30))
    boat = add_plan(desk, boat_with_tables(), name="Katica", kind=PlanKind.BOAT)
    add_numbered(desk, plan_id=boat, trip_id=cruise, day=SATURDAY, at=time(19, 30), capacity=40)
    desk.add_departure(desk.trips["Blue Cave and Perast"], day=SATURDAY, capacity=12)
    desk.traveller("Henrik Söderberg")
    desk.services.holds.hold(desk.admin, bus, Party(2), key=uuid4(), labels=("1A", "1B"))
    sold = desk.services.holds.hold(desk.agent, bus, Party(2), key=uuid4(), labels=("2C", "2D"))
    desk.sell(sold, pay=CASH)


def hold(at: AtDesk, words: str, adults: int = 2, children: int = 0) -> None:
    at.screen.filters.adults.set_value(adults)
    at.screen.filters.children_.set_value(children)
    at.hold(words)


def view(at: AtDesk) -> SeatsView:
    assert at.screen.seats.view.isVisible()
    return at.screen.seats.view


def section(at: AtDesk) -> PlanSection:
    found = view(at).section
    assert found is not None
    return found


def plan(at: AtDesk) -> SeatPlan:
    return section(at).plan


def go(at: AtDesk, label: str) -> None:
    """Move the cursor there by arrows."""
    for _ in range(40):
        here, there = plan(at).cell(plan(at).cursor_at).geometry(), plan(at).cell(label).geometry()
        if plan(at).cursor_at == label:
            return
        dx, dy = there.center().x() - here.center().x(), there.center().y() - here.center().y()
        if abs(dx) > abs(dy):
            at.key(K.Key_Right if dx > 0 else K.Key_Left)
        else:
            at.key(K.Key_Down if dy > 0 else K.Key_Up)
    raise AssertionError(f"no way to {label}, at {plan(at).cursor_at}")


def tones(at: AtDesk) -> dict[str, SeatTone]:
    layout = plan(at).layout_shown
    return {label: plan(at).cell(label).look.tone for label in layout.by_label}


def own(at: AtDesk, line: int = -1) -> tuple[str, ...]:
    return at.screen.session.lines[line].hold.labels


def elsewhere(at: AtDesk, labels: tuple[str, ...]) -> UUID:
    """Somebody at another window holds seats of the minibus."""
    departure = at.screen.session.lines[0].hold.departure_id
    with may_block():
        taken = at.desk.services.holds.hold(
            at.desk.admin, departure, Party(len(labels)), key=uuid4(), labels=labels
        )
    at.quiet()
    return taken.id
