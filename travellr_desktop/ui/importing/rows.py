"""The first rows of the file, or the rows with problems: a table in memory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtWidgets import QVBoxLayout, QWidget

from travellr_desktop.services.importing.report import Fault
from travellr_desktop.services.importing.service import Preview
from travellr_desktop.services.paged import PAGE_ROWS, ListQuery, Totals
from travellr_desktop.ui.importing.words import say
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.tables import Column, Density, InlineReader, Kind, PagedModel, TableView

MOST_COLUMNS = 5
"""More columns of a file than these are not shown: the mapping names them all."""
PROBLEM = 300
"""What the problem needs in width: columns of the file yield to it."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file, as a spreadsheet counts it. `wrong` names the columns that something is wrong with."""

    id: int
    number: int
    cells: tuple[str, ...]
    problem: str = ""
    more: str = ""
    """What else there is to say of the problem."""
    wrong: frozenset[str] = frozenset()


class _Lines:
    """Lines as a list for a table."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self._lines = tuple(lines)

    def first(self, count: int = PAGE_ROWS) -> tuple[Line, ...]:
        return self._lines[:count]

    def index(self) -> int:
        return len(self._lines)

    def page(self, first: int, count: int = PAGE_ROWS) -> tuple[Line | None, ...]:
        return self._lines[first : first + count]

    def find(self, ids: Sequence[object]) -> dict[object, int]:
        wanted = set(ids)
        return {line.id: at for at, line in enumerate(self._lines) if line.id in wanted}

    def totals(self) -> Totals:
        return Totals(len(self._lines), {})

    def interrupt(self) -> None:
        """Nothing here takes long."""

    def close(self) -> None:
        """Nothing is held."""


class FileRows(QWidget):
    """Shows lines; columns follow what is shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table: TableView | None = None
        self.model: PagedModel[Line] | None = None
        self.whole = Label("", "small", "text", wrap=True)
        """The whole problem of the row with the cursor, however long it is."""
        self.whole.setContentsMargins(16, 8, 16, 8)
        self.whole.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self._column.addWidget(self.whole)

    def show_preview(self, preview: Preview) -> None:
        """The first rows, with the columns that something is known of."""
        known = sorted(preview.mapping.values())
        order = (known or list(range(len(preview.header))))[:MOST_COLUMNS]
        faults: dict[int, list[Fault]] = {}
        for fault in preview.faults:
            faults.setdefault(fault.row, []).append(fault)
        lines = [
            Line(
                number,
                number,
                tuple(cells[at] if at < len(cells) else "" for at in order),
                *_told(faults.get(number, ())),
                frozenset(fault.column for fault in faults.get(number, ())),
            )
            for number, cells in preview.rows
        ]
        self._show(lines, [preview.header[at] for at in order], 2)

    def show_faults(self, faults: Sequence[Fault]) -> None:
        """What is wrong, fault by fault."""
        lines = [
            Line(
                at,
                fault.row,
                (fault.column or "–", fault.value or "–"),
                fault.words,
                fault.hint,
            )
            for at, fault in enumerate(faults)
        ]
        self._show(lines, [say("Column"), say("What stands there")], 8)

    def close_down(self) -> None:
        if self.model is not None:
            self.model.close()
            self.model = None

    def _show(self, lines: Sequence[Line], titles: Sequence[str], share: int) -> None:
        """`share` is how much of the room that is left the problem takes, where a cell takes one."""

        def cell(at: int, title: str) -> Column[Line]:
            return Column(
                f"cell{at}",
                title,
                lambda line: line.cells[at],
                second=_nothing,
                width=110,
                min_width=84,
                stretch=1,
                sortable=False,
                tone=lambda line: "bad" if title in line.wrong else "",
                yields=max(0, at - 1),
            )

        columns = (
            Column(
                "number",
                say("Row"),
                lambda line: f"{line.number:,}",
                Kind.NUMBER,
                second=_nothing,
                width=64,
                sortable=False,
            ),
            *(cell(at, title) for at, title in enumerate(titles)),
            Column(
                "problem",
                say("Problem"),
                lambda line: line.problem or "–",
                second=lambda line: line.more,
                width=300,
                min_width=PROBLEM,
                stretch=share,
                sortable=False,
                tone=lambda line: "bad" if line.problem else "",
            ),
        )
        self.close_down()
        if self.table is not None:
            self._column.removeWidget(self.table)
            self.table.hide()
            self.table.deleteLater()
        self.model = PagedModel(columns, lambda _query: _Lines(lines), reader=InlineReader(), parent=self)
        self.table = TableView(self.model, title=say("Rows of the file"), density=Density.TWO_LINE)
        self.table.current_changed.connect(self._tell)
        self._column.insertWidget(0, self.table)
        self._tell(None)
        self.model.open(ListQuery())

    def _tell(self, line: Line | None) -> None:
        problem = "" if line is None else " ".join(part for part in (line.problem, line.more) if part)
        self.whole.setText("" if line is None else say("Row {0}: {1}").format(f"{line.number:,}", problem))
        self.whole.setVisible(bool(problem))


def _told(faults: Sequence[Fault]) -> tuple[str, str]:
    """The first fault, and below it the others, or what to do about it."""
    if not faults:
        return "", ""
    first, *others = faults
    return _said(first), "; ".join(_said(fault) for fault in others) or first.hint


def _nothing(_line: Line) -> str:
    """All columns have a second line, so that the first ones stand at one height."""
    return ""


def _said(fault: Fault) -> str:
    return f"{fault.column}: {fault.words}" if fault.column else fault.words
