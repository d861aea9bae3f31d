"""Tables and their models, closed at the end of the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout
from pytestqt.qtbot import QtBot

from helpers.lists import MemorySettings, Store
from helpers.tables import COLUMNS, Model
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.ui.tables import (
    InlineReader,
    PagedModel,
    Reader,
    TableView,
)
from travellr_desktop.ui.tables.memory import TableMemory
from travellr_desktop.ui.theme import Mode, Theme


@pytest.fixture(autouse=True)
def theme(qapp: QApplication) -> Iterator[Theme]:
    theme = Theme(mode=Mode.LIGHT)
    theme.apply(qapp)
    yield theme
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.fixture
def model_of() -> Iterator[Callable[..., Model]]:
    made: list[Model] = []

    def make(store: Store, reader: Reader | None = None) -> Model:
        made.append(PagedModel(COLUMNS, store.open, reader=reader or InlineReader()))
        return made[-1]

    yield make
    for model in made:
        model.close()


@pytest.fixture
def table_of(qtbot: QtBot, model_of: Callable[..., Model]) -> Callable[..., TableView]:
    def make(
        store: Store,
        *,
        reader: Reader | None = None,
        settings: MemorySettings | None = None,
        width: int = 700,
        height: int = 348,
        within: QVBoxLayout | None = None,
    ) -> TableView:
        model = model_of(store, reader)
        table = TableView(model, title="Things", memory=TableMemory(settings, "things"))
        if within is None:
            qtbot.addWidget(table)
        else:
            within.addWidget(table)
        table.resize(width, height)  # ten rows of 32 below a header of 28
        table.show()
        model.open(ListQuery())
        return table

    return make
