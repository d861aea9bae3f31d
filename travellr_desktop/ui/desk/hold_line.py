"""One held departure in the basket: what, when, for whom, what it costs, and how long it is still held."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from travellr_desktop.domain.party import TravellerType
from travellr_desktop.domain.text import clean_name
from travellr_desktop.errors import InvalidInput
from travellr_desktop.ui.desk import wording
from travellr_desktop.ui.desk.draft import Line
from travellr_desktop.ui.desk.option_form import OptionForm
from travellr_desktop.ui.desk.session import Session
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.field import Field, Glyph
from travellr_desktop.ui.parts.holdring import HoldRing
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.press import Pressable
from travellr_desktop.ui.theme import Theme


class LineHead(Pressable):
    """The two lines that always show. Pressed, it opens names and removal; Delete removes at once."""

    remove = Signal()

    def __init__(self, session: Session, line: Line, formats: Formats, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        hold = line.hold
        self.setCheckable(True)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        title = Label(hold.title, "body_m", elide=True)
        self._arrow = Glyph("chevron-down", "text_muted", "icon_small")
        self.amount = Label(formats.money(hold.total), "body_m", align=Qt.AlignmentFlag.AlignRight)
        who = ", ".join(hold.labels) or wording.party(hold.party)
        words = f"{formats.when(hold.starts_at, hold.zone)} · {who}"
        second = Label(words, "small", "text_secondary", elide=True)
        self.hold_ring = HoldRing(lambda: line.seconds(session.now), session.hold_seconds)
        name = QHBoxLayout()
        name.setSpacing(4)
        name.addWidget(title)
        name.addWidget(self._arrow)
        name.addStretch(1)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 8, 0, 8)
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(2)
        grid.addLayout(name, 0, 0)
        grid.addWidget(self.amount, 0, 1)
        grid.addWidget(second, 1, 0)
        grid.addWidget(self.hold_ring, 1, 1, Qt.AlignmentFlag.AlignRight)
        grid.setColumnStretch(0, 1)
        for part in (title, self.amount, second, self.hold_ring):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAccessibleName(f"{hold.title}, {words}, {formats.money(hold.total)}")
        self.setAccessibleDescription(self.tr("Enter opens the names, Delete releases the seats"))
        self.toggled.connect(self._turn)

    def sizeHint(self) -> QSize:
        layout = self.layout()
        return layout.sizeHint() if layout is not None else QSize()

    def minimumSizeHint(self) -> QSize:
        layout = self.layout()
        return layout.minimumSize() if layout is not None else QSize()

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        area = QRect(0, 2, self.width(), self.height() - 4)
        with QPainter(self) as painter:
            if self.ring:
                paint.box(painter, area, line=theme.colour("focus"), radius=theme.radius("control"), width=2)
            elif self.over:
                paint.box(painter, area, fill=theme.colour("hover"), radius=theme.radius("control"))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.remove.emit()
        else:
            super().keyPressEvent(event)

    def _turn(self, on: bool) -> None:
        self._arrow.set("chevron-up" if on else "chevron-down")


class HoldLine(QWidget):
    """A line with what opens below it. `remove(Line)`, `again(Line)` and `lapsed()` are for the basket."""

    remove = Signal(object)
    again = Signal(object)
    lapsed = Signal()

    def __init__(self, session: Session, line: Line, formats: Formats, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.line = line
        self._session = session
        self.head = LineHead(session, line, formats)
        self._fields: list[Field] = []
        self._details: QWidget | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.head)
        self._formats = formats
        self.option_form: OptionForm | None = None
        if line.seconds(session.now) <= 0:
            self._column.addWidget(self._make_again())
        else:
            self._show_option_form(line)
        session.keeping.opened.connect(self._show_option_form)
        self.head.toggled.connect(self.open_details)
        self.head.remove.connect(lambda: self.remove.emit(line))
        self.head.hold_ring.lapsed.connect(self.lapsed)

    def open_details(self, on: bool) -> None:
        """Show the names of those who travel, and the way to release the seats."""
        if self._details is None:
            self._details = self._make_details()
            self._column.addWidget(self._details)
        self.head.blockSignals(True)
        self.head.setChecked(on)
        self.head.blockSignals(False)
        self._details.setVisible(on)
        if on and self._fields and self.head.hasFocus():
            self._fields[0].setFocus(Qt.FocusReason.TabFocusReason)

    def ask_option(self) -> None:
        """Ask until when the seats are kept, in a form below the line."""
        if self.line.seconds(self._session.now) > 0:
            self._session.keeping.open(self.line)
        if self.option_form is not None:
            self.option_form.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _show_option_form(self, line: Line) -> None:
        if line is not self.line:
            return
        form = self._session.keeping.form_of(line)
        if form is not None and self.option_form is None:
            self.option_form = OptionForm(self._session, line, form, self._formats)
            self._column.addWidget(self.option_form)
        elif form is None and self.option_form is not None:
            held_focus = self.option_form.isAncestorOf(QApplication.focusWidget() or self)
            self.option_form.hide()
            self.option_form.deleteLater()
            self.option_form = None
            if held_focus:
                self.head.setFocus(Qt.FocusReason.OtherFocusReason)

    @property
    def names(self) -> tuple[Field, ...]:
        """The fields of the names, once the line was opened."""
        return tuple(self._fields)

    def check_names(self) -> bool:
        """Whether every name that was typed can stand; the first that cannot is shown and gets the focus."""
        for at, name in enumerate(self.line.names):
            if not name.strip():
                continue
            try:
                clean_name(name)
            except InvalidInput as refusal:
                self.open_details(True)
                self._fields[at].set_error(str(refusal))
                self._fields[at].setFocus(Qt.FocusReason.OtherFocusReason)
                return False
        return True

    def _make_again(self) -> QWidget:
        box = QWidget()
        row = QHBoxLayout(box)
        row.setContentsMargins(0, 0, 0, 10)
        row.setSpacing(8)
        said = self.line.refusal
        words = f"{said} {said.hint}" if said is not None else self.tr("The seats went back.")
        row.addWidget(Label(words, "small", "bad" if said is not None else "text_secondary", wrap=True), 1)
        self.again_button = Button(self.tr("Hold again"), height="control_small")
        self.again_button.clicked.connect(lambda: self.again.emit(self.line))
        remove = Button(self.tr("Remove"), Kind.QUIET, height="control_small")
        remove.clicked.connect(lambda: self.remove.emit(self.line))
        row.addWidget(self.again_button)
        row.addWidget(remove)
        return box

    def _make_details(self) -> QWidget:
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 2, 0, 12)
        column.setSpacing(8)
        column.addWidget(
            Label(
                self.tr("Names for the voucher, if they are known. Others go by the buyer's name."),
                "small",
                "text_secondary",
                wrap=True,
            )
        )
        numbers: dict[TravellerType, int] = {}
        for at, kind in enumerate(self.line.hold.party):
            numbers[kind] = numbers.get(kind, 0) + 1
            field = Field(f"{kind.value.capitalize()} {numbers[kind]}", text=self.line.names[at])
            field.edit.setMaxLength(400)
            field.edited.connect(lambda text, at=at, field=field: self._typed(at, field, text))
            self._fields.append(field)
            column.addWidget(field)
        release = Button(
            self.tr("Release these seats"), Kind.DANGER_PLAIN, key="Delete", height="control_small"
        )
        release.clicked.connect(lambda: self.remove.emit(self.line))
        row = QHBoxLayout()
        row.addWidget(release)
        row.addStretch(1)
        keep = Button(self.tr("Keep as option"), icon="bookmark", key="O", height="control_small")
        keep.clicked.connect(self.ask_option)
        if self.line.hold.labels:
            seats = Button(self.tr("Seats"), icon="armchair", key="S", height="control_small")
            seats.setToolTip(self.tr("Choose seats on the plan"))
            seats.clicked.connect(lambda: self._session.seats_asked.emit(self.line))
            row.addWidget(seats)
        column.addLayout(row)
        kept = QHBoxLayout()
        kept.addWidget(keep)
        kept.addStretch(1)
        column.addLayout(kept)
        return box

    def _typed(self, at: int, field: Field, text: str) -> None:
        self.line.names[at] = text
        field.set_error(None)
