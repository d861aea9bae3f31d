"""What tests of the window share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from travellr_desktop.ui.theme import Mode, Theme


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    made = Theme(mode=Mode.LIGHT)
    made.apply(qapp)
    yield made
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
