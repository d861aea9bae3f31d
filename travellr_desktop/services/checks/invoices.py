"""Invoices and credit notes: their sums, their numbers, and what was credited of them."""

from __future__ import annotations

from collections.abc import Iterator

from travellr_desktop.services.checks.report import Problem
from travellr_desktop.storage.repositories.proofs import Proofs


def invoices_add_up(proofs: Proofs) -> Iterator[Problem]:
    """Every document comes to its lines, each of a booking of its sale, with the tax that its rate gives; and no more
    is credited than was invoiced."""
    for row in proofs.invoices.issued():
        if not row.lines:
            yield Problem("invoice.lines", "invoices", row.id, "it has no line", row.number)
            continue
        has, says = (row.net, row.tax, row.gross), (row.lines_net, row.lines_tax, row.lines_gross)
        if has != says or row.net + row.tax != row.gross:
            words = f"it says {_sum(has)}, its lines come to {_sum(says)}"
            yield Problem("invoice.sum", "invoices", row.id, words, row.number)
        if row.currency != row.sale_currency:
            words = f"it is in {row.currency}, its sale in {row.sale_currency}"
            yield Problem("invoice.currency", "invoices", row.id, words, row.number)
        if row.strange:
            words = f"{row.strange} of its lines are of another sale"
            yield Problem("invoice.owner", "invoices", row.id, words, row.number)
        if row.off_rate:
            words = f"{row.off_rate} of its lines state another tax than their rate gives"
            yield Problem("invoice.tax", "invoices", row.id, words, row.number)
    for over in proofs.invoices.credited_too_much():
        words = f"{over.back} ({over.tax_back} of it tax) are credited of {over.gross} ({over.tax})"
        yield Problem("invoice.credited", "invoices", over.id, words, over.number)


def invoice_numbers_have_no_gaps(proofs: Proofs) -> Iterator[Problem]:
    """Each number that was given out is on a document, and each document has one of its desk's, of its year."""
    for block in proofs.invoices.series():
        given = block.next - block.first
        if block.there != given:
            words = f"{given} numbers of {block.kind} {block.year} were given out, {block.there} documents have one"
            yield Problem("invoice.gap", "number_series", block.id, words)
    for stray in proofs.invoices.stray():
        words = f"its number {stray.number} was never given out by its desk"
        yield Problem("invoice.number", "invoices", stray.id, words, stray.number)


def _sum(amounts: tuple[int, int, int]) -> str:
    net, tax, gross = amounts
    return f"{net} and {tax} of tax, {gross} in all"
