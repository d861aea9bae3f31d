"""The lines of a statement beside the list: as many as there is room for, the rest by scrolling."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtGui import QShowEvent

from travellr_desktop.domain.payouts.words import LineKind
from travellr_desktop.services.statements.views import StatementLineView
from travellr_desktop.ui.parts import paint
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.statements.words import KINDS, say
from travellr_desktop.ui.tables import Column, Density, InlineReader, Kind, PagedModel, TableView
from travellr_desktop.ui.tables.in_memory import InMemory
from travellr_desktop.ui.theme import Theme

_PADDING = 34
IN_SIGHT = 8
"""How many rows it shows at once, at most."""


@dataclass(frozen=True, slots=True)
class LineRow:
    id: int
    line: StatementLineView


class LinesTable(TableView):
    """Trip and booking with what the vendor has of it. Activate a row to open its booking."""

    def __init__(self, words: Words, lines: Sequence[StatementLineView]) -> None:
        self._rows = tuple(LineRow(at, line) for at, line in enumerate(lines))
        self._words = words
        columns: tuple[Column[LineRow], ...] = (
            Column(
                "trip",
                say("Trip"),
                lambda row: row.line.title,
                Kind.TWO_LINE,
                width=120,
                min_width=72,
                stretch=1,
                sortable=False,
                second=self._about,
            ),
            Column(
                "net",
                say("Net"),
                lambda row: words.money(row.line.net),
                Kind.MONEY,
                width=self._room_for_money(),
                sortable=False,
            ),
        )
        self.rows_model: PagedModel[LineRow] = PagedModel(
            columns, lambda _query: InMemory(self._rows), reader=InlineReader()
        )
        super().__init__(self.rows_model, title=say("Lines"), density=Density.TWO_LINE)
        self.setSelectionMode(TableView.SelectionMode.SingleSelection)
        Theme.current().changed.connect(self._fit)
        self.rows_model.open(self.rows_model.query)
        self._fit()

    def close_down(self) -> None:
        self.rows_model.close()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.layout_of_columns.place()  # from right to left it asks the header, which only now knows its width

    def _about(self, row: LineRow) -> str:
        line, formats = row.line, self._words.formats
        parts = [line.reference] if line.reference else []
        if line.kind is not LineKind.NORMAL:
            parts.append(KINDS[line.kind])
        elif line.departs_at is not None:
            parts.append(self._words.short_day(formats.local(line.departs_at, line.zone).date()))
        return " · ".join(parts)

    def _room_for_money(self) -> int:
        """Columns grow as they are painted; these rows may be out of sight, and are not to jump when they come in."""
        theme = Theme.current()
        font, hundred = theme.font("body_m"), theme.px(100)
        widest = max((paint.width_of(self._words.money(row.line.net), font) for row in self._rows), default=0)
        return max(84, widest * 100 // hundred + _PADDING)

    def _fit(self) -> None:
        rows = min(max(len(self._rows), 1), IN_SIGHT)
        self.setFixedHeight(Theme.current().size("table_header") + rows * self.row_height)
