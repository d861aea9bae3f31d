"""Fields: a painted frame around a bare line edit, its label above and its error below."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.parts.button import IconButton
from travellr_desktop.ui.parts.keycap import KeyCap
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.theme import Theme


class Glyph(QWidget):
    """An icon in a layout. It says nothing to screen readers: the words beside it do."""

    def __init__(
        self,
        name: str,
        tone: str = "text_secondary",
        size: str = "icon",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name, self._tone, self._size = name, tone, size
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        Theme.current().changed.connect(self._retheme)

    def set(self, name: str, tone: str | None = None) -> None:
        self._name, self._tone = name, tone or self._tone
        self.update()

    def sizeHint(self) -> QSize:
        edge = Theme.current().size(self._size)
        return QSize(edge, edge)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            place = paint.centred(self.rect(), Theme.current().size(self._size))
            paint.icon(painter, place, self._name, self._tone if self.isEnabled() else "text_disabled")

    def _retheme(self) -> None:
        self.updateGeometry()
        self.update()


class BareEdit(QLineEdit):
    """A line edit without a frame of its own; `focused` follows the keyboard, `caps` the Caps Lock key."""

    focused = Signal(bool)
    caps = Signal(bool)

    def __init__(self, role: str = "body", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role
        self.setProperty("part", "bare")
        self.setFrame(False)
        self.setMinimumWidth(24)
        self._retheme()
        Theme.current().changed.connect(self._retheme)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focused.emit(False)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Qt does not tell the state of Caps Lock: a letter that disagrees with Shift gives it away.
        typed, shift = event.text(), bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if len(typed) == 1 and typed.isalpha() and typed.upper() != typed.lower():
            self.caps.emit(typed.isupper() != shift)
        elif event.key() == Qt.Key.Key_CapsLock:
            self.caps.emit(False)
        super().keyPressEvent(event)

    def _retheme(self) -> None:
        self.setFont(Theme.current().font(self._role))


class FieldFrame(QWidget):
    """The box of a field, with a 2 px border for keyboard or error. A click anywhere goes inside."""

    def __init__(self, height: str = "control", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._height = height
        self._ring = self._error = False
        self.edit = BareEdit(parent=self)
        self.edit.focused.connect(self._set_ring)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(12, 0, 8, 0)
        self.row.setSpacing(8)
        self.row.addWidget(self.edit, 1)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setFocusProxy(self.edit)
        self._retheme()
        Theme.current().changed.connect(self._retheme)

    def set_error(self, error: bool) -> None:
        self._error = error
        self.update()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.edit.setFocus(Qt.FocusReason.MouseFocusReason)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.EnabledChange:
            self.update()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        theme = Theme.current()
        if not self.isEnabled():
            fill, line, width = "disabled_fill", "border", 1
        elif self._error:
            fill, line, width = "raised", "bad", 2
        else:
            fill, line, width = "raised", "focus" if self._ring else "border_control", 2 if self._ring else 1
        with QPainter(self) as painter:
            radius = theme.radius("control")
            paint.box(
                painter,
                self.rect(),
                fill=theme.colour(fill),
                line=theme.colour(line),
                radius=radius,
                width=width,
            )
            if (
                self._error and self._ring
            ):  # the border is red already: the keyboard shows as a second line inside
                paint.box(
                    painter, self.rect().adjusted(3, 3, -3, -3), line=theme.colour("focus"), radius=radius - 3
                )

    def _set_ring(self, on: bool) -> None:
        self._ring = on
        self.update()

    def _retheme(self) -> None:
        self.setFixedHeight(Theme.current().size(self._height))
        self.update()


class Field(QWidget):
    """A labelled field. `edited` tells each change by hand, `entered` the Enter key.

    `unit` stands inside at the end, `icon` at the start, `key` as a cap. `password` hides what is typed,
    adds the eye, and says when Caps Lock is on. The placeholder is an example, never the label. Of `longest`
    characters the count is said as one comes near; more can be typed, and is for the form to refuse.
    """

    edited = Signal(str)
    entered = Signal()

    def __init__(
        self,
        label: str,
        *,
        text: str = "",
        placeholder: str = "",
        unit: str = "",
        icon: str = "",
        key: str = "",
        longest: int = 0,
        password: bool = False,
        height: str = "control",
        show_label: bool = True,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._label = Label(label, "small_m", "text_secondary", elide=True)
        self._note = Label("", "small", "wait")
        self._frame = FieldFrame(height)
        self._error = Label("", "small", "bad", wrap=True)
        self._error_icon = Glyph("circle-alert", "bad")
        self.edit: QLineEdit = self._frame.edit
        self.edit.setText(text)
        self.edit.setPlaceholderText(placeholder)
        self.edit.setAccessibleName(label)
        self._label.setBuddy(self.edit)
        self.setFocusProxy(self.edit)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._fill_frame(icon, unit, key, password)

        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(self._label, 1)
        self._note_icon = Glyph("arrow-big-up", "wait", "icon_small")
        head.addWidget(self._note_icon)
        head.addWidget(self._note)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._frame)
        column.addWidget(self._error)
        for part in (self._note, self._note_icon, self._error, self._error_icon):
            part.hide()
        self._label.setVisible(show_label)
        self.edit.textEdited.connect(self.edited)
        self.edit.returnPressed.connect(self.entered)
        if longest:
            self._longest = longest
            self.edit.textChanged.connect(self._count)
            self._count(text)

    # content

    def text(self) -> str:
        return self.edit.text()

    def set_text(self, text: str) -> None:
        self.edit.setText(text)

    def set_label(self, text: str) -> None:
        self._label.setText(text)
        self.edit.setAccessibleName(text)

    def set_note(self, text: str, tone: str = "text_muted") -> None:
        """Words at the trailing end of the label line; empty takes them away."""
        self._note_icon.hide()
        self._note.setText(text)
        self._note.set_tone(tone)
        self._note.setVisible(bool(text))

    def set_error(self, sentence: str | None) -> None:
        """Red border, icon and the sentence below; None takes them away."""
        self._error.setText(sentence or "")
        self._error.setVisible(bool(sentence))
        self._error_icon.setVisible(bool(sentence))
        self._frame.set_error(bool(sentence))
        self.edit.setAccessibleDescription(sentence or "")

    @property
    def error(self) -> str:
        return self._error.text()

    @property
    def note(self) -> str:
        return self._note.text()

    def _count(self, text: str) -> None:
        self.set_note(*count_words(text, self._longest))

    # inside the frame

    def _fill_frame(self, icon: str, unit: str, key: str, password: bool) -> None:
        row = self._frame.row
        if icon:
            row.insertWidget(0, Glyph(icon, "text_secondary"))
        if unit:
            row.addWidget(Label(unit, "body", "text_muted"))
        row.addWidget(self._error_icon)
        if key:
            row.addWidget(KeyCap(key))
        if password:
            self._hide_typing()
        elif not key:
            row.setContentsMargins(12, 0, 12, 0)

    def _hide_typing(self) -> None:
        self.edit.setEchoMode(QLineEdit.EchoMode.Password)
        self._eye = IconButton("eye", self.tr("Show the password"), height="target")
        self._eye.setCursor(Qt.CursorShape.ArrowCursor)
        self._eye.clicked.connect(self._toggle_eye)
        self._frame.row.addWidget(self._eye)
        self._frame.edit.caps.connect(self._caps)

    def _toggle_eye(self) -> None:
        shown = self.edit.echoMode() is QLineEdit.EchoMode.Normal
        self.edit.setEchoMode(QLineEdit.EchoMode.Password if shown else QLineEdit.EchoMode.Normal)
        self._eye.set_icon("eye" if shown else "eye-off")
        says = self.tr("Show the password") if shown else self.tr("Hide the password")
        self._eye.setAccessibleName(says)
        self._eye.setToolTip(says)

    def _caps(self, on: bool) -> None:
        self.set_note(self.tr("Caps Lock is on") if on else "", "wait")
        self._note_icon.setVisible(on)


def count_words(text: str, longest: int) -> tuple[str, str]:
    """`195 / 200`, and its tone, for a text that has come near its limit or is over it; else nothing."""
    count = len(text.strip())
    if count * 10 < longest * 9:
        return "", "text_muted"
    return f"{count:,} / {longest:,}", "bad" if count > longest else "text_secondary"


class SearchField(QWidget):
    """A search field, 36 high, without label: `name` is spoken and, if no example is given, shown inside.

    `edited(str)` tells each change (also the clearing), `entered` the Enter key. Esc clears before it goes
    further.
    """

    edited = Signal(str)
    entered = Signal()

    def __init__(
        self,
        name: str,
        *,
        placeholder: str = "",
        key: str = "/",
        icon: str = "search",
        height: str = "control_search",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._frame = FieldFrame(height)
        self.edit: QLineEdit = self._frame.edit
        self.edit.setPlaceholderText(placeholder or name)
        self.edit.setAccessibleName(name)
        self.edit.installEventFilter(self)
        self.setFocusProxy(self.edit)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._clear = IconButton("x", self.tr("Clear"), height="target")
        self._clear.setCursor(Qt.CursorShape.ArrowCursor)
        self._clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._clear.clicked.connect(self.clear)
        self._clear.hide()
        self._cap = KeyCap(key) if key else None
        row = self._frame.row
        row.insertWidget(0, Glyph(icon, "text_secondary"))
        row.addWidget(self._clear)
        if self._cap:
            row.addWidget(self._cap)
        around = QVBoxLayout(self)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._frame)
        self.edit.textChanged.connect(self._changed)
        self.edit.textEdited.connect(self.edited)
        self.edit.returnPressed.connect(self.entered)

    def text(self) -> str:
        return self.edit.text()

    def set_text(self, text: str) -> None:
        self.edit.setText(text)

    def clear(self) -> None:
        if self.edit.text():
            self.edit.clear()
            self.edited.emit("")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape and self.edit.text():
            if event.type() == QEvent.Type.ShortcutOverride:
                event.accept()
                return True
            if event.type() == QEvent.Type.KeyPress:
                self.clear()
                return True
        return super().eventFilter(watched, event)

    def _changed(self, text: str) -> None:
        self._clear.setVisible(bool(text))
