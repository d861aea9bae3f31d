"""The proof of the books sees where the waiting list and what is kept for travellers do not agree."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest

from helpers.desk import CASH, Desk, desk_at
from helpers.tampering import by_hand, without_triggers
from helpers.waiting import join
from travellr_desktop.services.check import CheckService
from travellr_desktop.services.checks.report import Problem


def promises(desk: Desk) -> list[Problem]:
    report = CheckService(desk.database, desk.program.gateway, provider=False).run()
    return [each for each in report.problems if each.kind.startswith("seats.")]


@pytest.mark.parametrize(
    ("statement", "kind", "table"),
    [
        ("UPDATE waiting_list SET state = 'taken', ended_at = offered_at", "seats.promise", "waiting_list"),
        ("UPDATE waiting_list SET state = 'waiting'", "seats.promise", "waiting_list"),
        ("UPDATE waiting_list SET hold_id = NULL", "seats.promise", "holds"),
        ("UPDATE waiting_list SET ended_at = offered_at", "seats.promise", "waiting_list"),
        ("UPDATE holds SET traveller_id = NULL WHERE kind = 'option'", "seats.promise", "holds"),
        ("UPDATE allowances SET seats = seats - 1", "seats.departure", "departures"),
    ],
)
def test_a_promise_changed_by_hand_is_named(tmp_path: Path, statement: str, kind: str, table: str) -> None:
    with desk_at(tmp_path) as desk:
        departure = desk.add_departure(capacity=4)
        sold = desk.sold(departure, adult=2, pay=CASH)
        option = desk.hold(departure, adult=2)
        until = desk.clock.now() + timedelta(days=2)
        desk.services.options.keep(desk.agent, option.id, until, desk.traveller().id, key=uuid4())
        join(desk, departure, 2)
        desk.cancel(sold.bookings[0].id)
        desk.services.overbooking.allow(desk.admin, departure, 1, "A regular guest", key=uuid4())
        assert promises(desk) == []
        with by_hand(desk.database.path) as connection:
            for name in ("waiting_list", "holds", "allowances"):
                with without_triggers(connection, name):
                    if f" {name} " in statement:
                        connection.execute(statement)
        assert (kind, table) in {(each.kind, each.table) for each in promises(desk)}
