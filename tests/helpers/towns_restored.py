"""Back-ups of the hub and of desks' files are put back, files are copied and enrolled anew, the server is killed."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from uuid import UUID

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from helpers.desk import desk_again
from helpers.raw import rows
from helpers.three_towns import Lost, Town
from helpers.towns_base import OTHERWISE, TOWN, TownsBase
from travellr_desktop.sync import cycle
from travellr_desktop.sync.connecting import HubSilent
from travellr_desktop.sync.refusals import FileCloned

LOST = """
SELECT c.table_name, c.row_id, json_extract(c.fields, '$.booking_id') FROM changes c
WHERE c.op_no > ? AND c.kind = 'I' AND c.table_name IN ('bookings', 'refunds')
"""
TOLD = """
SELECT m.last_op FROM hub.members m CROSS JOIN hub.state s
WHERE m.desk_id = %s AND m.epoch = s.epoch AND m.last_op >= m.tells
"""


class Restored(TownsBase):
    # the hub

    @rule()
    def kill_the_hub(self) -> None:
        self.here.kill_hub()
        self._vendor_again()
        self.did("hub killed")

    @rule()
    def back_the_hub_up(self) -> None:
        self.vendor.file.connection.close()
        self._forget_saved()
        self.saved = f"{self.here.place.central.name}_saved"
        self.here.save(self.saved)
        self.stack.callback(self._forget_saved)
        self._vendor_again()
        self.did("hub backed up")

    @precondition(lambda self: self.saved)
    @rule()
    def restore_the_hub(self) -> None:
        """Its desks come to it in whatever order, and maybe long after."""
        assert self.saved is not None
        self.vendor.file.connection.close()
        self.here.restore(self.saved)
        self._vendor_again()
        self.did("hub restored")

    def _forget_saved(self) -> None:
        saved, self.saved = self.saved, None
        if saved is not None:
            self.here.made.server.drop_database(saved)

    def _vendor_again(self) -> None:
        self.vendor.file.connection.close()
        fresh = self._vendor()
        self.vendor.file.connection = fresh.file.connection

    # files

    @rule(at=TOWN, calls=st.one_of(st.none(), st.integers(0, 4)), lost=st.sampled_from(Lost))
    def take_everything_anew(self, at: int, calls: int | None, lost: Lost) -> None:
        """Though nothing is wrong; the line may break at one of the calls."""
        town = self.online(at)
        if town is None:
            return
        town.line.breaks = None if calls is None else (calls, lost)
        with suppress(HubSilent):
            self.here.anew(town)
            self.did("everything taken anew")
        if town.line.broke:
            self.did(f"{lost.name.lower()} lost while everything was taken anew")
        town.line.breaks = None

    @rule(at=TOWN)
    def back_a_file_up(self, at: int) -> None:
        town = self.towns[at]
        self.copies[at] = town.copied(self.here.folder / f"copy{next(self.numbers)}")
        self.did("file backed up")

    @precondition(lambda self: self.copies)
    @rule(at=TOWN, renamed=st.booleans())
    def put_a_file_back(self, at: int, renamed: bool) -> None:
        """Its people look for the hub before they sell anything: what was sold twice would have the same numbers. What
        the hub had not heard of is lost with the file, as is what a hub that was restored was not told again."""
        number = [*self.copies][at % len(self.copies)]
        town = self.towns[number]
        told = self.here.place.one(TOLD, town.id)
        if not town.online or told is None:
            return
        lost = rows(town.desk.database.path, LOST, told)
        copied = rows(self.copies[number] / "travellr.db", LOST, 0)
        self.here.put_back(town, self.copies[number])
        for table, row, booking in lost:
            if (table, row, booking) in copied:
                continue
            if table == "bookings":
                del self.known.paid[UUID(row)]
            else:
                self.known.back.pop(UUID(booking), None)
        self.did("file put back")
        self._forget_saved()  # of what the lost file had told since, nobody could tell that hub again
        if renamed:
            town.desk.traveller("Olga Petrova")
        self.turn_of(town)

    @rule(at=TOWN, more=st.integers(1, 3))
    def a_copy_of_a_file_is_refused(self, at: int, more: int) -> None:
        """Both go on with the same numbers; the desk's own file comes first."""
        town = self.online(at)
        if town is None:
            return
        self.met(town)
        folder = town.copied(self.here.folder / f"copy{next(self.numbers)}")
        town.desk.traveller("Olga Petrova")
        self.turn_of(town)
        before = self.here.place.dump()
        assert self._is_refused(town, folder, more), "a copy of a file told of itself as the desk"
        assert self.here.place.dump() == before
        self.did("copy refused")

    def _is_refused(self, town: Town, folder: Path, more: int) -> bool:
        with desk_again(folder, town.clock) as copy:
            for _ in range(more):
                copy.traveller("Oleg Petrov")
            try:
                cycle.greet(copy.database, town.hub)
                cycle.turn(copy.database, town.hub)
            except OTHERWISE as refusal:
                return isinstance(refusal, FileCloned)
        return False
