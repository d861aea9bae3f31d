"""The list of disputes, and the one with the cursor beside it."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from travellr_desktop.domain.permissions import Actor
from travellr_desktop.services.agency import AgencyView
from travellr_desktop.services.disputes import DisputeDetail
from travellr_desktop.services.lists import DisputeListRow
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.days import Days
from travellr_desktop.ui.disputes.columns import WORDS, dispute_columns, dispute_filters
from travellr_desktop.ui.disputes.panel import DisputePanel
from travellr_desktop.ui.disputes.words import BADGES
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.tables import Density, ListScreen, PagedModel
from travellr_desktop.ui.tables.export import CsvExport


class DisputesPage(QWidget):
    """`booking_asked(reference)` and `sale_asked(reference)` lead to other screens."""

    booking_asked = Signal(str)
    sale_asked = Signal(str)

    def __init__(
        self, context: Context, services: Services, views: Segments, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._context, self._services, self.views = context, services, views
        self._actor: Actor = context.actor
        self.words = Words(services.locale)
        self._days = Days(self.words.formats, context.clock)
        self._started = False
        model: PagedModel[DisputeListRow] = PagedModel(
            dispute_columns(self.words, context.clock),
            lambda query: services.lists.disputes(self._actor, query),
        )
        self.lists = ListScreen(
            model,
            name="disputes",
            words=WORDS,
            filters=dispute_filters(self._days.behind),
            sort=("opened", True),
            densities=(Density.NORMAL, Density.COMPACT),
            amount=self.words.minor,
            memory=context.memory,
        )
        self.lists.filters.add_leading(views)
        CsvExport(self.lists, context, "disputes")
        self.panel = DisputePanel(self.words, context.clock)
        self.lists.set_detail(self.panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.lists)
        self.lists.current_changed.connect(self._read_detail)
        self.lists.row_activated.connect(lambda _row: self.panel.focus_first())
        self.lists.failure_asked.connect(context.failed)
        self.panel.read_asked.connect(self.read_now)
        self.panel.booking_asked.connect(self.booking_asked)
        self.panel.sale_asked.connect(self.sale_asked)

    # what the screen asks

    @property
    def panes(self) -> Sequence[QWidget]:
        return (self.lists.table, self.panel, self.lists.filters)

    def refresh(self) -> None:
        """Read again."""
        services = self._services
        self._context.background.run(
            self,
            lambda _task: services.agency.view(),
            key=("disputes.agency", id(self)),
            newest=True,
            done=self._came,
        )

    def close_down(self) -> None:
        self.lists.close_down()

    def back(self) -> None:
        """One step: from the panel to the table, then what the list does."""
        focus = QApplication.focusWidget()
        if focus is not None and self.panel.isAncestorOf(focus):
            self._to_table()
        else:
            self.lists.back()

    def focus_start(self) -> None:
        """The keyboard where work begins."""
        self._to_table()

    def show_today(self) -> None:
        """What was opened today."""
        today = self._days.today
        values = {**self.lists.filters.values(), "opened": self._days.range(today, today)}
        self.lists.start(values, self.lists.filters.text)

    # reading

    def _came(self, agency: AgencyView | None) -> None:
        if agency is not None:
            self.words.use_zone(agency.zone)
            self.lists.own_currency = agency.currency
        if self._started:
            self.lists.refresh()
            self._read_detail(self.lists.table.current_row())
        else:
            self._started = True
            self.lists.start({})

    def _read_detail(self, row: DisputeListRow | None) -> None:
        if row is None:
            return
        dispute_id, disputes, actor = row.id, self._services.disputes, self._actor
        self._context.background.run(
            self,
            lambda _task: disputes.detail(actor, dispute_id),
            key=("dispute", id(self)),
            newest=True,
            done=self._read,
        )

    def _read(self, detail: DisputeDetail) -> None:
        if self._current_id() == detail.id:
            self.panel.show_dispute(detail)

    def _current_id(self) -> UUID | None:
        row = self.lists.table.current_row()
        return None if row is None else row.id

    # what the person does

    def read_now(self) -> None:
        """Ask the provider about the dispute with the cursor, without waiting for the schedule."""
        shown = self.panel.shown
        if shown is None or shown.id != self._current_id() or shown.ended_at is not None:
            return
        disputes, actor, dispute_id = self._services.disputes, self._actor, shown.id
        self._context.background.run(
            self,
            lambda _task: disputes.read_now(actor, dispute_id),
            words=self.tr("Reading the dispute"),
            key=("dispute.read", dispute_id),
            button=self.panel.read,
            done=self._told,
        )

    def _told(self, detail: DisputeDetail) -> None:
        word = BADGES[detail.state][1].lower()
        self._context.say.finished(self.tr("The dispute of {0}: {1}").format(detail.sale_reference, word))
        self.refresh()

    def _to_table(self) -> None:
        self.lists.table.setFocus(Qt.FocusReason.OtherFocusReason)
