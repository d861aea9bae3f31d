"""X and Z as the printer gets them: read back from the PDF."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pypdf
import pytest

from helpers.desk import CASH, Desk
from helpers.tilling import close_till, euros, made_of, move, open_till
from travellr_desktop.domain.ledger import Account
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.till import MoveKind
from travellr_desktop.errors import NotFound
from travellr_desktop.services.till_forms import CloseCount


def read(path: Path) -> str:
    """The words of all pages, without the marks that keep a name in its own direction."""
    words = " ".join(page.extract_text() for page in pypdf.PdfReader(path).pages)
    return " ".join(words.replace("\u2068", "").replace("\u2069", "").split())


def test_a_z_says_all_of_its_till(desk: Desk) -> None:
    open_till(desk, 20_000)
    departure = desk.add_departure()
    desk.sold(departure, pay=CASH, adult=2)
    gone = desk.sold(departure, pay=CASH, adult=1)
    desk.cancel(gone.bookings[0].id)
    move(desk, MoveKind.PAY_OUT, 1_840)
    move(desk, MoveKind.DROP, 5_000, Account.SAFE)
    report = close_till(desk, 21_960, stays=20_000, reason="Change given twice")

    path = desk.services.documents.till_report(desk.agent, report.session_id)
    page = read(path)

    assert path.name == "Z-0001.pdf"
    for words in (
        "Z close 0001",
        "Cash sales, 2 receipts €135.00",
        "Cash refunds, 1 receipt −€45.00",
        "Paid out −€18.40",
        "Expected €221.60",
        "Counted €219.60",
        "Short −€2.00",
        "Change given twice",
        "To the safe €19.60",
        "Stays in the drawer €200.00",
        "Courier Ana Vuković",
        "Received for the safe by",
        "Sandbox, not valid",
    ):
        assert words in page, (words, page)


def test_a_z_is_the_same_whenever_it_is_printed(desk: Desk) -> None:
    open_till(desk)
    report = close_till(desk)
    first = desk.services.documents.till_report(desk.agent, report.session_id).read_bytes()
    open_till(desk, from_safe=0)
    desk.sold(desk.add_departure(), pay=CASH, adult=1)

    assert desk.services.documents.till_report(desk.agent, report.session_id).read_bytes() == first


def test_an_x_is_no_z(desk: Desk) -> None:
    report = open_till(desk)
    path = desk.services.documents.till_report(desk.agent, report.session_id)

    assert path.name == "X-0001-2026-06-18-1042.pdf"
    page = read(path)
    assert "X read" in page and "Expected in the drawer €200.00" in page
    assert "Z close" not in page and "Received for the safe by" not in page
    with pytest.raises(NotFound):
        desk.services.documents.till_report(desk.agent, uuid4())


def test_an_x_that_was_kept_is_the_same_whenever_it_is_printed(desk: Desk) -> None:
    open_till(desk)
    kept = desk.services.till.keep_x(desk.agent, key=uuid4())
    documents = desk.services.documents
    path = documents.till_report(desk.agent, kept.session_id, read_id=kept.read_id)
    first, page = path.read_bytes(), read(path)
    desk.sold(desk.add_departure(), pay=CASH, adult=1)
    close_till(desk)

    assert path.name == "X-0001-1.pdf"
    assert "X read 0001-1" in page and "Expected in the drawer €200.00" in page and "by Ana Vuković" in page
    again = documents.till_report(desk.agent, kept.session_id, read_id=kept.read_id)
    assert again.read_bytes() == first


def test_every_currency_of_the_till_has_its_part(desk: Desk) -> None:
    opened = open_till(desk)
    desk.sold(desk.add_departure(desk.add_trip("In dollars", currency="USD")), pay=CASH, adult=1)
    counts = tuple(CloseCount(made_of(m), Money(0, m.currency)) for m in (euros(20_000), Money(4_500, "USD")))
    shown = desk.services.till.preview(desk.agent, opened.session_id, counts).expected
    desk.services.till.close(desk.agent, opened.session_id, counts, "", shown)

    page = read(desk.services.documents.till_report(desk.agent, opened.session_id))

    assert "In the drawer EUR" in page and "In the drawer USD" in page
    assert page.count("The count") == 2 and "US$45.00" in page
