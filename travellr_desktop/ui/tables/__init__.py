"""Tables of any length: columns, model, view, and the list screen around them.

A screen declares columns and filters, hands over a function that opens its list, and gets the rest::

    columns = (
        Column("reference", "Reference", lambda row: row.reference, Kind.REFERENCE, width=136),
        Column("traveller", "Traveller", lambda row: row.traveller, width=128, stretch=1),
        Column("state", "Status", kind=Kind.BADGE, badge=lambda row: row.badge, width=150),
        Column("total", "Total", lambda row: format_money(row.total), Kind.MONEY, width=84, sum="total"),
    )
    model = PagedModel(columns, lambda query: services.lists.bookings(actor, query))
    words = ListWords("Bookings", "bookings", "ticket", "Bookings will be here.", "New booking")
    lists = ListScreen(model, name="bookings", words=words, filters=filters, memory=context.memory)
    lists.set_detail(panel)
    lists.current_changed.connect(show_in_panel)
    lists.start()

Rows are frozen and have an `id`. A column's key is its name in the list's sort; a filter's key its name in the list's
filters. What reads runs on a thread of the model's own, which `ListScreen.close_down` (or `PagedModel.close`) ends.
"""

from __future__ import annotations

from travellr_desktop.ui.tables.columns import Column, Kind
from travellr_desktop.ui.tables.filters import Choice, ListFilter
from travellr_desktop.ui.tables.list_screen import ListScreen
from travellr_desktop.ui.tables.model import PagedModel
from travellr_desktop.ui.tables.nothing import ListWords
from travellr_desktop.ui.tables.reader import InlineReader, Reader, ThreadReader
from travellr_desktop.ui.tables.row_view import Density
from travellr_desktop.ui.tables.states import LoadState, Place
from travellr_desktop.ui.tables.view import TableView

__all__ = [
    "Choice",
    "Column",
    "Density",
    "InlineReader",
    "Kind",
    "ListFilter",
    "ListScreen",
    "ListWords",
    "LoadState",
    "PagedModel",
    "Place",
    "Reader",
    "TableView",
    "ThreadReader",
]
