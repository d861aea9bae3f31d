"""What a table of payouts gives up where there is little room."""

from __future__ import annotations

from pytestqt.qtbot import QtBot

from travellr_desktop.ui.payouts.shown import PARTS
from travellr_desktop.ui.payouts.tables import paid_table
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.theme import Theme


def test_vendors_keep_their_names_and_the_account_goes_first(qtbot: QtBot, theme: Theme) -> None:
    table = paid_table(Words("en_GB"))
    qtbot.addWidget(table)
    layout = table.layout_of_columns
    for key in ("state", *PARTS):
        layout.show(key, True)
    table.resize(1600, 400)
    table.show()
    given_up: list[str] = []
    for width in range(1600, 600, -20):
        table.resize(width, 400)
        given_up += [
            column.key
            for column in table.rows_model.columns
            if layout.crowded_out(column.key) and column.key not in given_up
        ]
        assert table.columnWidth(0) >= theme.px(176)
    assert given_up[:3] == ["label", "bookings", "carried_in"]
    table.close_down()
