"""What a real desk's file has sealed, told to a hub: the rows there are the rows here."""

from __future__ import annotations

import json
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from helpers.desk import CASH, Desk, desk_at
from helpers.postgres import Central
from helpers.raw import rows
from travellr_desktop.domain.permissions import SYSTEM
from travellr_desktop.storage.commits import Commit
from travellr_desktop.storage.outgoing import Outgoing, Standing
from travellr_desktop.storage.wire import synced, travelling
from travellr_desktop.sync.central.administrator import administrator
from travellr_desktop.sync.central.installing import install
from travellr_desktop.sync.central.members import add_desk
from travellr_desktop.sync.hub import Hub, Outcome


def here(desk: Desk, table: str) -> list[dict[str, Any]]:
    names = list(travelling(table))
    found = rows(desk.database.path, f"SELECT {', '.join(names)} FROM {table} ORDER BY id")
    return [dict(zip(names, row, strict=True)) for row in found]


def standing(desk: Desk) -> Standing:
    with desk.database.read() as view:
        return Outgoing(view.connection).standing()


def test_every_row_of_a_days_sales_is_the_same_at_the_hub(central: Central, tmp_path: Path) -> None:
    with desk_at(tmp_path) as desk, administrator(central.url(), insecure_loopback=True) as admin:
        install(admin)
        with desk.database.write(Commit.SALE_PLACE, SYSTEM) as work:  # the year's numbers are begun
            work.selling.take_numbers(work.desk_id, work.now.year, {"SA": 1, "BK": 1})
            work.commit()
        for table in synced():
            for row in here(desk, table):
                admin.connection.execute("SELECT hub.insert_row(%s, %s)", (table, Jsonb(row)))
        before = standing(desk)
        sign_in = add_desk(admin, "Kotor", desk_id=before.desk_id)
        admin.connection.execute("UPDATE hub.members SET last_op = %s", (before.last_op,))
        departure = desk.add_departure(capacity=10)
        desk.sold(departure, pay=CASH, adult=2, child=1)
        held = desk.hold(departure, adult=2)
        desk.services.holds.release(desk.agent, held.id)
        with desk.database.read() as view:
            ops = list(Outgoing(view.connection).ops(before.last_op, 1000, 10_000_000))
        url = central.url(sign_in.login, sign_in.password)
        with closing(psycopg.connect(url, autocommit=True)) as connection:
            hub = Hub(connection)
            hub.enroll(before.incarnation)
            answers = hub.push(ops)
        assert [(one.op_no, one.outcome) for one in answers] == [(op.op_no, Outcome.APPLIED) for op in ops]
        for table in synced():
            found = admin.connection.execute(
                f"SELECT hub.image(%s, id) FROM agency.{table} ORDER BY id", (table,)
            )
            assert [row[0] for row in found] == here(desk, table), table
        taken = admin.connection.execute("SELECT sum(taken) FROM agency.grants").fetchone()
        assert [taken] == rows(desk.database.path, "SELECT sum(taken) FROM grants") == [(3,)]
        kept = admin.connection.execute(
            "SELECT f FROM hub.changes WHERE t = 'bookings' AND k = 'I'"
        ).fetchone()
        assert kept is not None and json.loads(kept[0]["policy"])
