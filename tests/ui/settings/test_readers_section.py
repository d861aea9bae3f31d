"""Settings: the card reader of this desk, chosen, and a simulated one to try out."""

from __future__ import annotations

from helpers.gui_thread import may_block
from helpers.office import Office
from helpers.settings_page import Key, section, settings
from travellr_desktop.ui.settings.readers import NONE, ReadersSection


def test_a_simulated_reader_is_made_and_used_at_once(office: Office) -> None:
    readers = section(settings(office), ReadersSection)
    assert (readers.where.text(), readers.state.text()) == ("None", "–")
    office.until(readers.add.isVisible)
    office.tab_to(readers.add)
    office.key(Key.Key_Space)
    office.until(lambda: readers.where.text() == "Simulated reader 1")
    assert readers.state.text() == "Ready"
    assert readers.reader.words() == "Simulated reader 1 · WisePOS E, simulated"


def test_a_desk_may_have_no_reader(office: Office) -> None:
    readers = section(settings(office), ReadersSection)
    office.until(readers.add.isVisible)
    readers.add_simulated()
    office.until(lambda: readers.where.text() == "Simulated reader 1")
    readers.reader.set_value(NONE)
    office.tab_to(readers.use)
    office.key(Key.Key_Space)
    office.until(lambda: readers.where.text() == "None")
    with may_block():
        assert office.desk.services.readers.here(office.desk.admin) is None
