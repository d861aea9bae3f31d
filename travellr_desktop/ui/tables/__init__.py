"""Tables of any length: columns, model, view and the list screen around them.

A screen declares its columns and filters, hands over a function that opens its list, and gets the rest::

    columns = (
        Column("reference", "Reference", lambda row: row.reference, Kind.REFERENCE, width=130),
        Column("traveller", "Traveller", lambda row: row.traveller, width=128, stretch=1),
        Column("state", "Status", kind=Kind.BADGE, badge=lambda row: row.state),
        Column("total", "Total", lambda row: format_money(row.total, locale), Kind.MONEY, width=84),
    )
    model = PagedModel(columns, lambda query: services.lists.open(actor, ListName.BOOKINGS, query))
    screen = ListScreen(model, name="bookings", memory=context.memory, filters=filters)
    screen.current_changed.connect(show_in_panel)

Rows are frozen and have an `id`. Everything that reads runs on one thread of the model's own;
`ListScreen.close_down` (or `PagedModel.close`) ends it.
"""

from __future__ import annotations

from travellr_desktop.ui.tables.columns import Column, Kind
from travellr_desktop.ui.tables.model import PagedModel
from travellr_desktop.ui.tables.reader import InlineReader, Reader, ThreadReader
from travellr_desktop.ui.tables.row_view import Density
from travellr_desktop.ui.tables.states import LoadState, Place
from travellr_desktop.ui.tables.view import TableView

__all__ = [
    "Column",
    "Density",
    "InlineReader",
    "Kind",
    "LoadState",
    "PagedModel",
    "Place",
    "Reader",
    "TableView",
    "ThreadReader",
]
