"""What the ticket of a draft says beside its sum."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from helpers.batches import given, vendor
from helpers.desk import CARD, Desk
from helpers.paying_out import paid_to
from helpers.payouts_shown import WEEK, Paying, forward, paying
from helpers.refunding import colleague
from travellr_desktop.domain.money import Money
from travellr_desktop.domain.payouts.words import BatchKind
from travellr_desktop.services.payout_settings import PayoutRules
from travellr_desktop.ui.parts.label import Label
from travellr_desktop.ui.payouts.ticket_parts import CheckLine


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


def checks(made: Paying) -> dict[str, str]:
    """What was looked at, and what came of it."""
    ticket = made.page.draft_ticket
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
