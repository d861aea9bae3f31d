"""Payment links that are out: which wait, reading them while they do, ending one.

A link is paid on the traveller's own telephone, at any moment; how often each is read is `watching`'s.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.permissions import SYSTEM, Actor, Permission, require
from travellr_desktop.services.charging import Charging
from travellr_desktop.services.outcomes import LinkView, SaleOutcome, link_of, read_outcome
from travellr_desktop.services.watching import Watched
from travellr_desktop.storage.uow import Database


@dataclass(frozen=True, slots=True)
class WaitingLink:
    """A payment link that is out, and whose."""

    payment_id: UUID
    sale_id: UUID
    sale_reference: str
    traveller_name: str
    amount: Money
    link: LinkView


class LinkService:
    def __init__(self, database: Database, charging: Charging) -> None:
        self._db = database
        self._charging = charging
        self._watched = Watched()

    def waiting(self, actor: Actor) -> tuple[WaitingLink, ...]:
        """The links that wait to be paid, oldest first."""
        require(actor, Permission.PAYMENT_READ)
        with self._db.read() as view:
            found = [(payment, link_of(payment)) for payment in view.payments.open_links()]
            return tuple(
                WaitingLink(
                    payment_id=payment.id,
                    sale_id=payment.sale_id,
                    sale_reference=payment.sale.reference,
                    traveller_name=payment.sale.traveller.name,
                    amount=Money(payment.amount, payment.currency),
                    link=link,
                )
                for payment, link in found
                if link is not None
            )

    def cancel(self, actor: Actor, payment_id: UUID) -> SaleOutcome:
        """End a link, and say how its sale stands then: paid, where the traveller was faster; else its seats are held
        still, and it can be paid another way.

        Raises `NotFound`, `WrongState` for what is no open link or is being paid at this moment, and what the
        provider's silence raises (`OutcomeUnknown`, `GatewayBusy`, `GatewayRefused`): then the link may still be
        open, and it is read again by itself."""
        require(actor, Permission.PAYMENT_CREATE)
        self._charging.links.cancel(actor, payment_id)
        with self._db.read() as view:
            return read_outcome(view, view.payments.get(payment_id).sale_id)

    def watch(self, payment_id: UUID) -> None:
        """Somebody looks at this link: it is read often until `unwatch`. Asks nobody, and may be called anywhere."""
        self._watched.watch(payment_id)

    def unwatch(self, payment_id: UUID) -> None:
        """One who looked at it has left."""
        self._watched.unwatch(payment_id)

    def poll(self) -> int:
        """Read the links whose time has come. Returns how many. The program's own doing: nobody is asked."""
        with self._db.read() as view:
            now = view.clock.now()
            out = [payment.id for payment in view.payments.open_links()]
        due = self._watched.due(out, now)
        for payment_id in due:
            self._charging.read(SYSTEM, payment_id)
        return len(due)
