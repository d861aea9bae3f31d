"""A statement on paper: all that it says, over as many pages as it takes."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID, uuid4

import pytest

from helpers.desk import Desk
from helpers.invoicing import ready
from helpers.refunding import refunded
from helpers.statements import told, travelled
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.words import LeftOut, LineKind
from travellr_desktop.domain.states import PayoutState
from travellr_desktop.services.statements.paper import render_statement, statement_pictures
from travellr_desktop.services.statements.views import Outcome, StatementDetail, StatementLineView


def words_in(pdf: Path) -> str:
    """The words of a PDF in their order, spaces as they come."""
    shown = subprocess.run(
        ["pdftotext", "-layout", str(pdf), "-"], check=True, capture_output=True, text=True
    ).stdout
    return " ".join(shown.split())


def words_of(statement: StatementDetail, folder: Path) -> str:
    path = folder / "statement.pdf"
    path.write_bytes(render_statement(statement))
    return words_in(path)


@pytest.fixture
def statement(desk: Desk) -> StatementDetail:
    """Two bookings, one of them refunded after the trip."""
    ready(desk)
    travelled(desk)
    refunded(desk, travelled(desk), back=4_500)
    (found,) = told(desk)
    return found


def test_a_statement_says_all_that_it_must(desk: Desk, statement: StatementDetail) -> None:
    path = desk.services.documents.statement(desk.admin, statement.id)
    assert path.name == "ST-2026-000001.pdf"
    words = words_in(path)
    for each in (
        *("Statement", "ST-2026-000001", "Bokeška Plovidba", "PB-2026-000001", "1–31 Jul 2026"),
        *("To be paid to you", "€108.00", "NLB ••8812", "Approved for payment"),
        *("Charges, 2 bookings €180.00", "Refunds, 1 reversed line −€45.00", "Commission, 20 % −€27.00"),
        *("Adjustments €0.00", "Total €108.00", "3 lines · 2 bookings", "BK-2026-000001", "BK-2026-000002"),
        *("Normal €90.00 −€18.00 €72.00", "Reversed −€45.00 €9.00 −€36.00", "· refunded"),
        *("Kotor Riva d.o.o., Riva 4, 85330 Kotor, Montenegro", "Page 1 / 1", "Sandbox, no real money"),
    ):
        assert each in words, each


def test_it_is_the_same_to_the_byte_until_its_money_has_arrived(
    desk: Desk, statement: StatementDetail, tmp_path: Path
) -> None:
    before = desk.services.documents.statement(desk.admin, statement.id).read_bytes()
    assert desk.services.documents.statement(desk.admin, statement.id).read_bytes() == before
    paid = replace(
        statement,
        outcome=Outcome.PAID,
        outcome_at=datetime(2026, 7, 20, 22, 30, tzinfo=UTC),
        payout=PayoutState.PAID,
    )
    words = words_of(paid, tmp_path)
    assert "Paid to you" in words and "Paid 21 Jul 2026" in words  # on the clock of the agency
    failed = words_of(replace(paid, outcome=Outcome.FAILED, payout=PayoutState.FAILED), tmp_path)
    assert "Did not arrive" in failed and "Paid to you" not in failed


def test_what_is_carried_says_why(desk: Desk, statement: StatementDetail, tmp_path: Path) -> None:
    euros = statement.total
    carried = replace(statement, payout=None, carried_out=euros, minimum=Money(20_000, "EUR"))
    for reason, said in (
        (LeftOut.BELOW_MINIMUM, "Payouts begin at €200.00."),
        (LeftOut.NEGATIVE, "More went back than came in."),
    ):
        words = words_of(replace(carried, left_out=reason), tmp_path)
        assert said in words
        assert "Nothing is paid" in words and "Carried forward to the next statement €108.00" in words
    for reason in LeftOut:  # each has its sentence
        render_statement(replace(carried, left_out=reason))


def lines(statement: StatementDetail, count: int, title: str, currency: str = "EUR") -> StatementDetail:
    """The statement with so many bookings instead of its own."""
    amounts = (Money(12_345, currency), Money(-2_469, currency), Money(9_876, currency))
    start = datetime(2026, 7, 1, 8, tzinfo=UTC)
    made = tuple(
        StatementLineView(
            LineKind.NORMAL,
            UUID(int=n + 1),
            f"BK-2026-{n:06}",
            title,
            start + timedelta(hours=n),
            "Europe/Podgorica",
            2,
            *amounts,
        )
        for n in range(count)
    )
    nothing = Money(0, currency)
    return replace(
        statement,
        currency=currency,
        lines=made,
        bookings=count,
        charges=amounts[0] * count,
        commission=amounts[1] * count,
        total=amounts[2] * count,
        refunds=nothing,
        adjustments=nothing,
        carried_in=nothing,
        carried_out=nothing,
    )


def test_five_hundred_lines_go_over_pages_each_with_its_head(
    statement: StatementDetail, tmp_path: Path
) -> None:
    long = lines(statement, 500, "Blue Cave, Our Lady of the Rocks and Perast by speedboat with lunch")
    words = words_of(long, tmp_path)
    pages = int(words.rsplit("Page", 1)[1].split("/")[1].split()[0])
    assert pages > 10
    assert words.count("Reference Departed Trip Pax Line Retail Commission Net") == pages
    for n in range(500):
        assert f"BK-2026-{n:06}" in words
    assert "€61,725.00 −€12,345.00 €49,380.00" in words


@pytest.mark.parametrize(
    ("currency", "sums"),
    [
        ("JPY", "24,690 −4,938 19,752"),
        ("KWD", "24.690 −4.938 19.752"),
        ("EUR", "€246.90 −€49.38 €197.52"),
    ],
)
def test_amounts_have_the_decimals_of_their_currency(
    statement: StatementDetail, tmp_path: Path, currency: str, sums: str
) -> None:
    assert sums in words_of(lines(statement, 2, "Old town", currency), tmp_path)


def test_names_from_right_to_left_turn_nothing_round(statement: StatementDetail, tmp_path: Path) -> None:
    hebrew = "סיור ים המלח"
    turned = lines(statement, 3, hebrew, "ILS")
    named = replace(turned, recipient=replace(turned.recipient, name=hebrew, legal=""))
    words = words_of(named, tmp_path)
    for word in hebrew.split():
        assert word in words
    assert words.count("₪123.45 −₪24.69 ₪98.76") == 3


def test_a_statement_of_nothing_new_is_a_page_too(statement: StatementDetail, tmp_path: Path) -> None:
    nothing = Money(0, "EUR")
    empty = replace(
        lines(statement, 0, ""),
        refunds=nothing,
        carried_in=Money(7_200, "EUR"),
        carried_from="ST-2026-000001",
        total=Money(7_200, "EUR"),
    )
    words = words_of(empty, tmp_path)
    assert "No booking and no adjustment is new" in words
    assert "Carried forward from ST-2026-000001 €72.00" in words


def test_what_waits_of_what_was_carried_is_explained(statement: StatementDetail, tmp_path: Path) -> None:
    before = replace(statement.recipient, carried_before=9_000)
    words = words_of(replace(statement, carried_from="ST-2026-000001", recipient=before), tmp_path)
    assert "ST-2026-000001 carried €90.00 forward." in words


def test_every_page_is_a_picture(statement: StatementDetail) -> None:
    (page,) = statement_pictures(statement, ppi=40)
    assert page.startswith(b"\x89PNG")


def test_an_adjustment_and_a_payout_that_came_back_are_lines(
    statement: StatementDetail, tmp_path: Path
) -> None:
    def line(kind: LineKind, reference: str, title: str, minor: int) -> StatementLineView:
        amount, nothing = Money(minor, "EUR"), Money(0, "EUR")
        return StatementLineView(kind, None, reference, title, None, "", 0, amount, nothing, amount)

    more = (
        line(LineKind.RETURNED, "ST-2026-000001", "10 Jun 2026 · Payout that did not arrive", 40_000),
        line(LineKind.ADJUSTMENT, "", "9 Jun 2026 · Fuel", -2_500),
    )
    words = words_of(replace(statement, lines=statement.lines + more, id=uuid4()), tmp_path)
    assert "ST-2026-000001 10 Jun 2026 · Payout that did not arrive – Returned €400.00 – €400.00" in words
    assert "9 Jun 2026 · Fuel – Adjustment −€25.00 – −€25.00" in words
