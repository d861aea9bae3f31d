"""A write by a program that switched foreign keys off: it commits, and is not taken for ours."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from sqlite3 import connect

import pytest

from helpers.desk import desk_at
from helpers.raw import value
from travellr_desktop.errors import DatabaseDamaged


def test_changes_written_without_an_op_are_refused_before_the_next_write(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        before, departure = desk.traveller("Before"), desk.add_departure()
        with closing(connect(desk.profile.database)) as other:
            other.execute("UPDATE travellers SET name = 'Another', version = version + 1")
            other.commit()  # foreign keys are off unless a client asks for them
        with pytest.raises(DatabaseDamaged, match="behind Travellr's back"):
            desk.traveller("After")
        with pytest.raises(DatabaseDamaged, match="behind Travellr's back"):
            desk.hold(departure)  # which begins with its command's key
        assert value(desk.profile.database, "SELECT count(*) FROM holds") == 0
        assert not desk.services.check.run().ok
        found = desk.services.travellers.find_by_id(desk.agent, before.id)
        assert found.name == "Another"  # it can still be looked at
