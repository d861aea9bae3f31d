"""A till to work at: short ways to open, move and close, and what the ledger has in it."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID, uuid4

from helpers.desk import Desk
from travellr_desktop.domain.cash_count import PIECES, CashCount, Piece
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import Actor
from travellr_desktop.domain.till import MoveKind
from travellr_desktop.services.till_figures import TillReport
from travellr_desktop.services.till_forms import CloseCount, FloatCount, MoveOrder


def euros(minor: int) -> Money:
    return Money(minor, "EUR")


def made_of(amount: Money) -> CashCount:
    """An amount in as few pieces as there are."""
    left, pieces = amount.minor, dict[Piece, int]()
    for piece in PIECES[amount.currency]:
        pieces[piece], left = divmod(left, piece.minor)
    return CashCount(amount.currency, pieces, loose=left)


def open_till(
    desk: Desk,
    counted: int = 20_000,
    *,
    from_safe: int | None = None,
    reason: str = "",
    currency: str = "EUR",
    key: UUID | None = None,
    by: Actor | None = None,
) -> TillReport:
    """Open the till; what is more than the books have is from the safe, unless it is said otherwise."""
    service, actor = desk.services.till, by or desk.agent
    if from_safe is None:
        had = {each.stayed.currency: each.expected.minor for each in service.status(actor).drawers}
        from_safe = counted - had.get(currency, 0)
    count = FloatCount(made_of(Money(counted, currency)), Money(from_safe, currency))
    return service.open(actor, (count,), reason, key=key or uuid4())


def move(
    desk: Desk,
    kind: MoveKind,
    minor: int,
    account: Account = Account.OFFICE_EXPENSES,
    *,
    by: Actor | None = None,
    key: UUID | None = None,
    currency: str = "EUR",
) -> TillReport:
    """Move cash in the session that is open."""
    actor = by or desk.agent
    session = desk.services.till.x_read(actor).session_id
    order = MoveOrder(kind, Money(minor, currency), account, "Courier")
    return desk.services.till.move(actor, session, order, key=key or uuid4())


def close_till(
    desk: Desk,
    counted: int | None = None,
    *,
    stays: int = 20_000,
    reason: str = "",
    by: Actor | None = None,
) -> TillReport:
    """Close the till in euros: with what is expected, unless something else was counted."""
    service, actor = desk.services.till, by or desk.agent
    report = service.x_read(actor)
    amount = report.figures[0].expected.minor if counted is None else counted
    counts = (CloseCount(made_of(euros(amount)), euros(min(stays, amount))),)
    shown = service.preview(actor, report.session_id, counts)
    return service.close(actor, report.session_id, counts, reason, shown.expected)


def in_ledger(desk: Desk, account: Account = Account.TILL, currency: str = "EUR") -> int:
    """What an account holds, debits less credits."""
    with desk.database.read() as view:
        return view.ledger.balance(account, currency)


def in_all_tills(desk: Desk) -> Mapping[str, int]:
    with desk.database.read() as view:
        return view.till.balances(view.agency.this_desk().id)
