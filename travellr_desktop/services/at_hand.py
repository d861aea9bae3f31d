"""What is at hand: cash, by the word that it is in the till, and credit that the traveller has with the agency.

    row CREATED (committed with the sale)
    commit               COMPLETED, with all that `settling` does

Pressing "Take cash" is that word, and the row is where it is kept; credit is taken from the traveller with the row.
There is no outcome to be learnt, and nobody to be asked. A program that dies in between has left a payment that
recovery completes as it would have.
"""

from __future__ import annotations

from contextlib import ExitStack
from uuid import UUID

from travellr_desktop.domain.permissions import Actor
from travellr_desktop.domain.states import is_open
from travellr_desktop.errors import ChangedMeanwhile, SeatsGone
from travellr_desktop.services import keys, placing, settling
from travellr_desktop.services.outcomes import SaleOutcome, read_outcome
from travellr_desktop.services.refunding import Refunding
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.uow import Database


class AtHand:
    """Completes payments that nobody else has to do anything about. The caller is `at` them."""

    def __init__(self, database: Database, refunding: Refunding) -> None:
        self._db = database
        self._refunding = refunding

    def placed(self, actor: Actor, placed: placing.Placed, *, command: UUID) -> SaleOutcome | None:
        """Complete the payment of a sale that was just placed, and keep its outcome under the key `command`. None where
        something of it was changed since, however it ended then."""
        try:
            with self._db.write(Commit.PAYMENT_COMPLETE, actor) as work:
                outcome = placing.outcome(placing.settle(work, placed))
                keys.finish(work, command, outcome, outcome.sale_id)
                work.commit()
        except (ChangedMeanwhile, SeatsGone):
            assert placed.payment is not None
            self.complete(actor, placed.payment.id, command=command)
            return None
        return outcome

    def complete(
        self, actor: Actor, payment_id: UUID, *, command: UUID | None, recovered: bool = False
    ) -> None:
        """Complete any payment that is at hand: see `settling.complete`. Nothing happens to one that has ended.
        `recovered` has it said that this was not done at the time."""
        with ExitStack() as at:
            with self._db.write(Commit.PAYMENT_COMPLETE, actor) as work:
                payment = work.payments.get_full(payment_id)
                if not is_open(payment.state):
                    return
                refunds = settling.complete(
                    work, payment, label=payment.label or settling.LABELS[payment.way]
                )
                keys.finish(work, command, read_outcome(work, payment.sale_id), payment.sale_id)
                if recovered:
                    work.audit("payment.recover", "payment", payment.id, sale=payment.sale.reference)
                for refund_id in refunds:
                    at.enter_context(self._db.workers.at(refund_id))
                work.commit()
            for refund_id in refunds:
                self._refunding.carry_out(actor, refund_id)
