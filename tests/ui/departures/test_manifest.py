"""The manifest beside the day: scanned, checked in, closed, printed."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from helpers.gui_thread import may_block
from helpers.quay import JEEP
from helpers.quay_screen import CTRL, K, Quay
from travellr_desktop.services.board import Phase
from travellr_desktop.ui.bookings.screen import BookingsScreen


def test_a_scanned_code_checks_the_booking_in(at: Quay) -> None:
    booking = at.manifest.bookings[0]
    at.key(K.Key_C)
    at.type(booking.reference)
    at.key(K.Key_Return)
    assert at.said == "2 travellers checked in: Elin Sandberg, Nils Sandberg"
    assert at.manifest.here == 2
    assert at.current.here == 2
    at.key(K.Key_Return)
    assert at.said == "Here already: Elin Sandberg, Nils Sandberg"
    at.key(K.Key_Escape)
    at.key(K.Key_Escape)
    at.until(lambda: at.office.focus() is at.screen.panel.list)


def test_a_scanner_is_heard_while_its_field_is_closed_and_presses_no_keys(at: Quay) -> None:
    booking = at.manifest.bookings[0]
    with may_block():
        code = at.office.desk.services.bookings.detail(at.office.desk.agent, booking.id).voucher_code
    at.choose_line("Hana Kovačević")
    at.screen.scanner.fast = 10.0  # however busy the machine is
    at.office.qtbot.keyClicks(at.screen.panel.list, f"TRAVELLR {booking.reference} {code}XXC")
    at.office.qtbot.keyClick(at.screen.panel.list, K.Key_Return)
    at.settle()
    assert at.screen.panel.scanning
    assert at.said == "2 travellers checked in: Elin Sandberg, Nils Sandberg"
    assert (at.manifest.here, at.manifest.absent) == (2, 0)


def test_a_name_that_fits_several_asks_once_more(at: Quay) -> None:
    at.key(K.Key_C)
    at.type("kovac")
    at.key(K.Key_Return)
    assert at.said == "2 travellers fit. Enter again if all are here, or choose below."
    assert at.manifest.here == 0
    assert [row.words for row in at.screen.panel.list.selected()] == ["Hana Kovačević", "Filip Kovačević"]
    at.key(K.Key_Return)
    assert at.said == "2 travellers checked in: Hana Kovačević, Filip Kovačević"


def test_what_is_not_for_this_departure_is_said_beside_the_field(at: Quay) -> None:
    with may_block():
        other = at.office.desk.services.manifests.manifest(at.office.desk.agent, at.rows[0].id)
    at.key(K.Key_C)
    at.type(other.bookings[0].reference)
    at.key(K.Key_Return)
    assert "is for Blue Cave and Perast, 18 Jun 2026, 08:30." in at.said
    at.type("nobody")
    at.key(K.Key_Return)
    assert "Nobody on this departure fits" in at.said
    assert at.manifest.here == 0


def test_space_checks_in_and_out_and_x_notes_a_no_show(at: Quay) -> None:
    at.choose_line("Nils Sandberg")
    at.key(K.Key_Space)
    at.office.until(lambda: at.manifest.here == 1)
    row = at.screen.panel.list.current()
    assert row is not None
    assert (row.words, row.trailing, row.spoken) == (
        "Nils Sandberg",
        "10:42",
        "Nils Sandberg, adult, here at 10:42",
    )
    at.key(K.Key_Space)
    at.office.until(lambda: at.manifest.here == 0)
    at.key(K.Key_X)
    at.office.until(lambda: at.manifest.absent == 1)
    at.office.until(lambda: at.screen.panel.list.current().trailing == "No-show")  # type: ignore[union-attr]
    at.key(K.Key_X)
    at.office.until(lambda: at.manifest.absent == 0)


def test_no_key_is_lost_while_another_is_written(at: Quay) -> None:
    lines = at.manifest.bookings[1].lines
    assert len(lines) == 2
    at.choose_line(lines[0].name)
    for key in (K.Key_Space, K.Key_Down, K.Key_Space):  # faster than the file
        QTest.keyClick(at.screen.panel.list, key)
    at.office.until(lambda: at.manifest.here == 2)


def test_a_booking_is_checked_in_as_a_whole(at: Quay) -> None:
    at.choose_line(at.manifest.bookings[1].reference)
    at.key(K.Key_Return)
    assert [line.checked_in_at is not None for line in at.manifest.bookings[1].lines] == [True, True]
    at.choose_line(at.manifest.bookings[0].reference)
    at.key(K.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    at.key(K.Key_X)
    assert at.manifest.absent == 2


def test_everybody_is_checked_in_at_once_with_a_way_back(at: Quay) -> None:
    at.choose_line("Nils Sandberg")
    at.key(K.Key_X)
    at.screen.doing.check_everybody_in()
    at.settle()
    assert (at.manifest.here, at.manifest.absent) == (3, 1)
    at.key(K.Key_Z, CTRL)
    assert (at.manifest.here, at.manifest.absent) == (0, 1)


def test_closing_asks_and_ends_the_bookings(at: Quay) -> None:
    at.choose_line(at.manifest.bookings[0].reference)
    at.key(K.Key_Space)
    at.choose_line(at.manifest.bookings[1].reference)
    at.key(K.Key_X)
    assert at.screen.panel.close_button.accessibleName() == "Close the manifest 2 + 2"
    at.key(K.Key_Return, CTRL)
    question = at.dialog()
    at.office.until(question.keep.hasFocus)
    assert question.windowTitle() == "Close the manifest of Old Town food walk, 10:30?"
    at.office.key(K.Key_Return, CTRL)
    at.come_back()
    at.office.until(lambda: at.rows[1].phase is Phase.ON_THE_WAY)
    assert [booking.state.value for booking in at.manifest.bookings] == ["completed", "no_show"]
    assert not at.screen.panel.close_button.isVisible()


def test_it_cannot_be_closed_before_it_has_left(at: Quay) -> None:
    at.choose(JEEP)
    assert not at.screen.panel.close_button.isEnabled()
    assert "once it has left, at 11:30" in at.screen.panel._foot.text()
    at.key(K.Key_Return, CTRL)
    assert QApplication.activeModalWidget() is None


def test_p_goes_to_the_booking_that_owes(at: Quay) -> None:
    at.choose(JEEP)
    owing = at.manifest.bookings[1]
    assert (owing.traveller_name, owing.due.minor) == ("Mateo García", 4500)
    at.key(K.Key_P)
    assert at.office.window.workspace is not None
    bookings = at.office.window.workspace.current
    assert isinstance(bookings, BookingsScreen)
    at.office.until(lambda: bookings.shown is not None and bookings.shown.detail.reference == owing.reference)


def test_who_has_not_paid_is_refused(at: Quay) -> None:
    at.choose(JEEP)
    at.choose_line("Mateo García")
    at.key(K.Key_Space)
    assert at.manifest.bookings[1].lines[0].checked_in_at is None


def test_the_manifest_is_printed(at: Quay) -> None:
    at.key(K.Key_P, CTRL)
    folder = at.office.desk.profile.documents
    at.office.until((folder / "manifest-2026-06-18-1030-old-town-food-walk.pdf").exists)


def test_the_panel_closes_and_opens_with_enter(at: Quay) -> None:
    at.screen.panel._close_panel.setFocus()
    at.key(K.Key_Space)
    at.until(lambda: not at.screen.panel.isVisible())
    at.until(lambda: at.office.focus() is at.screen.day_list.table)
    at.key(K.Key_Return)
    at.until(at.screen.panel.isVisible)
    at.until(lambda: at.office.focus() is at.screen.panel.list)
