"""What is printed of an invoice: all that it says, and the same for ever."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from helpers.desk import CASH, Desk
from helpers.invoicing import COMPANY, TERMS, issue, ready
from travellr_desktop.errors import NotFound
from travellr_desktop.services.agency import AgencyDraft
from travellr_desktop.services.travellers import TravellerDraft


def words_of(path: Path) -> str:
    """The words of a PDF in their order, spaces as they come."""
    shown = subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], check=True, capture_output=True, text=True
    ).stdout
    return " ".join(shown.split())


def test_an_invoice_says_all_that_it_must(desk: Desk) -> None:
    ready(desk, replace(TERMS, footer="Thank you"))
    sale = desk.sold(desk.add_departure(), pay=CASH, adult=2, child=1)
    (row,) = issue(desk, sale.bookings[0].id, buyer=COMPANY).documents
    path = desk.services.documents.invoice(desk.agent, row.id)
    assert path.name == "IV-2026-000001.pdf"
    words = words_of(path)
    for each in (
        "Invoice",
        "IV-2026-000001",
        *("Nordlys Reiser AS", "Kongens gate 12", "0153 Oslo", "Norway", "NO 987 654 321 MVA"),
        *("Kotor Riva d.o.o., Riva 4, 85330 Kotor, Montenegro", "02345678", "5-0123456"),
        *("18 Jun 2026", sale.reference, sale.bookings[0].reference, "Sat 4 Jul 2026, 08:30"),
        *("Blue Cave and Perast", "Adult", "Child", "21 %", "€96.69", "€20.31", "€117.00"),
        *("IBAN ME25 5100 0000 0012 3456 78", "Thank you", "Ana Vuković", "Page 1 / 1"),
        "Sandbox, not valid",
    ):
        assert each in words, each


def test_a_credit_note_says_of_what_and_why(desk: Desk) -> None:
    ready(desk)
    booking = desk.sold(desk.add_departure(), pay=CASH).bookings[0].id
    (row,) = issue(desk, booking).documents
    (note,) = desk.services.invoices.credit(desk.agent, row.id, reason="Wrong company", key=uuid4()).documents
    words = words_of(desk.services.documents.invoice(desk.agent, note.id))
    for each in ("Credit note", "CN-2026-000001", "IV-2026-000001", "Wrong company", "€90.00"):
        assert each in words, each
    assert "To pay" not in words and "IBAN" not in words


def test_an_invoice_is_the_same_to_the_byte_whatever_changed_since(desk: Desk) -> None:
    ready(desk)
    traveller = desk.traveller("Henrik Söderberg", address="Storgatan 1")
    sale = desk.sell(desk.hold(desk.add_departure()), pay=CASH, traveller=traveller)
    (row,) = issue(desk, sale.bookings[0].id).documents
    before = desk.services.documents.invoice(desk.agent, row.id).read_bytes()
    agency = desk.services.agency.view()
    assert agency is not None
    draft = AgencyDraft("Another", "Elsewhere", "Other Ltd", "99", "none", "Asia/Tokyo")
    desk.services.agency.save(desk.admin, draft)
    desk.services.invoices.save_settings(desk.admin, replace(TERMS, address="Nowhere", bank=""))
    desk.services.travellers.update(desk.agent, traveller.id, TravellerDraft("Henrik X"))
    desk.cancel(sale.bookings[0].id)
    issue(desk, sale.bookings[0].id)
    assert desk.services.documents.invoice(desk.agent, row.id).read_bytes() == before


def test_an_invoice_of_many_bookings_goes_over_pages(desk: Desk) -> None:
    ready(desk)
    departure = desk.add_departure(capacity=40)
    sale = desk.sell(*(desk.hold(departure, adult=1, child=1) for _ in range(16)), pay=CASH)
    (row,) = issue(desk, *(each.id for each in sale.bookings)).documents
    pages = desk.services.documents.invoice_pictures(desk.agent, row.id)
    assert len(pages) == 3 and all(page.startswith(b"\x89PNG") for page in pages)
    words = words_of(desk.services.documents.invoice(desk.agent, row.id))
    for booking in sale.bookings:
        assert booking.reference in words
    assert "Page 3 / 3" in words


def test_a_voucher_names_the_invoice_of_its_booking(desk: Desk) -> None:
    ready(desk)
    sale = desk.sold(desk.add_departure(), pay=CASH)
    booking = sale.bookings[0].id
    assert sale.reference in words_of(desk.services.documents.voucher(desk.agent, booking))
    issue(desk, booking)
    assert "Invoice IV-2026-000001" in words_of(desk.services.documents.voucher(desk.agent, booking))


def test_what_is_not_there_is_not_printed(desk: Desk) -> None:
    with pytest.raises(NotFound):
        desk.services.documents.invoice(desk.agent, uuid4())
