"""The two tables of a batch: who is paid, with what and how it comes about, and who is left out."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QModelIndex, Signal

from travellr_desktop.domain.money import Money
from travellr_desktop.services.payouts.views import NextStep
from travellr_desktop.ui.payouts.batch_table import BatchTable
from travellr_desktop.ui.payouts.rows import LeftLine, PaidRow
from travellr_desktop.ui.payouts.shown import PARTS, Shown
from travellr_desktop.ui.payouts.words import (
    LEFT_BADGES,
    left_word,
    payout_badge,
    say,
    step_word,
    vendors,
)
from travellr_desktop.ui.records.words import Words
from travellr_desktop.ui.tables import Column, Kind
from travellr_desktop.ui.tables.columns import NOTHING

STEP = "step"


def paid_table(words: Words) -> BatchTable[PaidRow]:
    """Who is paid. The columns `state` and `adjustments` are shown where there is something in them."""

    def part(name: str) -> Callable[[PaidRow], str]:
        return lambda row: _or_nothing(words, row.part(name))

    def bookings(row: PaidRow) -> str:
        count = 0 if row.figures is None else row.figures.bookings
        return f"{count:,}" if count else NOTHING

    def state(row: PaidRow) -> str:
        return "created" if row.payout is None else payout_badge(row.payout)[0]

    def state_word(row: PaidRow) -> str:
        return NOTHING if row.payout is None else payout_badge(row.payout)[1]

    money = Kind.MONEY
    columns: list[Column[PaidRow]] = [
        Column("name", say("Vendor"), lambda row: row.name, width=196, min_width=176, stretch=1),
        Column(
            "bookings",
            say("Bookings"),
            bookings,
            Kind.NUMBER,
            72,
            descending_first=True,
            yields=6,
        ),
        Column("gross", say("Gross"), part("gross"), money, 96, descending_first=True, yields=1),
        Column("commission", say("Commission"), part("commission"), money, 100, yields=2),
        Column("refunds", say("Refunds"), part("refunds"), money, 88, yields=3),
        Column("adjustments", say("Adjustments"), part("adjustments"), money, 104, yields=4, hidden=True),
        Column("carried_in", say("Carried in"), part("carried_in"), money, 92, yields=5),
        Column(
            "amount", say("To pay"), lambda row: words.money(row.amount), money, 104, descending_first=True
        ),
        Column("state", say("State"), state_word, Kind.BADGE, 124, badge=state, hidden=True),
        Column("label", say("To account"), lambda row: row.label, width=128, min_width=96, yields=7),
    ]
    return BatchTable(say("Who is paid"), columns, ("amount", True))


def paid_totals(shown: Shown, words: Words) -> dict[str, str]:
    """The foot of `paid_table`, by column."""
    total = shown.total
    said = {
        "name": vendors(shown.paid),
        "bookings": f"{total.bookings:,}",
        "amount": words.money(shown.amount),
    }
    for name in ("gross", "commission", *PARTS):
        minor = int(getattr(total, name))
        said[name] = words.minor(minor, shown.currency) if minor else NOTHING
    return said


def fit_columns(table: BatchTable[PaidRow], shown: Shown, *, live: bool) -> None:
    """Columns of which no row says anything give way."""
    layout = table.layout_of_columns
    wanted = {
        "state": live,
        "bookings": not live,
        **{name: name in shown.parts for name in PARTS},
    }
    for key, on in wanted.items():
        if layout.shown(key) is not on:
            layout.show(key, on)


class LeftTable(BatchTable[LeftLine]):
    """Who is left out, and why. `step_asked` comes from a click on what is to be done."""

    step_asked = Signal(object)

    def __init__(self, words: Words) -> None:
        columns: list[Column[LeftLine]] = [
            Column("name", say("Left out"), lambda row: row.name, width=160, min_width=120, stretch=1),
            Column(
                "why",
                say("Why"),
                lambda row: left_word(row.reason),
                Kind.BADGE,
                148,
                badge=lambda row: LEFT_BADGES[row.reason],
            ),
            Column(
                "amount",
                say("Would be"),
                lambda row: words.money(row.amount),
                Kind.MONEY,
                92,
                descending_first=True,
                tone=lambda row: "bad" if row.amount.minor < 0 else "",
            ),
            Column(
                "says",
                say("What it means"),
                lambda row: row.says,
                width=300,
                min_width=120,
                stretch=4,
                sortable=False,
                yields=1,
            ),
            Column(
                STEP,
                say("Next step"),
                lambda row: step_word(row.step),
                Kind.DATE,  # never cut, as little as a day is
                132,
                sortable=False,
                tone=lambda row: "text_muted" if row.step is NextStep.NOTHING else "accent_text",
            ),
        ]
        super().__init__(say("Who is left out"), columns, ("amount", True))
        self.clicked.connect(self._clicked_on)

    def _clicked_on(self, index: QModelIndex) -> None:
        row = self.rows_model.row(index.row())
        is_step = self.rows_model.columns[index.column()].key == STEP
        if row is not None and is_step and row.step is not NextStep.NOTHING:
            self.step_asked.emit(row)


def _or_nothing(words: Words, amount: Money | None) -> str:
    return NOTHING if amount is None else words.money(amount)
