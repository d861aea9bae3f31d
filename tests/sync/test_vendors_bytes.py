"""No foreign byte lies in a vendor's file, nor beside it: whatever they do not see at the hub is looked for in all that
their program leaves on the disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.desk import CASH
from helpers.foreign import MARK, foreign, lies_in, mark_hidden
from helpers.strangers import LATER
from helpers.vendor_place import OwnFile, VendorPlace
from travellr_desktop.logs import start_logging
from travellr_desktop.paths import Profile
from travellr_desktop.storage.startup import make_empty
from travellr_desktop.storage.vendor_files import Seen, making
from travellr_desktop.sync import vendors as own_files
from travellr_desktop.sync.refusals import HubConfused


@pytest.fixture
def empty(tmp_path: Path) -> bytes:
    """What lies in every file."""
    make_empty(tmp_path / "empty.db")
    return (tmp_path / "empty.db").read_bytes()


def marked(vendors: VendorPlace) -> None:
    """What the vendor does not see of their own rows is marked at the hub; and they take everything anew."""
    with vendors.own.hub.picture_mine() as picture:
        columns = picture.columns
    assert mark_hidden(vendors.place.connection, columns) > 20
    own_files.first_sync(vendors.own.hub, vendors.own.path)


def test_no_foreign_byte_is_in_a_first_sync(vendors: VendorPlace, empty: bytes) -> None:
    marked(vendors)
    strange = foreign(vendors.place.connection, vendors.own.hub)
    assert len(strange) > 200
    assert sum(MARK in text for text in strange) > 20
    assert lies_in(vendors.own.files(), strange, empty) == []


def test_no_foreign_byte_comes_by_pulling_nor_into_the_logs(vendors: VendorPlace, empty: bytes) -> None:
    desk, own = vendors.kotor.desk, vendors.own
    journal = start_logging(Profile.at(own.folder), "DEBUG")
    try:
        basket = desk.sell(
            desk.hold(vendors.two.own.departure), desk.hold(vendors.two.theirs.departure), pay=CASH
        )
        stays = desk.sold(vendors.two.own.departure, pay=CASH, adult=1)
        desk.services.notes.add(desk.agent, f"{MARK} note", booking_id=stays.bookings[0].id)
        desk.sold(vendors.two.theirs.departure, pay=CASH, adult=1)
        vendors.quiet()
        desk.cancel(*(each.id for each in basket.bookings), reason="It rains")
        vendors.quiet()
        own.program.services.check.run()
        strange = foreign(vendors.place.connection, own.hub)
        assert lies_in(own.files(), strange, empty) == []
    finally:
        journal.close()
    own.close()
    assert lies_in(own.files(), strange, empty) == []


def test_what_left_their_view_is_in_no_byte_of_it(vendors: VendorPlace, empty: bytes) -> None:
    desk, own = vendors.kotor.desk, vendors.own
    olga = desk.traveller("Olga Bartholdy", phone="+49 171 5551234")
    departure = desk.add_departure(day=LATER, trip_id=vendors.two.own.trip)  # without numbered seats
    booking = desk.sell(desk.hold(departure), pay=CASH, traveller=olga).bookings[0].id
    vendors.quiet()
    hers = {"Olga Bartholdy", "+49 171 5551234", booking.hex}
    assert lies_in(own.files(), hers) != []
    vendors.move(booking)
    vendors.quiet()
    assert own.dump() == own.view()
    strange = foreign(vendors.place.connection, own.hub)
    assert hers <= strange
    assert lies_in(own.files(), strange, empty) == []


# controls


def opened_to_all(vendors: VendorPlace) -> OwnFile:
    """One table that somebody forgot to guard."""
    role = vendors.place.admin.roles.vendor
    vendors.place.connection.execute(
        f'CREATE POLICY leak ON agency.payouts FOR SELECT TO "{role}" USING (true)'
    )
    return vendors.own


def test_a_picture_without_a_policy_is_not_taken(vendors: VendorPlace) -> None:
    own = opened_to_all(vendors)
    before = own.path.read_bytes()
    with pytest.raises(HubConfused, match="Of payouts"):
        own_files.first_sync(own.hub, own.path)
    assert own.path.read_bytes() == before


def test_whoever_takes_it_has_foreign_bytes(vendors: VendorPlace, empty: bytes, tmp_path: Path) -> None:
    strange = foreign(vendors.place.connection, vendors.own.hub)
    own, there = opened_to_all(vendors), vendors.own.hub.hello()
    with making(tmp_path / "naive.db") as file, own.hub.picture_mine() as picture:
        for table, columns in picture.columns.items():
            file.rows.put(table, tuple(columns), picture.rows(table))
        file.finish(Seen(there.hub_id, there.epoch, picture.cursor, (2, 2), picture.columns), "Boka", {})
    assert lies_in({"naive.db": (tmp_path / "naive.db").read_bytes()}, strange, empty) != []
