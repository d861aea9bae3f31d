"""What is asked for each kind of change but rebooking: who joins, who leaves and why, who is somebody else."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.party import TravellerType
from travellr_desktop.services.booking_views import BookingDetail
from travellr_desktop.services.planning import AddTravellers, CancelTravellers, Change, ChangeTraveller
from travellr_desktop.services.sales import NamedTraveller
from travellr_desktop.ui.bookings.reason import ReasonRow
from travellr_desktop.ui.parts.choices import CheckBox, ComboBox
from travellr_desktop.ui.parts.field import Field
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.parts.stepper import Stepper

_MOST = 20
"""How many join at once."""


class ChangeForm(QWidget):
    """`wanted` is the change as it stands in the form, None while something is missing: `missing` says what."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(16, 12, 16, 12)
        self.column.setSpacing(12)
        self.hide()

    def begin(self, detail: BookingDetail) -> None:
        """The form for a booking, with nothing filled in."""
        raise NotImplementedError

    @property
    def wanted(self) -> Change | None:
        raise NotImplementedError

    @property
    def missing(self) -> str:
        raise NotImplementedError

    def focus_first(self) -> None:
        raise NotImplementedError

    @property
    def parts(self) -> Sequence[QWidget]:
        """Those that stand beside each other, in the order of Tab."""
        return (self,)

    def carried_out(self) -> None:
        """What it asked for is done: nothing of what it shows is to say otherwise."""


class AddForm(ChangeForm):
    """How many of each type join; each may be named."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        words = {
            TravellerType.ADULT: self.tr("Adults"),
            TravellerType.CHILD: self.tr("Children"),
            TravellerType.INFANT: self.tr("Infants"),
        }
        self.steppers = {kind: Stepper(words[kind], maximum=_MOST) for kind in TravellerType}
        across = QHBoxLayout()
        across.setSpacing(24)
        for stepper in self.steppers.values():
            stepper.changed.connect(lambda _value: self._counted())
            across.addWidget(stepper)
        across.addStretch(1)
        self.column.addLayout(across)
        self._rows = QGridLayout()
        self._rows.setHorizontalSpacing(12)
        self._rows.setVerticalSpacing(8)
        self._rows.setColumnStretch(0, 1)
        self.column.addLayout(self._rows)
        self.names: list[tuple[TravellerType, Field, Field]] = []

    def begin(self, detail: BookingDetail) -> None:
        for kind, stepper in self.steppers.items():
            stepper.set_value(1 if kind is TravellerType.ADULT else 0)
        self._fill([])

    @property
    def wanted(self) -> Change | None:
        if not self.names:
            return None
        travellers = (
            NamedTraveller(name.text().strip(), kind, _age(age.text())) for kind, name, age in self.names
        )
        return AddTravellers(tuple(travellers))

    @property
    def missing(self) -> str:
        return self.tr("Say how many join.")

    def focus_first(self) -> None:
        if self.names:
            self.names[0][1].edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def _counted(self) -> None:
        self._fill(self.names)
        self.changed.emit()

    def _fill(self, before: list[tuple[TravellerType, Field, Field]]) -> None:
        """A row a traveller; what was typed stays with the first of its type."""
        typed = {kind: [(n.text(), a.text()) for k, n, a in before if k is kind] for kind in TravellerType}
        while (item := self._rows.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.hide()
                old.deleteLater()
        self.names = []
        nouns = {
            TravellerType.ADULT: self.tr("Adult"),
            TravellerType.CHILD: self.tr("Child"),
            TravellerType.INFANT: self.tr("Infant"),
        }
        for kind, stepper in self.steppers.items():
            for number in range(stepper.value()):
                word = nouns[kind] if stepper.value() == 1 else f"{nouns[kind]} {number + 1}"
                name = Field(self.tr("{0}, name").format(word), placeholder=self.tr("Not known yet"))
                age = Field(self.tr("Age"), unit=self.tr("years"))
                if number < len(typed[kind]):
                    name.set_text(typed[kind][number][0])
                    age.set_text(typed[kind][number][1])
                for field in (name, age):
                    field.edited.connect(lambda _text: self.changed.emit())
                age.setMaximumWidth(150)
                row = len(self.names)
                self._rows.addWidget(name, row, 0)
                self._rows.addWidget(age, row, 1)
                self.names.append((kind, name, age))


class LeaveForm(ChangeForm):
    """Why, and whether the policy holds. Who leaves is ticked in the table of travellers."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        row = ReasonRow()
        self.reason = row.field
        self.waive = CheckBox(self.tr("Give all of it back, beyond the policy"))
        self.column.addWidget(row)
        self.column.addWidget(self.waive)
        self.leaving: tuple[UUID, ...] = ()
        self.reason.edited.connect(self._edited)
        self.waive.toggled.connect(lambda _on: self._toggled())

    def begin(self, detail: BookingDetail) -> None:
        self.reason.set_text("")
        self.reason.set_error(None)
        self.waive.setChecked(False)
        self.leaving = ()

    @property
    def wanted(self) -> Change | None:
        reason, waive = self.reason.text().strip(), self.waive.isChecked()
        if not self.leaving or (waive and not reason):
            return None
        return CancelTravellers(self.leaving, waive, reason)

    @property
    def missing(self) -> str:
        if self.leaving:
            return self.tr("Going beyond the policy needs a reason.")
        return self.tr("Tick who leaves.")

    def focus_first(self) -> None:
        self.reason.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def tick(self, leaving: tuple[UUID, ...]) -> None:
        self.leaving = leaving
        self.changed.emit()

    def _edited(self, _text: str) -> None:
        self.reason.set_error(None)
        self.changed.emit()

    def _toggled(self) -> None:
        needed = self.waive.isChecked() and not self.reason.text().strip()
        self.reason.set_error(self.tr("Say why nothing is kept.") if needed else None)
        self.changed.emit()


class TravellerForm(ChangeForm):
    """One of the travellers, as they should be."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.who = ComboBox(self.tr("Traveller"), icon="user")
        self.name = Field(self.tr("Name"))
        self.age = Field(self.tr("Age"), unit=self.tr("years"))
        self.age.setMaximumWidth(150)
        self.kind = Segments(
            self.tr("Type"),
            [
                (TravellerType.ADULT.value, self.tr("Adult")),
                (TravellerType.CHILD.value, self.tr("Child")),
                (TravellerType.INFANT.value, self.tr("Infant")),
            ],
        )
        first = QHBoxLayout()
        first.setSpacing(16)
        first.addWidget(self.who, 1)
        first.addWidget(self.kind, 1)
        second = QHBoxLayout()
        second.setSpacing(12)
        second.addWidget(self.name, 1)
        second.addWidget(self.age)
        self.column.addLayout(first)
        self.column.addLayout(second)
        self._detail: BookingDetail | None = None
        self.who.currentIndexChanged.connect(self._chosen)
        self.kind.chosen.connect(lambda _kind: self.changed.emit())
        for field in (self.name, self.age):
            field.edited.connect(lambda _text: self.changed.emit())

    def begin(self, detail: BookingDetail) -> None:
        self._detail = detail
        self.who.blockSignals(True)
        self.who.clear()
        for line in detail.lines:
            if line.ended_at is None:
                self.who.addItem(line.name, line.id)
        self.who.blockSignals(False)
        self._chosen()

    @property
    def wanted(self) -> Change | None:
        line_id = self.who.currentData()
        line = (
            None if self._detail is None else next((x for x in self._detail.lines if x.id == line_id), None)
        )
        fresh = NamedTraveller(
            self.name.text().strip(), TravellerType(self.kind.value()), _age(self.age.text())
        )
        if line is None or (fresh.name, fresh.type, fresh.age) == (line.name, line.type, line.age):
            return None
        return ChangeTraveller(line.id, fresh)

    @property
    def missing(self) -> str:
        return self.tr("Nothing is changed yet.")

    def focus_first(self) -> None:
        """Who it is about comes first, where there is a choice."""
        first = self.who if self.who.count() > 1 else self.name.edit
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _chosen(self, _index: int = 0) -> None:
        self.who.setToolTip(self.who.currentText())
        line_id = self.who.currentData()
        line = (
            None if self._detail is None else next((x for x in self._detail.lines if x.id == line_id), None)
        )
        if line is not None:
            self.name.set_text(line.name)
            self.age.set_text("" if line.age is None else str(line.age))
            self.kind.set_value(line.type.value)
        self.changed.emit()


def _age(text: str) -> int | None:
    """What was typed as an age; what is no number is asked about by the service as one nobody has."""
    text = text.strip()
    if not text:
        return None
    return int(text) if text.isdecimal() and len(text) < 5 else -1
