"""The proof of the books sees debts that are not what was owed, and overpayments that are not what was too much."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from helpers.clock import HandClock
from helpers.desk import CASH, Desk, desk_again, desk_at
from helpers.owed import AFTER, OWED, by, deposited, euros, owing_sale, take, write_off
from helpers.raw import copied
from helpers.season import check_file
from helpers.tampering import by_hand, without_triggers
from travellr_desktop.domain.ledger import Used
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.ways import Way
from travellr_desktop.services import owing
from travellr_desktop.services.refund_asks import RefundAsk
from travellr_desktop.storage.models import Payment


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A trip of which 20.00 were paid afterwards and 43.00 were written off; and one paid 20.00 too much, which went
    back."""
    folder, clock = tmp_path_factory.mktemp("debts"), HandClock()
    with desk_at(folder, clock) as desk:
        sale = owing_sale(desk, clock)
        take(desk, sale, by(Way.CASH, 2000))
        write_off(desk, sale.bookings[0].id, OWED - 2000)
        departure = desk.add_departure(day=(clock.now() + AFTER).date())
        second = desk.sell(desk.hold(departure, adult=2), pay=CASH)
        take(desk, second, by(Way.BANK, 2000, excess=2000))
        third = desk.sell(desk.hold(departure, adult=2), pay=CASH)
        take(desk, third, by(Way.BANK, 1000, excess=1000))
        ask = RefundAsk((third.bookings[0].id,), excess=True)
        desk.services.refunds.request(desk.agent, ask, euros(1000), key=uuid4())
        report = check_file(desk.program)
        assert report.problems == (), report.as_text()
        (folder / "now").write_text(clock.now().isoformat(), "utf-8")
    return folder


@pytest.fixture
def folder(books: Path, tmp_path: Path) -> Path:
    copied(books / "travellr.db", tmp_path / "travellr.db")
    return tmp_path


LEFT = "(SELECT booking_id FROM payment_shares WHERE excess = 2000)"


@pytest.mark.parametrize(
    ("table", "statement", "kind"),
    [
        ("write_offs", "UPDATE write_offs SET amount = amount - 1", "ledger.bad_debts"),
        ("write_offs", "UPDATE write_offs SET amount = amount - 1", "ledger.missing"),
        ("write_offs", "UPDATE write_offs SET undone_at = created_at", "ledger.entry"),
        ("write_offs", "UPDATE write_offs SET currency = 'USD'", "booking.currency"),
        ("write_offs", "DELETE FROM write_offs", "ledger.bad_debts"),
        ("payment_shares", "UPDATE payment_shares SET owed = 0 WHERE owed > 0", "ledger.missing"),
        (
            "payment_shares",
            "UPDATE payment_shares SET excess = owed, owed = 0 WHERE owed > 0",
            "ledger.overpayment",
        ),
        ("payment_shares", "UPDATE payment_shares SET excess = 0 WHERE excess = 2000", "ledger.overpayment"),
        ("refunds", "UPDATE refunds SET excess = 0 WHERE excess", "ledger.beyond"),
        ("refunds", "UPDATE refunds SET amount = amount - 1 WHERE excess", "ledger.overpayment"),
    ],
)
def test_what_was_changed_by_hand_is_named(folder: Path, table: str, statement: str, kind: str) -> None:
    with by_hand(folder / "travellr.db") as connection, without_triggers(connection, table):
        assert connection.execute(statement).rowcount
    with desk_again(folder, HandClock()) as desk:
        assert kind in {problem.kind for problem in check_file(desk.program).problems}


def naive(_work: object, payment: Payment, _bookings: object) -> dict[object, Used]:
    """As it was before debts were known: whatever comes in is for the price."""
    nothing = Money.zero(payment.currency)
    return {
        share.booking_id: Used(Money(share.amount, payment.currency), nothing, nothing)
        for share in payment.shares
    }


def paid_after_the_trip(desk: Desk, clock: HandClock) -> None:
    take(desk, owing_sale(desk, clock), CASH)


def paid_too_much(desk: Desk, clock: HandClock) -> None:
    take(desk, deposited(desk), by(Way.BANK, OWED + 500, excess=500))


@pytest.mark.parametrize("play", [paid_after_the_trip, paid_too_much])
def test_one_that_knows_of_prices_only_is_found_out(
    play: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control."""
    clock = HandClock()
    with desk_at(tmp_path, clock) as desk:
        monkeypatch.setattr(owing, "used", naive)
        play(desk, clock)  # type: ignore[operator]
        found = {problem.kind for problem in desk.services.check.run().problems}
    assert found & {"ledger.funds", "booking.paid"}
