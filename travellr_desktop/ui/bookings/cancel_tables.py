"""What cancelling does to the books, in tables: every balance, the ledger's entries."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.money import Money
from travellr_desktop.services.what_if import BalanceChange, EntryPreview
from travellr_desktop.ui.parts.field import Glyph
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.parts.pane import Pane
from travellr_desktop.ui.parts.sheet import Says, Sheet, SheetColumn
from travellr_desktop.ui.records.words import NOTHING, Words

_MONEY_ROWS = {("Till", "Cash"), ("Card payments", "With the provider")}
_BELOW = "bad"


class Moves(Protocol):
    """What is shown of what a cancellation or a change does to the books."""

    @property
    def balances(self) -> tuple[BalanceChange, ...]: ...
    @property
    def entries(self) -> tuple[EntryPreview, ...]: ...
    @property
    def back(self) -> Money: ...


class Balances(QWidget):
    """Every party's balance before and after, what is owed above what the money is in."""

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words = words
        self.sheet = Sheet(
            self.tr("Every balance, before and after"),
            (
                SheetColumn(self.tr("Whose balance"), stretch=1),
                SheetColumn(self.tr("Before"), trailing=True),
                SheetColumn(self.tr("Change"), trailing=True),
                SheetColumn(self.tr("After"), trailing=True),
            ),
            row="row_two_line",
        )
        self._proof = Proof()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.sheet)
        column.addWidget(self._proof)
        column.addStretch(1)

    def show_balances(self, preview: Moves | None) -> None:
        self.sheet.clear()
        rows = preview.balances if preview is not None else ()
        owed, money = [r for r in rows if not _is_money(r)], [r for r in rows if _is_money(r)]
        for row in owed:
            self._add(row)
        for number, row in enumerate(money):
            self._add(row, line_above=number == 0)
        self._proof.setVisible(bool(rows))
        if preview is not None:
            changes = [
                Money(sum((r.after - r.before).minor for r in part), preview.back.currency)
                for part in (owed, money)
            ]
            self._proof.say(
                self._words.signed(changes[0]), self._words.signed(changes[1]), changes[0] == changes[1]
            )

    def _add(self, row: BalanceChange, *, line_above: bool = False) -> None:
        below = row.after.minor < 0
        owes = below and row.whose != "Agency"  # what the agency has spent is nobody's debt
        note = self.tr("{0}: below zero, carried").format(row.note) if owes else row.note
        change = row.after - row.before
        self.sheet.add(
            (
                Says(row.whose, note, second_tone=_BELOW if owes else "text_secondary"),
                Says(self._words.money(row.before), role="body_m"),
                Says(self._words.signed(change) if change.minor else NOTHING, role="body_m"),
                Says(self._words.money(row.after), tone=_BELOW if below else "text", role="body_m"),
            ),
            line_above=line_above,
        )


class Proof(Pane):
    """The line that proves both sides of the balances."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("subtle", edges=("bottom",), parent=parent)
        self._owed, self._money = Label("", "body_b"), Label("", "body_b")
        self._agree = Label("", "small", "text_secondary", elide=True)
        self._tick = Glyph("circle-check", "ok", "icon_small")
        row = QHBoxLayout(self)
        row.setContentsMargins(16, 4, 16, 5)
        row.setSpacing(6)
        row.addWidget(Label(self.tr("Owed and earned"), "small", "text_secondary"))
        row.addWidget(self._owed)
        row.addSpacing(8)
        row.addWidget(Label(self.tr("Money"), "small", "text_secondary"))
        row.addWidget(self._money)
        row.addSpacing(8)
        row.addWidget(self._tick)
        row.addWidget(self._agree, 1)

    def say(self, owed: str, money: str, agree: bool) -> None:
        self._owed.setText(owed)
        self._money.setText(money)
        self._agree.setText(self.tr("both sides agree") if agree else self.tr("the sides differ"))
        self._tick.set("circle-check" if agree else "circle-x", "ok" if agree else "bad")


class Entries(Sheet):
    """What is written in the ledger, from which account to which."""

    def __init__(self, words: Words, parent: QWidget | None = None) -> None:
        super().__init__(
            self.tr("Written in the ledger"),
            (SheetColumn(self.tr("From, to"), stretch=1), SheetColumn(self.tr("Amount"), trailing=True)),
            parent=parent,
        )
        self._words = words

    def show_entries(self, entries: tuple[EntryPreview, ...]) -> None:
        self.clear()
        for entry in entries:
            out_of, into = _account(entry.debit), _account(entry.credit)
            words = self.tr("{0} to {1}").format(out_of[0].upper() + out_of[1:], into)
            self.add((Says(words), Says(self._words.money(entry.amount), role="body_m")))


def _account(account: Account) -> str:
    return "Stripe" if account is Account.STRIPE else account.value.replace("_", " ").lower()


def _is_money(row: BalanceChange) -> bool:
    return (row.whose, row.note) in _MONEY_ROWS
