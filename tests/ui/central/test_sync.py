"""The desks of the agency, and the words in the status bar that lead there."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from PySide6.QtCore import Qt

from helpers.central import BUDVA, granted, second_desk, tell
from helpers.central_office import CentralOffice
from travellr_desktop.services.central.link import LinkState

Key = Qt.Key


def test_every_desk_is_listed_with_how_it_stands(office: CentralOffice) -> None:
    now = office.desk.clock.now()
    office.says(desks=({"desk_id": str(BUDVA), "seen_at": (now - timedelta(hours=2)).isoformat()},))
    page = office.screen("sync").sync
    assert [row.name for row in page.table.rows] == ["Desk 1", "Budva"]
    assert page.state.text() == "This desk is online"
    assert "2 desks, 1 offline" in page.about.text()


def test_a_desk_that_is_opened_says_what_it_may_still_sell(office: CentralOffice) -> None:
    def give() -> None:
        granted(office.desk, office.desk.add_departure(capacity=10), BUDVA, 4)

    office.off(give)
    screen, place = office.screen("sync"), office.place
    place.until(lambda: screen.sync.table.rows)
    screen.sync.focus_list()
    screen.sync.table.go_to(1)
    place.key(Key.Key_Return)
    place.until(lambda: screen.desk_panel.shown is not None and screen.desk_panel.shown.desk.name == "Budva")
    assert screen.desk_panel.isVisible()
    assert screen.desk_panel.shown is not None
    assert screen.desk_panel.shown.desk.left == 4
    place.key(Key.Key_Escape)
    place.until(lambda: not screen.desk_panel.isVisible())


def test_reading_again_keeps_what_is_selected_and_in_sight(office: CentralOffice) -> None:
    def more() -> None:
        for number in range(3, 60):
            second_desk(office.desk, f"Desk of town {number}", UUID(int=number), number)

    office.off(more)
    screen, place = office.screen("sync"), office.place
    place.until(lambda: len(screen.sync.table.rows) == 59)
    table = screen.sync.table
    table.go_to(40)
    place.quiet()
    row, scrolled = table.current_row(), table.verticalScrollBar().value()
    assert scrolled > 0
    office.off(lambda: second_desk(office.desk, "The last one", UUID(int=99), 99))
    office.off(lambda: tell(office.desk))
    place.until(lambda: len(table.rows) == 60)
    place.quiet()
    assert table.current_row().id == row.id
    assert table.verticalScrollBar().value() == scrolled


def test_it_says_since_when_and_why_it_is_not_well(office: CentralOffice) -> None:
    page = office.screen("sync").sync
    office.went(LinkState.OFFLINE, "It does not answer.")
    office.place.until(page.note.isVisible)
    assert "Offline since 10:42: It does not answer." in page.note.accessibleName()
    office.went(LinkState.REFUSED, "It is newer than this program.", "Install the newer program.")
    office.place.until(lambda: page.state.text() == "This desk is not connected")
    assert page.note.button.isVisible()
    office.went(LinkState.ONLINE)
    office.place.until(lambda: not page.note.isVisible())


def test_f5_takes_a_turn_with_the_hub(office: CentralOffice) -> None:
    screen = office.screen("sync")
    screen.sync.focus_list()
    office.place.key(Key.Key_F5)
    office.place.until(lambda: office.door.of("wake"))


def test_the_views_are_changed_by_keys(office: CentralOffice) -> None:
    screen = office.screen()
    screen.inbox.views.focus_chosen()
    office.place.key(Key.Key_Right)
    office.place.until(lambda: screen.in_sync)
    office.place.key(Key.Key_Escape)
    office.place.until(lambda: not screen.in_sync)


def test_the_status_bar_follows_the_link_and_leads_here(office: CentralOffice) -> None:
    office.station()
    status = office.place.work.status
    office.place.until(lambda: status.central.words == "Online")
    office.traveller()
    office.went(LinkState.OFFLINE, "It does not answer.")
    office.place.until(lambda: status.central.words == "Offline since 10:42")
    assert status.synced.text() == "1 waiting · synced 10:42"
    assert "Synced" in status.central.toolTip()
    assert "It does not answer." in status.central.toolTip()
    status.central.click()
    office.place.until(lambda: office.place.work.screen_key == "conflicts")
    office.place.until(lambda: office.screen("sync").in_sync)


def test_at_a_desk_by_itself_the_status_bar_asks_nothing(lone_office: CentralOffice) -> None:
    lone_office.station()
    status = lone_office.place.work.status
    assert status.online.text() == "On this machine"
    assert not status.central.isVisible()
    assert not lone_office.place.work.central_way._tick.isActive()


def test_a_desk_by_itself_has_no_desks_to_show(lone_office: CentralOffice) -> None:
    page = lone_office.screen("sync").sync
    assert page.alone.isVisible()
    assert not page.sync.isVisible()
