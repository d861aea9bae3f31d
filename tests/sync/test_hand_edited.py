"""A desk's file that somebody has changed with a tool of their own: it is said, nothing of it is told, and what the
file has not is not overlooked. A copy of a profile is not the desk."""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from helpers.hub_proofs import cursor_is_honest, one_outcome_each, same_rows
from helpers.naive_sync import whichever_file
from helpers.tampering import by_hand, change, outbox_by_hand, take_away
from helpers.three_towns import ThreeTowns, Town
from travellr_desktop.errors import DatabaseDamaged
from travellr_desktop.services.travellers import TravellerDraft
from travellr_desktop.storage.outgoing import Outgoing
from travellr_desktop.storage.page_rows import RowMissing
from travellr_desktop.sync import cycle
from travellr_desktop.sync.refusals import FileCloned, HubRestored


def said_by_check(town: Town) -> str:
    return town.desk.services.check.run().as_text()


def edited(town: Town, name: str) -> None:
    """What is to be told of a traveller has another name than the program wrote."""
    with outbox_by_hand(town.desk.database.path) as db:
        op, fields = db.execute(
            "SELECT op_no, fields FROM changes, this_desk WHERE table_name = 'travellers' AND op_no > acked"
        ).fetchone()
        forged = json.dumps({**json.loads(fields), "name": name})
        db.execute(
            "UPDATE changes SET fields = ? WHERE op_no = ? AND table_name = 'travellers'", (forged, op)
        )


def test_an_op_that_was_changed_after_it_was_sealed_is_not_told(here: ThreeTowns) -> None:
    one = here.towns[0]
    one.desk.traveller("Jonas Ek")
    edited(one, "Jonas Who")
    before = here.place.dump()
    with pytest.raises(DatabaseDamaged, match="behind Travellr's back") as refused:
        one.turn()
    assert "travellr check" in refused.value.hint
    assert here.place.dump() == before
    assert "outbox.op" in said_by_check(one)


def test_a_desk_that_does_not_look_tells_it(here: ThreeTowns, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Outgoing, "_look_at", lambda *_: None)
    one, other, _ = here.towns
    one.desk.traveller("Jonas Ek")
    edited(one, "Jonas Who")
    one.turn()
    other.turn()
    assert ("Jonas Who",) in other.lies("SELECT name FROM travellers")


def test_what_was_written_without_an_op_is_said_and_nothing_is_told(here: ThreeTowns) -> None:
    one = here.towns[0]
    one.desk.traveller("Jonas Ek")
    with by_hand(one.desk.database.path) as db:
        db.execute("UPDATE travellers SET phone = '+382 1', version = version + 1")
    with pytest.raises(DatabaseDamaged, match="behind Travellr's back"):
        one.turn()
    assert "travellers" in said_by_check(one)


def test_a_row_that_was_changed_past_the_triggers_is_found_by_check(here: ThreeTowns) -> None:
    one = here.towns[0]
    with by_hand(one.desk.database.path) as db:
        (row,) = db.execute("SELECT id FROM travellers").fetchone()
        change(db, "travellers", row, "name", "Somebody Else")
    assert "written was" in said_by_check(one)


def test_a_row_that_was_taken_out_is_missed_when_it_changes(here: ThreeTowns) -> None:
    one, other, _ = here.towns
    traveller = other.desk.traveller("Jonas Ek")
    other.turn()
    one.turn()
    with by_hand(one.desk.database.path) as db:
        take_away(db, "travellers", traveller.id.hex)
    other.desk.traveller("Petra Novak")
    other.desk.services.notes.add(other.desk.agent, "Brings ice", traveller_id=traveller.id)
    rename(other, traveller.id)
    other.turn()
    cursor = one.lies("SELECT cursor FROM this_desk")
    with pytest.raises(RowMissing) as refused:
        one.turn()
    assert "anew" in refused.value.hint
    assert one.lies("SELECT cursor FROM this_desk") == cursor
    assert one.lies("SELECT count(*) FROM travellers WHERE name = 'Petra Novak'") == [(0,)]
    with pytest.raises(AssertionError, match="is not here"):
        cursor_is_honest(here.place, one.desk.database.path)


def rename(town: Town, traveller: UUID) -> None:
    town.desk.services.travellers.update(town.desk.agent, traveller, TravellerDraft("Jonas Berg"))


@pytest.mark.parametrize("column", ["acked", "cursor"])
def test_who_claims_to_be_further_than_the_hub_is_refused(here: ThreeTowns, column: str) -> None:
    """By hand, or because the hub was put back to what it was."""
    one = here.towns[0]
    one.desk.traveller("Jonas Ek")
    with outbox_by_hand(one.desk.database.path) as db:
        db.execute(f"UPDATE this_desk SET {column} = 1000, next_op = max(next_op, 1001)")
    with pytest.raises(HubRestored):
        one.turn()


def test_who_forgot_what_was_answered_tells_it_again_and_it_is_done_once(here: ThreeTowns) -> None:
    one = here.towns[0]
    one.turn()
    acked = one.lies("SELECT acked FROM this_desk")
    one.desk.traveller("Jonas Ek")
    one.desk.traveller("Petra Novak")
    one.turn()
    with outbox_by_hand(one.desk.database.path) as db:
        db.execute("UPDATE this_desk SET acked = ?", acked[0])
    one.turn()
    one_outcome_each(here.place, one)
    same_rows(here.place, one)


# a copy of a profile


def two_files(here: ThreeTowns) -> tuple[Town, Town]:
    """A desk, and a program on a copy of its profile."""
    one = here.towns[0]
    copy = one.copied(here.folder / "copy")
    here.add(one.sign_in, copy, one.clock)
    return one, here.towns[-1]


def test_a_copy_is_refused_and_what_it_did_stays_in_it(here: ThreeTowns) -> None:
    one, copy = two_files(here)
    one.desk.traveller("Jonas Ek")
    copy.desk.traveller("Petra Novak")
    one.turn()
    for _ in range(2):
        with pytest.raises(FileCloned) as refused:
            copy.turn()
        assert "Enrol" in refused.value.hint
    assert copy.lies("SELECT count(*) FROM travellers WHERE name = 'Petra Novak'") == [(1,)]
    one_outcome_each(here.place, one)
    same_rows(here.place, one)


def test_a_hub_that_takes_whichever_file_loses_what_the_other_did(here: ThreeTowns) -> None:
    whichever_file(here.place)
    one, copy = two_files(here)
    one.desk.traveller("Jonas Ek")
    copy.desk.traveller("Petra Novak")
    copy.desk.traveller("Olga Petrova")
    for town in (one, copy):
        cycle.turn(town.desk.database, town.hub)
    with pytest.raises(AssertionError):
        one_outcome_each(here.place, copy)
