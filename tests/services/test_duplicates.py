"""Records that are likely one person: found, said not to be, merged without loss, split exactly."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from helpers.clock import START
from helpers.desk import CARD, CASH, Desk, desk_again, desk_at
from helpers.raw import raw
from travellr_desktop.domain.likeness import Why
from travellr_desktop.domain.money import Money
from travellr_desktop.errors import ChangedMeanwhile, InvalidInput, KeyReused, NotFound, WrongState
from travellr_desktop.services.duplicates import Merged
from travellr_desktop.services.travel_documents import DocumentKind, TravelDocumentDraft
from travellr_desktop.services.travellers import FIELDS, TravellerDraft, TravellerRow
from travellr_desktop.storage.base import Base
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.models import Note
from travellr_desktop.storage.repositories.traveller_moves import MOVED

ROOT = Path(__file__).resolve().parents[2]
BORN = date(1988, 3, 14)


def person(desk: Desk, name: str, **more: Any) -> TravellerRow:
    return desk.services.travellers.create(desk.agent, TravellerDraft(name, **more), key=uuid4())


@pytest.fixture
def two(desk: Desk) -> tuple[Desk, TravellerRow, TravellerRow]:
    """One person under two spellings, each with a booking, a note, a document; one waits and has an option."""
    kept = person(
        desk, "Jovana Đukić", phone="+382 69 555 410", email="jovana.d@example.org", language="sr", born=BORN
    )
    other = person(
        desk,
        "Jovana Djukic",
        phone="069 555 410",
        email="jdukic@work.example.org",
        address="Njegoševa 41, Kotor",
        language="en",
    )
    departure = desk.add_departure()
    for row, pay in ((kept, CASH), (other, CARD), (other, CASH)):
        desk.sell(desk.hold(departure), pay=pay, traveller=row)
    for row in (kept, other):
        draft = TravelDocumentDraft(DocumentKind.PASSPORT, f"P{row.name[-1]}", "ME")
        desk.services.traveller_documents.add(desk.agent, row.id, draft, key=uuid4())
    hang_on(desk, other.id)
    return desk, kept, other


def hang_on(desk: Desk, traveller_id: UUID) -> None:
    """A note, a hold and a place on a waiting list, written as their services write them."""
    held = desk.hold(next(iter(departures(desk))), adult=1)
    with desk.database.write(Commit.NOTE_SAVE, desk.agent) as work:
        work.session.add(Note(traveller_id=traveller_id, text="Gets seasick", created_at=work.now))
        hold = work.holds.get(held.id)
        hold.traveller_id = traveller_id
        work.session.flush()
        work.session.execute(
            text(
                "INSERT INTO waiting_list (id, version, departure_id, traveller_id, party, seats, state, note, "
                "created_at) VALUES (:id, 1, :departure, :who, '{\"adult\": 1}', 1, 'waiting', '', :at)"
            ),
            {
                "id": uuid4().hex,
                "departure": hold.departure_id.hex,
                "who": traveller_id.hex,
                "at": "2026-06-01T00:00:00.000000Z",
            },
        )
        work.commit()


def departures(desk: Desk) -> list[UUID]:
    with desk.database.read() as view:
        return [row.id for row in view.departures.find_all()[0]]


def merge(desk: Desk, kept: TravellerRow, other: TravellerRow, **more: Any) -> Merged:
    return desk.services.duplicates.merge(desk.agent, kept.id, other.id, key=more.pop("key", uuid4()), **more)


def rows(desk: Desk) -> dict[str, list[dict[str, Any]]]:
    """All that travellers and what hangs on them say, without the count of changes."""
    tables = ("travellers", "traveller_pairs", *MOVED)
    with raw(desk.profile.database) as connection:
        connection.row_factory = lambda cursor, row: {
            column[0]: value
            for column, value in zip(cursor.description, row, strict=True)
            if column[0] != "version"
        }
        return {
            table: connection.execute(f"SELECT * FROM {table} ORDER BY id").fetchall() for table in tables
        }


# finding


def test_a_likely_pair_says_how_likely_and_why(two: tuple[Desk, TravellerRow, TravellerRow]) -> None:
    desk, kept, other = two
    (pair,) = desk.services.duplicates.of_traveller(desk.agent, kept.id)
    assert (pair.first.id, pair.second.id) == (kept.id, other.id)
    assert set(pair.likeness.why) == {Why.PHONE, Why.NAME}
    assert pair.second.bookings == 2
    assert desk.services.travellers.find_by_id(desk.agent, kept.id).alike == 1
    everywhere = desk.services.duplicates.find_all(desk.agent)
    assert everywhere.total == 1
    assert everywhere.pairs[0].first.id == other.id, "the one with more bookings is the one to keep"


def test_what_very_many_share_makes_no_pairs(desk: Desk) -> None:
    for number in range(25):
        person(desk, f"Guest {number}", email="reception@example.org")
    assert desk.services.duplicates.find_all(desk.agent).total == 0


def test_those_said_not_to_be_the_same_are_not_shown_again(
    two: tuple[Desk, TravellerRow, TravellerRow],
) -> None:
    desk, kept, other = two
    duplicates = desk.services.duplicates
    for _ in range(2):
        duplicates.not_the_same(desk.agent, other.id, kept.id)
    assert duplicates.of_traveller(desk.agent, kept.id) == ()
    assert duplicates.of_traveller(desk.agent, other.id) == ()
    assert duplicates.find_all(desk.agent).total == 0
    assert duplicates.preview(desk.agent, kept.id, other.id).said_apart
    duplicates.same_after_all(desk.agent, kept.id, other.id)
    assert duplicates.find_all(desk.agent).total == 1
    with pytest.raises(InvalidInput):
        duplicates.not_the_same(desk.agent, kept.id, kept.id)


# merging


def test_the_preview_says_what_moves_and_what_the_record_will_be(
    two: tuple[Desk, TravellerRow, TravellerRow],
) -> None:
    desk, kept, other = two
    shown = desk.services.duplicates.preview(desk.agent, kept.id, other.id, {"language": "other"})
    assert shown.other.has.bookings == 2
    assert (shown.other.has.notes, shown.other.has.documents) == (1, 1)
    assert (shown.other.has.holds, shown.other.has.waiting) == (1, 1)
    by_name = {each.name: each for each in shown.fields}
    assert tuple(by_name) == FIELDS
    assert by_name["address"].choice == "other", "what only one has is taken"
    assert by_name["born"].choice == "kept"
    assert by_name["language"].value == "en"
    assert shown.after.name == "Jovana Đukić"
    assert shown.after.address == "Njegoševa 41, Kotor"
    (money,) = shown.money_after
    assert money.booked == Money(27_000, "EUR")
    assert money.left == Money(27_000, "EUR")


def test_merging_moves_everything_and_loses_nothing(two: tuple[Desk, TravellerRow, TravellerRow]) -> None:
    desk, kept, other = two
    before = rows(desk)
    shown = desk.services.duplicates.preview(desk.agent, kept.id, other.id)
    merge(desk, kept, other, seen=shown.seen)
    after = rows(desk)
    for table in MOVED:
        assert [row["id"] for row in after[table]] == [row["id"] for row in before[table]]
        assert {row["traveller_id"] for row in after[table]} <= {kept.id.hex, None}
        others = [{**row, "traveller_id": ""} for row in after[table]]
        assert others == [{**row, "traveller_id": ""} for row in before[table]]
    record = desk.services.travellers.record(desk.agent, kept.id)
    assert record.bookings == 3
    assert record.address == "Njegoševa 41, Kotor"
    assert record.money == shown.money_after
    assert [each.name for each in record.merged] == ["Jovana Djukic"]
    assert record.alike == 0
    assert desk.services.travellers.record(desk.agent, other.id).id == kept.id, "the other one leads there"


def test_the_merged_one_is_out_of_sight_and_its_words_lead_to_the_kept_one(
    two: tuple[Desk, TravellerRow, TravellerRow],
) -> None:
    desk, kept, other = two
    merge(desk, kept, other)
    search = desk.services.travellers
    for typed in ("djukic", "jdukic@work", "jovana.d", "đukić jdukic", "069 555", "555410"):
        assert [row.id for row in search.search(desk.agent, typed)] == [kept.id]
    assert search.find(desk.agent, "").total == 1
    assert [row.id for row in search.find(desk.agent, "").rows] == [kept.id]
    search.update(desk.agent, kept.id, TravellerDraft("Jovana Đ."))
    assert [row.id for row in search.search(desk.agent, "jdukic@work")] == [kept.id], "also after a change"


def test_what_is_sold_to_a_merged_record_is_sold_to_the_kept_one(
    two: tuple[Desk, TravellerRow, TravellerRow],
) -> None:
    desk, kept, other = two
    merge(desk, kept, other)
    sale = desk.sell(desk.hold(departures(desk)[0]), traveller=other)
    assert desk.services.bookings.detail(desk.agent, sale.bookings[0].id).traveller_id == kept.id
    desk.services.traveller_documents.add(
        desk.agent, other.id, TravelDocumentDraft(DocumentKind.VISA, "V1"), key=uuid4()
    )
    assert len(desk.services.traveller_documents.of_traveller(desk.agent, kept.id)) == 3


def test_splitting_gives_back_exactly_what_was(two: tuple[Desk, TravellerRow, TravellerRow]) -> None:
    desk, kept, other = two
    third = person(desk, "Jovana D.", phone="069 555 410")
    desk.services.duplicates.not_the_same(desk.agent, other.id, third.id)
    desk.services.duplicates.not_the_same(desk.agent, other.id, kept.id)
    before = rows(desk)
    merged = merge(desk, kept, other, choices={"name": "other", "language": "other"})
    assert rows(desk) != before
    assert desk.services.duplicates.of_traveller(desk.agent, kept.id) == (), "not the third one either"
    assert desk.services.duplicates.split(desk.agent, merged.merge_id) == other.id
    assert rows(desk) == before
    actions = [row.action for row in audit(desk, kept.id)]
    assert {"traveller.merge", "traveller.split"} <= set(actions), "the audit keeps both"


def audit(desk: Desk, entity: UUID) -> list[Any]:
    with desk.database.read() as view:
        return list(view.journal.audit_of("traveller", entity))


def test_what_came_since_stays_where_it_came(two: tuple[Desk, TravellerRow, TravellerRow]) -> None:
    desk, kept, other = two
    merged = merge(desk, kept, other)
    new = desk.sell(desk.hold(departures(desk)[0]), traveller=kept).bookings[0].id
    record = desk.services.travellers.record(desk.agent, kept.id)
    changed = TravellerDraft(
        "Jovana Đukić-Ilić", email=record.email, phone=record.phone, address=record.address
    )
    desk.services.travellers.update(desk.agent, kept.id, changed)
    desk.services.duplicates.split(desk.agent, merged.merge_id)
    again = desk.services.travellers.record(desk.agent, kept.id)
    assert (again.name, again.address) == ("Jovana Đukić-Ilić", "")
    assert desk.services.bookings.detail(desk.agent, new).traveller_id == kept.id
    assert again.bookings == 2
    assert desk.services.travellers.record(desk.agent, other.id).bookings == 2


def test_merges_come_apart_in_the_order_opposite_to_their_making(
    two: tuple[Desk, TravellerRow, TravellerRow],
) -> None:
    desk, kept, other = two
    third, fourth = person(desk, "J. Đukić"), person(desk, "Jovana")
    before = rows(desk)
    first = merge(desk, kept, other)
    second = merge(desk, kept, third)
    last = merge(desk, fourth, kept)
    assert [row.id for row in desk.services.travellers.search(desk.agent, "jdukic")] == [fourth.id]
    for merged in (first, second):
        with pytest.raises(WrongState):
            desk.services.duplicates.split(desk.agent, merged.merge_id)
    desk.services.duplicates.split(desk.agent, last.merge_id)
    with pytest.raises(WrongState):
        desk.services.duplicates.split(desk.agent, first.merge_id)
    desk.services.duplicates.split(desk.agent, second.merge_id)
    desk.services.duplicates.split(desk.agent, first.merge_id)
    assert rows(desk) == before
    with pytest.raises(WrongState):
        desk.services.duplicates.split(desk.agent, first.merge_id)
    with pytest.raises(NotFound):
        desk.services.duplicates.split(desk.agent, uuid4())


# what makes no sense


def test_a_record_is_not_merged_into_itself(two: tuple[Desk, TravellerRow, TravellerRow]) -> None:
    desk, kept, other = two
    before = rows(desk)
    for refused in (
        lambda: merge(desk, kept, kept),
        lambda: merge(desk, kept, other, choices={"shoe_size": "kept"}),
        lambda: merge(desk, kept, other, choices={"name": "both"}),
        lambda: desk.services.duplicates.preview(desk.agent, other.id, other.id),
    ):
        with pytest.raises(InvalidInput):
            refused()
    with pytest.raises(NotFound):
        desk.services.duplicates.merge(desk.agent, kept.id, uuid4(), key=uuid4())
    assert rows(desk) == before


def test_a_merged_record_is_not_merged_again(two: tuple[Desk, TravellerRow, TravellerRow]) -> None:
    desk, kept, other = two
    third = person(desk, "J. Đukić")
    key = uuid4()
    done = merge(desk, kept, other, key=key)
    assert merge(desk, kept, other, key=key) == done, "the same form again is the same merge"
    with pytest.raises(KeyReused):
        merge(desk, kept, third, key=key)
    for one, two_ in ((third, other), (other, third), (other, kept)):
        with pytest.raises(WrongState, match="merged into Jovana Đukić already"):
            merge(desk, one, two_)


def test_records_that_changed_since_they_were_seen_are_not_merged(
    two: tuple[Desk, TravellerRow, TravellerRow],
) -> None:
    desk, kept, other = two
    shown = desk.services.duplicates.preview(desk.agent, kept.id, other.id)
    desk.services.travellers.update(desk.agent, other.id, TravellerDraft("Somebody Else"))
    with pytest.raises(ChangedMeanwhile):
        merge(desk, kept, other, seen=shown.seen)


def test_every_table_that_points_at_a_traveller_is_thought_of() -> None:
    pointing = {
        f"{column.table.name}.{column.name}"
        for table in Base.metadata.tables.values()
        for column in table.columns
        for key in column.foreign_keys
        if key.target_fullname == "travellers.id"
    }
    moved = {f"{table}.{column.key}" for table, (_model, column) in MOVED.items()}
    own = {
        "travellers.merged_into",
        "traveller_merges.kept_id",
        "traveller_merges.other_id",
        "traveller_pairs.first_id",
        "traveller_pairs.second_id",
    }
    assert pointing == moved | own


MERGE = """
import sys
from pathlib import Path
from uuid import UUID, uuid4
from helpers.desk import desk_again
from travellr_desktop.errors import WrongState
with desk_again(Path(sys.argv[1])) as desk:
    print("ready", flush=True)
    sys.stdin.readline()
    try:
        desk.services.duplicates.merge(desk.agent, UUID(sys.argv[2]), UUID(sys.argv[3]), key=uuid4())
        print("merged")
    except WrongState as refusal:
        print("refused:", refusal)
"""


def test_two_programs_do_not_merge_the_same_two_records_both(tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk:
        one, other = person(desk, "Ana"), person(desk, "Anna")
    environment: Mapping[str, str] = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join((str(ROOT / "tests"), str(ROOT))),
    }
    running = [
        subprocess.Popen(
            [sys.executable, "-c", MERGE, str(tmp_path), str(kept.id), str(gone.id)],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for kept, gone in ((one, other), (other, one))
    ]
    for program in running:
        assert program.stdout is not None
        assert program.stdout.readline() == "ready\n"
    answers = sorted(program.communicate("\n", timeout=60)[0] for program in running)
    assert answers[0] == "merged\n"
    assert "merged into" in answers[1]
    with desk_again(tmp_path) as desk:
        assert len(desk.services.travellers.find(desk.agent, "").rows) == 1
        assert desk.services.check.run().problems == ()


def test_what_is_audited_can_be_read_as_json(two: tuple[Desk, TravellerRow, TravellerRow]) -> None:
    desk, kept, other = two
    merge(desk, kept, other)
    detail = next(row.detail for row in audit(desk, kept.id) if row.action == "traveller.merge")
    assert json.loads(json.dumps(detail))["moved"]["bookings"] == 2
    assert detail["before"]["born"] == BORN.isoformat()
    assert START - timedelta(days=1) < next(row.at for row in audit(desk, other.id))
