"""What a voucher says was paid, and what is due, after the booking was changed or a traveller taken off it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pypdf
import pytest

from helpers.changing import CHILD, becoming, change, leaving, to
from helpers.clock import START
from helpers.desk import CASH, DAY, Desk

SOON = (START + timedelta(days=5)).date()


def says(desk: Desk, booking: UUID) -> str:
    path: Path = desk.services.documents.voucher(desk.agent, booking)
    return " ".join(page.extract_text() for page in pypdf.PdfReader(path).pages)


@pytest.fixture
def pair(desk: Desk) -> UUID:
    """Two adults at 45 euros, on a departure that half the price is kept of by now."""
    strict = desk.add_trip("Half kept", policy="strict")
    return desk.sold(desk.add_departure(strict, day=SOON), pay=CASH, adult=2).bookings[0].id


def test_what_went_back_with_a_cheaper_traveller_was_not_paid(desk: Desk) -> None:
    booking = desk.sold(desk.add_departure(), pay=CASH, adult=2).bookings[0].id
    assert "€90.00" in says(desk, booking)
    change(desk, booking, becoming(desk, booking, 2, CHILD))
    assert "€72.00" in says(desk, booking)
    assert "€90.00" not in says(desk, booking)


def test_what_was_kept_of_a_traveller_who_is_not_on_it_pays_for_nobody_else(desk: Desk, pair: UUID) -> None:
    change(desk, pair, leaving(desk, pair, 2))
    assert "€45.00" in says(desk, pair)
    assert "€90.00" not in says(desk, pair)
    assert "€67.50" not in says(desk, pair)


def test_what_a_dearer_day_cost_more_was_paid_with_it(desk: Desk) -> None:
    booking = desk.sold(desk.add_departure(), pay=CASH, adult=2).bookings[0].id
    dear = desk.add_departure(desk.add_trip("Dearer", adult=6000), day=DAY + timedelta(days=1))
    change(desk, booking, to(dear))
    assert "€120.00" in says(desk, booking)
