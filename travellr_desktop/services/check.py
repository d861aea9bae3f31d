"""Proving the books: every amount, state and owner against every other, and against the provider's word.

It changes nothing, and may run while the desk is open: all that concerns the file alone is read in one view of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial
from itertools import islice

from travellr_desktop.payments.gateway import PaymentGateway
from travellr_desktop.services.central.door import CentralDoor
from travellr_desktop.services.checks.adjustments import adjustments_are_posted
from travellr_desktop.services.checks.bookings import bookings_agree
from travellr_desktop.services.checks.chain import (
    accounts_sum_to_nothing,
    chain_is_whole,
    entries_have_a_booking,
)
from travellr_desktop.services.checks.disputes import (
    DisputeCheck,
    disputes_agree,
    disputes_are_in_the_books,
)
from travellr_desktop.services.checks.events import events_are_there
from travellr_desktop.services.checks.file import file_is_whole, guards_are_there, owners_are_there
from travellr_desktop.services.checks.invoices import invoice_numbers_have_no_gaps, invoices_add_up
from travellr_desktop.services.checks.movements import movements_are_posted
from travellr_desktop.services.checks.outbox import ops_are_sealed, rows_are_as_written
from travellr_desktop.services.checks.own_file import PROOFS_OF_VENDOR, beside_the_hub
from travellr_desktop.services.checks.payments import nothing_beyond_what_was_paid, payments_agree
from travellr_desktop.services.checks.payouts import (
    batches_were_approved,
    payouts_are_their_lines,
    transit_is_on_its_way,
    vendor_lines_are_kept,
)
from travellr_desktop.services.checks.people import merges_are_whole
from travellr_desktop.services.checks.provider import ProviderCheck, nothing_is_half_done
from travellr_desktop.services.checks.refunds import (
    approvals_have_two_people,
    credit_is_its_moves,
    refunds_add_up_by_line,
)
from travellr_desktop.services.checks.report import CheckReport, LedgerCount, Problem, Proof
from travellr_desktop.services.checks.seats import (
    holds_are_used,
    no_seat_twice,
    numbered_seats_agree,
    promises_are_kept,
    seats_are_counted,
)
from travellr_desktop.services.checks.statements import statement_numbers_have_no_gaps, statements_add_up
from travellr_desktop.services.checks.till import (
    counts_stand_on_the_ledger,
    moves_have_their_entries,
    tills_follow_each_other,
)
from travellr_desktop.services.checks.transfers import TransferCheck
from travellr_desktop.services.upkeep import EVENTS_KEPT
from travellr_desktop.storage.repositories.proofs import Proofs, open_proofs
from travellr_desktop.storage.uow import Database

MOST = 200
"""How many problems one proof tells of; that there are more is told as one."""

LIVE_SINCE = timedelta(days=2)
"""With a live provider, how far back payments that are settled are compared."""

PROOFS: tuple[Proof, ...] = (
    file_is_whole,
    owners_are_there,
    guards_are_there,
    ops_are_sealed,
    rows_are_as_written,
    chain_is_whole,
    accounts_sum_to_nothing,
    entries_have_a_booking,
    bookings_agree,
    payments_agree,
    nothing_beyond_what_was_paid,
    movements_are_posted,
    adjustments_are_posted,
    vendor_lines_are_kept,
    payouts_are_their_lines,
    batches_were_approved,
    transit_is_on_its_way,
    statements_add_up,
    statement_numbers_have_no_gaps,
    disputes_agree,
    disputes_are_in_the_books,
    refunds_add_up_by_line,
    approvals_have_two_people,
    credit_is_its_moves,
    seats_are_counted,
    holds_are_used,
    no_seat_twice,
    numbered_seats_agree,
    promises_are_kept,
    merges_are_whole,
    invoices_add_up,
    invoice_numbers_have_no_gaps,
    tills_follow_each_other,
    counts_stand_on_the_ledger,
    moves_have_their_entries,
)
"""What is proved from the file alone."""


class CheckService:
    def __init__(
        self,
        database: Database,
        gateway: PaymentGateway,
        *,
        provider: bool = True,
        central: CentralDoor | None = None,
    ) -> None:
        """`provider` False leaves the provider out: nothing is asked of it. `central` is asked about a vendor's
        file."""
        self._db = database
        self._central = central
        self._gateway = gateway
        self._provider = provider

    def run(self) -> CheckReport:
        """Prove everything. Raises `StorageRefusal` where the file cannot be read at all."""
        if self._db.of_vendor:
            return self._of_vendor()
        problems: list[Problem] = []
        now = self._db.clock.now()
        with open_proofs(self._db) as proofs:
            for proof in PROOFS:
                problems += _found(proof.__name__, partial(proof, proofs))
            problems += _found("events", partial(events_are_there, proofs, now - EVENTS_KEPT))
            problems = [_known_by(proofs, problem) for problem in problems]
            entries = proofs.chain.count()
        problems += _found("unfinished", partial(nothing_is_half_done, self._db))
        if self._provider:
            since = None if self._gateway.is_sandbox else now - LIVE_SINCE
            asked = list(_found("provider", ProviderCheck(self._db, self._gateway, since).problems))
            if not any(each.kind == "provider.unreachable" for each in asked):
                asked += _found("disputes", DisputeCheck(self._db, self._gateway, since).problems)
                asked += _found("transfers", TransferCheck(self._db, self._gateway, since).problems)
            problems += asked
        return CheckReport(tuple(problems), LedgerCount(entries, _out_of_balance(problems)))

    def _of_vendor(self) -> CheckReport:
        problems: list[Problem] = []
        with open_proofs(self._db) as proofs:
            for proof in PROOFS_OF_VENDOR:
                problems += _found(proof.__name__, partial(proof, proofs))
            entries = proofs.chain.count()
        beside, other = beside_the_hub(self._central)
        problems += _found("differences", lambda: iter(other))
        return CheckReport(tuple(problems), LedgerCount(entries, _out_of_balance(problems)), beside)


def _found(name: str, prove: Callable[[], Iterator[Problem]]) -> Iterator[Problem]:
    """What a proof finds, up to the most that are told; values that cannot be read at all are a problem too."""
    try:
        found = prove()
        yield from islice(found, MOST)
        if next(found, None) is not None:
            yield Problem(f"{name}.more", "-", "-", f"there are more than these {MOST}")
    except (TypeError, ValueError, ArithmeticError) as error:
        yield Problem(f"{name}.unreadable", "-", "-", f"there are values that make no sense: {error}")


def _known_by(proofs: Proofs, problem: Problem) -> Problem:
    """The same with its reference, where the proof itself had none at hand."""
    if problem.reference is not None:
        return problem
    return replace(problem, reference=proofs.references.find(problem.table, problem.row))


def _out_of_balance(problems: Iterable[Problem]) -> int:
    """Rows that do not agree with the ledger, each counted once."""
    return len({(each.table, each.row) for each in problems if each.kind.startswith("ledger.")})
