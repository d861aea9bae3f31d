"""What waits is seen, weighed and settled by keys alone."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from helpers.central import HandDoor, changed_twice, oversale, refused
from helpers.central_office import HERE, THERE, CentralOffice, central_office
from helpers.desk import Desk
from travellr_desktop.errors import WaitsForCentral
from travellr_desktop.services.central.link import LinkState
from travellr_desktop.services.central.views import ChoiceKind
from travellr_desktop.ui.central.entry_panel import EntryPanel

Key = Qt.Key


def edit_of(panel: EntryPanel) -> QLineEdit:
    """What is typed into, of the choice that is chosen."""
    field = panel.choosing.editors[0].field
    assert field is not None
    return field.edit


def test_both_values_stand_side_by_side_and_the_hubs_is_chosen_at_first(office: CentralOffice) -> None:
    office.says(changed_twice(office.desk, office.traveller(), HERE, THERE))
    screen = office.screen()
    panel = screen.inbox.panel
    assert (panel.title.text(), panel.thing.text()) == ("Phone number changed twice", "Traveller Marta Nowak")
    assert panel.choosing.choice is not None
    assert panel.choosing.choice.kind is ChoiceKind.KEEP_HUB
    assert panel.decide.words == f"Keep {HERE}"
    assert screen.inbox.count.text() == "1 to settle"


def test_the_other_value_is_chosen_and_settled_by_keys_alone(office: CentralOffice) -> None:
    marta = office.traveller()
    office.says(changed_twice(office.desk, marta, HERE, THERE))
    screen, place = office.screen(), office.place
    place.until(screen.inbox.table.hasFocus)
    place.key(Key.Key_Return)
    place.until(screen.inbox.panel.choosing.cards[0].radio.hasFocus)
    place.key(Key.Key_2)
    assert screen.inbox.panel.decide.words == f"Take {THERE}"
    place.ctrl(Key.Key_Return)
    place.until(lambda: office.door.of("settle"))
    place.quiet()
    find = office.desk.services.travellers.find_by_id
    assert office.off(lambda: find(office.desk.admin, marta).phone) == THERE
    assert screen.inbox.nothing.isVisible()


def test_esc_goes_back_to_the_list_and_nothing_is_done(office: CentralOffice) -> None:
    office.says(changed_twice(office.desk, office.traveller(), HERE, THERE))
    screen, place = office.screen(), office.place
    place.until(screen.inbox.table.hasFocus)
    place.key(Key.Key_Return)
    place.until(screen.inbox.panel.choosing.cards[0].radio.hasFocus)
    place.key(Key.Key_Escape)
    place.until(screen.inbox.table.hasFocus)
    assert office.door.of("settle") == []


def test_dropping_asks_for_a_reason_first(office: CentralOffice) -> None:
    office.says(refused(office.desk, uuid4()))
    screen, place = office.screen(), office.place
    panel = screen.inbox.panel
    panel.choosing.choose(3)
    assert not panel.decide.isEnabled()
    assert panel.why.text() == "Fill in first: Reason"
    reason = edit_of(panel)
    reason.setFocus()
    place.until(reason.hasFocus)
    place.type("typed 2 times")
    assert panel.choosing.choice is not None
    assert panel.choosing.choice.kind is ChoiceKind.DROP  # the digit was a letter of the reason
    place.key(Key.Key_Return)
    place.until(lambda: office.door.of("drop"))
    assert office.door.of("drop")[0][1] == "typed 2 times"


def test_what_is_refused_again_says_why_and_stays(office: CentralOffice) -> None:
    office.door.refused_again = "The name is still too long."
    office.says(refused(office.desk, uuid4()))
    screen, place = office.screen(), office.place
    screen.inbox.panel.decide.click()
    place.until(screen.inbox.panel.problem.isVisible)
    assert "still too long" in screen.inbox.panel.problem.accessibleName()
    assert len(screen.inbox.entries) == 1


def test_another_value_goes_along_only_where_one_was_typed(office: CentralOffice) -> None:
    office.door.refused_again = "No."
    office.says(refused(office.desk, uuid4()))
    screen, place = office.screen(), office.place
    screen.inbox.panel.decide.click()
    place.until(lambda: office.door.of("retry"))
    place.quiet()
    screen.inbox.panel.choosing.choose(2)
    screen.inbox.panel.choosing.editors[0].set_text("Oliver G.")
    screen.inbox.panel.decide.click()
    place.until(lambda: len(office.door.of("retry")) == 2)
    assert [values for _entry, values, _who in office.door.of("retry")] == [{}, {"name": "Oliver G."}]


def test_offline_it_is_looked_at_and_says_what_is_lacking(office: CentralOffice) -> None:
    office.says(changed_twice(office.desk, office.traveller(), HERE, THERE))
    screen = office.screen()
    panel = screen.inbox.panel
    panel.choosing.choose(2)
    office.went(LinkState.OFFLINE, "It does not answer.")
    office.place.until(lambda: not panel.decide.isEnabled())
    assert panel.why.text() == "It needs a connection."
    office.went(LinkState.ONLINE)
    office.place.until(panel.decide.isEnabled)


def test_a_hub_that_goes_away_in_between_is_said_beside_the_work(office: CentralOffice) -> None:
    office.door.refuses["settle"] = WaitsForCentral("The central database does not answer.")
    office.says(changed_twice(office.desk, office.traveller(), HERE, THERE))
    screen = office.screen()
    screen.inbox.panel.decide.click()
    office.place.until(screen.inbox.panel.problem.isVisible)
    assert "does not answer" in screen.inbox.panel.problem.accessibleName()


def test_what_comes_in_meanwhile_leaves_what_one_is_at_alone(office: CentralOffice) -> None:
    office.says(refused(office.desk, uuid4()))
    screen = office.screen()
    screen.inbox.panel.choosing.choose(3)
    reason = edit_of(screen.inbox.panel)
    reason.setFocus()
    office.place.until(reason.hasFocus)
    office.place.type("twice")
    departure = office.off(office.desk.add_departure)
    again = refused(office.desk, uuid4(), reason="The name is too long.")
    office.says(oversale(office.desk, departure), again)
    office.place.until(lambda: len(screen.inbox.entries) == 2)
    panel = screen.inbox.panel
    office.place.until(lambda: "too long" in panel.note.accessibleName())
    assert panel.choosing.choice is not None
    assert (panel.choosing.choice.kind, panel.choosing.values()) == (ChoiceKind.DROP, {"reason": "twice"})
    office.place.until(edit_of(panel).hasFocus)
    office.place.type(" there")
    assert panel.choosing.values() == {"reason": "twice there"}


def test_the_next_one_is_shown_after_one_was_settled(office: CentralOffice) -> None:
    marta, oliver = office.traveller(), office.traveller("Oliver Grant")
    office.says(
        changed_twice(office.desk, marta, HERE, THERE),
        changed_twice(office.desk, oliver, HERE, THERE, entry="9"),
    )
    screen = office.screen()
    screen.inbox.panel.decide.click()
    office.place.until(lambda: len(screen.inbox.entries) == 1)
    assert screen.inbox.panel.thing.text() == "Traveller Oliver Grant"


def test_an_empty_inbox_says_that_nothing_waits(office: CentralOffice) -> None:
    office.says()
    screen = office.screen()
    assert screen.inbox.nothing.isVisible()
    assert "Nothing waits" in screen.inbox.nothing.accessibleName()


def test_a_desk_by_itself_says_so_and_leads_to_the_settings(lone_office: CentralOffice) -> None:
    screen = lone_office.screen()
    assert screen.inbox.alone.isVisible()
    screen.inbox.settings.click()
    lone_office.place.until(lambda: lone_office.place.work.screen_key == "settings")


def test_an_agent_looks_and_a_manager_settles(
    qtbot: QtBot, desk: Desk, door: HandDoor, tmp_path: Path
) -> None:
    with central_office(qtbot, desk, door, tmp_path, actor=desk.agent) as office:
        office.says(changed_twice(desk, office.traveller(), HERE, THERE))
        panel = office.screen().inbox.panel
        assert not panel.decide.isEnabled()
        assert panel.why.text() == "A manager settles this"


def test_the_rail_counts_what_waits_on_whatever_screen(office: CentralOffice) -> None:
    work = office.place.work
    work.start()
    office.place.quiet()
    office.says(changed_twice(office.desk, office.traveller(), HERE, THERE))
    item = next(each for each in work.rail.items if each.entry.key == "conflicts")
    office.place.until(lambda: item.count == 1)
    office.says()
    office.place.until(lambda: item.count == 0)
