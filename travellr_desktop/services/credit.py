"""Credit of a traveller with the agency: a refund that was left with it, spent on what they book later.

What they have is the sum of its moves. Whoever gives or spends it does so in the transaction of the refund or the
payment; the file refuses to spend more than there is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import Actor, Permission, require
from travellr_desktop.errors import InvalidInput, WrongState
from travellr_desktop.storage.models import CreditMove, Payment, Refund
from travellr_desktop.storage.repositories.selling import NewPayment
from travellr_desktop.storage.uow import Database, Reading, UnitOfWork


@dataclass(frozen=True, slots=True)
class CreditLine:
    """Credit that was given (above zero) or spent, for which booking or sale, and why it was given."""

    id: UUID
    at: datetime
    amount: Money
    booking_id: UUID | None
    reference: str
    reason: str


@dataclass(frozen=True, slots=True)
class CreditView:
    """What a traveller has, a sum for each currency, and how it came about, the newest first."""

    has: tuple[Money, ...]
    lines: tuple[CreditLine, ...]

    def of(self, currency: str) -> Money:
        return next((each for each in self.has if each.currency == currency), Money.zero(currency))


class CreditService:
    def __init__(self, database: Database) -> None:
        self._db = database

    def of_traveller(self, actor: Actor, traveller_id: UUID) -> CreditView:
        """What they have and how it came about. Raises `NotFound`."""
        require(actor, Permission.TRAVELLER_READ)
        with self._db.read() as view:
            return read(view, view.travellers.get(traveller_id).id)


def read(view: Reading, traveller_id: UUID) -> CreditView:
    return CreditView(
        tuple(Money(amount, currency) for currency, amount in view.credit.of(traveller_id).items()),
        tuple(
            CreditLine(
                row.id, row.at, Money(row.amount, row.currency), row.booking_id, row.reference, row.reason
            )
            for row in view.credit.moves(traveller_id)
        ),
    )


def give(work: UnitOfWork, refund: Refund, traveller_id: UUID) -> None:
    """A refund becomes credit of the traveller."""
    work.credit.save(
        CreditMove(
            traveller_id=traveller_id,
            currency=refund.currency,
            amount=refund.amount,
            refund_id=refund.id,
            created_at=work.now,
            created_by=work.actor.user_id,
        )
    )


def spend(work: UnitOfWork, payment: Payment | NewPayment) -> None:
    """A payment by credit takes it from the traveller of its sale. Raises `InvalidInput` where they have less."""
    traveller_id = work.sales.get(payment.sale_id).traveller_id
    has = Money(work.credit.of(traveller_id).get(payment.currency, 0), payment.currency)
    if has.minor < payment.amount:
        raise InvalidInput(
            "The traveller has less credit than this costs.", field="pay", hint="Choose another way to pay."
        )
    work.credit.save(
        CreditMove(
            traveller_id=traveller_id,
            currency=payment.currency,
            amount=-payment.amount,
            payment_id=payment.id,
            created_at=work.now,
            created_by=work.actor.user_id,
        )
    )


def refuse_overspent(work: UnitOfWork, *traveller_ids: UUID) -> None:
    """Raises `WrongState` where a record has spent credit that is not its own any more: after two records were split
    again."""
    for traveller_id in traveller_ids:
        if any(amount < 0 for amount in work.credit.of(traveller_id).values()):
            raise WrongState(
                "Credit that came from the other record has been spent since.",
                hint="They stay one record: what was paid with it belongs to both.",
            )
