"""Statements: each is what its lines come to, these are what the ledger has, and what was paid is what was told."""

from __future__ import annotations

from collections.abc import Iterator

from travellr_desktop.services.checks.report import Problem
from travellr_desktop.storage.repositories.proofs import Proofs


def statements_add_up(proofs: Proofs) -> Iterator[Problem]:
    """Every statement comes to its lines, with what was carried in; its lines to the entries behind them; its payout to
    its total. Every payout was told of."""
    for row in proofs.statements.told():

        def problem(kind: str, words: str, row_id: str = row.id, number: str = row.number) -> Problem:
            return Problem(f"statement.{kind}", "statements", row_id, words, number)

        has = (row.charges, row.refunds, row.adjustments, row.commission)
        says = (row.lines_charges, row.lines_refunds, row.lines_adjustments, row.lines_commission)
        if has != says:
            yield problem("sum", f"it says {has}, its lines come to {says}")
        if sum(has) + row.carried_in != row.total:
            yield problem("sum", f"its total is {row.total}, its figures come to {sum(has) + row.carried_in}")
        if sum(says) != row.entries:
            yield problem("ledger", f"its lines come to {sum(says)}, the ledger has {row.entries}")
        if row.strange:
            yield problem("owner", f"{row.strange} of its entries are of another vendor or currency")
        if row.paid is not None and row.paid != row.total:
            yield problem("payout", f"its total is {row.total}, {row.paid} are paid")
        if row.paid_before is not None and row.paid_before != row.carried_in:
            yield problem("carried", f"it carries {row.carried_in} in, {row.paid_before} of that is paid")
    for payout in proofs.statements.untold():
        yield Problem("statement.missing", "payouts", payout, "no statement tells of it")


def statement_numbers_have_no_gaps(proofs: Proofs) -> Iterator[Problem]:
    """Each number that was given out is on a statement, and each statement has one of them."""
    for block in proofs.statements.series():
        given = block.next - block.first
        if block.there != given:
            words = f"{given} numbers of {block.kind} {block.year} were given out, {block.there} statements have one"
            yield Problem("statement.gap", "number_series", block.id, words)
    for stray in proofs.statements.stray():
        words = f"its number {stray.number} was never given out"
        yield Problem("statement.number", "statements", stray.id, words, stray.number)
