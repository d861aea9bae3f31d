"""The till of the demo agency: for some days opened every morning and closed every evening, what is too much taken to
the bank once a week; open since this morning now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from functools import partial
from uuid import uuid4

from travellr_desktop.domain.cash_count import PIECES, CashCount, Piece
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.domain.till import MoveKind
from travellr_desktop.services.registry import Services
from travellr_desktop.services.till_figures import TillReport
from travellr_desktop.services.till_forms import CloseCount, FloatCount, MoveOrder, TillRules

DAY, OPENED, CLOSED = timedelta(days=1), timedelta(hours=3), timedelta(hours=16)
"""How long ago the till was opened this morning, and was closed yesterday; so on the days before."""
KEPT = 12
"""On so many days before today the till was kept; what was taken in cash before went to the safe with the first."""

_FLOAT, _TO_THE_BANK = 20_000, 50_000
_BANK, _SHORT = (7, 3), (9, 1)  # once in so many days, the last time so many days ago


class Tilled:
    """Does it through the services. Whoever sells keeps the till, the manager takes cash to the bank."""

    def __init__(self, services: Services, agent: Actor, manager: Actor, admin: Actor) -> None:
        self._till = services.till
        self._agent, self._manager, self._admin = agent, manager, admin

    def days(self, begun: datetime, now: datetime) -> Iterator[tuple[datetime, Callable[[], None]]]:
        """When what is done, from the day after `begun`."""
        for before in range(min((now - begun).days - 1, KEPT), 0, -1):
            yield now - OPENED - before * DAY, self.open
            yield now - CLOSED - (before - 1) * DAY, partial(self.close, before)
            if before == 1:
                yield now - CLOSED - timedelta(hours=5), self.read
        yield now - OPENED, self.open
        yield now - timedelta(hours=2, minutes=50), self.only_with_a_till
        yield now - timedelta(hours=2), self.pay_out
        yield now - timedelta(hours=1), self.pick_up
        yield now - timedelta(minutes=40), self.read

    def open(self) -> None:
        """With two hundred euros; whatever else is in it goes to the safe."""
        counts = []
        for each in self._till.status(self._agent).drawers:
            has = each.expected
            counted = Money(_FLOAT if has.currency == "EUR" else 0, has.currency)
            counts.append(FloatCount(made_of(counted), counted - has))
        self._till.open(self._agent, tuple(counts), key=uuid4())

    def close(self, before: int) -> None:
        """So many days ago. Two hundred euros stay. Some days twenty cents are missing, yesterday too; once a week much
        of it goes to the bank first."""
        report = self._paid_from_the_safe(self._till.x_read(self._agent))
        if before % _BANK[0] == _BANK[1]:
            report = self._take_to_the_bank(report)
        counts, short = [], before % _SHORT[0] == _SHORT[1]
        for currency in report.in_use:
            figures = report.of(currency)
            expected = figures.expected if figures is not None else Money.zero(currency)
            own = currency == "EUR"
            counted = expected - Money(20, currency) if own and short and expected.minor > 20 else expected
            counts.append(
                CloseCount(made_of(counted), Money(min(_FLOAT, counted.minor) if own else 0, currency))
            )
        shown = self._till.preview(self._agent, report.session_id, tuple(counts))
        reason = "Gave too much change" if short else ""
        self._till.close(self._agent, report.session_id, tuple(counts), reason, shown.expected)

    def read(self) -> None:
        """An X."""
        self._till.keep_x(self._agent, key=uuid4())

    def only_with_a_till(self) -> None:
        """From now on no cash is taken while it is closed."""
        rules = self._till.rules(self._admin)
        self._till.save_rules(self._admin, TillRules(True, rules.pay_out_limit))

    def pay_out(self) -> None:
        """Something small for the office."""
        self._move(
            self._agent,
            MoveKind.PAY_OUT,
            Money(1_250, "EUR"),
            Account.OFFICE_EXPENSES,
            "Paper for the printer",
        )

    def pick_up(self) -> None:
        """Change from the safe."""
        self._move(self._agent, MoveKind.PICKUP, Money(5_000, "EUR"), Account.SAFE, "Coins for change")

    def _paid_from_the_safe(self, report: TillReport) -> TillReport:
        """What was given back in cash beyond what was there had to be fetched."""
        for figures in report.figures:
            if figures.expected.minor < 0:
                missing = -figures.expected
                report = self._move(
                    self._agent, MoveKind.PICKUP, missing, Account.SAFE, "For cash that goes back"
                )
        return report

    def _take_to_the_bank(self, report: TillReport) -> TillReport:
        """What is there beyond the float, in whole five hundreds."""
        figures = report.of("EUR")
        spare = figures.expected.minor - _FLOAT if figures is not None else 0
        if spare < _TO_THE_BANK:
            return report
        taken = Money(spare // _TO_THE_BANK * _TO_THE_BANK, "EUR")
        return self._move(self._manager, MoveKind.PAY_OUT, taken, Account.BANK, "Taken to the bank")

    def _move(self, actor: Actor, kind: MoveKind, amount: Money, account: Account, reason: str) -> TillReport:
        order = MoveOrder(kind, amount, account, reason)
        return self._till.move(actor, self._till.x_read(actor).session_id, order, key=uuid4())


def made_of(amount: Money) -> CashCount:
    """An amount in as few pieces as there are."""
    left, pieces = amount.minor, dict[Piece, int]()
    for piece in PIECES.get(amount.currency, ()):
        pieces[piece], left = divmod(left, piece.minor)
    return CashCount(amount.currency, pieces, loose=left)
