"""One entry of the inbox: what the matter is, what follows from each choice, and the button that does it."""

from __future__ import annotations

from itertools import pairwise

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.errors import InvalidInput, Refusal
from travellr_desktop.services.central.views import LEADS_ON, ChoiceKind, EntryKind, InboxEntry
from travellr_desktop.ui.central.choosing import Choosing
from travellr_desktop.ui.central.entry_parts import part_of, thing_words
from travellr_desktop.ui.central.words import say
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.choices import CheckBox
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Pane, ScrollArea
from travellr_desktop.ui.records.words import Words


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
        self.nothing_sent = Label("", "small", "text_secondary", wrap=True)
        self.along = CheckBox("")
        self.along.hide()
        self.choosing = Choosing(words.formats.locale)
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
        body.addWidget(self.along)
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
        self.thing.setText(thing_words(entry, self._words, self._clock))
        self.problem.hide()
        same = before is not None and before.id == entry.id
        self._say_reason(entry)
        self._show_part(entry)
        self._say_along(entry, same=same)
        self.choosing.offer(entry.choices, same=same)
        self._order()
        if not same:
            self.scroll_area.verticalScrollBar().setValue(0)

    def _order(self) -> None:
        """Tab goes from card to card and what is typed there, then to the buttons; new cards were last of all."""
        cards = [each for card in self.choosing.cards for each in (card.radio, *card.controls)]
        stops: list[QWidget] = [self.along, *cards, self.later, self.decide]
        for before, after in pairwise(stops):
            QWidget.setTabOrder(before, after)

    def _say_reason(self, entry: InboxEntry) -> None:
        tone, first, second = "wait", entry.reason, ""
        desk = entry.desk.desk or say("that desk")
        if entry.kind is EntryKind.FIELD:
            tone, first = "info", say("Two desks wrote the same field before either knew of the other.")
            second = say("What the central database took first stands until you decide.")
        elif entry.kind is EntryKind.OVERSALE:
            second = say("All of these sales stand. It leaves the inbox once the departure has the seats.")
        elif entry.kind is EntryKind.REFUSED:
            where = say("It is about: {0}.").format(entry.where) if entry.where else ""
            second = f"{where} {say('It was done at {0}, and at no other desk.').format(desk)}".strip()
        else:
            first = first or say("It stands on something that was refused.")
            second = say("It is tried by itself as soon as that is settled.")
        self.note.say(tone, first or say("The central database did not take it."), second)

    def _show_part(self, entry: InboxEntry) -> None:
        if self._shown is not None:
            self._sides.removeWidget(self._shown)
            self._shown.hide()
            self._shown.deleteLater()
        self._shown = part_of(entry, self._words, self._clock)
        self._sides.addWidget(self._shown)
        self._shown.show()

    def _say_along(self, entry: InboxEntry, *, same: bool) -> None:
        """Other fields of the same change may go the same way at once."""
        count = len(entry.along)
        if count == 1:
            words = say("The same for {0}, of the same change").format(entry.along[0])
        else:
            words = say("The same for the {0} other fields of this change").format(count)
        self.along.setText(words)
        self.along.setAccessibleName(words)
        self.along.setToolTip(", ".join(entry.along))
        self.along.setAccessibleDescription(", ".join(entry.along))
        if not same or not count:
            self.along.setChecked(False)

    @property
    def goes_along(self) -> bool:
        """Whether the other fields of the same change take the same side."""
        return self.along.isChecked() and not self.along.isHidden()

    def _changed(self) -> None:
        choice = self.choosing.choice
        kind = choice.kind if choice is not None else None
        sides = kind in (ChoiceKind.KEEP_HUB, ChoiceKind.TAKE_DESK)
        self.along.setVisible(sides and self.entry is not None and bool(self.entry.along))
        self.nothing_sent.setText(
            say("Nothing is done here: you decide there")
            if kind in LEADS_ON
            else say("Nothing is done before you confirm; then it cannot be undone")
        )
        self.decide.set_words(choice.words if choice is not None else say("Nothing to choose"))
        if not self._may and kind not in LEADS_ON:
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
        if isinstance(refusal, InvalidInput) and self.choosing.refuse(refusal):
            return
        self.problem.say("bad", str(refusal), refusal.hint)
        self.problem.show()
        self.scroll_area.ensureWidgetVisible(self.problem)

    def _show_chosen(self) -> None:
        card = self.choosing.card
        if card is not None:
            self.scroll_area.ensureWidgetVisible(card, 0, 8)

    def focus_choice(self) -> None:
        self.choosing.focus_chosen()

    def _enter(self) -> None:
        if self.decide.isEnabled():
            self.decided.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = event.key() - Qt.Key.Key_0.value
        typing = isinstance(self.window().focusWidget(), QLineEdit | QComboBox)
        if 1 <= digit <= len(self.choosing.cards) and not typing and not event.modifiers():
            self.choosing.choose(digit)
            QTimer.singleShot(0, self, self._show_chosen)  # its fields have their place by then
            return
        super().keyPressEvent(event)
