"""The list of statements, and the one with the cursor beside it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.domain.permissions import vendor_scope
from travellr_desktop.services.agency import AgencyView
from travellr_desktop.services.lists import StatementListRow
from travellr_desktop.services.registry import Services
from travellr_desktop.services.statements.exporting import FileForm
from travellr_desktop.services.statements.service import StatementChoices
from travellr_desktop.services.statements.views import StatementDetail
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.records.list_page import ListPage
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.statements.columns import OFFICE, OWN, statement_columns, statement_filters
from travellr_desktop.ui.statements.files import StatementFiles
from travellr_desktop.ui.statements.panel import StatementPanel
from travellr_desktop.ui.tables import Choice, PagedModel


class StatementsPage(ListPage):
    """All statements for the office; a vendor's person has their own."""

    name = "statements"
    when = "at"
    panel: StatementPanel

    def __init__(
        self, context: Context, services: Services, views: Segments | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, services, views, parent)
        own = vendor_scope(context.actor) is not None
        self._choices = StatementChoices((), ())
        model: PagedModel[StatementListRow] = PagedModel(
            statement_columns(self.words, context.clock, own=own),
            lambda query: services.lists.statements(self._actor, query),
        )
        filters = statement_filters(self._years, self._vendors, own=own)
        self.lists = self._list(model, OWN if own else OFFICE, filters)
        self.panel = StatementPanel(self.words, context.clock)
        self.files = StatementFiles(context, services, self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.lists)
        self._connect_list()
        self.panel.open_asked.connect(self.open_pdf)
        self.panel.save_asked.connect(self.save)
        self.panel.booking_asked.connect(self.booking_asked)

    # what the screen asks

    def refresh(self) -> None:
        """Read again."""
        services, actor = self._services, self._actor
        self._context.background.run(
            self,
            lambda _task: (services.agency.view(), services.statements.choices(actor)),
            key=("statements.choices", id(self)),
            newest=True,
            done=self._came,
        )

    def close_down(self) -> None:
        super().close_down()
        self.panel.close_down()

    # reading

    def _came(self, read: tuple[AgencyView | None, StatementChoices]) -> None:
        agency, self._choices = read
        self._use(agency)
        if self._started:
            self.lists.refresh()
            self._read_detail(self.lists.table.current_row())
        else:
            self._begin()

    def _years(self) -> Sequence[Choice]:
        return [Choice(year, str(year)) for year in self._choices.years]

    def _vendors(self) -> Sequence[Choice]:
        return [Choice(vendor_id, name) for vendor_id, name in self._choices.vendors]

    def _read_detail(self, row: StatementListRow | None) -> None:
        if row is not None:
            statements, actor = self._services.statements, self._actor
            self._read_row(partial(statements.detail, actor, row.id), self.panel.show_statement)

    @property
    def shown(self) -> StatementDetail | None:
        """The statement with the cursor, once it has been read."""
        shown = self.panel.shown
        return shown if self._has_cursor(shown) else None

    # what the person does

    def open_pdf(self) -> None:
        if self.shown is not None:
            self.files.open(self.shown.id, self.panel.open)

    def save(self, form: FileForm) -> None:
        """Ask where to put the statement with the cursor."""
        if self.shown is not None:
            self.files.ask(self.shown, form)
