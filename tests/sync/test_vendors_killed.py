"""A vendor's program is killed anywhere in a first sync, a turn, or while it takes everything anew: what it has is
whole, and once it has gone on it is what they see. Naive ways are not."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import pytest

from helpers.desk import CASH
from helpers.strangers import LATER
from helpers.vendor_kills import Work, play
from helpers.vendor_place import OwnFile, VendorPlace
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.engine import of_vendor
from travellr_desktop.storage.startup import prepare
from travellr_desktop.storage.vendor_files import take_in_seen
from travellr_desktop.sync import vendors as own_files

SHORT = (
    "after api.hello #1",
    "after api.pull_mine #1",
    "after a row of bookings #1",
    "after a row of travellers #1",
    "after deriving #1",
    "before sync.taken_in #1",
    "after sync.taken_in #1",
)
"""Where most can go wrong in a turn; all the others are soak."""

ANEW = (
    "after the picture of bookings #1",
    "after clearing #1",
    "after sync.taken_in #1",
)

FIRST = (
    "after the picture of bookings #1",
    "after deriving #1",
    "before the file takes its place #1",
    "after the file took its place #1",
)


def a_turn(own: OwnFile) -> None:
    own.turn()


def anew(own: OwnFile) -> None:
    """As after the program was replaced by a newer one."""
    database = own.program.database
    with database.write(Commit.SYNC_LOOKED, SYSTEM) as work:
        work.connection.exec_driver_sql("UPDATE this_desk SET epoch = 0")
        work.commit()
    own.turn()


def a_first_sync(own: OwnFile) -> None:
    own_files.first_sync(own.hub, own.path)


class Life:
    """The desk goes on meanwhile."""

    def __init__(self, vendors: VendorPlace) -> None:
        self.vendors, self.own = vendors, vendors.own
        desk = vendors.kotor.desk
        self.departure = desk.add_departure(day=LATER, trip_id=vendors.two.own.trip, capacity=400)
        self.leaves = self._sold()
        vendors.quiet()

    def _sold(self) -> UUID:
        booking: UUID = self.vendors.kotor.desk.sold(self.departure, pay=CASH, adult=1).bookings[0].id
        return booking

    def meanwhile(self) -> None:
        """Something comes, something changes, something goes."""
        desk = self.vendors.kotor.desk
        desk.sold(self.departure, pay=CASH, adult=1)
        booking = desk.sell(desk.hold(self.departure), pay=CASH, traveller=desk.traveller("Olga")).bookings[0]
        desk.cancel(booking.id)
        left, self.leaves = self.leaves, self._sold()
        self.vendors.place.quiet()
        self.vendors.move(left)
        self.vendors.place.quiet()

    def killed(self, work: Work, at: str) -> None:
        self.meanwhile()
        play(self.own, work, at)
        self.is_whole()
        self.own.turn()
        assert self.own.dump() == self.own.view(), at

    def is_whole(self) -> None:
        """Opened as it lies there, with nothing taken in."""
        prepare(self.own.path, self.own.folder / "backups")
        assert of_vendor(self.own.path)
        report = self.own.program.services.check.run()
        assert report.problems == (), report.as_text()


@pytest.fixture
def life(vendors: VendorPlace) -> Life:
    return Life(vendors)


def all_of(life: Life, work: Work, at: Sequence[str]) -> None:
    passed = play(life.own, work)
    assert set(at) <= set(passed), "a boundary is not passed any more"
    for each in at:
        life.killed(work, each)


def test_a_turn_that_is_killed_is_gone_on_with(life: Life) -> None:
    life.meanwhile()
    all_of(life, a_turn, SHORT)


def test_taking_anew_that_is_killed_leaves_the_old_or_the_new(life: Life) -> None:
    all_of(life, anew, ANEW)


def test_a_first_sync_that_is_killed_leaves_what_was_there(life: Life) -> None:
    all_of(life, a_first_sync, FIRST)


@pytest.mark.soak
def test_it_may_be_killed_anywhere(life: Life) -> None:
    life.meanwhile()
    for at in play(life.own, a_turn):
        life.killed(a_turn, at)
    for at in play(life.own, anew):
        life.killed(anew, at)
    for at in play(life.own, a_first_sync):
        life.killed(a_first_sync, at)


# the naive ways


def cursor_first(own: OwnFile) -> None:
    """The cursor in a transaction of its own, before the rows."""
    database = own.program.database
    with database.read() as view:
        cursor = view.connection.exec_driver_sql("SELECT cursor FROM this_desk").scalar()
    page = own.hub.pull_mine(int(cursor or 0), 2_000)
    with database.write(Commit.SYNC_TAKEN_IN, SYSTEM) as work:
        take_in_seen(work, (), page.up_to)
        work.commit()
    with database.write(Commit.SYNC_TAKEN_IN, SYSTEM) as work:
        take_in_seen(work, page.rows, page.up_to)
        work.commit()


def forgets_what_left(own: OwnFile) -> None:
    """What a pull does that passes by rows that are gone."""
    database = own.program.database
    with database.read() as view:
        cursor = view.connection.exec_driver_sql("SELECT cursor FROM this_desk").scalar()
    page = own.hub.pull_mine(int(cursor or 0), 2_000)
    with database.write(Commit.SYNC_TAKEN_IN, SYSTEM) as work:
        take_in_seen(work, [row for row in page.rows if row.fields is not None], page.up_to)
        work.commit()


def test_a_cursor_that_is_committed_apart_passes_rows_that_are_not_there(life: Life) -> None:
    life.meanwhile()
    play(life.own, cursor_first, "after sync.taken_in #1")
    life.own.turn()
    assert life.own.dump() != life.own.view()


def test_a_pull_that_forgets_rows_which_left_has_them_for_ever(life: Life) -> None:
    life.meanwhile()
    forgets_what_left(life.own)
    life.own.turn()
    here, there = life.own.dump(), life.own.view()
    assert len(here["bookings"]) == len(there["bookings"]) + 1
    assert own_files.differences(life.own.program.database, life.own.hub) != ()


def test_a_hub_that_was_restored_is_taken_anew_in_its_place(life: Life) -> None:
    vendors = life.vendors
    vendors.save("saved_vendors")
    life.meanwhile()
    vendors.quiet()
    had = life.own.dump()
    vendors.restore("saved_vendors")
    assert life.own.view() != had
    assert life.own.turn() == 0
    assert life.own.dump() == life.own.view() != had
