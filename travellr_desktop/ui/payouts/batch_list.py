"""All batches, the newest days first, and above them what should have been paid by now."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from travellr_desktop.domain.clock import Clock
from travellr_desktop.domain.payouts.words import BatchKind
from travellr_desktop.domain.states import BatchState
from travellr_desktop.services.payouts.views import BatchRow, OverdueItem, OverdueKind
from travellr_desktop.ui.parts.button import Button, Kind
from travellr_desktop.ui.parts.empty import EmptyState, LoadFailed
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Pane
from travellr_desktop.ui.payouts.words import KINDS, batch_badge, days, payouts, say, vendors
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.tables import Column, Density
from travellr_desktop.ui.tables import Kind as Cells
from travellr_desktop.ui.tables.columns import NOTHING
from travellr_desktop.ui.theme import Theme
from travellr_desktop.ui.till.tables import TillTable

_NAMED = 3
"""So many vendors are named in a sentence."""


class _Strut(QWidget):
    """Keeps the bar as high without its button as with it."""

    def sizeHint(self) -> QSize:
        return QSize(0, Theme.current().size("control"))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()


class BatchList(Pane):
    """`opened(id)` opens a batch; `prepare_asked(kind, vendors)` asks for another, of some vendors or, without any, of
    all; `read_asked(items)` to find out about payouts nobody knows of."""

    opened = Signal(object)
    prepare_asked = Signal(object, object)
    read_asked = Signal(object)
    again = Signal()
    details = Signal()

    def __init__(
        self, words: Words, clock: Clock, *, may_prepare: bool, parent: QWidget | None = None
    ) -> None:
        super().__init__("surface", parent=parent)
        self._words, self._clock, self._may_prepare = words, clock, may_prepare
        self.rows: tuple[BatchRow, ...] = ()
        self.title = Label(say("All batches"), "lead")
        self.about = Label("", "small", "text_secondary", elide=True)
        self.prepare = Button(say("Prepare a batch"), Kind.PRIMARY, icon="plus", key="Ctrl+N")
        self.prepare.clicked.connect(lambda: self.prepare_asked.emit(BatchKind.WEEKLY, ()))
        self.notes: list[Note] = []
        self._notes = QVBoxLayout()
        self.table: TillTable[BatchRow] = TillTable(
            say("All batches"), self._columns(), density=Density.TWO_LINE
        )
        self.table.row_activated.connect(lambda row: self.opened.emit(row.id))
        self.weekly = Button(say("Prepare the weekly batch"), icon="calendar-clock")
        self.weekly.clicked.connect(lambda: self.prepare_asked.emit(BatchKind.WEEKLY, ()))
        self.other = Button(say("Another one"))
        self.other.clicked.connect(lambda: self.prepare_asked.emit(BatchKind.EXTRA, ()))
        self.nothing = EmptyState(
            "banknote-arrow-up",
            say("Nobody was paid yet"),
            say(
                "Once a week or a month is over, its batch prepares itself: who is owed how much, and who is left out. "
                "A second person approves it, then it is sent."
            ),
            buttons=(self.weekly, self.other) if may_prepare else (),
        )
        self.failed = LoadFailed("")
        self.failed.again.connect(self.again)
        self.failed.details.connect(self.details)
        self._build()

    def _build(self) -> None:
        top = Pane("surface", edges=("bottom",))
        bar = QHBoxLayout(top)
        bar.setContentsMargins(16, 6, 16, 7)
        bar.setSpacing(8)
        bar.addWidget(self.title)
        bar.addWidget(self.about, 1)
        bar.addWidget(self.prepare)
        bar.addWidget(_Strut())
        self.prepare.setVisible(self._may_prepare)
        self._noted = QWidget()
        self._noted.setLayout(self._notes)
        self._notes.setContentsMargins(16, 12, 16, 12)
        self._notes.setSpacing(8)
        self._noted.hide()
        self._stack = QStackedWidget()
        self._blank = QWidget()
        for page in (self._blank, self.table, self.nothing, self.failed):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(top)
        column.addWidget(self._noted)
        column.addWidget(self._stack, 1)

    def _columns(self) -> Sequence[Column[BatchRow]]:
        def year() -> int:
            return self._clock.now().year

        def money(row: BatchRow) -> list[str]:
            return [self._words.money(each.amount) for each in row.sums]

        def approved(row: BatchRow) -> str:
            if row.approved_at is None:
                return ""
            alone = say("alone, ") if row.alone else ""
            return alone + self._words.stamp(row.approved_at, self._clock.now())

        def paid(row: BatchRow) -> str:
            number = sum(each.payouts for each in row.sums)
            return payouts(number) if number else ""

        def wrong(row: BatchRow) -> str:
            failed, unknown = (sum(getattr(s, n) for s in row.sums) for n in ("failed", "unknown"))
            parts = [say("{0} failed").format(failed)] if failed else []
            parts += [say("{0} unknown").format(unknown)] if unknown else []
            return ", ".join(parts) or NOTHING

        fixed: dict[str, Any] = {"sortable": False}
        return (
            Column(
                "days",
                say("Days"),
                lambda row: days(row.first, row.last, self._words.formats.locale, year()),
                Cells.TWO_LINE,
                220,
                160,
                2,
                second=lambda row: f"{say(KINDS[row.kind])} · {row.reference}",
                **fixed,
            ),
            Column(
                "state",
                say("State"),
                lambda row: batch_badge(row)[1],
                Cells.BADGE,
                132,
                badge=lambda row: batch_badge(row)[0],
                **fixed,
            ),
            Column(
                "prepared",
                say("Prepared by"),
                lambda row: row.prepared_by or say("The schedule"),
                Cells.TWO_LINE,
                170,
                110,
                1,
                second=lambda row: self._words.stamp(row.created_at, self._clock.now()),
                yields=2,
                **fixed,
            ),
            Column(
                "approved",
                say("Approved by"),
                lambda row: row.approved_by or NOTHING,
                Cells.TWO_LINE,
                170,
                110,
                1,
                second=approved,
                yields=1,
                **fixed,
            ),
            Column(
                "wrong",
                say("Failed, unknown"),
                wrong,
                Cells.DATE,
                132,
                second=lambda _row: "",
                yields=3,
                **fixed,
            ),
            Column(
                "sum",
                say("To vendors"),
                lambda row: " · ".join(money(row)) or NOTHING,
                Cells.MONEY,
                150,
                second=paid,
                **fixed,
            ),
        )

    # what is shown

    def show_batches(self, rows: Sequence[BatchRow], overdue: Sequence[OverdueItem]) -> None:
        """All batches as they are now, and what is overdue."""
        self.rows = tuple(rows)
        self.table.show_rows(self.rows)
        drafts = sum(row.state is BatchState.DRAFT for row in rows)
        self.about.setText(say("{0} to approve").format(f"{drafts:,}") if drafts else "")
        self._show_overdue(overdue)
        self._stack.setCurrentWidget(self.table if rows else self.nothing)
        self.prepare.setVisible(self._may_prepare and bool(rows))

    def fail(self, words: str) -> None:
        self.failed.say(say("The batches could not be read"), words)
        self._stack.setCurrentWidget(self.failed)

    def _show_overdue(self, overdue: Sequence[OverdueItem]) -> None:
        for note in self.notes:
            self._notes.removeWidget(note)
            note.hide()
            note.deleteLater()
        self.notes = []
        by = {kind: [each for each in overdue if each.kind is kind] for kind in OverdueKind}
        if by[OverdueKind.UNKNOWN]:
            self._unknown(by[OverdueKind.UNKNOWN])
        if by[OverdueKind.DRAFT]:
            self._draft(by[OverdueKind.DRAFT])
        if by[OverdueKind.LINES]:
            self._lines(by[OverdueKind.LINES])
        self._noted.setVisible(bool(self.notes))

    def _unknown(self, items: Sequence[OverdueItem]) -> None:
        first = say("Of {0} nobody knows for more than a day.").format(payouts(len(items)))
        second = say("{0}. Do not pay them again before it is known.").format(self._named(items))
        self._note("unknown", first, second, say("Read it now"), lambda: self.read_asked.emit(tuple(items)))

    def _draft(self, items: Sequence[OverdueItem]) -> None:
        oldest = items[0]
        since = self._words.day(oldest.since)
        first = say("{0} waits for approval since {1}.").format(oldest.reference, since)
        more = say("And {0} more.").format(len(items) - 1) if len(items) > 1 else ""
        second = f"{say('Vendors are paid once a second person has approved it.')} {more}".strip()
        self._note("wait", first, second, say("Open it"), lambda: self.opened.emit(oldest.batch_id))

    def _lines(self, items: Sequence[OverdueItem]) -> None:
        ids: tuple[UUID, ...] = tuple(
            dict.fromkeys(each.vendor_id for each in items if each.vendor_id is not None)
        )
        first = say("{0} could be paid for more than two weeks.").format(vendors(len(ids)))
        draft = next((row for row in self.rows if row.state is BatchState.DRAFT and not row.for_some), None)
        if draft is not None:
            second = say("{0}. A draft waits for approval.").format(self._named(items))
            self._note("wait", first, second, say("Open it"), lambda: self.opened.emit(draft.id))
            return
        second = say("{0}. A batch of their own pays them.").format(self._named(items))
        action = say("Prepare it") if self._may_prepare else ""
        self._note("wait", first, second, action, lambda: self.prepare_asked.emit(BatchKind.EXTRA, ids))

    def _named(self, items: Sequence[OverdueItem]) -> str:
        owed = [(each.name, each.amount) for each in items if each.amount is not None]
        said = [f"{name} {self._words.money(amount)}" for name, amount in owed[:_NAMED]]
        more = say(" and {0} more").format(f"{len(owed) - _NAMED:,}") if len(owed) > _NAMED else ""
        return ", ".join(said) + more

    def _note(self, tone: str, first: str, second: str, action: str, do: Callable[[], object]) -> None:
        note = Note(tone, first, second, action=action)
        note.acted.connect(do)
        self.notes.append(note)
        self._notes.addWidget(note)
        note.show()

    # the keyboard

    def focus_start(self) -> None:
        """On the newest batch, or on the first way to one."""
        if self._stack.currentWidget() is self.nothing:
            self.weekly.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)
        if not self.table.currentIndex().isValid() and self.rows:
            self.table.go_to(0)

    def close_down(self) -> None:
        self.table.close_down()
