"""The panel beside a list: reference, badge, person, actions, then sections that scroll."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.ui.parts.badge import Badge
from travellr_desktop.ui.parts.button import IconButton, Kind
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Divider, Pane, ScrollArea
from travellr_desktop.ui.theme import Theme


class DetailPanel(Pane):
    """340 wide. `closed` comes from the × and from Esc; the list decides what to do about it.

    `set_head` names what is shown, `action_row` is a row for the primary, one more and the rest, `add` puts
    parts into the scrolling body with a divider before each but the first. Whoever shows one row after the other
    does so within `refilled`.
    """

    closed = Signal()

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__("surface", edges=("left",), parent=parent)
        self.setAccessibleName(name)
        self._title = Label("", "title", elide=True, reference=True)
        self._badge: Badge | None = None
        self._person = Label("", "body_m", elide=True)
        self._contact = Label("", "small", "text_secondary", elide=True)
        self._close = IconButton("x", self.tr("Close"))
        self._close.clicked.connect(self.closed)
        self._head = QHBoxLayout()
        self._head.setSpacing(8)
        self._head.addWidget(self._title)
        self._head.addStretch(1)
        self._head.addWidget(self._close)
        person = QHBoxLayout()
        person.setSpacing(8)
        person.addWidget(self._person)
        person.addWidget(self._contact, 1)
        self.action_row = QHBoxLayout()
        self.action_row.setSpacing(8)
        self._content = QWidget()
        self._content.setProperty("part", "scrolled")
        self._body = QVBoxLayout(self._content)
        self._body.setContentsMargins(16, 0, 16, 16)
        self._body.setSpacing(16)
        self._body.addStretch(1)
        top = QVBoxLayout()
        top.setContentsMargins(16, 12, 12, 16)
        top.setSpacing(4)
        top.addLayout(self._head)
        top.addLayout(person)
        top.addSpacing(8)
        top.addLayout(self.action_row)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        self.scroll_area = ScrollArea(self._content)
        column.addWidget(self.scroll_area, 1)
        self.setFixedWidth(_width())
        Theme.current().changed.connect(self._retheme)

    def set_head(
        self, reference: str, *, badge: Badge | None = None, person: str = "", contact: str = ""
    ) -> None:
        self._title.setText(reference)
        if self._badge is not None:
            self._head.removeWidget(self._badge)
            self._badge.hide()
            self._badge.deleteLater()
        self._badge = badge
        if badge is not None:
            self._head.insertWidget(1, badge)
        self._person.setText(person)
        self._contact.setText(contact)
        self._person.setVisible(bool(person))
        self._contact.setVisible(bool(contact))

    def add(self, part: QWidget, *, divider: bool = True) -> None:
        at = self._body.count() - 1  # before the stretch
        if divider:
            self._body.insertWidget(at, Divider())
            at += 1
        self._body.insertWidget(at, part)
        if not part.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
            part.show()  # at once: a layout shows what is new only later, and a key may come before

    def clear(self) -> None:
        """Take actions and body away, for the next row of the list."""
        for layout in (self.action_row, self._body):
            while (taken := layout.takeAt(0)) is not None:
                if (part := taken.widget()) is not None:
                    part.hide()
                    part.deleteLater()
        self._body.addStretch(1)
        self.scroll_area.verticalScrollBar().setValue(0)

    @contextmanager
    def refilled(self, *, same: bool) -> Iterator[None]:
        """Clear it, for the block to fill it anew. Of the `same` thing, what was scrolled to stays in sight; a focus
        that was in here goes to the first action."""
        scrolled = self.scroll_area.verticalScrollBar().value() if same else 0
        focus = QApplication.focusWidget()
        held_focus = focus is not None and self.isAncestorOf(focus)
        self.clear()
        yield
        self._show_actions()
        self.scroll_area.verticalScrollBar().setValue(scrolled)
        if held_focus:
            self.focus_first()

    def add_more(self, offer: Callable[[], None]) -> IconButton:
        """The last of the actions: a button for all there is, which calls `offer`."""
        more = IconButton("ellipsis", self.tr("More"), Kind.PLAIN, height="control")
        more.clicked.connect(offer)
        self.action_row.addWidget(more)
        self.action_row.addStretch(1)
        self._show_actions()
        return more

    def _show_actions(self) -> None:
        for number in range(self.action_row.count()):
            item = self.action_row.itemAt(number)
            button = item.widget() if item is not None else None
            if button is not None and not button.testAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide):
                button.show()  # at once: a layout shows what is new only later, and a key may come before

    def first_actions(self) -> Sequence[QWidget | None]:
        """What takes the focus when work begins here, the likeliest first; None where this row has no such action."""
        return ()

    def focus_first(self) -> None:
        """Put the focus on the first action."""
        first = next((action for action in self.first_actions() if action is not None), None)
        if first is not None:
            first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)

    def _retheme(self) -> None:
        if self.minimumWidth() == self.maximumWidth():  # a list lets the person choose
            self.setFixedWidth(_width())


def _width() -> int:
    return min(Theme.current().size("detail"), 480)
