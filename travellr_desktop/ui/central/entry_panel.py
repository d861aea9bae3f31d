"""One entry of the inbox: both values side by side, what follows from each choice, and the button that does it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.errors import Refusal
from travellr_desktop.services.central.views import EntryKind, InboxEntry, Side
from travellr_desktop.ui.central.choosing import Choosing
from travellr_desktop.ui.central.words import NOTHING, say
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.columns import Columns
from travellr_desktop.ui.parts.field import Glyph
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Card, Pane, ScrollArea
from travellr_desktop.ui.records.words import Words


class _SideCard(Card):
    """A value, and below it who wrote it, when and where."""

    def __init__(self, icon: str, title: str, value: str, by: str) -> None:
        super().__init__("surface")
        self.setAccessibleName(f"{title}: {value}, {by}")
        head = QHBoxLayout()
        head.setSpacing(8)
        head.addWidget(Glyph(icon, "text_secondary"))
        head.addWidget(Label(title, "small_m", "text_secondary", wrap=True), 1)
        self.value = Label(value, "body_b", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(6)
        column.addLayout(head)
        column.addWidget(self.value)
        column.addWidget(Label(by, "small", "text_secondary", wrap=True))
        column.addStretch(1)


class EntryPanel(Pane):
    """`decided` when the primary is pressed, `left` by Esc and its button."""

    decided = Signal()
    left = Signal()

    def __init__(
        self, words: Words, clock: Clock, *, may_settle: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__("canvas", parent=parent)
        self._words, self._clock, self._may = words, clock, may_settle
        self.entry: InboxEntry | None = None
        self.title = Label("", "title", wrap=True)
        self.thing = Label("", "body", "text_secondary", wrap=True)
        self.note = Note("info", "-")
        self.problem = Note("bad", "-")
        self.problem.hide()
        self._sides = QVBoxLayout()
        self._shown: QWidget | None = None
        self.follows = Label(say("What follows"), "lead")
        self.nothing_sent = Label(
            say("Nothing is done before you confirm"), "small", "text_secondary", wrap=True
        )
        self.choosing = Choosing()
        self.choosing.changed.connect(self._changed)
        self.choosing.entered.connect(self._enter)
        self.later = Button(say("Decide later"), key="Esc", height="control_decision")
        self.later.clicked.connect(self.left)
        self.decide = Button("", Kind.PRIMARY, key="Ctrl+Enter", height="control_decision")
        self.decide.clicked.connect(self.decided)
        self.why = Label("", "small", "text_secondary", wrap=True)
        self._build()

    def _build(self) -> None:
        content = QWidget()
        content.setProperty("part", "scrolled")
        body = QVBoxLayout(content)
        body.setContentsMargins(20, 16, 20, 20)
        body.setSpacing(16)
        head = QVBoxLayout()
        head.setSpacing(2)
        head.addWidget(self.title)
        head.addWidget(self.thing)
        body.addLayout(head)
        body.addWidget(self.note)
        body.addLayout(self._sides)
        heading = QVBoxLayout()
        heading.setSpacing(2)
        heading.addWidget(self.follows)
        heading.addWidget(self.nothing_sent)
        body.addLayout(heading)
        body.addWidget(self.choosing)
        body.addWidget(self.problem)
        body.addStretch(1)
        self.scroll_area = ScrollArea(content)
        self.foot = Pane("canvas", edges=("top",))
        row = QHBoxLayout(self.foot)
        row.setContentsMargins(20, 12, 20, 12)
        row.setSpacing(8)
        row.addWidget(self.why, 1)
        row.addWidget(self.later)
        row.addWidget(self.decide)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.scroll_area, 1)
        column.addWidget(self.foot)

    # what is shown

    def show_entry(self, entry: InboxEntry) -> None:
        """Show one; the same again keeps what was chosen and typed, where it may still be chosen."""
        before, self.entry = self.entry, entry
        if before == entry:
            return
        self.title.setText(entry.title)
        self.thing.setText(entry.thing)
        self.problem.hide()
        self._say_reason(entry)
        self._show_sides(entry)
        same = before is not None and before.id == entry.id
        self.choosing.offer(entry.choices, same=same)
        if not same:
            self.scroll_area.verticalScrollBar().setValue(0)

    def _say_reason(self, entry: InboxEntry) -> None:
        tone, first, second = "info", entry.reason, ""
        if entry.kind is EntryKind.FIELD:
            first = say("Two desks wrote the same field before either knew of the other.")
            second = say("What the central database took first stands until you decide.")
        elif entry.kind is EntryKind.REFUSED:
            tone = "wait"
            second = say("It was done at {0}, and at no other desk.").format(
                entry.desk.desk or say("that desk")
            )
        elif entry.kind is EntryKind.PARKED:
            tone = "wait"
            first = entry.reason or say("It stands on something that was refused.")
            second = say("It is tried by itself as soon as that is settled.")
        self.note.say(tone, first or say("The central database did not take it."), second)

    def _show_sides(self, entry: InboxEntry) -> None:
        if self._shown is not None:
            self._sides.removeWidget(self._shown)
            self._shown.hide()
            self._shown.deleteLater()
        desk = entry.desk.desk or say("that desk")
        cards: list[QWidget] = []
        if entry.hub is not None:
            hub = entry.hub
            cards.append(_SideCard("database", say("At the central database"), hub.value, self._by(hub)))
        value = entry.desk.value if entry.hub is not None else entry.thing or NOTHING
        cards.append(
            _SideCard(
                "monitor", say("Written at {0}").format(desk), value, self._by(replace(entry.desk, desk=""))
            )
        )
        self._shown = Columns(cards)
        self._sides.addWidget(self._shown)
        self._shown.show()

    def _by(self, side: Side) -> str:
        at = self._words.stamp(side.at, self._clock.now()) if side.at is not None else ""
        return ", ".join(part for part in (side.who, at, side.desk) if part) or say("Nobody knows by whom")

    def _changed(self) -> None:
        choice = self.choosing.choice
        self.decide.set_words(choice.words if choice is not None else say("Nothing to choose"))
        if not self._may:
            self._off(say("A manager settles this"))
        elif choice is None:
            offs = [card.off for card in self.choosing.cards if card.off]
            self._off(offs[0] if offs else say("Nothing can be done about it here"))
        else:
            self._off(self.choosing.lacking or None)

    def _off(self, reason: str | None) -> None:
        if not self.decide.busy:
            self.decide.set_off(reason)
        self.why.setText(reason or "")

    # while it is done

    def refuse(self, refusal: Refusal) -> None:
        """Say why it could not be done, at the field where it is that one's fault."""
        words = f"{refusal} {refusal.hint}".strip()
        if refusal.field in ("value", "reason") and not self.choosing.field.isHidden():
            self.choosing.set_error(words)
            return
        self.problem.say("bad", str(refusal), refusal.hint)
        self.problem.show()
        self.scroll_area.ensureWidgetVisible(self.problem)

    def focus_choice(self) -> None:
        self.choosing.focus_chosen()

    def _enter(self) -> None:
        if self.decide.isEnabled():
            self.decided.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.key() - Qt.Key.Key_0.value
        typing = isinstance(self.window().focusWidget(), QLineEdit)
        if 1 <= digit <= len(self.choosing.cards) and not typing and not event.modifiers():
            self.choosing.choose(digit)
            return
        super().keyPressEvent(event)
