"""The demonstration has invoiced some of what was sold."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta

from travellr_desktop.demo.clocks import ShiftedClock
from travellr_desktop.demo.desk import open_desk
from travellr_desktop.demo.invoiced import COMPANY
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.paths import Profile
from travellr_desktop.services.paged import ListQuery

CLOCK = ShiftedClock(timedelta(0))


def test_there_are_invoices_to_travellers_and_to_a_company(demo: Profile) -> None:
    with open_desk(demo, clock=CLOCK) as desk:
        with closing(desk.services.lists.invoices(SYSTEM, ListQuery(sort="number"))) as found:
            rows = list(found.first())
        assert desk.services.invoices.settings(SYSTEM).missing == ()
        detail = desk.services.invoices.detail(SYSTEM, rows[-1].id)
    assert len(rows) > 4
    assert COMPANY.name in {row.buyer for row in rows} and len({row.buyer for row in rows}) > 2
    assert (
        detail.seller.address == "Riva 4\n85330 Kotor"
        and detail.net.minor + detail.tax.minor == detail.gross.minor
    )
