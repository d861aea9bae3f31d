"""What the ticket of a draft says beside its sum."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from helpers.batches import approved_by, given, vendor
from helpers.desk import CARD, Desk
from helpers.gui_thread import off_gui
from helpers.paying_out import paid_to
from helpers.payouts_shown import WEEK, Paying, forward, paying, three_owed
from helpers.refunding import colleague
from helpers.tampering import by_hand, without_triggers
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.words import BatchKind
from travellr_desktop.services.payout_settings import PayoutRules
from travellr_desktop.services.payouts.views import NextStep
from travellr_desktop.ui.parts.dialog import Decision
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.payouts.ticket_parts import BatchTicket, CheckLine
from travellr_desktop.ui.tables.columns import NOTHING

MONTH = timedelta(days=30)


def dinars(desk: Desk) -> None:
    """Two vendors who are paid by the provider in dinars: 60.006 and 7.008 are owed, from nothing on."""
    desk.services.payout_settings.save(desk.admin, PayoutRules(minimums=(Money(0, "KWD"),)))
    far = desk.add_trip("Far", currency="KWD", adult=90_000)
    desk.sold(desk.add_departure(far, day=date(2027, 5, 1)), pay=CARD, adult=1)
    for name, minor in (("Dhow", 60_006), ("Pearl", 7_008)):
        vendor_id = vendor(desk, name, currency="KWD")
        with desk.sandbox() as sandbox:
            paid_to(desk, vendor_id, sandbox.open_account(name))
        given(desk, vendor_id, minor, "KWD")
    forward(desk, WEEK)
    desk.services.payouts.prepare(colleague(desk), BatchKind.WEEKLY)


@pytest.fixture
def kuwait(qtbot: QtBot, tmp_path: Path) -> Iterator[Paying]:
    with paying(qtbot, tmp_path, dinars) as made:
        yield made


def alone(desk: Desk) -> None:
    """An agency of one person, who may approve what they prepared."""
    three_owed(desk)
    desk.services.payout_settings.save(desk.admin, PayoutRules(alone=True))


def some_left_out(desk: Desk) -> None:
    """Three are paid; one is owed less than 50.00, one was deactivated. The draft is a colleague's."""
    three_owed(desk)
    given(desk, vendor(desk, "Little"), 1_000)
    gone = vendor(desk, "Gone")
    given(desk, gone, 9_000)
    desk.services.vendors.deactivate(desk.admin, gone)
    forward(desk, WEEK)
    desk.services.payouts.prepare(colleague(desk), BatchKind.WEEKLY)


def checks(made: Paying, ticket: BatchTicket | None = None) -> dict[str, str]:
    """What was looked at, and what came of it."""
    ticket = ticket or made.page.draft_ticket
    return dict(each.accessibleName().split(". ", 1) for each in ticket.findChildren(CheckLine))


def test_what_stripe_does_not_pay_is_said_with_the_sum_and_with_each_vendor(kuwait: Paying) -> None:
    page = kuwait.open()
    assert page.draft_ticket.figure.text() == "KWD\N{NO-BREAK SPACE}67.000"
    assert (
        checks(kuwait)["Rounded to what Stripe pays"] == "KWD\N{NO-BREAK SPACE}0.014 goes to the next batch"
    )
    (pearl,) = (row for row in page.tables.paid.rows if row.name == "Pearl")
    assert (pearl.amount, pearl.rest) == (Money(7_000, "KWD"), Money(8, "KWD"))
    page.open_vendor(pearl)
    words = [each.text() for each in page.panel.findChildren(Label)]
    assert words[words.index("For the next batch") + 1] == "KWD\N{NO-BREAK SPACE}0.008"


# how far books and provider were compared


def test_a_draft_says_whether_books_and_stripe_agree_and_since_when(qtbot: QtBot, tmp_path: Path) -> None:
    with paying(qtbot, tmp_path, some_left_out) as made:
        page, desk = made.open(), made.desk
        assert "Books and Stripe were never compared" in checks(made)
        day = desk.clock.now().date()
        off_gui(lambda: desk.services.matching.match(desk.admin, day - WEEK, day))
        made.office.key(Qt.Key.Key_F5)
        made.office.until(lambda: page.run is not None and page.run.reconciled is not None)
        made.office.until(lambda: "Books and Stripe agree" in checks(made))
        said = checks(made)["Books and Stripe agree"]
        assert said.startswith("Reconciled ") and said.endswith(page.words.short_day(day))


def test_differences_that_are_open_are_said_in_the_draft(qtbot: QtBot, tmp_path: Path) -> None:
    def prepare(desk: Desk) -> None:
        some_left_out(desk)
        day = desk.clock.now().date()
        with by_hand(desk.profile.database) as connection, without_triggers(connection, "ledger"):
            connection.execute("DELETE FROM ledger WHERE event = 'payment' AND debit = 'stripe'")
        desk.services.matching.match(desk.admin, day - 2 * MONTH, day)

    with paying(qtbot, tmp_path, prepare) as made:
        page = made.open()
        assert page.run is not None and page.run.reconciled is not None
        number = page.run.reconciled.open
        assert number > 1
        assert f"Books and Stripe: {number} differences are open" in checks(made)


# who was left out, once it was approved


def test_an_approved_batch_says_which_minimum_it_was_and_who_was_deactivated(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with paying(qtbot, tmp_path, some_left_out) as made:
        page, office = made.open(), made.office
        office.until(lambda: len(page.tables.left.rows) == 2)
        steps = {row.name: row.step for row in page.tables.left.rows}
        assert steps == {"Little": NextStep.NOTHING, "Gone": NextStep.ACTIVATE}
        office.ctrl(Qt.Key.Key_Return)
        made.question(Decision).act.click()
        wanted = {
            "Little": "Was below €50.00. Carried to the next batch.",
            "Gone": "The vendor was deactivated. It stays owed.",
        }
        office.until(lambda: {row.name: row.says for row in page.tables.left.rows} == wanted)


# one person


def test_in_an_agency_of_one_person_the_batch_says_that_nobody_else_approved_it(
    qtbot: QtBot, tmp_path: Path
) -> None:
    with paying(qtbot, tmp_path, alone) as made:
        actor, office = made.screen.context.actor, made.office
        off_gui(lambda: made.desk.services.payouts.prepare(actor, BatchKind.WEEKLY))
        page = made.open()
        assert "Nobody else approves it" in page.draft_ticket.note.accessibleName()
        office.ctrl(Qt.Key.Key_Return)
        question = made.question(Decision)
        assert any("nobody else approved it" in each.text() for each in question.findChildren(Label))
        question.act.click()
        office.until(lambda: page.run is None)
        office.until(lambda: "By one person alone" in checks(made, page.run_ticket))
        row = made.row()
        assert row.alone and row.prepared_by == row.approved_by == actor.name
        made.screen.back()
        office.until(lambda: not made.screen.in_batch)
        office.until(lambda: made.screen.list.rows[0].alone)


def test_a_draft_that_a_colleague_prepared_says_nothing_of_being_alone(qtbot: QtBot, tmp_path: Path) -> None:
    with paying(qtbot, tmp_path, some_left_out) as made:
        assert "Nobody else" not in made.open().draft_ticket.note.accessibleName()


# nobody in it


def test_a_draft_that_was_discarded_is_opened_and_says_so(qtbot: QtBot, tmp_path: Path) -> None:
    def prepare(desk: Desk) -> None:
        some_left_out(desk)
        desk.services.payouts.discard(desk.admin, desk.services.payouts.batches(desk.admin)[0].id)

    with paying(qtbot, tmp_path, prepare) as made:
        page = made.open()
        ticket = page.run_ticket
        assert (ticket.figure_words.text(), ticket.figure.text()) == ("Discarded", NOTHING)
        assert "Discarded" in checks(made, ticket)
        assert not ticket.act.isVisible()


def test_a_draft_whose_vendors_another_batch_has_paid_says_that_nothing_is_in_it(
    qtbot: QtBot, tmp_path: Path
) -> None:
    """A draft of a week and one of all that is older: the lines of the week are in both."""

    def prepare(desk: Desk) -> None:
        three_owed(desk)
        milena = colleague(desk)
        week = desk.services.payouts.prepare(milena, BatchKind.WEEKLY)
        forward(desk, WEEK)
        desk.services.payouts.prepare(milena, BatchKind.WEEKLY)
        approved_by(desk, desk.admin, week)

    with paying(qtbot, tmp_path, prepare) as made:
        page = made.open()
        assert page.run is not None and page.run.currencies == ()
        assert page.draft_ticket.figure.text() == NOTHING
        made.office.ctrl(Qt.Key.Key_Return)
        made.question(Decision).act.click()
        made.office.until(lambda: page.draft_ticket.refusal is not None)
        assert "There is nothing in this batch." in str(page.draft_ticket.refusal)
