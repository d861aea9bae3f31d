"""The pieces of one currency, counted down the column: a field each, what it comes to beside it, sums below."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QIntValidator, QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLineEdit, QVBoxLayout, QWidget

from travellr_desktop.domain.cash_count import MOST_PIECES, PIECES, CashCount, Piece
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.money_text import parse_money
from travellr_desktop.errors import InvalidInput
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts.field import Field, FieldFrame
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Divider, MoneyRows
from travellr_desktop.ui.tables.columns import NOTHING
from travellr_desktop.ui.theme import Theme
from travellr_desktop.ui.till.words import piece_words

_RIGHT = Qt.AlignmentFlag.AlignRight
HIDDEN = "•••"


class PieceField(FieldFrame):
    """How many of a piece. Enter and Down go to the next field, Up to the one before; letters stay keys of the
    screen."""

    stepped = Signal(int)

    def __init__(self, name: str) -> None:
        super().__init__("control_small")
        self.edit.setAccessibleName(name)
        self.edit.setValidator(QIntValidator(0, MOST_PIECES, self))
        self.edit.setPlaceholderText("0")
        self.edit.setAlignment(_RIGHT)
        self.edit.installEventFilter(self)
        self.row.setContentsMargins(8, 0, 10, 0)
        self._width()
        Theme.current().changed.connect(self._width)

    @property
    def number(self) -> int:
        text = self.edit.text()
        return min(int(text), MOST_PIECES) if text.isdigit() else 0

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and watched is self.edit:
            if event.type() == QEvent.Type.ShortcutOverride and event.text().isalpha():
                event.ignore()
                return True
            if event.type() == QEvent.Type.KeyPress and not event.modifiers() & ~_KEYPAD:
                step = _STEPS.get(Qt.Key(event.key()))
                if step is not None:
                    self.stepped.emit(step)
                    return True
        return super().eventFilter(watched, event)

    def _width(self) -> None:
        self.setFixedWidth(Theme.current().px(72))


_KEYPAD = Qt.KeyboardModifier.KeypadModifier
_STEPS = {Qt.Key.Key_Return: 1, Qt.Key.Key_Enter: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}


class CountFields(QWidget):
    """`changed` with every digit; `ended` when Enter leaves the last field. A currency whose pieces are not known is
    counted by its amount."""

    changed = Signal()
    ended = Signal()
    went = Signal(object)
    """The field that a key led to: it is to be in sight."""

    def __init__(self, currency: str, formats: Formats) -> None:
        super().__init__()
        self.currency, self._formats = currency, formats
        self._hidden = False
        self._fields: dict[Piece, PieceField] = {}
        self._values: dict[Piece, Label] = {}
        self._sums: dict[bool, Label] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 10, 16, 10)
        column.setSpacing(6)
        pieces = PIECES.get(currency, ())
        for coins, title in ((False, self.tr("Notes")), (True, self.tr("Coins"))):
            mine = [piece for piece in pieces if piece.coin is coins]
            if mine:
                if coins:
                    column.addSpacing(4)
                    column.addWidget(Divider())
                    column.addSpacing(2)
                column.addLayout(self._group(title, mine))
                self._total(column, title, coins=coins)
        words = self.tr("Other notes and coins") if pieces else self.tr("Amount that was counted")
        self.loose = Field(words, unit=currency)
        self.loose.edit.setMaxLength(24)
        self.loose.edited.connect(lambda _text: self._edited())
        self.loose.entered.connect(self.ended)
        column.addSpacing(4)
        column.addWidget(self.loose)
        column.addStretch(1)
        self._refill()

    def _group(self, title: str, pieces: list[Piece]) -> QGridLayout:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(3)
        grid.setColumnStretch(3, 1)
        grid.setColumnMinimumWidth(0, Theme.current().px(44))
        grid.addWidget(Label(title, "small_m", "text_secondary"), 0, 0, 1, 2)
        grid.addWidget(Label(self.tr("value"), "small", "text_muted", align=_RIGHT), 0, 3)
        for at, piece in enumerate(pieces, 1):
            words = piece_words(piece, self.currency, self._formats)
            field = PieceField(self.tr("Pieces of {0}").format(words))
            value = Label("", "body", align=_RIGHT)
            grid.addWidget(Label(words, "body_m", align=_RIGHT), at, 0)
            grid.addWidget(Label("×", "body", "text_muted"), at, 1)
            grid.addWidget(field, at, 2)
            grid.addWidget(value, at, 3)
            self._fields[piece], self._values[piece] = field, value
            field.edit.textEdited.connect(lambda _text: self._edited())
            field.stepped.connect(lambda step, piece=piece: self._step(piece, step))
        return grid

    def _total(self, column: QVBoxLayout, title: str, *, coins: bool) -> None:
        rows = MoneyRows()
        _, self._sums[coins] = rows.add(title, "", strong=True)
        column.addWidget(rows)

    # what was counted

    @property
    def count(self) -> CashCount:
        """Raises `InvalidInput` where the amount beside the pieces cannot be read."""
        loose = self.loose.text().strip()
        minor = parse_money(loose, self.currency, self._formats.locale).minor if loose else 0
        return CashCount(self.currency, {piece: f.number for piece, f in self._fields.items()}, minor)

    @property
    def touched(self) -> bool:
        """Whether anything was typed: nothing counted is a count only where somebody says so."""
        return any(f.edit.text() for f in self._fields.values()) or bool(self.loose.text().strip())

    @property
    def first(self) -> QLineEdit:
        return next((field.edit for field in self._fields.values()), self.loose.edit)

    def clear(self) -> None:
        for field in self._fields.values():
            field.edit.clear()
        self.loose.set_text("")
        self._edited()

    def hide_sums(self, hidden: bool) -> None:
        """A blind count: what comes of it is not shown."""
        self._hidden = hidden
        self._refill()

    def _edited(self) -> None:
        self.loose.set_error(None)
        try:
            _ = self.count
        except InvalidInput as wrong:
            self.loose.set_error(str(wrong))
        self._refill()
        self.changed.emit()

    def _refill(self) -> None:
        sums = {False: 0, True: 0}
        for piece, field in self._fields.items():
            minor = piece.minor * field.number
            sums[piece.coin] += minor
            self._values[piece].setText(self._money(minor) if minor else NOTHING)
            self._values[piece].set_tone("text" if minor else "text_muted")
        for coins, label in self._sums.items():
            label.setText(self._money(sums[coins]))

    def _money(self, minor: int) -> str:
        return HIDDEN if self._hidden else self._formats.money(Money(minor, self.currency))

    def _step(self, piece: Piece, step: int) -> None:
        fields = [field.edit for field in self._fields.values()] + [self.loose.edit]
        at = list(self._fields).index(piece) + step
        if 0 <= at < len(fields):
            fields[at].setFocus(Qt.FocusReason.TabFocusReason)
            fields[at].selectAll()
            self.went.emit(fields[at])
