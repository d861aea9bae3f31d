"""The question before a batch is prepared, with very many vendors to choose from: whole, and in the middle."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import QSize
from pytestqt.qtbot import QtBot

from helpers.layout import faults
from helpers.payouts_shown import nobody, paying
from travellr_desktop.domain.payouts.words import BatchKind
from travellr_desktop.services.vendors import VendorName
from travellr_desktop.ui.payouts.prepare import PrepareQuestion


@pytest.mark.parametrize("count", [3, 2_000])
def test_it_is_whole_and_stays_within_the_window(qtbot: QtBot, tmp_path: Path, count: int) -> None:
    with paying(qtbot, tmp_path, nobody, size=QSize(1280, 720)) as at:
        names = [VendorName(UUID(int=number), f"Vendor {number:04}", "") for number in range(count)]
        at.screen._ask_prepare(BatchKind.WEEKLY, names, ())
        question = at.question(PrepareQuestion)
        question.choose(BatchKind.EXTRA)
        at.office.until(lambda: question.vendors.height() >= question.vendors.sizeHint().height())
        at.office.until(lambda: not faults(question))
        at.office.until(lambda: at.office.window.geometry().contains(question.geometry()))
        question.reject()
        at.closed()
