"""A table of things: its columns, and what can be asked of it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage

from helpers.lists import Thing
from travellr_desktop.ui.tables import (
    Column,
    Kind,
    LoadState,
    PagedModel,
    TableView,
)
from travellr_desktop.ui.tables.columns import NOTHING

MILLION = 1_000_000
Model = PagedModel[Thing]

COLUMNS: tuple[Column[Thing], ...] = (
    Column("reference", "Reference", lambda row: row.reference, Kind.REFERENCE, width=130),
    Column("name", "Traveller", lambda row: row.name, width=120, stretch=1),
    Column("state", "Status", kind=Kind.BADGE, badge=lambda row: row.state, width=140),
    Column(
        "amount",
        "Total",
        lambda row: f"€{row.amount / 100:,.2f}" if row.amount else NOTHING,
        Kind.MONEY,
        width=80,
        descending_first=True,
        sum="amount",
    ),
    Column("extra", "Extra", lambda _: "more", width=60, hidden=True, sortable=False),
)

ROLE = Qt.ItemDataRole


def ids(model: Model, first: int, last: int) -> list[int | None]:
    return [row.id if (row := model.row(at)) is not None else None for at in range(first, last)]


def model(table: TableView) -> Model:
    found = table.model()
    assert isinstance(found, PagedModel)
    return found


def state(model: Model) -> LoadState:
    return model.state


def picture(table: TableView) -> QImage:
    return table.viewport().grab().toImage()


def has(image: QImage, colour: QColor, area: tuple[int, int, int, int]) -> bool:
    x, y, wide, high = area
    return any(image.pixelColor(i, j) == colour for i in range(x, x + wide) for j in range(y, y + high))
