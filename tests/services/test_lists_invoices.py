"""The list of invoices and credit notes."""

from __future__ import annotations

import csv
from contextlib import closing
from pathlib import Path

import pytest

from helpers.desk import CASH, Desk
from helpers.invoicing import COMPANY, issue, ready
from travellr_desktop.domain.invoicing import InvoiceKind
from travellr_desktop.services.lists import InvoiceListRow
from travellr_desktop.services.paged import ListQuery


@pytest.fixture
def invoiced(desk: Desk) -> Desk:
    """One invoice to a company, credited whole, and one to a traveller."""
    ready(desk)
    departure = desk.add_departure()
    first, second = (desk.sold(departure, pay=CASH).bookings[0].id for _ in range(2))
    issue(desk, first, buyer=COMPANY)
    issue(desk, second)
    desk.cancel(first)
    issue(desk, first)
    return desk


def rows(desk: Desk, query: ListQuery) -> list[InvoiceListRow]:
    with closing(desk.services.lists.invoices(desk.agent, query)) as found:
        return list(found.first())


def numbers(desk: Desk, text: str = "", **filters: object) -> list[str]:
    return [row.number for row in rows(desk, ListQuery(text, filters, "number"))]


def test_a_credit_note_counts_below_zero(invoiced: Desk) -> None:
    credit, first, second = rows(invoiced, ListQuery(sort="number"))
    assert (credit.number, credit.gross.minor, credit.of) == ("CN-2026-000001", -9000, "IV-2026-000001")
    assert (first.buyer, first.gross.minor, first.credited.minor) == (COMPANY.name, 9000, -9000)
    assert (second.credited.minor, second.by) == (0, invoiced.agent.name)
    with closing(invoiced.services.lists.invoices(invoiced.agent, ListQuery())) as found:
        found.index()
        assert found.totals().sums["gross"] == {"EUR": 9000}


def test_documents_are_found_by_number_sale_buyer_and_tax_number(invoiced: Desk) -> None:
    assert numbers(invoiced, "iv-2026-000002") == ["IV-2026-000002"]
    assert numbers(invoiced, "nordlys") == ["CN-2026-000001", "IV-2026-000001"]
    assert numbers(invoiced, "987 mva") == ["CN-2026-000001", "IV-2026-000001"]
    assert numbers(invoiced, "soderberg") == ["IV-2026-000002"]
    assert numbers(invoiced, "sa-2026-000002") == ["IV-2026-000002"]
    assert numbers(invoiced, "nobody") == []


def test_documents_are_filtered(invoiced: Desk) -> None:
    with invoiced.database.read() as view:
        booking = view.bookings.find_all()[0][0].id
    assert numbers(invoiced, kind=(InvoiceKind.CREDIT_NOTE,)) == ["CN-2026-000001"]
    assert numbers(invoiced, booking=booking) == ["CN-2026-000001", "IV-2026-000001"]
    assert numbers(invoiced, currency="JPY") == []


def test_the_book_of_invoices_is_a_file(invoiced: Desk, tmp_path: Path) -> None:
    path = tmp_path / "invoices.csv"
    with closing(invoiced.services.lists.invoices(invoiced.agent, ListQuery(sort="number"))) as found:
        invoiced.services.exports.to_csv(invoiced.agent, "invoices", found, path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.DictReader(file))
    assert [line["Number"] for line in lines] == ["CN-2026-000001", "IV-2026-000001", "IV-2026-000002"]
    assert lines[0]["Of"] == "IV-2026-000001" and lines[1]["Tax number"] == COMPANY.tax_number
