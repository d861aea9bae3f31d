"""The manifest as rows of a list: each booking, then its travellers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from travellr_desktop.services.manifest_rows import Manifest, ManifestBooking, ManifestLine
from travellr_desktop.ui.departures import words as say
from travellr_desktop.ui.formats import Formats

Index = QModelIndex | QPersistentModelIndex

ROW_ROLE = int(Qt.ItemDataRole.UserRole) + 1


@dataclass(frozen=True, slots=True)
class Row:
    """A booking (`line` is None) or one of its travellers. `trailing` stands at the end; `owes` where a click on it
    takes the money."""

    booking: ManifestBooking
    line: ManifestLine | None
    words: str
    beside: str
    trailing: str
    tone: str
    owes: bool = False

    @property
    def id(self) -> UUID:
        return self.line.id if self.line is not None else self.booking.id

    @property
    def line_ids(self) -> tuple[UUID, ...]:
        return (self.line.id,) if self.line is not None else tuple(line.id for line in self.booking.lines)

    @property
    def icon(self) -> str:
        if self.line is None:
            return ""
        if self.line.absent:
            return "user-x"
        return "circle-check" if self.line.checked_in_at is not None else "circle"

    @property
    def spoken(self) -> str:
        """The row in words."""
        parts = [self.words, self.beside, self.trailing]
        if self.line is None:
            parts.insert(1, say.travellers(len(self.booking.lines)))
        elif not self.trailing:
            parts.append("not paid" if self.booking.pending else "not here yet")
        elif self.line.checked_in_at is not None:
            parts[2] = f"here at {self.trailing}"
        return ", ".join(part for part in parts if part)


class ManifestModel(QAbstractListModel):
    def __init__(self, formats: Formats, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._formats = formats
        self.rows: list[Row] = []

    def show(self, manifest: Manifest | None) -> None:
        self.beginResetModel()
        self.rows = [] if manifest is None else list(self._rows(manifest))
        self.endResetModel()

    def _rows(self, manifest: Manifest) -> Sequence[Row]:
        rows: list[Row] = []
        for booking in manifest.bookings:
            rows.append(self._booking(booking))
            rows += [self._line(booking, line, manifest.zone) for line in booking.lines]
        return rows

    def _booking(self, booking: ManifestBooking) -> Row:
        trailing, tone, owes = self.tr("Paid"), "text_secondary", False
        if booking.due.minor:
            trailing, tone = self.tr("Take {0}").format(self._formats.money(booking.due)), "accent_text"
            owes = True
        elif booking.pending:
            trailing, tone = self.tr("Not paid"), "wait"
        notes = say.count(booking.notes, "note", "notes") if booking.notes else ""
        return Row(booking, None, booking.reference, notes, trailing, tone, owes)

    def _line(self, booking: ManifestBooking, line: ManifestLine, zone: str) -> Row:
        beside = line.type.value if line.age is None else f"{line.type.value}, {line.age}"
        if line.seat:
            beside = f"{beside} · {line.seat}"
        trailing, tone = "", "text_secondary"
        if line.absent:
            trailing = self.tr("No-show")
        elif line.checked_in_at is not None:
            trailing = self._formats.time(line.checked_in_at, zone)
        return Row(booking, line, line.name, beside, trailing, tone)

    def position(self, row_id: object) -> int | None:
        """Where a booking or a line stands."""
        return next((at for at, row in enumerate(self.rows) if row.id == row_id), None)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self.rows):
            return None
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.words
        if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
            return self._tip(row) if role == Qt.ItemDataRole.ToolTipRole else row.spoken
        if role == ROW_ROLE:
            return row
        return None

    @staticmethod
    def _tip(row: Row) -> str:
        """All that may be cut; of a booking who made it and how to reach them."""
        if row.line is not None:
            return f"{row.words}\n{row.beside}"
        return "\n".join(part for part in (row.booking.traveller_name, row.booking.phone, row.beside) if part)
