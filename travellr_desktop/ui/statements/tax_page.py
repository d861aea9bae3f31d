"""Yearly totals of all vendors: a year is chosen above the list, and saved for an adviser."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.services.agency import AgencyView
from travellr_desktop.services.paged import InMemory, ListQuery
from travellr_desktop.services.registry import Services
from travellr_desktop.services.tax_totals import TaxRow, TaxYear
from travellr_desktop.ui.parts.choices import ComboBox
from travellr_desktop.ui.parts.note import Note
from travellr_desktop.ui.parts.pane import Pane
from travellr_desktop.ui.parts.segments import Segments
from travellr_desktop.ui.records.list_page import ListPage
from travellr_desktop.ui.screen import Context
from travellr_desktop.ui.statements.tax_columns import WORDS, tax_columns, tax_filters, tax_rows
from travellr_desktop.ui.statements.tax_panel import TaxPanel
from travellr_desktop.ui.statements.tax_words import year_words
from travellr_desktop.ui.tables import Density, InlineReader, ListScreen, PagedModel

_Read = tuple[AgencyView | None, tuple[int, ...], TaxYear]


class TaxPage(ListPage):
    name = "tax-totals"
    panel: TaxPanel

    def __init__(
        self, context: Context, services: Services, views: Segments | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(context, services, views, parent)
        self.year: TaxYear | None = None
        self._year_wanted: int | None = None
        model: PagedModel[TaxRow] = PagedModel(tax_columns(self.words), self._rows, reader=InlineReader())
        self.lists = ListScreen(
            model,
            name=self.name,
            words=WORDS,
            filters=tax_filters(),
            sort=("vendor", False),
            densities=(Density.NORMAL, Density.COMPACT),
            memory=context.memory,
        )
        self.panel = TaxPanel(self.words)
        self.years = ComboBox(self.tr("Year"), [], icon="calendar-days")
        self.years.activated.connect(self._choose)
        self.note = Note("info", "", "")
        self._above = Pane("surface")
        above = QHBoxLayout(self._above)
        above.setContentsMargins(16, 12, 16, 0)
        above.setSpacing(12)
        above.addWidget(self.years, 0, Qt.AlignmentFlag.AlignTop)
        above.addWidget(self.note, 1)
        self._above.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._above)
        column.addWidget(self.lists, 1)
        self._connect_list()

    # what the screen asks

    @property
    def panes(self) -> Sequence[QWidget]:
        return (*super().panes, self._above)

    def refresh(self) -> None:
        """Add the year up again: sums over all of its payments."""
        services, actor, wanted = self._services, self._actor, self._year_wanted

        def read(_task: object) -> _Read:
            years = services.tax_totals.years(actor)
            year = wanted if wanted in years else years[0]
            return services.agency.view(), years, services.tax_totals.year(actor, year)

        self._context.background.run(
            self,
            read,
            words=self.tr("Adding the year up"),
            key=("tax", id(self)),
            newest=True,
            done=self._came,
        )

    def show_year(self, year: int) -> None:
        """Another year, where there is anything of it."""
        self._year_wanted = year
        self.refresh()

    def show_today(self) -> None:
        """The year that runs."""
        self.show_year(self._days.today.year)

    # reading

    def _came(self, read: _Read) -> None:
        agency, years, self.year = read
        self._use(agency)
        self._year_wanted = self.year.year
        self.years.clear()
        self.years.addItems([str(year) for year in years])
        self.years.setCurrentIndex(years.index(self.year.year))
        self.note.say("info", *year_words(self.year, self.words))
        self._above.show()
        if self._started:
            self.lists.refresh()
            self._read_detail(self.lists.table.current_row())
        else:
            self._started = True
            self.lists.start({})

    def _rows(self, query: ListQuery) -> InMemory[TaxRow]:
        return InMemory(tax_rows(self.year.rows if self.year is not None else (), query))

    def _read_detail(self, row: TaxRow | None) -> None:
        if row is not None and self.year is not None:
            self.panel.show_row(row, self.year.thresholds)

    def _choose(self, index: int) -> None:
        self.show_year(int(self.years.itemText(index)))
