"""The provider's word against ours, payment by payment and refund by refund; and what was left half done.

The provider is asked outside any view of the file, which others may write to meanwhile. What does not agree is read
once more on both sides before it is called a problem.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar
from uuid import UUID

from travellr_desktop.domain.money import Money
from travellr_desktop.domain.states import PaymentState, RefundState
from travellr_desktop.errors import NotFound, Refusal
from travellr_desktop.payments.gateway import (
    GatewayRefused,
    GatewayUnreachable,
    LinkState,
    PaymentGateway,
    PaymentLink,
    PaymentStatus,
    ProviderPaymentState,
    ProviderRefundState,
    ReaderActionState,
    RefundStatus,
)
from travellr_desktop.services.checks.entries import ACCEPTED
from travellr_desktop.services.checks.report import Problem
from travellr_desktop.storage.repositories.proofs import Proofs, open_proofs
from travellr_desktop.storage.repositories.proofs.money_out import (
    CardPayment,
    CardRefund,
    PaymentAtReader,
    PaymentByLink,
    Unfinished,
)
from travellr_desktop.storage.uow import Database

_GIVEN_UP = (PaymentState.FAILED, PaymentState.ABANDONED)

ENOUGH = 3
"""After so many questions without an answer no more are asked."""

T = TypeVar("T", CardPayment, CardRefund, PaymentByLink, PaymentAtReader)
S = TypeVar("S")


def nothing_is_half_done(database: Database) -> Iterator[Problem]:
    """What is under way has a running program at it, or a time at which it is looked at again.

    A program may end its work and leave between the reading and the question whether it lives: what looks left
    behind is read once more."""
    for row in sorted(_left(database) & _left(database), key=lambda row: row.id):
        why = "nobody will look at it again" if row.worker is None else "the program that was at it is gone"
        says = f"it was left half done: it is {row.state}, and {why}"
        yield Problem("unfinished", row.table, row.id, says, row.reference)


def _left(database: Database) -> set[Unfinished]:
    with open_proofs(database) as proofs:
        rows = list(proofs.provider.unfinished())
    return {
        row
        for row in rows
        if (row.next_read_at is None if row.worker is None else not _busy(database, row.worker, row.id))
    }


def _busy(database: Database, worker: str | None, row_id: str) -> bool:
    """Whether a running program is at it now."""
    try:
        return database.workers.busy(worker, UUID(row_id))
    except ValueError:
        return False


class _NoAnswer(Exception):
    """The provider could not be asked. `last`: there is no use in asking anything else."""

    def __init__(self, problem: Problem, *, last: bool) -> None:
        super().__init__(problem.says)
        self.problem = problem
        self.last = last


class ProviderCheck:
    """Compares what the file says with what the provider says. Asks, and moves nothing."""

    def __init__(self, database: Database, gateway: PaymentGateway, since: datetime | None) -> None:
        """`since` None compares everything; else what is not settled, and what was made after it."""
        self._db = database
        self._gateway = gateway
        self._since = since
        self._unanswered = 0

    def problems(self) -> Iterator[Problem]:
        """What does not agree. A provider that does not answer is a problem of its own."""
        yield from self._all(
            lambda proofs, after: proofs.provider.payments(after, self._since),
            lambda proofs, row_id: proofs.provider.payment(row_id),
            self._payment,
        )
        yield from self._all(
            lambda proofs, after: proofs.provider.links(after, self._since),
            lambda proofs, row_id: proofs.provider.link(row_id),
            self._link,
        )
        yield from self._all(
            lambda proofs, after: proofs.provider.readers(after, self._since),
            lambda proofs, row_id: proofs.provider.reader(row_id),
            self._asking,
        )
        yield from self._all(
            lambda proofs, after: proofs.provider.refunds(after, self._since),
            lambda proofs, row_id: proofs.provider.refund(row_id),
            self._refund,
        )

    def _all(
        self,
        page: Callable[[Proofs, str], Sequence[T]],
        again: Callable[[Proofs, str], T | None],
        compare: Callable[[T], list[Problem]],
    ) -> Iterator[Problem]:
        after = ""
        while self._unanswered < ENOUGH:
            with open_proofs(self._db) as proofs:
                rows = page(proofs, after)
            if not rows:
                return
            for row in rows:
                try:
                    if not compare(row):
                        continue
                    with open_proofs(self._db) as proofs:
                        now = again(proofs, row.id)
                    found = compare(now) if now is not None else []
                except _NoAnswer as silence:
                    self._unanswered = ENOUGH if silence.last else self._unanswered + 1
                    found = [silence.problem]
                yield from found
                if self._unanswered >= ENOUGH:
                    return
            after = rows[-1].id

    def _payment(self, row: CardPayment) -> list[Problem]:
        def problem(says: str, kind: str = "provider.payment") -> Problem:
            return Problem(kind, "payments", row.id, says, row.sale_reference)

        status = _asked(problem, lambda: self._gateway.get_payment_status(row.provider_ref))
        if isinstance(status, Problem):
            return [status]
        busy = _busy(self._db, row.worker, row.id)
        return [problem(says) for says in _payment_differences(row, status, busy=busy)]

    def _link(self, row: PaymentByLink) -> list[Problem]:
        def problem(says: str, kind: str = "provider.link") -> Problem:
            return Problem(kind, "payments", row.id, says, row.sale_reference)

        link = _asked(problem, lambda: self._gateway.get_link(row.link_ref))
        if isinstance(link, Problem):
            return [link]
        busy = _busy(self._db, row.worker, row.id)
        return [problem(says) for says in _link_differences(row, link, busy=busy)]

    def _asking(self, row: PaymentAtReader) -> list[Problem]:
        """A reader asks for what is under way here, and for nothing that was given up. A reader that was removed at the
        provider asks for nothing."""
        if row.state not in _GIVEN_UP:
            return []

        def problem(says: str, kind: str = "provider.reader") -> Problem:
            return Problem(kind, "payments", row.id, says, row.sale_reference)

        found = _asked(problem, lambda: self._gateway.get_reader(row.reader_ref))
        action = None if isinstance(found, Problem) else found.action
        if action is None or action.payment_ref != row.provider_ref:
            return []
        if action.state is not ReaderActionState.WAITING:
            return []
        return [problem(f"it is {row.state} here, and its card reader still asks for it")]

    def _refund(self, row: CardRefund) -> list[Problem]:
        def problem(says: str, kind: str = "provider.refund") -> Problem:
            return Problem(kind, "refunds", row.id, says, row.booking_reference)

        ref = row.provider_ref
        if ref is None:
            found = _asked(problem, lambda: self._gateway.find_refund(row.payment_ref, UUID(row.id)))
        else:
            found = _asked(problem, lambda: self._gateway.get_refund_status(ref))
        if isinstance(found, Problem):
            return [found]
        busy = _busy(self._db, row.worker, row.id)
        return [] if found is None else [problem(says) for says in _refund_differences(row, found, busy=busy)]


def _asked(problem: Callable[..., Problem], ask: Callable[[], S]) -> S | Problem:
    """The provider's answer, or the problem that it knows nothing of what was asked. Raises `_NoAnswer`."""
    try:
        return ask()
    except NotFound:
        return problem("the provider knows nothing of it")
    except Refusal as refusal:
        last = isinstance(refusal, GatewayUnreachable | GatewayRefused)
        says = f"the provider could not be asked: {refusal}"
        raise _NoAnswer(problem(says, "provider.unreachable"), last=last) from refusal


def _payment_differences(row: CardPayment, status: PaymentStatus, *, busy: bool) -> Iterator[str]:
    amount = _plain(status.amount)
    if amount != (row.amount, row.currency):
        yield f"it is {row.amount} {row.currency} here, {status.amount} at the provider"
    succeeded = status.state is ProviderPaymentState.SUCCEEDED
    if row.state == PaymentState.COMPLETED:
        if not succeeded:
            yield f"it is completed here, and {status.state} at the provider"
        elif _plain(status.received) != amount:
            yield f"the provider received {status.received} of {status.amount}"
        back = _plain(status.refunded)[0]
        if not row.back <= back <= row.back + row.on_its_way:
            yield f"{row.back} of it went back here, {back} at the provider"
    elif succeeded and not busy:
        yield f"it was charged at the provider, and is not recorded here: it is {row.state}"


def _link_differences(row: PaymentByLink, link: PaymentLink, *, busy: bool) -> Iterator[str]:
    if _plain(link.amount) != (row.amount, row.currency):
        minor, currency = _plain(link.amount)
        yield f"its link is over {minor} {currency} at the provider, it is {row.amount} {row.currency} here"
    if link.payment_id != UUID(row.id):
        yield f"its link is that of payment {link.payment_id} at the provider"
    if row.state == PaymentState.COMPLETED:
        if link.state is not LinkState.PAID:
            yield f"it is completed here, and its link is {link.state} at the provider"
        elif link.payment_ref != row.provider_ref:
            yield f"its link was paid by {link.payment_ref} at the provider, it is {row.provider_ref} here"
    elif link.state is LinkState.PAID:
        if not busy:
            yield f"its link was paid at the provider, and that is not recorded here: it is {row.state}"
    elif row.state in _GIVEN_UP and link.state is not LinkState.EXPIRED:
        yield f"it is {row.state} here, and its link is {link.state} at the provider"


def _refund_differences(row: CardRefund, status: RefundStatus, *, busy: bool) -> Iterator[str]:
    if _plain(status.amount) != (row.amount, row.currency):
        yield f"it is {row.amount} {row.currency} here, {status.amount} at the provider"
    if status.payment_ref != row.payment_ref:
        yield f"it goes back to {row.payment_ref} here, to {status.payment_ref} at the provider"
    failed = status.state is ProviderRefundState.FAILED
    if row.state in ACCEPTED and failed:
        yield f"it is {row.state} here, and came back at the provider"
    elif row.state == RefundState.COMPLETED and status.state is ProviderRefundState.PENDING:
        yield "it is completed here, and still pending at the provider"
    elif row.state not in ACCEPTED and not failed and not busy:
        yield f"it went back at the provider, and is not recorded here: it is {row.state}"


def _plain(money: Money) -> tuple[int, str]:
    return money.minor, money.currency
