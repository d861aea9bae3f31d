"""The list of disputes, and the one with the cursor beside it."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.services.agency import AgencyView
from travellr_desktop.services.disputes import DisputeDetail
from travellr_desktop.services.lists import DisputeListRow
from travellr_desktop.services.registry import Services
from travellr_desktop.ui.disputes.columns import WORDS, dispute_columns, dispute_filters
from travellr_desktop.ui.disputes.panel import DisputePanel
from travellr_desktop.ui.disputes.words import BADGES
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.records.list_page import ListPage
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.tables import PagedModel


class DisputesPage(ListPage):
    name = "disputes"
    when = "opened"
    panel: DisputePanel

    def __init__(
        self, context: Context, services: Services, views: Segments, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, services, views, parent)
        model: PagedModel[DisputeListRow] = PagedModel(
            dispute_columns(self.words, context.clock),
            lambda query: services.lists.disputes(self._actor, query),
        )
        self.lists = self._list(model, WORDS, dispute_filters(self._days.behind))
        self.panel = DisputePanel(self.words, context.clock)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.lists)
        self._connect_list()
        self.panel.read_asked.connect(self.read_now)
        self.panel.booking_asked.connect(self.booking_asked)
        self.panel.sale_asked.connect(self.sale_asked)

    # what the screen asks

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

    # reading

    def _came(self, agency: AgencyView | None) -> None:
        self._use(agency)
        if self._started:
            self.lists.refresh()
            self._read_detail(self.lists.table.current_row())
        else:
            self._started = True
            self.lists.start({})

    def _read_detail(self, row: DisputeListRow | None) -> None:
        if row is not None:
            dispute_id, disputes, actor = row.id, self._services.disputes, self._actor
            self._read_row(lambda: disputes.detail(actor, dispute_id), self.panel.show_dispute)

    # what the person does

    def read_now(self) -> None:
        """Ask the provider about the dispute with the cursor, without waiting for the schedule."""
        shown = self.panel.shown
        if shown is None or not self._has_cursor(shown) or shown.ended_at is not None:
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
