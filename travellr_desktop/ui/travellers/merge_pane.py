"""Two records that may be one person: what speaks for it, what each says, and what the merge would make of them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.money import Money
from travellr_desktop.services.merging import MergePreview, MergeSide, Moved, Side
from travellr_desktop.services.traveller_history import TravellerMoney
from travellr_desktop.ui.parts.button import Button, IconButton, Kind
from travellr_desktop.ui.parts.empty import Bar
from travellr_desktop.ui.parts.field import Glyph
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Card, Divider, Pane, ScrollArea, Section
from travellr_desktop.ui.records.words import count
from travellr_desktop.ui.travellers.merge_table import MergeTable
from travellr_desktop.ui.travellers.words import PeopleWords, level, reasons

AFTER = (
    ("bookings", "Bookings", "ticket"),
    ("notes", "Notes", "bookmark"),
    ("documents", "Travel documents", "file-text"),
    ("holds", "Seats kept", "option"),
    ("waiting", "Places on waiting lists", "clock"),
)
"""What is added up after the merge, where there is any."""


class _Sum(QWidget):
    """Icon, words, and how many there are together."""

    def __init__(self, icon: str, words: str, amount: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        top = Qt.AlignmentFlag.AlignTop
        mark = QVBoxLayout()
        mark.setContentsMargins(0, 2, 0, 0)
        mark.addWidget(Glyph(icon))
        mark.addStretch(1)
        row.addLayout(mark)
        row.addWidget(Label(words, "body", wrap=True), 1)
        row.addWidget(Label(amount, "body_m", align=Qt.AlignmentFlag.AlignRight), 0, top)
        self.setAccessibleName(f"{words}: {amount}")


class MergePane(Pane):
    """`show_preview` fills it. What is asked for comes as signals; the screen does it."""

    choices_changed = Signal()
    merge_asked = Signal()
    not_same_asked = Signal()
    later_asked = Signal()
    stepped = Signal(int)
    """The one before (-1) or the next (1) who is likely the same."""

    def __init__(self, words: PeopleWords, parent: QWidget | None = None) -> None:
        super().__init__("surface", edges=("left",), parent=parent)
        self._words = words
        self.preview: MergePreview | None = None
        self.choices: dict[str, Side] = {}
        self._pair: tuple[UUID, UUID] | None = None
        self.table = MergeTable()
        self._build()
        self.table.chosen.connect(self._choose)

    def _build(self) -> None:
        self._title = Label(self.tr("The same person?"), "lead")
        self._place = Label("", "body", "text_secondary")
        self.before = IconButton("chevron-left", self.tr("The one before"))
        self.after = IconButton("chevron-right", self.tr("The next one"))
        self.before.clicked.connect(lambda: self.stepped.emit(-1))
        self.after.clicked.connect(lambda: self.stepped.emit(1))
        head = QHBoxLayout()
        head.setContentsMargins(16, 8, 12, 8)
        head.setSpacing(8)
        head.addWidget(self._title)
        head.addWidget(self._place)
        head.addStretch(1)
        head.addWidget(self.before)
        head.addWidget(self.after)
        self._level = Label("", "body_b")
        self._why = Label("", "small", "text_secondary", wrap=True, align=Qt.AlignmentFlag.AlignRight)
        self._bar = Bar()
        how = QHBoxLayout()
        how.setSpacing(12)
        how.addWidget(self._level, 0, Qt.AlignmentFlag.AlignTop)
        how.addWidget(self._why, 1)
        likely = QVBoxLayout()
        likely.setContentsMargins(16, 12, 16, 12)
        likely.setSpacing(8)
        likely.addLayout(how)
        likely.addWidget(self._bar)
        self._after = Section(self.tr("After the merge"))
        self._after.body.setSpacing(4)
        self.note = Note("wait", "")
        self.note.hide()
        content = QWidget()
        content.setProperty("part", "scrolled")
        inner = QVBoxLayout(content)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        inner.addLayout(likely)
        inner.addWidget(Divider())
        inner.addWidget(self.table)
        below = QVBoxLayout()
        below.setContentsMargins(16, 16, 16, 16)
        below.setSpacing(16)
        below.addWidget(self._after)
        below.addWidget(self.note)
        below.addWidget(self._promise())
        inner.addLayout(below)
        inner.addStretch(1)
        self.merge = Button(
            self.tr("Merge the two records"),
            Kind.PRIMARY,
            icon="git-merge",
            key="Ctrl+Enter",
            height="control_primary",
        )
        self.not_same = Button(self.tr("Not the same person"), key="N")
        self.later = Button(self.tr("Decide later"), key="Esc")
        self.merge.clicked.connect(self.merge_asked)
        self.not_same.clicked.connect(self.not_same_asked)
        self.later.clicked.connect(self.later_asked)
        foot = QVBoxLayout()
        foot.setContentsMargins(16, 12, 16, 16)
        foot.setSpacing(8)
        foot.addWidget(self.merge)
        two = QHBoxLayout()
        two.setSpacing(8)
        two.addWidget(self.not_same, 1)
        two.addWidget(self.later, 1)
        foot.addLayout(two)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(Divider())
        column.addWidget(ScrollArea(content), 1)
        column.addWidget(Divider())
        column.addLayout(foot)

    def _promise(self) -> Card:
        card = Card("subtle", radius="note")
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(Label(self.tr("Nothing is thrown away"), "body_b", wrap=True))
        kept = self.tr("The other record stays behind this one and can be split off again.")
        words.addWidget(Label(kept, "small", wrap=True))
        mark = QVBoxLayout()
        mark.setContentsMargins(0, 2, 0, 0)
        mark.addWidget(Glyph("undo-2"))
        mark.addStretch(1)
        row = QHBoxLayout(card)
        row.setContentsMargins(12, 10, 12, 10)
        row.setSpacing(10)
        row.addLayout(mark)
        row.addLayout(words, 1)
        return card

    # filling

    def begin(self, kept: UUID, other: UUID) -> None:
        """Another pair: what was chosen of the one before is forgotten."""
        if self._pair != (kept, other):
            self._pair, self.preview = (kept, other), None
            self.choices = {}

    @property
    def pair(self) -> tuple[UUID, UUID] | None:
        """The record that is kept, and the other one."""
        return self._pair

    def show_preview(self, preview: MergePreview, at: int, of: int) -> None:
        """`at` (from 0) `of` so many who are likely the same; 0 of 0 where the person looked for the other one."""
        self.preview = preview
        words = self._words
        self._place.setText(self.tr("{0} of {1}").format(at + 1, of) if of else "")
        for button in (self.before, self.after):
            button.setVisible(of > 1)
        score = preview.likeness.score
        self._level.setText(level(score) if preview.likeness.likely else self.tr("Not likely"))
        self._why.setText(reasons(preview.likeness.why))
        self._bar.setValue(score)
        self._bar.setAccessibleName(self.tr("{0} of 100").format(score))
        heads = [
            (title, count(side.has.bookings, self.tr("booking"), self.tr("bookings")))
            for title, side in (
                (self.tr("This record"), preview.kept),
                (self.tr("The other one"), preview.other),
            )
        ]
        self.table.show_fields(heads, preview.fields, words.field)
        acts = (self.merge, self.not_same, self.later, self.before, self.after)
        for first, second in pairwise((*self.table.radios.values(), *acts)):
            self.setTabOrder(first, second)  # what is chosen, what is done with it, other pairs
        self._show_after(preview)
        both = preview.kept.has.bookings + preview.other.has.bookings
        self.merge.set_amount(count(both, self.tr("booking"), self.tr("bookings")))
        self.note.setVisible(preview.said_apart)
        if preview.said_apart:
            said = self.tr("Somebody said that these are two people")
            self.note.say("wait", said, self.tr("Merging takes that back."))

    def _show_after(self, preview: MergePreview) -> None:
        body = self._after.body
        while (taken := body.takeAt(0)) is not None:
            if (old := taken.widget()) is not None:
                old.hide()
                old.deleteLater()
        for line in self._sums(preview):
            body.addWidget(line)

    def _sums(self, preview: MergePreview) -> Sequence[_Sum]:
        one, other = preview.kept.has, preview.other.has
        lines = []
        for name, words, icon in AFTER:
            first, second = self._have(one, name), self._have(other, name)
            if not first + second and name != "bookings":
                continue
            each = self.tr("{0}, {1} and {2}").format(words, f"{first:,}", f"{second:,}")
            lines.append(_Sum(icon, each if first and second else words, f"{first + second:,}"))
        for money in preview.money_after:
            sides = [self._booked(side, money) for side in (preview.kept, preview.other)]
            both_booked = all(side.minor for side in sides)
            each = self.tr("Booked")
            if both_booked:
                each = self.tr("Booked, {0} and {1}").format(*(self._words.money(side) for side in sides))
            lines.append(_Sum("wallet", each, self._words.money(money.booked)))
        for name, icon in (("email", "mail"), ("phone", "phone")):
            field = next(each for each in preview.fields if each.name == name)
            if field.kept and field.other and not field.same:
                words = self.tr("Found by either {0}").format(name)
                lines.append(_Sum(icon, words, self.tr("both")))
        return lines

    @staticmethod
    def _have(has: Moved, name: str) -> int:
        found: int = getattr(has, name)
        return found

    @staticmethod
    def _booked(side: MergeSide, of: TravellerMoney) -> Money:
        zero = of.booked - of.booked
        return next((m.booked for m in side.money if m.booked.currency == of.booked.currency), zero)

    # choosing

    def _choose(self, name: str, side: Side) -> None:
        if self.choices.get(name) != side:
            self.choices[name] = side
            self.choices_changed.emit()

    def focus_first(self) -> None:
        if not self.table.focus_first():
            self.merge.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}
        step = steps.get(Qt.Key(event.key()))
        if step is not None and self.after.isVisible():
            self.stepped.emit(step)
            return
        super().keyPressEvent(event)
