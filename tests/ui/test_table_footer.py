"""The line below a table: sums of many currencies never run out of it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from travellr_desktop.ui.tables.footer import TableFooter
from travellr_desktop.ui.tables.sums import sums_of
from travellr_desktop.ui.theme import Mode, Theme

MANY = {"total": {code: 1_234_567 + at for at, code in enumerate(("EUR", "USD", "GBP", "JPY", "KWD", "RSD"))}}
TITLES = {"total": "Total", "due": "Due"}


def said(minor: int, code: str) -> str:
    return f"{code} {minor:,}"


@pytest.fixture
def footer(qtbot: QtBot) -> TableFooter:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    Theme(mode=Mode.LIGHT, reduced_motion=True).apply(application)
    made = TableFooter()
    qtbot.addWidget(made)
    made.set_rows("1,284 rows")
    return made


def test_the_own_currency_stands_first_then_the_largest_figure() -> None:
    (total,) = sums_of(MANY, TITLES, said, own="RSD")
    assert total.amounts[:2] == ("RSD 1,234,572", "JPY 1,234,570")
    assert total.amounts[-1].startswith("KWD")  # three decimals: the smallest


def test_with_room_every_currency_is_shown(footer: TableFooter) -> None:
    footer.set_sums(sums_of(MANY, TITLES, said))
    footer.resize(1400, 28)
    footer.show()
    assert footer.shown.count(" + ") == 5
    assert footer.toolTip() == ""


@pytest.mark.parametrize("width", [720, 520, 400, 360])
def test_what_does_not_fit_is_counted_not_cut(footer: TableFooter, width: int) -> None:
    footer.set_sums(sums_of(MANY, TITLES, said, own="EUR"))
    footer.resize(width, 28)
    footer.show()
    assert "EUR 1,234,567 + " in footer.shown
    assert footer.shown.endswith("currencies")
    assert all(code in footer.toolTip() and code in footer.accessibleName() for code in MANY["total"])


def test_too_narrow_for_any_sum_it_says_how_many_rows(footer: TableFooter) -> None:
    footer.set_sums(sums_of(MANY, TITLES, said))
    footer.resize(140, 28)
    footer.show()
    assert footer.shown == "1,284 rows"
    assert "KWD" in footer.toolTip()


def test_the_selection_keeps_its_room(footer: TableFooter) -> None:
    footer.set_sums(sums_of(MANY, TITLES, said))
    footer.resize(400, 28)
    footer.show()
    before = footer.shown
    footer.set_selected(1_284)
    assert len(footer.shown) < len(before)
