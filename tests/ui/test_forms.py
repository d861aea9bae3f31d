"""Forms say everything that is wrong at once, each thing at its field, and go to the first of them."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog

from helpers.catalogue_screens import field, first, titles, trip, trips, vendors, write
from helpers.desk import DAY
from helpers.layout import faults
from helpers.seated import add_plan, small
from helpers.workplace import Workplace
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.seating import PlanKind
from travellr_desktop.services.plans import PlanDraft
from travellr_desktop.services.vendors import VendorDraft
from travellr_desktop.ui.catalogue.panel import EditPanel
from travellr_desktop.ui.parts.choice import Choice
from travellr_desktop.ui.parts.choices import CheckBox
from travellr_desktop.ui.parts.form import Part
from travellr_desktop.ui.promos.screen import PromosScreen
from travellr_desktop.ui.timetable import dialogs
from travellr_desktop.ui.timetable.departure import EditDeparture, NewDeparture
from travellr_desktop.ui.timetable.form import PlanChoice
from travellr_desktop.ui.timetable.series import SeriesDialog

Key = Qt.Key
D = TypeVar("D", bound=QDialog)


@pytest.fixture
def place(place_of_admin: Workplace) -> Workplace:
    return place_of_admin


def marked(parts: dict[str, Part]) -> list[str]:
    return [name for name, part in parts.items() if not isinstance(part, CheckBox) and part.error]


def wrong(panel: EditPanel) -> list[str]:
    """The fields that say that something is wrong with them, in the order of the pages."""
    return [name for page in panel.pages for name in marked(page.form.fields())]


def test_a_new_trip_is_told_all_that_it_lacks_on_all_its_pages(place: Workplace) -> None:
    screen = trips(place)
    screen.new()
    place.until(lambda: screen.panel.is_new and field(screen, "title").edit.hasFocus())
    write(place, field(screen, "meet_before_min"), "soon")
    place.ctrl(Key.Key_Return)
    place.until(lambda: bool(field(screen, "title").error))
    assert wrong(screen.panel) == [
        "title", "vendor_id", "place", "duration_min", "meet_before_min", "prices.adult",
    ]  # fmt: skip
    assert screen.panel.page == "texts"
    assert QApplication.focusWidget() is field(screen, "title").edit
    assert "Prices" in screen.panel.note.accessibleName()
    place.type("Old town walk")
    assert "title" not in wrong(screen.panel)
    screen.panel.turn_to("prices")
    place.until(lambda: "Texts" in screen.panel.note.accessibleName())
    screen.panel.is_new = False


def test_seasons_and_steps_are_told_all_that_is_wrong_with_them(place: Workplace) -> None:
    screen = trips(place)
    first(place, screen)
    page, terms = screen.panel.prices, screen.panel.terms
    screen.panel.turn_to("prices")
    high, late = page.add_season(), page.add_season()
    high.name.set_text("High")
    high.first.set_text("1.7.2026")
    high.last.set_text("then")
    late.first.set_text("1.6.2026")
    late.last.set_text("1.5.2026")
    late.prices[TravellerType.ADULT].set_text("much")
    terms.policy.set_value("own")
    terms.steps[0].before.set_text("x")
    terms.steps[-1].figure.set_text("200")
    screen.save()
    assert wrong(screen.panel) == [
        "seasons.0.last", "seasons.0.adult", "seasons.1.name", "seasons.1.last", "seasons.1.adult",
        "tiers.0.before", f"tiers.{len(terms.steps) - 1}.figure",
    ]  # fmt: skip
    assert QApplication.focusWidget() is high.last.edit
    screen.put_back()


def test_a_step_is_added_above_one_that_makes_no_sense_yet(place: Workplace) -> None:
    screen = trips(place)
    first(place, screen)
    screen.panel.turn_to("terms")
    terms = screen.panel.terms
    terms.policy.set_value("own")
    for text in ("x", "1000"):
        terms.steps[0].before.set_text(text)
        terms._add_step()
    assert terms.steps[0].before.text() == "1000"
    screen.put_back()


def test_a_vendor_is_told_all_that_is_wrong(place: Workplace) -> None:
    screen = vendors(place)
    first(place, screen)
    for name, text in {
        "name": "",
        "commission_bps": "101",
        "holdback_days": "400",
        "email": "nobody",
        "phone": "call me",
        "code": "A B",
    }.items():
        field(screen, name).set_text(text)
    screen.save()
    assert wrong(screen.panel) == ["name", "commission_bps", "holdback_days", "email", "phone", "code"]
    assert QApplication.focusWidget() is field(screen, "name").edit
    screen.put_back()
    assert wrong(screen.panel) == []


def test_a_promo_code_is_told_all_that_is_wrong(place: Workplace) -> None:
    screen = place.work.go("promos")
    assert isinstance(screen, PromosScreen)
    place.quiet()
    screen.new()
    place.until(lambda: screen.panel.is_new)
    field(screen, "code").set_text("X")
    field(screen, "most_uses").set_text("0")
    field(screen, "first_day").set_text("1.7.2026")
    field(screen, "last_day").set_text("1.6.2026")
    screen.save()
    assert wrong(screen.panel) == ["code", "most_uses", "discount", "last_day"]
    kind = screen.panel.form.parts["kind"]
    assert isinstance(kind, Choice)
    kind.set_value("amount")
    field(screen, "value").set_text("nothing")
    field(screen, "last_day").set_text("whenever")
    screen.save()
    assert wrong(screen.panel) == ["code", "most_uses", "discount", "last_day"]
    screen.panel.is_new = False


def test_a_long_title_is_kept_as_typed_counted_and_refused(place: Workplace) -> None:
    screen = trips(place)
    first(place, screen)
    title = field(screen, "title")
    title.edit.setFocus()
    place.ctrl(Key.Key_A)
    QApplication.clipboard().setText("W" * 450)
    place.ctrl(Key.Key_V)
    assert len(title.text()) == 450
    assert title.note == "450 / 200"
    place.ctrl(Key.Key_Return)
    place.until(lambda: "450 characters, 200 at most" in title.error)
    title.set_text("W" * 200)
    assert title.note == "200 / 200"
    title.set_text("Blue Cave")
    assert title.note == ""
    place.ctrl(Key.Key_Return)
    place.until(lambda: titles(screen) == ["Blue Cave"])
    assert trip(place).draft.title == "Blue Cave"


def dialog(place: Workplace, kind: type[D]) -> D:
    place.until(lambda: isinstance(QApplication.activeModalWidget(), kind))
    found = QApplication.activeModalWidget()
    assert isinstance(found, kind)
    return found


def press_act(place: Workplace, found: QDialog) -> None:
    place.qtbot.keyClick(found, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def at_departures(place: Workplace) -> tuple[object, ...]:
    screen = place.work.go("departures")
    assert screen is not None
    place.quiet()
    return screen.context, screen, next(iter(place.desk.trips.values()))


def test_a_departure_is_told_all_that_is_wrong(place: Workplace) -> None:
    context, screen, trip_id = at_departures(place)
    dialogs.new_departure(context, screen, trip_id, DAY)  # type: ignore[arg-type]
    form = dialog(place, NewDeparture)
    form.cutoff.set_text("soon")
    form.words.set_text("W" * 501)
    press_act(place, form)
    place.until(lambda: bool(form.at.error))
    assert marked(form.fields) == ["at", "capacity", "cutoff", "note"]
    assert form.at.edit.hasFocus()
    assert faults(form) == []
    form.reject()


def test_a_series_is_told_all_that_is_wrong(place: Workplace) -> None:
    context, screen, trip_id = at_departures(place)
    dialogs.new_series(context, screen, trip_id, "Blue Cave")  # type: ignore[arg-type]
    form = dialog(place, SeriesDialog)
    form.left_out.set_text("1.7.2026, then")
    place.until(form.act.isEnabled)
    press_act(place, form)
    place.until(lambda: bool(form.at.error))
    assert faults(form) == []
    assert marked(form.fields) == ["at", "capacity", "except_days"]
    assert form.at.edit.hasFocus()
    form.reject()


def offered(choice: PlanChoice) -> list[str]:
    return [choice.box.itemText(at).partition(",")[0] for at in range(choice.box.count())]


def test_only_the_seat_plans_of_the_trips_vendor_and_the_agency_are_offered(place: Workplace) -> None:
    def prepare() -> tuple[UUID, UUID]:
        desk, plans = place.desk, place.desk.services.plans
        add_plan(desk, name="The agency's")
        other = desk.services.vendors.create(desk.admin, VendorDraft("Nomad"))
        for name, owner in (("Ours", desk.vendor_id), ("Theirs", other)):
            plans.save(desk.admin, PlanDraft(name, PlanKind.COACH, small(), owner))
        return desk.add_departure(), desk.add_trip("Canyon", vendor_id=other)

    departure, canyon = place.off(prepare)
    context, screen, trip_id = at_departures(place)
    dialogs.new_departure(context, screen, trip_id, DAY)  # type: ignore[arg-type]
    form = dialog(place, NewDeparture)
    assert offered(form.plan) == ["Open seating", "Ours", "The agency's"]
    form.plan.box.setCurrentIndex(2)
    form.trip.set_value(str(canyon))
    assert offered(form.plan) == ["Open seating", "The agency's", "Theirs"]
    assert form.plan.words().startswith("The agency's")
    form.reject()
    dialogs.edit_departure(context, screen, departure)  # type: ignore[arg-type]
    edit = dialog(place, EditDeparture)
    assert offered(edit.plan) == ["Open seating", "Ours", "The agency's"]
    edit.reject()
    dialogs.new_series(context, screen, canyon, "Canyon")  # type: ignore[arg-type]
    series = dialog(place, SeriesDialog)
    assert offered(series.plan) == ["Open seating", "The agency's", "Theirs"]
    series.reject()
