"""The audit trail grows with everything that is done: what was done to one thing is read without reading the rest."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event

from helpers.changing import CHILD, change, joining
from helpers.desk import AGENT, CASH, PASSWORD, Desk, desk_at


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """One booking, and its voucher."""
    with desk_at(tmp_path) as desk:
        booking = desk.sold(desk.add_departure(), pay=CASH).bookings[0].id
        desk.services.documents.voucher(desk.agent, booking)
        desk.services.users.sign_in(AGENT, PASSWORD)
        yield desk


def the_booking(desk: Desk) -> Any:
    with desk.database.read() as view:
        return view.bookings.find_all()[0][0].id


def look_at_a_booking(desk: Desk) -> None:
    shown = desk.services.bookings.detail(desk.agent, the_booking(desk))
    assert "printed" in {item.kind for item in shown.timeline}


def change_a_booking(desk: Desk) -> None:
    change(desk, the_booking(desk), joining(CHILD))


def sign_in(desk: Desk) -> None:
    assert desk.services.users.sign_in(AGENT, PASSWORD).last_signed_in_at is not None


@pytest.mark.parametrize("act", [look_at_a_booking, change_a_booking, sign_in])
def test_what_was_done_to_one_thing_is_found_by_an_index(desk: Desk, act: Callable[[Desk], None]) -> None:
    asked: list[tuple[str, Any]] = []

    @event.listens_for(desk.database.engine, "before_cursor_execute")
    def seen(_connection: Any, _cursor: Any, statement: str, values: Any, _context: Any, _many: bool) -> None:
        if "FROM audit" in statement:
            asked.append((statement, values))

    act(desk)
    event.remove(desk.database.engine, "before_cursor_execute", seen)
    assert asked
    with desk.database.read() as view:
        for statement, values in asked:
            plan = view.connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values).all()
            assert "ix_audit_entity (entity=? AND entity_id=?)" in plan[0][3], plan
