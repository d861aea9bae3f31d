"""What is asked before a batch is prepared: of the last week or month, or of chosen days and vendors."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from travellr_desktop.domain.payouts.words import BatchKind
from travellr_desktop.errors import Refusal
from travellr_desktop.services.vendors import VendorName
from travellr_desktop.ui.day_text import day_of, typed_day
from travellr_desktop.ui.parts.button import Kind
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.payouts.vendor_boxes import VendorBoxes
from travellr_desktop.ui.payouts.words import say

_SAYS = {
    BatchKind.WEEKLY: "The last week that is over, for all who are paid weekly.",
    BatchKind.MONTHLY: "The last month that is over, for all who are paid monthly.",
    BatchKind.EXTRA: "All that is free by the last day, of whoever is ticked; of everybody where nobody is.",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a batch is asked for; without days, of the last ones that are over."""

    kind: BatchKind
    first: date | None = None
    last: date | None = None
    vendors: tuple[UUID, ...] = ()


class PrepareQuestion(Decision):
    """Stays open until the draft is made: `asked` is called when somebody decides."""

    def __init__(
        self,
        locale: str,
        kind: BatchKind,
        today: date,
        vendors: Sequence[VendorName],
        chosen: Collection[UUID],
        parent: QWidget,
    ) -> None:
        super().__init__(
            say("Prepare a batch of payouts?"),
            verb=say("Prepare it"),
            keep=say("Not now"),
            second=say("It is a draft: nothing is sent before a second person has approved it."),
            kind=Kind.PRIMARY,
            parent=parent,
        )
        self._locale = locale
        self.asked: Callable[[], object] = self.accept
        self.act.clicked.disconnect()
        self.act.clicked.connect(self._decided)
        kinds = [
            (BatchKind.WEEKLY.value, say("Weekly")),
            (BatchKind.MONTHLY.value, say("Monthly")),
            (BatchKind.EXTRA.value, say("Chosen days")),
        ]
        self.kinds = Segments(say("Which batch"), kinds)
        self.says = Label("", "small", "text_secondary", wrap=True)
        yesterday = date.fromordinal(today.toordinal() - 1)
        self.first = Field(say("From"), text=typed_day(yesterday.replace(day=1), locale), longest=20)
        self.last = Field(say("To"), text=typed_day(yesterday, locale), longest=20)
        days = QHBoxLayout()
        days.setContentsMargins(0, 0, 0, 0)
        days.setSpacing(12)
        days.addWidget(self.first)
        days.addWidget(self.last)
        self._days = QWidget()
        self._days.setLayout(days)
        self.vendors = VendorBoxes(vendors, chosen)
        self.note = Note("bad", "")
        self.note.hide()
        for part in (self.kinds, self.says, self._days, self.vendors, self.note):
            self.body.addWidget(part)
        self.kinds.chosen.connect(self._show_kind)
        for field in (self.first, self.last):
            field.edited.connect(lambda _text, field=field: field.set_error(None))
            field.entered.connect(self.act.click)
        self.choose(kind)

    def choose(self, kind: BatchKind) -> None:
        """Take another kind of batch."""
        self.kinds.set_value(kind.value)
        self._show_kind()

    def wanted(self) -> Wanted:
        """What was chosen. Raises `InvalidInput` naming the field."""
        kind = BatchKind(self.kinds.value())
        if kind is not BatchKind.EXTRA:
            return Wanted(kind)
        first = day_of(self.first.text(), self._locale, "first")
        last = day_of(self.last.text(), self._locale, "last")
        return Wanted(kind, first, last, self.vendors.ticked)

    def refuse(self, refusal: Refusal) -> None:
        """It was not made: why, at the field or below."""
        self.set_busy(None)
        field = {"first": self.first, "last": self.last}.get(refusal.field or "")
        if field is not None and self._days.isVisible():
            field.set_error(f"{refusal} {refusal.hint}".strip())
            field.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.note.say("bad", str(refusal), refusal.hint)
            self.note.show()
        self._fit_again()

    def showEvent(self, event: object) -> None:
        super().showEvent(event)
        self.kinds.focus_chosen()

    def _decided(self) -> None:
        self.asked()

    def _show_kind(self, _key: str = "") -> None:
        kind = BatchKind(self.kinds.value())
        extra = kind is BatchKind.EXTRA
        self.says.setText(say(_SAYS[kind]))
        for part in (self._days, self.vendors):
            part.setVisible(extra)
        self.note.hide()
        self._fit_again()

    def _fit_again(self) -> None:
        """As high as it is now. Qt's own adjusting stops at two thirds of the screen, and the list would be cut."""
        self.adjustSize()
        if self.vendors.isVisibleTo(self):
            self.resize(self.width(), max(self.heightForWidth(self.width()), self.height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """In the middle of its window, also where the layout has grown only later."""
        super().resizeEvent(event)
        within = self.parentWidget()
        if self.isVisible() and within is not None:
            middle = within.window().geometry().center()
            self.move(middle.x() - self.width() // 2, middle.y() - self.height() // 2)
