"""Tables and their models, closed at the end of the test."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QVBoxLayout
from pytestqt.qtbot import QtBot

from helpers import list_screens
from helpers.lists import MemorySettings, Store, Thing
from helpers.tables import COLUMNS, Model
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.ui.tables import (
    InlineReader,
    PagedModel,
    Reader,
    TableView,
)
from travellr_desktop.ui.tables.list_screen import ListScreen
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


@pytest.fixture
def screen_of(qtbot: QtBot) -> Iterator[list_screens.Make]:
    made: list[ListScreen] = []

    def make(
        store: Store, *, settings: MemorySettings | None = None, reader: Reader | None = None, **more: Any
    ) -> ListScreen:
        model: PagedModel[Thing] = PagedModel(
            list_screens.COLUMNS, store.open, reader=reader or InlineReader()
        )
        screen = ListScreen(
            model,
            name="things",
            words=list_screens.WORDS,
            filters=(list_screens.STATES, list_screens.DAY),
            sort=("name", False),
            amount=lambda minor, currency: f"{currency} {minor}",
            memory=settings,
            **more,
        )
        made.append(screen)
        qtbot.addWidget(screen)
        screen.resize(1000, 600)
        screen.show()
        return screen

    yield make
    for screen in made:
        screen.close_down()
