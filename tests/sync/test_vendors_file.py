"""A vendor's file is what they see at the hub: after its first sync, after whatever desks did, and nothing else is in
any byte of it."""

from __future__ import annotations

from helpers.desk import CASH
from helpers.vendor_place import VendorPlace


def test_a_first_sync_is_what_they_see(vendors: VendorPlace) -> None:
    found = vendors.own.dump()
    assert found == vendors.own.view()
    assert len(found["bookings"]) == 2
    assert vendors.own.turn() == 0


def test_what_desks_do_comes_by_pulling(vendors: VendorPlace) -> None:
    desk = vendors.kotor.desk
    sale = desk.sold(vendors.two.own.departure, pay=CASH, adult=2)
    desk.sold(vendors.two.theirs.departure, pay=CASH, adult=2)
    vendors.quiet()
    assert vendors.own.dump() == vendors.own.view()
    desk.cancel(sale.bookings[0].id)
    vendors.quiet()
    assert vendors.own.dump() == vendors.own.view()
    assert vendors.own.turn() == 0
