"""Desks meet at a hub: what one does the others have, field for field."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

import pytest
from psycopg.errors import ForeignKeyViolation

from helpers.central_hub import hub_place, two_desks
from helpers.desk import CASH
from helpers.postgres import Central
from helpers.raw import raw
from helpers.strangers import two_vendors
from travellr_desktop.storage.outgoing import OutgoingOp
from travellr_desktop.sync.hub import Answer


def test_a_file_with_a_history_is_brought_whole(central: Central, tmp_path: Path) -> None:
    with hub_place(central) as place, place.alone(tmp_path / "kotor") as desk:
        departure = desk.add_departure(capacity=20)
        desk.sold(departure, pay=CASH, adult=2)
        first = place.first(desk)
        assert first.dump() == place.dump()
        assert first.turn().pushed == 0
        assert desk.services.check.run().ok


RULES = (
    "SELECT array_agg(x ORDER BY x) FROM (SELECT conrelid::regclass::text || pg_get_constraintdef(oid) || conname AS x "
    "FROM pg_constraint WHERE connamespace = 'agency'::regnamespace UNION ALL "
    "SELECT indexdef FROM pg_indexes WHERE schemaname = 'agency' UNION ALL "
    "SELECT tgname || tgenabled::text FROM pg_trigger t JOIN pg_class c ON c.oid = tgrelid "
    "WHERE relnamespace = 'agency'::regnamespace AND NOT tgisinternal) AS all_of_them"
)


def test_a_hub_that_took_a_file_over_keeps_all_its_rules(central: Central, tmp_path: Path) -> None:
    with hub_place(central) as place, place.alone(tmp_path / "kotor") as desk:
        before = place.one(RULES)
        desk.sold(desk.add_departure(capacity=20), pay=CASH, adult=2)
        place.first(desk)
        assert place.one(RULES) == before


def test_a_file_whose_rows_point_nowhere_is_not_taken_over(central: Central, tmp_path: Path) -> None:
    with hub_place(central) as place, place.alone(tmp_path / "kotor") as desk:
        before = place.one(RULES)
        with raw(desk.database.path) as file:
            file.execute("PRAGMA foreign_keys = OFF")
            for (name,) in file.execute(
                "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'trips'"
            ).fetchall():
                file.execute(f"DROP TRIGGER {name}")
            file.execute("UPDATE trips SET vendor_id = ?", (uuid4().hex,))
        with pytest.raises(ForeignKeyViolation, match="fk_trips_vendor_id"):
            place.first(desk)
        assert place.one(RULES) == before
        assert place.one("SELECT count(*) FROM agency.trips") == 0


def test_a_new_desk_has_everything(central: Central, tmp_path: Path) -> None:
    with hub_place(central) as place, place.alone(tmp_path / "kotor") as desk:
        desk.sold(desk.add_departure(capacity=20), pay=CASH, adult=2)
        place.first(desk)
        second = place.another(tmp_path / "budva", "Budva")
        place.quiet()
        assert second.dump() == place.dump() == place.desks[0].dump()
        assert second.desk.services.check.run().ok


def test_a_sale_of_one_desk_is_seen_at_the_other(central: Central, tmp_path: Path) -> None:
    with two_desks(central, tmp_path) as (place, first, second):
        departure = first.desk.add_departure(capacity=8)
        first.desk.sold(departure, pay=CASH, adult=2)
        assert first.turn().pushed > 0
        assert second.turn().pulled > 0
        assert first.dump() == second.dump() == place.dump()
        assert second.desk.services.check.run().ok


def test_a_desk_that_sells_all_the_time_hears_of_others(
    central: Central, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with two_desks(central, tmp_path) as (_place, first, second):
        tell, names = first.hub.push, iter(("Ivo", "Luka", "Petar"))

        def told_while_more_is_done(ops: Sequence[OutgoingOp]) -> tuple[Answer, ...]:
            answers = tell(ops)
            first.desk.traveller(next(names))
            return answers

        second.desk.traveller("Mara")
        second.turn()
        monkeypatch.setattr(first.hub, "push", told_while_more_is_done)
        first.desk.traveller("Ana")
        assert first.turn().pulled > 0
        assert len(list(names)) == 2  # one call: what came while it lasted is the next turn's
        assert first.lies("SELECT count(*) FROM travellers WHERE name = 'Mara'") == [(1,)]


def test_what_was_paid_to_vendors_is_not_open_at_a_new_desk(central: Central, tmp_path: Path) -> None:
    with hub_place(central) as place, place.alone(tmp_path / "kotor") as desk:
        two_vendors(desk)
        first = place.first(desk)
        second = place.another(tmp_path / "budva", "Budva")
        stands = "SELECT ledger_id, payout_id, statement_id FROM vendor_lines ORDER BY 1"
        assert any(row[1] for row in first.lies(stands))
        assert second.lies(stands) == first.lies(stands)
        assert second.desk.services.check.run().problems == ()
