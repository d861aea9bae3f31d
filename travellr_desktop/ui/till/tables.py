"""The tables of a till: the day by way to pay, what moved, and what was read and closed before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar
from uuid import UUID

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QShowEvent

from travellr_desktop.domain.money import Money, sum_money
from travellr_desktop.services.paged import RowWithId
from travellr_desktop.services.till_figures import Movement, TillReport, WayFigures
from travellr_desktop.services.till_forms import ClosedTill
from travellr_desktop.services.x_reads import KeptX
from travellr_desktop.ui.formats import Formats
from travellr_desktop.ui.tables import Column, Density, InlineReader, Kind, LoadState, PagedModel, TableView
from travellr_desktop.ui.tables.columns import NOTHING
from travellr_desktop.ui.tables.in_memory import InMemory
from travellr_desktop.ui.till.words import difference_words, event_words, side_words, way_words

R = TypeVar("R", bound=RowWithId)


def _say(text: str) -> str:
    return QCoreApplication.translate("TillTables", text)


class TillTable(TableView, Generic[R]):
    """A table of rows that are all there already."""

    def __init__(self, name: str, columns: Sequence[Column[R]], density: Density = Density.NORMAL) -> None:
        self._rows: tuple[R, ...] = ()
        self.rows_model: PagedModel[R] = PagedModel(
            tuple(columns), lambda _query: InMemory(self._rows), reader=InlineReader()
        )
        super().__init__(self.rows_model, title=name, density=density)
        self.setSelectionMode(TableView.SelectionMode.SingleSelection)

    def show_rows(self, rows: Sequence[R]) -> None:
        """Other rows; the cursor stays on what it was on."""
        self._rows = tuple(rows)
        if self.rows_model.state is LoadState.EMPTY:
            self.rows_model.open(self.rows_model.query)
        else:
            self.rows_model.refresh(self.place())

    @property
    def rows(self) -> tuple[R, ...]:
        return self._rows

    def close_down(self) -> None:
        self.rows_model.close()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.layout_of_columns.place()  # from right to left it asks the header, which only now knows its width


@dataclass(frozen=True, slots=True)
class WayRow:
    """A way to pay in one currency, or what all of them come to."""

    id: object
    words: str
    payments: int
    taken: Money
    refunded: Money
    total: bool = False


@dataclass(frozen=True, slots=True)
class MoveRow:
    id: object
    move: Movement


@dataclass(frozen=True, slots=True)
class KeptRow:
    """A Z close, or an X read. `difference` is None for an X, at which nothing is counted."""

    id: UUID
    of: ClosedTill | KeptX
    name: str
    at: datetime
    who: str
    in_drawer: Money
    difference: Money | None


def way_rows(report: TillReport) -> list[WayRow]:
    """Each way, then what all ways of a currency come to."""
    rows = []
    for currency in dict.fromkeys(each.taken.currency for each in report.ways):
        ways: list[WayFigures] = [each for each in report.ways if each.taken.currency == currency]
        rows += [WayRow((w.way, currency), way_words(w.way), w.payments, w.taken, w.refunded) for w in ways]
        rows.append(
            WayRow(
                ("all", currency),
                _say("All ways to pay"),
                sum(each.payments for each in ways),
                sum_money((each.taken for each in ways), currency),
                sum_money((each.refunded for each in ways), currency),
                total=True,
            )
        )
    return rows


def move_rows(report: TillReport) -> list[MoveRow]:
    """What moved, the newest first."""
    return [MoveRow(at, move) for at, move in reversed(list(enumerate(report.movements)))]


def way_table(formats: Formats) -> TillTable[WayRow]:
    money = formats.money
    return TillTable(
        _say("The day by way to pay"),
        (
            Column("way", _say("Way to pay"), lambda r: r.words, width=140, stretch=1, sortable=False),
            Column("count", _say("Count"), lambda r: f"{r.payments:,}", Kind.NUMBER, 64, sortable=False),
            Column("taken", _say("Taken"), lambda r: money(r.taken), Kind.MONEY, 104, sortable=False),
            Column(
                "refunded",
                _say("Refunded"),
                lambda r: money(-r.refunded) if r.refunded else NOTHING,
                Kind.MONEY,
                104,
                sortable=False,
            ),
            Column(
                "net", _say("Net"), lambda r: money(r.taken - r.refunded), Kind.MONEY, 104, sortable=False
            ),
        ),
    )


def move_table(formats: Formats) -> TillTable[MoveRow]:
    def about(row: MoveRow) -> str:
        side = side_words(row.move.other)
        return " · ".join(part for part in (side, row.move.about) if part) or NOTHING

    return TillTable(
        _say("What moved"),
        (
            Column(
                "at",
                _say("At"),
                lambda r: formats.time(r.move.at, formats.zone),
                Kind.DATE,
                64,
                sortable=False,
            ),
            Column("what", _say("What"), lambda r: event_words(r.move.event), width=148, sortable=False),
            Column("about", _say("About"), about, width=140, stretch=1, sortable=False),
            Column("who", _say("By"), lambda r: r.move.who or NOTHING, width=112, sortable=False, yields=1),
            Column(
                "amount",
                _say("Amount"),
                lambda r: formats.money(r.move.amount, sign=True),
                Kind.MONEY,
                104,
                sortable=False,
            ),
        ),
    )


def kept_rows(closes: Sequence[ClosedTill], reads: Sequence[KeptX]) -> list[KeptRow]:
    """Closes and reads together, the newest first."""
    rows = [
        KeptRow(c.session_id, c, f"Z {c.number:04}", c.closed_at, c.closed_by, c.counted, c.difference)
        for c in closes
    ] + [
        KeptRow(x.read_id, x, f"X {x.number:04}-{x.x_number}", x.read_at, x.read_by, x.expected, None)
        for x in reads
    ]
    return sorted(rows, key=_place, reverse=True)


def _place(row: KeptRow) -> tuple[int, bool, int]:
    """A session is read any number of times, then closed; then the next is opened."""
    if isinstance(row.of, KeptX):
        return row.of.number, False, row.of.x_number
    return row.of.number, True, 0


def kept_table(formats: Formats) -> TillTable[KeptRow]:
    money = formats.money

    def differs(row: KeptRow) -> str:
        found = row.difference
        if found is None:
            return _say("Not counted")
        return f"{difference_words(found)} {money(abs(found))}" if found else difference_words(found)

    def tone(row: KeptRow) -> str:
        return "text_muted" if row.difference is None else "wait" if row.difference else ""

    return TillTable(
        _say("X reads and Z closes"),
        (
            Column("name", _say("Which"), lambda r: r.name, Kind.REFERENCE, 84, sortable=False),
            Column(
                "at",
                _say("When"),
                lambda r: formats.when(r.at, formats.zone),
                Kind.DATE,
                128,
                sortable=False,
            ),
            Column("who", _say("By"), lambda r: r.who, width=112, stretch=1, sortable=False),
            Column("drawer", _say("In the drawer"), lambda r: money(r.in_drawer), Kind.MONEY, sortable=False),
            Column("differs", _say("Difference"), differs, width=116, sortable=False, tone=tone),
        ),
    )
