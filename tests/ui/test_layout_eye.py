"""The eye that looks for unreadable words sees each kind when it is there, and nothing where all is well."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from helpers.layout import faults
from helpers.lists import Store, Thing, things
from helpers.painted import contrast
from travellr_desktop.services.paged import ListQuery
from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.button import Button
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Pane
from travellr_desktop.ui.tables import Column, InlineReader, Kind, PagedModel
from travellr_desktop.ui.tables.view import TableView
from travellr_desktop.ui.theme import Mode, Theme

LONG = "A sentence that needs far more room than it is given here"


class Painted(QWidget):
    """Words painted by hand into a place of its own."""

    def __init__(self, text: str, place: QRect, parent: QWidget, *, elide: bool = False) -> None:
        super().__init__(parent)
        self._text, self._place, self._elide = text, place, elide
        self.setGeometry(10, 10, 200, 40)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        with QPainter(self) as painter:
            font, colour = theme.font("body"), theme.colour("text")
            paint.words(painter, self._place, self._text, font, colour, elide=self._elide)


@pytest.fixture
def page(qtbot: QtBot) -> Pane:
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    Theme(mode=Mode.LIGHT, reduced_motion=True).apply(application)
    made = Pane("surface")
    qtbot.addWidget(made)
    made.resize(400, 300)
    return made


def placed(widget: QWidget, x: int = 10, y: int = 10, wide: int = 120, high: int = 20) -> None:
    widget.setGeometry(x, y, wide, high)


def cut_label(page: Pane) -> None:
    placed(Label("BK-2026-001234", parent=page), wide=40)


def cut_button(page: Pane) -> None:
    placed(Button("Take €1,250.00", parent=page), wide=60, high=32)


def cut_by_hand(page: Pane) -> None:
    Painted(LONG, QRect(0, 0, 120, 20), page)


def cut_in_height(page: Pane) -> None:
    Painted("Gjø", QRect(0, 0, 120, 6), page)


def cut_paragraph(page: Pane) -> None:
    placed(Label(LONG, wrap=True, parent=page), wide=100)


def cut_plain_label(page: Pane) -> None:
    placed(QLabel(LONG, page), wide=100)


def cut_placeholder(page: Pane) -> None:
    edit = QLineEdit(page)
    edit.setPlaceholderText(LONG)
    placed(edit, wide=100, high=28)


def shortened_by_hand(page: Pane) -> None:
    Painted(LONG, QRect(0, 0, 120, 20), page, elide=True)


def shortened_amount(page: Pane) -> None:
    placed(Label("Still to pay for both of you €1,250.00", elide=True, parent=page), wide=180)


def shortened_reference(page: Pane) -> None:
    placed(Label("Refund of BK-2026-001234", elide=True, parent=page), wide=110)


def shortened_moment(page: Pane) -> None:
    placed(Label("From the pier on Sat 20 Jun, 08:30", elide=True, parent=page), wide=180)


def on_top(page: Pane) -> None:
    placed(Label("First words", parent=page))
    placed(Label("Second words", parent=page), x=30, y=14)


def beyond(page: Pane) -> None:
    placed(Label("Over the edge", parent=page), x=350)


def beyond_a_box(page: Pane) -> None:
    box = QWidget(page)
    box.setGeometry(10, 10, 60, 40)
    placed(Label("Out of its box", parent=box), x=20)


def beside_what_scrolls(page: Pane) -> None:
    area, content = QScrollArea(page), QWidget()
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setGeometry(0, 0, 100, 100)
    content.resize(300, 400)
    placed(Label("To the right of it", parent=content), x=80)
    area.setWidget(content)


def too_pale(page: Pane) -> None:
    placed(Label("Hardly there", "body", "border_control", parent=page))


@pytest.mark.parametrize(
    ("spoil", "says"),
    [
        (cut_label, "shortened: Label"),
        (cut_button, "cut: Button"),
        (cut_button, "squeezed: Button"),
        (cut_by_hand, "cut: Painted"),
        (cut_in_height, "cut in height: Painted"),
        (cut_paragraph, "cut: Label"),
        (cut_plain_label, "cut: QLabel"),
        (cut_placeholder, "cut: QLineEdit"),
        (shortened_by_hand, "shortened without a tooltip"),
        (shortened_amount, "shortened: “€1,250.00”"),
        (shortened_reference, "shortened: “BK-2026-001234”"),
        (shortened_moment, "shortened: “08:30”"),
        (on_top, "on top of each other"),
        (beyond, "beyond the edge: Label"),
        (beyond_a_box, "beyond the edge: Label"),
        (beside_what_scrolls, "beyond the edge: Label"),
        (too_pale, "pale ("),
    ],
)
def test_what_cannot_be_read_is_seen(page: Pane, spoil: Callable[[Pane], None], says: str) -> None:
    spoil(page)
    page.show()
    assert any(each.startswith(says) for each in faults(page)), faults(page)


def test_a_page_without_fault_has_none(page: Pane) -> None:
    column = QVBoxLayout(page)
    column.addWidget(Label("BK-2026-001234", reference=True))
    column.addWidget(Label(LONG * 4, elide=True))  # says that it may be, and has a tooltip
    column.addWidget(Label(LONG * 4, "small", "text_secondary", wrap=True))
    column.addWidget(Button("Take €1,250.00", "primary", key="P"))
    column.addStretch(1)
    page.show()
    assert faults(page) == []


def test_words_that_are_scrolled_away_are_no_fault(page: Pane) -> None:
    area, content = QScrollArea(page), QWidget()
    area.setGeometry(0, 0, 200, 60)
    column = QVBoxLayout(content)
    for number in range(20):
        column.addWidget(Label(f"Line {number}"))
    area.setWidget(content)
    placed(Label("Below what scrolls", parent=page), y=80)
    page.show()
    assert faults(page) == []


def test_an_amount_wider_than_its_column_is_seen(page: Pane, monkeypatch: pytest.MonkeyPatch) -> None:
    columns: tuple[Column[Thing], ...] = (
        Column("name", "Name", lambda row: row.name, width=100, stretch=1),
        Column("amount", "Total", lambda row: f"€{row.amount:,}.00", Kind.MONEY, width=90),
    )
    store = Store(things(range(1_000, 1_010)))
    model: PagedModel[Thing] = PagedModel(columns, store.open, reader=InlineReader())
    table = TableView(model, title="Things")
    try:
        QVBoxLayout(page).addWidget(table)
        page.show()
        model.open(ListQuery())
        assert model.row(0) is not None
        QApplication.processEvents()
        assert faults(page) == []
        monkeypatch.setattr(table.layout_of_columns, "lay_out", lambda: None)  # it would grow by itself
        spans = table.layout_of_columns.spans
        table.layout_of_columns.spans = [span._replace(width=40) for span in spans]
        table._delegate.cells.forget()
        assert any("Total: “€100,000.00” needs" in each for each in faults(page)), faults(page)
    finally:
        model.close()


def test_contrast_is_that_of_wcag() -> None:
    black, white = Qt.GlobalColor.black, Qt.GlobalColor.white
    assert contrast(_colour(black), _colour(white)) == pytest.approx(21)
    assert contrast(_colour(white), _colour(white)) == pytest.approx(1)


def _colour(name: Qt.GlobalColor) -> QColor:
    return QColor(name)
