"""A hub that was restored from a back-up, and files that are copies: nothing that a desk did is lost, or done twice."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from helpers.central_hub import Enrolled, two_desks
from helpers.desk import CASH
from helpers.postgres import Central
from travellr_desktop.sync.refusals import FileCloned, HubRestored


def references(at: Enrolled) -> set[str]:
    return {row[0] for row in at.lies("SELECT reference FROM bookings")}


def test_what_a_restored_hub_lost_its_desks_tell_again(central: Central, tmp_path: Path) -> None:
    with two_desks(central, tmp_path) as (place, first, second):
        departure = first.departure()
        first.desk.sold(departure, pay=CASH, adult=1)
        place.quiet()
        place.save("saved")
        first.desk.sold(departure, pay=CASH, adult=2)
        second.desk.sold(departure, pay=CASH, adult=1)
        place.quiet()
        sold = references(first)
        assert len(sold) == 3

        place.restore("saved")
        for desk in (first, second):
            with pytest.raises(HubRestored):
                desk.turn()
        assert place.anew(first) > 0
        assert place.anew(second) > 0
        place.quiet()
        assert place.one("SELECT count(*) FROM hub.blocked") == 0
        assert references(first) == references(second) == sold
        assert first.dump() == second.dump() == place.dump()
        for desk in (first, second):
            assert desk.desk.services.check.run().ok, desk.desk.services.check.run().as_text()


def test_a_copied_profile_is_known_and_taken_in_anew(central: Central, tmp_path: Path) -> None:
    with two_desks(central, tmp_path) as (place, first, second):
        copy = tmp_path / "copy"
        place.again(second)
        shutil.copytree(second.desk.profile.folder, copy)
        second.desk.traveller("Nora Lindqvist")
        place.quiet()
        stranger = place.at_copy(copy, second)
        stranger.desk.traveller("Jonas Ek")
        with pytest.raises(FileCloned):
            stranger.turn()
        assert place.anew(stranger) > 0
        stranger.turn()
        first.turn()
        names = {row[0] for row in first.lies("SELECT name FROM travellers")}
        assert {"Nora Lindqvist", "Jonas Ek"} <= names
        with pytest.raises(FileCloned):
            second.turn()
        assert stranger.dump() == place.dump()
