"""A vendor's file is what they see at the hub: after its first sync, after whatever desks did, and nothing else is in
any byte of it."""

from __future__ import annotations

import sqlite3

import pytest

from helpers.desk import CASH
from helpers.raw import raw
from helpers.vendor_place import VendorPlace
from travellr_desktop.storage.engine import WRITE
from travellr_desktop.storage.vendor_files import guard_anew, unguard
from travellr_desktop.sync.vendors import is_of


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


def test_after_a_migration_it_refuses_changes_as_before_and_is_taken_anew(vendors: VendorPlace) -> None:
    database = vendors.own.program.database
    with database.engine.connect().execution_options(**{WRITE: True}) as connection, connection.begin():
        unguard(connection)
        connection.exec_driver_sql("UPDATE bookings SET price = price + 1")  # as a migration may
        guard_anew(connection)
    assert vendors.own.dump() != vendors.own.view()
    with raw(vendors.own.path) as file, pytest.raises(sqlite3.IntegrityError, match="a copy of"):
        file.execute("UPDATE bookings SET price = price + 2")
    there = vendors.own.hub.hello()
    assert not is_of(database, there)
    vendors.own.turn()
    assert is_of(database, there)
    assert vendors.own.dump() == vendors.own.view()
    assert vendors.own.program.services.check.run().problems == ()
