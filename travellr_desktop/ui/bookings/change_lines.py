"""The travellers of a booking before and after a change, each with a check box where some of them leave."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.party import TravellerType
from travellr_desktop.services.booking_views import BookingDetail, LineRow
from travellr_desktop.services.change_preview import ChangePreview, LineChange
from travellr_desktop.ui.parts.choices import CheckBox
from travellr_desktop.ui.parts.sheet import Says, Sheet, SheetColumn
from travellr_desktop.ui.records.words import NOTHING, Words, count

_BOX, _BEFORE = 0, 3
_TYPES = {
    TravellerType.ADULT: "adult",
    TravellerType.CHILD: "child",
    TravellerType.INFANT: "infant",
}


class TravellerLines(Sheet):
    """`fill` fills it; `ticked` are the ids of those that are ticked."""

    ticked_changed = Signal()

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Travellers"),
            (
                SheetColumn(""),
                SheetColumn(self.tr("Traveller"), stretch=4),
                SheetColumn(self.tr("Type")),
                SheetColumn(self.tr("Price now"), trailing=True),
                SheetColumn(self.tr("What changes"), stretch=5),
                SheetColumn(self.tr("Price then"), trailing=True),
            ),
            parent=parent,
        )
        self._words = words
        self._narrow = False
        self.boxes: dict[UUID, CheckBox] = {}

    def set_narrow(self, narrow: bool) -> bool:
        """Where there is little room the price now stands in the ticket alone. Counts from the next filling on; says
        whether it was otherwise before."""
        changed, self._narrow = narrow != self._narrow, narrow
        return changed

    @property
    def ticked(self) -> tuple[UUID, ...]:
        return tuple(key for key, box in self.boxes.items() if box.isChecked())

    def fill(
        self,
        detail: BookingDetail,
        preview: ChangePreview | None,
        *,
        choose: bool = False,
        ticked: Sequence[UUID] = (),
        done: bool = False,
    ) -> None:
        """The travellers who go, and what the preview says of them; with `choose` a box for each, those of `ticked`
        set. `done`: nothing can be chosen any more."""
        at = next((key for key, box in self.boxes.items() if box.hasFocus()), None)
        self.clear()
        hidden = set() if choose else {_BOX}
        if self._narrow:
            hidden.add(_BEFORE)
        self.hide_columns(frozenset(hidden))
        self.boxes = {}
        there = [line for line in detail.lines if line.ended_at is None]
        changes = {} if preview is None else {line.position: line for line in preview.lines}
        ids = [change.position for change in changes.values() if change.before is not None]
        for line, position in zip(there, ids or range(len(there)), strict=False):
            box = self._box(line, line.id in ticked, done) if choose else None
            self._add(line, changes.get(position), box)
        for change in changes.values():
            if change.before is None:
                self._joins(change)
        self._total(detail, preview)
        if at in self.boxes:
            self.boxes[at].setFocus()

    def _box(self, line: LineRow, ticked: bool, done: bool) -> CheckBox:
        box = CheckBox("", checked=ticked)
        box.setAccessibleName(line.name)
        box.setEnabled(not done)
        box.toggled.connect(lambda _on: self.ticked_changed.emit())
        self.boxes[line.id] = box
        return box

    def _add(self, line: LineRow, change: LineChange | None, box: CheckBox | None) -> None:
        money = self._words.money
        if change is None:
            price = Says(money(line.price), role="body_m")
            self.add((box, Says(line.name), Says(self._kind(line.type, line.age)), price, None, price))
            return
        tone = "text" if change.changed else "text_secondary"
        self.add(
            (
                box,
                Says(change.name, tone=tone),
                Says(self._kind(change.type, change.age), tone=tone),
                Says(self._or_nothing(change.before), tone=tone, role="body_m"),
                Says(self._what(change), tone=tone),
                Says(self._or_nothing(change.after), tone=tone, role="body_m"),
            )
        )

    def _joins(self, change: LineChange) -> None:
        off = self._words.money(change.discount)
        words = self.tr("Joins, {0} taken off").format(off) if change.discount.minor else self.tr("Joins")
        self.add(
            (
                None,
                Says(change.name),
                Says(self._kind(change.type, change.age)),
                Says(NOTHING, role="body_m"),
                Says(words),
                Says(self._or_nothing(change.after), role="body_m"),
            )
        )

    def _what(self, change: LineChange) -> str:
        if change.after is None and change.kept is not None and change.back is not None:
            if not change.kept.minor:
                return self.tr("Leaves. {0}").format(change.why)
            return self.tr("Leaves. {0} kept, {1} back").format(
                self._words.money(change.kept), self._words.money(change.back)
            )
        said = []
        if change.name != change.old_name:
            said.append(self.tr("was {0}").format(change.old_name))
        if change.type is not change.old_type:
            said.append(self.tr("was {0}").format(_TYPES[change.old_type]))
        if change.before is not None and change.after is not None and change.before != change.after:
            said.append(self._words.signed(change.after - change.before))
        return ", ".join(said) or self.tr("Stays")

    def _total(self, detail: BookingDetail, preview: ChangePreview | None) -> None:
        before = detail.price if preview is None else preview.old_price
        after = detail.price if preview is None else preview.price
        gone = 0 if preview is None else sum(line.after is None for line in preview.lines)
        standing = (
            sum(line.ended_at is None for line in detail.lines) if preview is None else len(preview.lines)
        )
        words = count(standing - gone, self.tr("traveller"), self.tr("travellers"))
        self.add_total(
            (
                None,
                Says(words, role="body_b"),
                None,
                Says(self._words.money(before), role="body_b"),
                None,
                Says(self._words.money(after), role="body_b"),
            )
        )

    def _kind(self, kind: TravellerType, age: int | None) -> str:
        return _TYPES[kind] if age is None else f"{_TYPES[kind]}, {age}"

    def _or_nothing(self, money: Money | None) -> str:
        return NOTHING if money is None else self._words.money(money)
